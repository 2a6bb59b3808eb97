from flask import jsonify
import sqlalchemy as sa
from django import http
from django.http import JsonResponse
from fastapi import APIRouter, Depends
from sqlalchemy import select

import models

router = APIRouter()


@router.get("/users")
def users(db=Depends(session)):
    # ruleid: list-all-people
    return db.query(User).all()


@router.get("/customers")
async def customers(db=Depends(session)):
    # ruleid: list-all-people
    return (await db.execute(select(models.Customer))).scalars().all()


@router.get("/customers/two-steps")
async def customers_in_two_steps(db=Depends(session)):
    found = await db.execute(select(models.Customer))
    # todoruleid: list-all-people
    return found.scalars().all()


@router.get("/patients")
async def patients(
    db=Depends(session),
):
    # ruleid: list-all-people
    rows = (
        await db.scalars(
            sa.select(Patient),
        )
    ).all()
    return [row.name for row in rows]


@router.get("/members")
async def members():
    # ruleid: list-all-people
    return await TeamMember.all()


@router.get("/users/page")
def page(db=Depends(session)):
    # ok: list-all-people
    return db.query(User).order_by(User.id).limit(50).all()


@router.get("/users/mine")
async def mine(viewer=Depends(current_user), db=Depends(session)):
    # ok: list-all-people
    return (await db.scalars(select(User).where(User.team_id == viewer.team_id).limit(100))).all()


@router.get("/countries")
def countries(db=Depends(session)):
    # ok: list-all-people
    return db.query(Country).all()


@app.route("/users")
@login_required
def flask_users():
    # ruleid: list-all-people
    return jsonify([user.name for user in User.query.all()])


@app.route("/users/page")
def flask_page():
    # ok: list-all-people
    return jsonify(User.query.paginate(page=1, per_page=50).items)


def django_users(request):
    # ruleid: list-all-people
    return JsonResponse(list(User.objects.values("name", "city")), safe=False)


async def django_members(request):
    # ruleid: list-all-people
    return http.JsonResponse({"members": [str(m) for m in Member.objects.all()]})


def django_page(request):
    # ok: list-all-people
    return JsonResponse(list(User.objects.values("name")[:50]), safe=False)


@api_view(["GET"])
def rest_users(request):
    # ruleid: list-all-people
    serializer = UserSerializer(User.objects.all(), many=True)
    return Response(serializer.data)


class UserSet(ModelViewSet):
    # ruleid: list-all-people
    queryset = User.objects.all()
    pagination_class = None


class PagedUserSet(ModelViewSet):
    # ok: list-all-people
    queryset = User.objects.all()
    pagination_class = Capped


class CountrySet(ModelViewSet):
    # ok: list-all-people
    queryset = Country.objects.all()
    pagination_class = None


def nightly_job(db):
    # ok: list-all-people
    for user in db.query(User).all():
        remind(user)
