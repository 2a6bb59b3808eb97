import logging

from flask import request

logger = logging.getLogger(__name__)
log = logger


def view():
    # ruleid: request-dumped
    logger.debug("request: %s", request.environ)
    # ruleid: request-dumped
    print(request.headers)
    # ruleid: request-dumped
    print(f"body: {request.get_json()}")
    # ok: request-dumped
    logger.debug("method: %s", request.method)
    # ok: request-dumped
    print(request.headers.get("Accept"))
    # ok: request-dumped
    print(len(request.body))


async def django_view(request):
    log.warning(
        "headers: %s",
        # ruleid: request-dumped
        request.META,
    )
    # ok: request-dumped
    log.warning("agent: %s", request.META.get("HTTP_USER_AGENT"))
    # ok: request-dumped
    address = request.META["REMOTE_ADDR"]
    return address
