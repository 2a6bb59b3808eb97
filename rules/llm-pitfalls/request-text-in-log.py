import logging
import logging as lg

from flask import request

logger = logging.getLogger(__name__)


def sign_in():
    name = request.form["name"]
    # ruleid: request-text-in-log
    logger.info(f"sign-in of {name}")
    # ruleid: request-text-in-log
    logging.warning("sign-in of %s", name)
    # ruleid: request-text-in-log
    lg.error("sign-in of " + request.args.get("name"))
    # ok: request-text-in-log
    logger.info("sign-in of %r", name)
    # ok: request-text-in-log
    logger.info("sign-in", extra={"length": len(name)})
    # ok: request-text-in-log
    logger.info("sign-in of %s", repr(name))


def structured(log):
    # ok: request-text-in-log
    log.info("sign-in", name=request.form["name"])


def checked(request, Form, remove_linebreaks):
    form = Form(data=request.POST)
    # ok: request-text-in-log
    logger.info("saved %s", form.save())
    # ok: request-text-in-log
    logger.info("to %s", remove_linebreaks(request.GET["next"]))


async def sign_in_later(request):
    # ruleid: request-text-in-log
    logger.info("query %s", request.query_params["name"])
    # ok: request-text-in-log
    logger.info("a query came")
