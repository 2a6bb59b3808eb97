import os
import os as system

from decouple import config
from environs import Env

env = Env()
# ruleid: credential-fallback
SECRET_KEY = os.environ.get("SECRET_KEY", "dev-secret")
# ruleid: credential-fallback
API_KEY = system.getenv("PAYMENT_API_KEY", "your-api-key")
# ruleid: credential-fallback
DB_PASSWORD = config("DB_PASSWORD", default="postgres")


async def connect(pool):
    return await pool(
        user="app",
        # ruleid: credential-fallback
        password=os.getenv("DB_PASSWORD") or "admin",
    )


# ok: credential-fallback
JWT_SECRET = os.environ["JWT_SECRET"]
# ok: credential-fallback
REGION = os.environ.get("AWS_REGION", "eu-central-1")
# ok: credential-fallback
PASSWORD = os.environ.get("DB_PASSWORD", "")
# ok: credential-fallback
TOKEN_URL = os.getenv("TOKEN_URL", "https://auth.example/token")
# ok: credential-fallback
SIGNING_KEY = env.str("SIGNING_KEY")
