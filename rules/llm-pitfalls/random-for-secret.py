import random
import random as rnd
import secrets
import string
from random import choices


def start(user):
    # ruleid: random-for-secret
    token = "".join(random.choice(string.ascii_letters) for _ in range(32))
    # ruleid: random-for-secret
    user.otp = rnd.randint(100000, 999999)
    # ruleid: random-for-secret
    password = "".join(choices(string.digits, k=8))
    # ok: random-for-secret
    token = secrets.token_urlsafe(32)
    # ok: random-for-secret
    colour = random.choice(["red", "blue"])
    return token, password, colour


async def send(mail, user):
    # ruleid: random-for-secret
    await mail.send(user, reset_code=random.getrandbits(32))
    # ok: random-for-secret
    await mail.send(user, reset_code=secrets.randbelow(10**8))


def system_random():
    generator = random.SystemRandom()
    # ok: random-for-secret
    salt = generator.getrandbits(64)
    return salt
