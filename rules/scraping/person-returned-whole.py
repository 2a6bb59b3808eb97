from django.core import serializers as plain
from django.http import JsonResponse
from fastapi import APIRouter, Depends
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema
from rest_framework import serializers
from rest_framework.serializers import ModelSerializer as Base

import models

router = APIRouter()


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        # ruleid: person-returned-whole
        fields = "__all__"


class PatientSerializer(serializers.HyperlinkedModelSerializer):
    name = serializers.CharField()

    class Meta:
        # ruleid: person-returned-whole
        fields = "__all__"
        model = models.Patient


class ShortUserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        # ok: person-returned-whole
        fields = ["id", "name"]


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        # ok: person-returned-whole
        fields = "__all__"


class UserForm(ModelForm):
    class Meta:
        model = User
        # ok: person-returned-whole
        fields = "__all__"


# ruleid: person-returned-whole
class CustomerSchema(SQLAlchemyAutoSchema):
    class Meta:
        model = Customer
        load_instance = True


# ok: person-returned-whole
class ShortCustomerSchema(SQLAlchemyAutoSchema):
    class Meta:
        model = Customer
        fields = ("id", "name")


@router.get("/users/{user_id}")
def read(user_id: int, db=Depends(session)):
    # ruleid: person-returned-whole
    return db.query(User).filter(User.id == user_id).first()


@router.get("/members/{member_id}")
async def read_async(
    member_id: int,
    db=Depends(session),
):
    member = await db.get(
        models.Member,
        member_id,
    )
    if member is None:
        raise HTTPException(404)
    # ruleid: person-returned-whole
    return member


@router.get("/users/{user_id}", response_model=UserPublic)
async def modelled(user_id: int, db=Depends(session)):
    user = await db.get(User, user_id)
    # ok: person-returned-whole
    return user


@router.get("/users/{user_id}")
async def annotated(user_id: int, db=Depends(session)) -> UserPublic:
    user = await db.get(User, user_id)
    # ok: person-returned-whole
    return user


@router.get("/users/{user_id}/name")
async def one_field(user_id: int, db=Depends(session)):
    user = await db.get(User, user_id)
    # ok: person-returned-whole
    return {"name": user.name}


def load(db, user_id):
    # ok: person-returned-whole
    return db.query(User).filter(User.id == user_id).first()


def django_users(request):
    # ruleid: person-returned-whole
    return JsonResponse(list(User.objects.filter(active=True).values()), safe=False)


async def django_short(request):
    # ok: person-returned-whole
    return JsonResponse(list(User.objects.filter(active=True).values("id", "name")), safe=False)


def django_export(request):
    # ruleid: person-returned-whole
    data = plain.serialize("json", User.objects.filter(active=True))
    # ok: person-returned-whole
    short = plain.serialize("json", User.objects.filter(active=True), fields=("id", "name"))
    return HttpResponse(data or short)
