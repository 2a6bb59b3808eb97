import sqlalchemy
import sqlalchemy as sa
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import DeclarativeBase

# ruleid: legacy-sqlalchemy
Base = declarative_base()


# ok: legacy-sqlalchemy
class Root(DeclarativeBase):
    pass


def read(session, Order, key):
    # ruleid: legacy-sqlalchemy
    session.query(Order).get(key)
    # ruleid: legacy-sqlalchemy
    select([Order.id])
    # ruleid: legacy-sqlalchemy
    sa.select([Order.id, Order.name]).where(Order.id == key)
    # ok: legacy-sqlalchemy
    session.get(Order, key)
    # ok: legacy-sqlalchemy
    session.query(Order).filter_by(id=key).one()
    # ok: legacy-sqlalchemy
    return select(Order.id)


def count(engine):
    # ruleid: legacy-sqlalchemy
    engine.execute("SELECT 1")
    with engine.connect() as connection:
        # ok: legacy-sqlalchemy
        connection.execute(text("SELECT 1"))


async def load(session, Order, key):
    # ok: legacy-sqlalchemy
    await session.get(Order, key)
    # ruleid: legacy-sqlalchemy
    return session.query(Order).get(key)
