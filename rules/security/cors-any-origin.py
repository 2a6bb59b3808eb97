import flask_cors
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware as Cors
from flask import Flask
from flask_cors import CORS

app = FastAPI()
# ruleid: cors-any-origin
CORS_ALLOW_ALL_ORIGINS = True
# ruleid: cors-any-origin
app.add_middleware(
    Cors,
    allow_origins=["*"],
    allow_methods=["GET"],
)
# ruleid: cors-any-origin
app.add_middleware(Cors, allow_origin_regex=".*", allow_credentials=True)
# ok: cors-any-origin
CORS_ALLOW_ALL_ORIGINS = False
# ok: cors-any-origin
CORS_ALLOWED_ORIGINS = ["https://shop.example"]
# ok: cors-any-origin
app.add_middleware(Cors, allow_origins=["https://shop.example"], allow_credentials=True)


async def start(settings):
    shop = Flask("shop")
    # ruleid: cors-any-origin
    CORS(shop, resources={r"/api/*": {"origins": "*"}})
    # ok: cors-any-origin
    flask_cors.CORS(shop, resources={r"/api/*": {"origins": await settings.origins()}})
