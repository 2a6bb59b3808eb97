from django.contrib.auth.hashers import make_password
from django.contrib.auth.hashers import make_password as store

# ruleid: password-hasher-weak
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# ruleid: password-hasher-weak
PASSWORD_HASHERS = (
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
)
# ruleid: password-hasher-weak
PASSWORD_HASHERS = ["django.contrib.auth.hashers.UnsaltedMD5PasswordHasher"]
# ok: password-hasher-weak
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# ok: password-hasher-weak
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]


async def register(read):
    # ruleid: password-hasher-weak
    fast = store(await read(), hasher="md5")
    # ok: password-hasher-weak
    return fast, make_password(await read())
