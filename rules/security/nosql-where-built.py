from bson.code import Code
from bson.code import Code as JavaScript
from flask import request


def find(users, name):
    # ruleid: nosql-where-built
    matches = users.find({"$where": f"this.name == '{name}'"})
    query = "this.age > %s" % request.args["age"]
    # ruleid: nosql-where-built
    older = users.find({"state": "open", "$where": query})
    # ruleid: nosql-where-built
    code = JavaScript("function() { emit(this." + name + ", 1); }")
    # ok: nosql-where-built
    fixed = users.find({"$where": "this.first == this.last"})
    # ok: nosql-where-built
    constant = Code("function() { emit(this.name, 1); }")
    # ok: nosql-where-built
    return matches, older, code, fixed, constant, users.find({"name": {"$eq": name}})


async def find_later(users, request):
    return await users.find_one({
        # ruleid: nosql-where-built
        "$where": request.query_params["filter"],
    })
