import hashlib
import hashlib as hl
from hashlib import sha512

from argon2 import PasswordHasher
from werkzeug.security import generate_password_hash


def keep(user, password, salt):
    # ruleid: fast-password-hash
    user.hash = hashlib.sha256(password.encode()).hexdigest()
    # ruleid: fast-password-hash
    user.hash = hl.sha256((salt + password).encode("utf-8")).hexdigest()
    # ruleid: fast-password-hash
    user.hash = sha512(f"{salt}{password}".encode()).digest()
    # ruleid: fast-password-hash
    user.hash = generate_password_hash(password, method="sha256")
    # ok: fast-password-hash
    user.hash = PasswordHasher().hash(password)
    # ok: fast-password-hash
    user.hash = hl.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
    # ok: fast-password-hash
    user.hash = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    # ok: fast-password-hash
    user.hash = generate_password_hash(password)
    # ok: fast-password-hash
    return hashlib.sha256(user.email.encode()).hexdigest()


async def sign_up(request, users):
    form = await request.form()
    # ruleid: fast-password-hash
    digest = hashlib.sha512(form["password"].encode()).hexdigest()
    # ok: fast-password-hash
    reset = hashlib.sha256(form["password_reset_token"].encode()).hexdigest()
    await users.add(digest, reset)
