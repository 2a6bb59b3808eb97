from typing import Annotated

import flask
from fastapi import APIRouter, Depends, Query
from fastapi import Query as Ask
from sqlalchemy import select

router = APIRouter()


@router.get("/people")
def people(skip: int = 0, db=Depends(session)):
    # ruleid: offset-without-depth-cap
    return db.query(Person).offset(skip).limit(50).all()


@router.get("/people/pages")
async def pages(
    page: Annotated[int, Query(ge=1)] = 1,
    db=Depends(session),
):
    # ruleid: offset-without-depth-cap
    statement = select(Person).offset((page - 1) * 50).limit(50)
    return (await db.scalars(statement)).all()


@router.get("/people/sql")
async def by_sql(start: int, db=Depends(session)):
    # ruleid: offset-without-depth-cap
    return await db.fetch("SELECT name FROM person ORDER BY id LIMIT 50 OFFSET $1", start)


@router.get("/people/capped")
def capped(skip: int = Ask(0, ge=0, le=10_000), db=Depends(session)):
    # ok: offset-without-depth-cap
    return db.query(Person).offset(skip).limit(50).all()


@router.get("/people/clamped")
async def clamped(skip: int = 0, db=Depends(session)):
    skip = min(skip, 10_000)
    # ok: offset-without-depth-cap
    return (await db.scalars(select(Person).offset(skip).limit(50))).all()


@router.get("/people/refused")
def refused(skip: int = 0, db=Depends(session)):
    if skip > 10_000:
        raise HTTPException(422)
    # ok: offset-without-depth-cap
    return db.query(Person).offset(skip).limit(50).all()


@app.route("/people")
def flask_people():
    # ruleid: offset-without-depth-cap
    return jsonify(Person.query.offset(flask.request.args.get("offset", 0, type=int)).limit(50).all())


@app.route("/people/mongo")
def flask_mongo():
    skip = int(flask.request.args["skip"])
    # ruleid: offset-without-depth-cap
    return jsonify(list(people_collection.find({}).skip(skip).limit(50)))


@app.route("/people/signed")
def flask_signed():
    start = unsign_cursor(flask.request.args["cursor"])
    # ok: offset-without-depth-cap
    return jsonify(Person.query.offset(start).limit(50).all())


class PeopleView(APIView):
    def get(self, request):
        start = int(request.query_params.get("offset", 0))
        with connection.cursor() as cursor:
            # ruleid: offset-without-depth-cap
            cursor.execute("SELECT name FROM person ORDER BY id LIMIT 50 OFFSET %s", [start])
            return Response(cursor.fetchall())


def not_a_handler(db, skip: int):
    # ok: offset-without-depth-cap
    return db.query(Person).offset(skip).limit(50).all()
