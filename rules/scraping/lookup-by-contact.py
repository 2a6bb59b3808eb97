import flask
from django.shortcuts import get_object_or_404
from fastapi import APIRouter, Depends
from flask import request
from sqlalchemy import select
from sqlalchemy import select as choose

router = APIRouter()


@router.get("/people/by-phone")
def by_phone(phone: str, db=Depends(session)):
    # ruleid: lookup-by-contact
    return db.query(User).filter(User.phone == phone).first()


@router.get("/people/by-email")
async def by_email(
    email: str = Query(...),
    db=Depends(session),
):
    wanted = email.strip().lower()
    # ruleid: lookup-by-contact
    statement = choose(User).where(User.email == wanted)
    return (await db.scalars(statement)).one_or_none()


@router.get("/people/mongo/{mobile_number}")
async def in_mongo(mobile_number: str):
    # ruleid: lookup-by-contact
    return await people.find_one({"phone": mobile_number}, {"name": 1})


@router.get("/people/{person_id}")
def by_id(person_id: int, db=Depends(session)):
    # ok: lookup-by-contact
    return db.get(User, person_id)


@router.get("/people/limited")
@limiter.limit("5/minute")
def limited(request, email: str, db=Depends(session)):
    # ok: lookup-by-contact
    return db.query(User).filter(User.email == email).first()


@router.post("/newsletter")
async def stored(email: str, db=Depends(session)):
    # ok: lookup-by-contact
    db.add(Subscription(email=email))


@app.route("/find")
def flask_find():
    # ruleid: lookup-by-contact
    found = User.query.filter_by(email=request.args.get("email")).first()
    return jsonify(name=found.name)


@app.route("/find/json", methods=["POST"])
def flask_json():
    number = flask.request.json["phone"]
    # ruleid: lookup-by-contact
    found = db.session.scalar(select(User).where(User.phone_number == number))
    return jsonify(name=found.name)


@app.route("/find/limited")
@limiter.limit("5/minute")
def flask_limited():
    # ok: lookup-by-contact
    found = User.query.filter_by(email=request.args.get("email")).first()
    return jsonify(name=found.name)


def django_find(request):
    # ruleid: lookup-by-contact
    found = get_object_or_404(User, email=request.GET["email"])
    return JsonResponse({"name": found.name})


@ratelimit(key="user", rate="5/m")
def django_limited(request):
    # ok: lookup-by-contact
    found = get_object_or_404(User, email=request.GET["email"])
    return JsonResponse({"name": found.name})


class FindView(APIView):
    def get(self, request):
        # ruleid: lookup-by-contact
        found = User.objects.filter(phone=request.query_params.get("phone")).first()
        return Response({"name": found.name})

    def post(self, request):
        # ok: lookup-by-contact
        return Response({"name": request.user.name, "email": request.data["email"]})


def nightly_job(email):
    # ok: lookup-by-contact
    return User.objects.get(email=email)
