from typing import Annotated, List

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field, conlist
from pydantic import BaseModel as Model
from rest_framework import serializers

router = APIRouter()


@router.get("/users")
# ruleid: unbounded-id-list
def users(user_ids: list[int] = Query(...)):
    return load_all(user_ids)


@router.post("/users/lookup")
async def lookup(
    # ruleid: unbounded-id-list
    emails: Annotated[List[str], Body(embed=True)],
    db=Depends(session),
):
    return await load_all(emails)


@router.get("/users/capped")
# ok: unbounded-id-list
def capped(user_ids: list[int] = Query(..., max_length=50)):
    return load_all(user_ids)


@router.get("/users/capped2")
# ok: unbounded-id-list
async def capped_annotated(user_ids: Annotated[list[int], Query(max_length=50)]):
    return await load_all(user_ids)


@router.get("/users/capped3")
# ok: unbounded-id-list
async def constrained(user_ids: conlist(int, max_length=50)):
    return await load_all(user_ids)


@router.get("/users/counted")
# ok: unbounded-id-list
async def counted(user_ids: list[int]):
    if len(user_ids) > 50:
        raise HTTPException(422)
    return await load_all(user_ids)


@router.get("/colours")
# ok: unbounded-id-list
def colours(names: list[str] = Query([])):
    return names


# ok: unbounded-id-list
def not_a_handler(user_ids: list[int]):
    return load_all(user_ids)


class LookupRequest(BaseModel):
    # ruleid: unbounded-id-list
    user_ids: list[int]
    # ruleid: unbounded-id-list
    phone_numbers: List[str] = Field(default_factory=list)
    # ok: unbounded-id-list
    member_ids: list[int] = Field(max_length=50)
    # ok: unbounded-id-list
    names: list[str]


class BatchIn(Model):
    # ruleid: unbounded-id-list
    ids: set[int]
    # ok: unbounded-id-list
    account_ids: Annotated[list[int], Field(max_length=10)]


class UserOut(BaseModel):
    # ok: unbounded-id-list
    team_ids: list[int]


class LookupSerializer(serializers.Serializer):
    # ruleid: unbounded-id-list
    user_ids = serializers.ListField(child=serializers.IntegerField())
    # ok: unbounded-id-list
    group_ids = serializers.ListField(child=serializers.IntegerField(), max_length=50)


@app.route("/users")
def flask_users():
    ids = request.args.getlist("id", type=int)
    # ruleid: unbounded-id-list
    return jsonify(names(db.session.query(User).filter(User.id.in_(ids))))


@app.route("/users/json", methods=["POST"])
def flask_json():
    wanted = request.json["ids"]
    # ruleid: unbounded-id-list
    return jsonify(names(User.query.filter(User.id.in_(wanted))))


@app.route("/users/counted")
def flask_counted():
    ids = request.args.getlist("id", type=int)
    if len(ids) > 50:
        abort(400)
    # ok: unbounded-id-list
    return jsonify(names(db.session.query(User).filter(User.id.in_(ids))))


def django_users(request):
    ids = request.GET.get("ids", "").split(",")
    # ruleid: unbounded-id-list
    return JsonResponse(list(User.objects.filter(pk__in=ids).values("name")), safe=False)


def django_cut(request):
    ids = request.GET.get("ids", "").split(",")
    ids = ids[:50]
    # ok: unbounded-id-list
    return JsonResponse(list(User.objects.filter(pk__in=ids).values("name")), safe=False)


class UsersView(APIView):
    def post(self, request):
        ids = request.data["ids"]
        # ruleid: unbounded-id-list
        return Response(UserSerializer(User.objects.filter(id__in=ids), many=True).data)
