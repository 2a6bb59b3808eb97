from django.urls import path, re_path
from django.urls import path as route
from fastapi import APIRouter

router = APIRouter()


# ruleid: personal-data-in-route
@router.get("/people/{email}")
def by_email(email: str):
    return find(email)


# ruleid: personal-data-in-route
@router.get("/people/by-phone/{phone_number}/orders")
async def by_phone(phone_number: str):
    return await find(phone_number)


# ruleid: personal-data-in-route
@app.route("/people/<string:user_email>")
def flask_email(user_email):
    return find(user_email)


# ok: personal-data-in-route
@router.get("/people/{person_id}")
async def by_id(person_id: str):
    return await find(person_id)


# ok: personal-data-in-route
@router.post("/emails/{email_id}/send")
async def send(email_id: str):
    return await send_it(email_id)


urlpatterns = [
    # ruleid: personal-data-in-route
    route("people/<str:email>/", views.person),
    # ruleid: personal-data-in-route
    re_path(r"^people/(?P<ssn>\d+)/$", views.person),
    # ok: personal-data-in-route
    path("people/<uuid:person>/", views.person),
    # ok: personal-data-in-route
    path("email/settings/", views.email_settings),
]
