import hashlib
import hmac
from hashlib import sha256


def pseudonym(user, email, key):
    # ruleid: personal-data-hashed-plain
    first = hashlib.sha256(user.email.encode()).hexdigest()
    # ruleid: personal-data-hashed-plain
    second = sha256(email.strip().lower().encode()).hexdigest()
    # ruleid: personal-data-hashed-plain
    third = hashlib.sha512(f"{user.phone_number}".encode()).hexdigest()
    # ok: personal-data-hashed-plain
    fourth = hmac.new(key, email.encode(), hashlib.sha256).hexdigest()
    # ok: personal-data-hashed-plain
    fifth = hashlib.blake2b(email.encode(), key=key).hexdigest()
    # ok: personal-data-hashed-plain
    sixth = hashlib.sha256(user.email_template.encode()).hexdigest()
    return first, second, third, fourth, fifth, sixth


async def later(person):
    return hashlib.sha256(
        # ruleid: personal-data-hashed-plain
        person.date_of_birth.isoformat().encode(),
    ).hexdigest()
