import hmac

import bcrypt
from shop.models import User
from shop.models import User as Account


def login(name, password):
    user = User.query.filter_by(name=name).first()
    # ruleid: password-compared-as-text
    if user.password == password:
        return user
    # ruleid: password-compared-as-text
    return User.query.filter_by(name=name, password=password).first()


def login_by_form(request):
    # ruleid: password-compared-as-text
    return Account.objects.get(name=request.POST["name"], password=request.POST["password"])


def login_rightly(name, password):
    user = User.query.filter_by(name=name).first()
    # ok: password-compared-as-text
    if bcrypt.checkpw(password, user.password_hash):
        return user
    # ok: password-compared-as-text
    if hmac.compare_digest(user.token, name):
        return user
    return None


def clean(form):
    # ok: password-compared-as-text
    return form.password == form.password_again


async def login_later(request, users):
    body = await request.json()
    # ruleid: password-compared-as-text
    return await users.find_one(
        {"name": body["name"], "password": body["password"]},
    )
