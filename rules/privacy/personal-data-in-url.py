from urllib.parse import quote, urlencode

import flask
import httpx
import requests
import requests as http
from django.urls import reverse
from flask import redirect, url_for


def look_up(user, email):
    # ruleid: personal-data-in-url
    requests.get(f"https://api.example/people?email={email}", timeout=5)
    # ruleid: personal-data-in-url
    http.get(f"https://api.example/people/{user.phone_number}", timeout=5)
    # ruleid: personal-data-in-url
    requests.get("https://api.example/people", params={"email": user.email}, timeout=5)
    # ruleid: personal-data-in-url
    tail = urlencode({"page": 1, "phone": user.phone})
    # ok: personal-data-in-url
    requests.get(f"https://api.example/people/{user.id}", timeout=5)
    # ok: personal-data-in-url
    requests.post("https://api.example/people", json={"email": user.email}, timeout=5)
    # ok: personal-data-in-url
    requests.get("https://api.example/people", params={"email_enabled": 1}, timeout=5)
    return tail


async def look_up_later(session, user):
    # ruleid: personal-data-in-url
    await httpx.get(
        f"https://api.example/people?born={quote(user.date_of_birth)}",
    )
    # ruleid: personal-data-in-url
    await session.get("https://api.example/people", params={"ssn": user.ssn})
    # ok: personal-data-in-url
    await session.get("https://api.example/people", params={"id": user.id})


def back(user):
    # ruleid: personal-data-in-url
    flask.redirect(f"/welcome?mail={user.email}")
    # ruleid: personal-data-in-url
    redirect(url_for("welcome", email=user.email))
    # ruleid: personal-data-in-url
    there = reverse("person", kwargs={"email": user.email})
    # ok: personal-data-in-url
    return redirect(url_for("welcome", token=user.token)) or there
