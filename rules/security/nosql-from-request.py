from bson import ObjectId
from flask import request
from flask import request as incoming
from pymongo import MongoClient

db = MongoClient().shop


def login():
    data = request.get_json()
    # ruleid: nosql-from-request
    user = db.users.find_one({"name": data["name"], "password": data["password"]})
    # ruleid: nosql-from-request
    orders = db.orders.find({"owner": request.json["owner"]})
    db.orders.delete_many(
        # ruleid: nosql-from-request
        request.json,
    )
    # ok: nosql-from-request
    rightly = db.users.find_one({"name": str(data["name"])})
    # ok: nosql-from-request
    one = db.orders.find_one({"_id": ObjectId(data["id"])})
    # ok: nosql-from-request
    fixed = db.orders.find({"state": "open"})
    # ok: nosql-from-request
    place = request.get_data(as_text=True).find("needle")
    # ok: nosql-from-request
    text = db.users.find_one({"name": request.args["name"]})
    return user, orders, rightly, one, fixed, place, text


async def find_later(request, collection):
    body = await request.json()
    # ruleid: nosql-from-request
    first = await collection.find_one({"email": body.get("email")})
    # ruleid: nosql-from-request
    count = await db.users.count_documents({"name": incoming.json["name"]})
    # ok: nosql-from-request
    return first, count, await collection.find_one({"email": f"{body['email']}"})
