import flask
from django import forms
from django.contrib import messages
from django.http import JsonResponse
from django.utils.translation import gettext as _
from fastapi import APIRouter, HTTPException
from flask import abort, flash, jsonify

router = APIRouter()


@router.post("/login")
def login(form: Form, db=Depends(session)):
    user = find(db, form.email)
    if user is None:
        # ruleid: account-existence-oracle
        raise HTTPException(status_code=404, detail="User not found")
    if not user.checks(form.password):
        # ok: account-existence-oracle
        raise HTTPException(status_code=401, detail="Wrong email or password")
    return token_for(user)


@router.post("/password-reset")
async def begin(form: Form, db=Depends(session)):
    user = await find(db, form.email)
    if user is None:
        # ruleid: account-existence-oracle
        raise HTTPException(
            404,
            f"No such account: {form.email}",
        )
    # ok: account-existence-oracle
    return {"detail": "If there is such an account, we sent a mail."}


@router.get("/projects/{name}")
async def project(name: str):
    # ok: account-existence-oracle
    raise HTTPException(status_code=404, detail="Project not found")


@router.get("/admin/users/{name}")
async def admin_user(name: str):
    # ok: account-existence-oracle
    raise HTTPException(status_code=404, detail="User not found")


@app.route("/signup", methods=["POST"])
def flask_signup():
    if known(flask.request.form["email"]):
        # ruleid: account-existence-oracle
        flash("This email is already registered")
        # ruleid: account-existence-oracle
        return jsonify({"error": "An account: email already exists"}), 409
    return redirect("/")


@app.route("/sign-in", methods=["POST"])
def flask_login():
    if not known(flask.request.form["email"]):
        # ruleid: account-existence-oracle
        abort(404, "Unknown user")
    # ok: account-existence-oracle
    abort(401, "Incorrect username or password")


def reset_password(request):
    if not known(request.POST["email"]):
        # ruleid: account-existence-oracle
        messages.error(request, _("The email address is not registered"))
        # ruleid: account-existence-oracle
        return JsonResponse({"error": "User does not exist"}, status=404)
    # ok: account-existence-oracle
    return JsonResponse({"status": "A mail was sent if the address is known"})


class SignUpForm(forms.Form):
    def clean_email(self):
        if known(self.cleaned_data["email"]):
            # ruleid: account-existence-oracle
            raise forms.ValidationError("Email already in use")
        return self.cleaned_data["email"]

    def clean_age(self):
        # ok: account-existence-oracle
        raise forms.ValidationError("The age must be a number")


class LoginView(APIView):
    async def post(self, request):
        if not await known(request.data["email"]):
            # ruleid: account-existence-oracle
            return Response({"detail": "account does not exist"}, status=400)
        # ok: account-existence-oracle
        return Response({"detail": "Wrong name or password"}, status=400)
