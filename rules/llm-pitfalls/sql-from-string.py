import sqlalchemy as sa
from sqlalchemy import text


def by_name(cursor, name, age):
    # ruleid: sql-from-string
    cursor.execute(f"SELECT * FROM person WHERE name = '{name}'")
    # ruleid: sql-from-string
    cursor.execute("SELECT * FROM person WHERE name = '%s'" % name)
    query = "SELECT * FROM person WHERE name = '{}'".format(name)
    # ruleid: sql-from-string
    cursor.execute(query)
    # ruleid: sql-from-string
    cursor.execute("SELECT * FROM person WHERE age > " + age)
    # ok: sql-from-string
    cursor.execute("SELECT * FROM person WHERE name = ?", (name,))
    # ok: sql-from-string
    cursor.execute("SELECT * FROM person " "WHERE age > 3")


def many_forms(cursor, name, table, age):
    cursor.execute(
        # ruleid: sql-from-string
        f"SELECT * "
        f"FROM person WHERE name = '{name}'"
    )
    # ruleid: sql-from-string
    cursor.execute(f"""
        SELECT * FROM person
        WHERE age < {age}
    """)
    # ruleid: sql-from-string
    cursor.execute(f"INSERT INTO person (name, age) VALUES ('{name}', {age})")
    # ok: sql-from-string
    cursor.execute(f"DROP TABLE {table}")
    # todoruleid: sql-from-string
    cursor.execute(f"SELECT * FROM {table}")


async def by_id(connection, number):
    # ruleid: sql-from-string
    await connection.fetchrow(f"SELECT * FROM person WHERE id = {number}")
    # ok: sql-from-string
    await connection.fetchrow("SELECT * FROM person WHERE id = $1", number)


def through_core(connection, table, tables, name):
    # ok: sql-from-string
    connection.execute(table.insert().values(name=f"{name}!"))
    # ok: sql-from-string
    connection.execute(tables["%s.orders" % name].update())
    # ok: sql-from-string
    connection.execute(sa.select(table).where(table.c.name == f"{name}!"))


def through_alchemy(session, order):
    # ruleid: sql-from-string
    session.scalars(text(f"SELECT 1 FROM person ORDER BY {order}"))
    # ruleid: sql-from-string
    session.scalars(sa.text("SELECT 1 FROM person ORDER BY " + order))
    # ok: sql-from-string
    session.scalars(sa.text("SELECT 1 FROM person WHERE name = :name"), {"name": order})
