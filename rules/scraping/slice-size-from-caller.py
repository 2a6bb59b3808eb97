from typing import Annotated, Optional

from fastapi import APIRouter, Query
from fastapi import Query as Ask
from flask import request

router = APIRouter()


@router.get("/people")
def first(limit: int = 20):
    rows = everybody()
    # ruleid: slice-size-from-caller
    return rows[:limit]


@router.get("/people/page")
async def page(count: Annotated[int, Query(ge=1)], start: int = 0):
    rows = await everybody_async()
    # ruleid: slice-size-from-caller
    found = [row.name for row in rows[start : start + count]]
    return found


@router.get("/people/optional")
async def optional(top: Optional[int] = Ask(None)):
    # ruleid: slice-size-from-caller
    return sorted(await everybody_async())[0:top]


@router.get("/people/checked")
async def capped(limit: int = Ask(20, le=100)):
    # ok: slice-size-from-caller
    return (await everybody_async())[:limit]


@router.get("/people/checked2")
async def capped_annotated(limit: Annotated[int, Query(le=100)] = 20):
    # ok: slice-size-from-caller
    return (await everybody_async())[:limit]


@router.get("/people/clamped")
def clamped(limit: int = 20):
    limit = min(limit, 100)
    # ok: slice-size-from-caller
    return everybody()[:limit]


@router.get("/people/refused")
def refused(limit: int = 20):
    if limit > 100:
        raise HTTPException(422)
    # ok: slice-size-from-caller
    return everybody()[:limit]


@router.get("/people/fixed")
def fixed(name: str):
    # ok: slice-size-from-caller
    return everybody()[:20]


def flask_view():
    number = request.args.get("n", 20, type=int)
    # ruleid: slice-size-from-caller
    return jsonify(everybody()[:number])


def flask_int():
    number = int(request.args["n"])
    # ruleid: slice-size-from-caller
    return jsonify(everybody()[:number])


def flask_inline():
    # ruleid: slice-size-from-caller
    return jsonify(everybody()[: int(request.args.get("n", 20))])


def flask_capped():
    number = request.args.get("n", 20, type=int)
    number = min(number, 50)
    # ok: slice-size-from-caller
    return jsonify(everybody()[:number])


def django_view(request):
    limit = int(request.GET.get("limit", 20))
    # ruleid: slice-size-from-caller
    people = Person.objects.order_by("name")[:limit]
    return render(request, "people.html", {"people": people})


class PeopleView(APIView):
    def get(self, request):
        limit = request.query_params.get("limit", 20)
        start = 0
        # ruleid: slice-size-from-caller
        return Response(Person.objects.values("name")[start : start + int(limit)])

    def post(self, request):
        limit = int(request.data.get("limit", 20))
        if not 0 < limit <= 100:
            raise ValidationError("limit")
        # todook: slice-size-from-caller
        return Response(Person.objects.values("name")[:limit])


class PeopleSet(ViewSet):
    def get_queryset(self):
        limit = int(self.request.query_params.get("limit", 20))
        # ruleid: slice-size-from-caller
        return Person.objects.order_by("name")[:limit]


def not_a_handler(rows, limit: int):
    # ok: slice-size-from-caller
    return rows[:limit]
