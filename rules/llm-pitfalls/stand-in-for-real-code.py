import random as rnd
from asyncio import sleep


def charge(card, amount):
    # ruleid: stand-in-for-real-code
    # In a real implementation, this would call the payment provider.
    return {"status": "paid", "amount": amount}


def score(text):
    # ruleid: stand-in-for-real-code
    # Placeholder implementation: a random score until the model is there
    return rnd.random()


async def fetch(city):
    # ruleid: stand-in-for-real-code
    # Simulate API call
    await sleep(1)
    return {"city": city}


def users():
    # todoruleid: stand-in-for-real-code
    return [{"name": "Ann"}]  # Mock data for now


def refund(card, amount):
    # ok: stand-in-for-real-code
    # The provider answers twice; the second answer counts.
    raise NotImplementedError("refunds")


def ratio(a, b):
    # ok: stand-in-for-real-code
    # In real numbers this is undefined for b = 0.
    return a / b


async def send(mail):
    # ok: stand-in-for-real-code
    # A dummy sender is used in tests only.
    await mail.send()
