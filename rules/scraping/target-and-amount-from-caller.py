from typing import Annotated

import flask
from fastapi import APIRouter, Depends, Query
from flask import request

import loaders as feed
from loaders import load_followers as followers_of

router = APIRouter()


@router.get("/users/{target_id}/followers")
def followers(target_id: int, count: int = 20):
    # ruleid: target-and-amount-from-caller
    return followers_of(target_id, count)


@router.get("/users/{username}/posts")
async def posts(
    username: str,
    limit: Annotated[int, Query(ge=1)] = 20,
    db=Depends(session),
):
    # ruleid: target-and-amount-from-caller
    found = await feed.load_posts(
        db,
        user=username,
        limit=limit,
    )
    return found


@router.post("/contacts")
async def contacts(user_id: int, max_results: int, db=Depends(session)):
    # ruleid: target-and-amount-from-caller
    return await feed.contacts(db, user_id, first=max_results)


@router.get("/users/{target_id}/friends")
def capped(target_id: int, count: int = Query(20, le=100)):
    # ok: target-and-amount-from-caller
    return followers_of(target_id, count)


@router.get("/users/{target_id}/friends2")
async def clamped(target_id: int, count: int = 20):
    count = min(count, 100)
    # ok: target-and-amount-from-caller
    return await feed.friends(target_id, count)


@router.get("/users/{user_id}/status")
async def status(user_id: int, limit: int = 20):
    # ok: target-and-amount-from-caller
    return schemas.Status(user_id=user_id, limit=limit)


@router.get("/me/friends")
async def own(limit: int = 20, viewer=Depends(current_user)):
    # ok: target-and-amount-from-caller
    return await feed.friends(viewer.id, limit)


@router.get("/colours")
def colours(shade: str, count: int = 20):
    # ok: target-and-amount-from-caller
    return feed.colours(shade, count)


@app.route("/users/<int:user_id>/followers")
def flask_followers(user_id):
    count = request.args.get("count", 20, type=int)
    # ruleid: target-and-amount-from-caller
    return jsonify(followers_of(user_id, count))


@app.route("/followers")
def flask_both():
    user_id = request.args["user"]
    limit = int(request.args["limit"])
    # ruleid: target-and-amount-from-caller
    return jsonify(followers_of(user_id, limit=limit))


@app.route("/followers2")
def flask_get():
    user_id = request.args.get("user")
    limit = request.args.get("limit", 20)
    # ruleid: target-and-amount-from-caller
    return jsonify(followers_of(user_id, limit=limit))


@app.route("/users/<int:user_id>/friends")
def flask_capped(user_id):
    count = request.args.get("count", 20, type=int)
    if count > 100:
        abort(400)
    # ok: target-and-amount-from-caller
    return jsonify(followers_of(user_id, count))


def django_followers(request, username):
    count = int(request.GET.get("count", 20))
    # ruleid: target-and-amount-from-caller
    return JsonResponse({"followers": followers_of(username, count)})


class FollowersView(APIView):
    def get(self, request, user_id):
        limit = request.query_params.get("limit", 20)
        # ruleid: target-and-amount-from-caller
        return Response(feed.followers(limit=limit, user_id=user_id))

    def post(self, request, user_id):
        limit = min(int(request.data.get("limit", 20)), 100)
        # ok: target-and-amount-from-caller
        return Response(feed.followers(limit=limit, user_id=user_id))


def not_a_handler(user_id: int, count: int):
    # ok: target-and-amount-from-caller
    return followers_of(user_id, count)
