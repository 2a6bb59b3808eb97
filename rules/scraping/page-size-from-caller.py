import itertools
from itertools import islice
from typing import Annotated, Optional

import flask
from django.core.paginator import Paginator
from fastapi import APIRouter, Depends, FastAPI, Query
from flask import request

app = FastAPI()
router = APIRouter()
MOST = 100


@app.get("/people")
def people(limit: int = 20, db=Depends(session)):
    # ruleid: page-size-from-caller
    return db.query(Person).limit(limit).all()


@router.get("/people")
async def people_async(
    count: Annotated[int, Query(ge=1)] = 20,
    db=Depends(session),
):
    rows = await db.execute(
        select(Person)
        # ruleid: page-size-from-caller
        .limit(count)
    )
    return rows


@router.post("/people/search")
async def optional(size: Optional[int] = None, db=Depends(session)):
    wanted = size or 50
    # ruleid: page-size-from-caller
    return await db.fetch("SELECT name FROM person LIMIT $1", wanted)


@router.get("/people/old")
def union(top: int | None = Query(None, description="how many")):
    # ruleid: page-size-from-caller
    return list(islice(everybody(), top))


@app.get("/people/checked")
def capped(limit: int = Query(20, le=100), db=Depends(session)):
    # ok: page-size-from-caller
    return db.query(Person).limit(limit).all()


@app.get("/people/checked2")
async def capped_annotated(limit: Annotated[int, Query(ge=1, le=100)] = 20, db=Depends(session)):
    # ok: page-size-from-caller
    return await db.scalars(select(Person).limit(limit))


@app.get("/people/clamped")
def clamped(limit: int = 20, db=Depends(session)):
    # ok: page-size-from-caller
    return db.query(Person).limit(min(limit, MOST)).all()


@app.get("/people/refused")
def refused(limit: int = 20, db=Depends(session)):
    if limit > MOST:
        raise HTTPException(422)
    # ok: page-size-from-caller
    return db.query(Person).limit(limit).all()


@app.get("/people/own-helper")
def own_helper(limit: int = 20, db=Depends(session)):
    limit = clamp_page(limit)
    # ok: page-size-from-caller
    return db.query(Person).limit(limit).all()


@app.get("/people/lower-only")
def lower_bound_only(limit: int = 20, db=Depends(session)):
    if limit < 1:
        raise HTTPException(422)
    # ruleid: page-size-from-caller
    return db.query(Person).limit(limit).all()


@app.route("/people")
def flask_people():
    # ruleid: page-size-from-caller
    return jsonify(Person.query.limit(request.args.get("limit", 20, type=int)).all())


@app.route("/people/int")
def flask_int():
    number = int(flask.request.args["per_page"])
    # ruleid: page-size-from-caller
    page = Person.query.paginate(page=1, per_page=number)
    return jsonify(page.items)


@app.route("/people/mongo")
def flask_mongo():
    n = request.get_json()["count"]
    # ruleid: page-size-from-caller
    return jsonify(list(people_collection.find({}, {"name": 1}, limit=n)))


@app.route("/people/sql")
def flask_sql(cursor):
    many = request.args.get("rows")
    # ruleid: page-size-from-caller
    cursor.execute("SELECT name FROM person ORDER BY id LIMIT ?", (many,))
    # ok: page-size-from-caller
    cursor.execute("SELECT name FROM person WHERE rows = ?", (many,))
    return jsonify(cursor.fetchall())


@app.route("/people/flask-capped")
def flask_capped():
    limit = request.args.get("limit", 20, type=int)
    limit = min(limit, 100)
    # ok: page-size-from-caller
    return jsonify(Person.query.limit(limit).all())


@app.route("/people/flask-choice")
def flask_choice():
    limit = request.args.get("limit", 20, type=int)
    if limit not in (10, 20, 50):
        limit = 20
    # ok: page-size-from-caller
    return jsonify(Person.query.limit(limit).all())


def django_view(request):
    # ruleid: page-size-from-caller
    pages = Paginator(Person.objects.order_by("name"), request.GET.get("page_size", 25))
    # ok: page-size-from-caller
    fixed = Paginator(Person.objects.order_by("name"), 25)
    return render(request, "people.html", {"page": pages.page(1), "fixed": fixed})


class PeopleView(APIView):
    def get(self, request):
        count = int(request.query_params.get("count", 20))
        # ruleid: page-size-from-caller
        return Response(itertools.islice(Person.objects.values("name"), count))

    def post(self, request):
        count = min(int(request.data.get("count", 20)), 100)
        # ok: page-size-from-caller
        return Response(itertools.islice(Person.objects.values("name"), count))


@app.get("/people/own-dependency")
async def own_dependency(limit: int = dependencies.LimitBody(), db=Depends(session)):
    # ok: page-size-from-caller
    return await db.scalars(select(Person).limit(limit))


def not_a_handler(limit: int, db):
    # ok: page-size-from-caller
    return db.query(Person).limit(limit).all()
