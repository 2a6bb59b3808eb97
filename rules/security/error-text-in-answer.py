import logging
import traceback

from django.http import HttpResponse, JsonResponse
from fastapi import HTTPException
from fastapi import HTTPException as Refusal
from flask import abort, jsonify

log = logging.getLogger(__name__)


async def read(store):
    try:
        return await store.read()
    except Exception as error:
        # ruleid: error-text-in-answer
        raise HTTPException(status_code=500, detail=str(error))


async def read_again(store):
    try:
        return await store.read()
    except OSError as error:
        # ruleid: error-text-in-answer
        raise Refusal(
            status_code=500,
            detail=f"Reading failed: {error}",
        ) from error


def show(store):
    try:
        return store.show()
    except Exception as e:
        # ruleid: error-text-in-answer
        return jsonify({"error": str(e)}), 500


def view(request, store):
    try:
        return JsonResponse(store.show())
    except KeyError:
        # ruleid: error-text-in-answer
        return HttpResponse(traceback.format_exc(), status=500)


def view_json(request, store):
    try:
        return JsonResponse(store.show())
    except KeyError as error:
        # ruleid: error-text-in-answer
        return JsonResponse({"error": str(error)}, status=500)


async def read_rightly(store):
    try:
        return await store.read()
    except OSError:
        log.exception("reading failed")
        # ok: error-text-in-answer
        raise HTTPException(status_code=500, detail="The store cannot be read.")


@app.errorhandler(Exception)
def refuse(error):
    # ruleid: error-text-in-answer
    return jsonify(error=str(error)), 500


def show_wrong_value(store):
    try:
        return store.show()
    except ValueError as error:
        # ok: error-text-in-answer
        raise HTTPException(status_code=422, detail=str(error))


def show_rightly(store):
    try:
        return store.show()
    except OSError as error:
        log.error("showing failed: %r", error)
        # ok: error-text-in-answer
        abort(500, "The store cannot be read.")
