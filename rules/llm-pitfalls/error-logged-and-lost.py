import json
import logging
import logging as lg

import numpy as np

logger = logging.getLogger(__name__)


def load(text):
    try:
        return json.loads(text)
    except Exception as error:
        logger.error(f"Error parsing: {error}")
        # ruleid: error-logged-and-lost
        return {}


class Reader:
    def mean(self, rows):
        try:
            return sum(rows) / len(rows)
        except Exception:
            print(
                "no rows",
            )
            # ruleid: error-logged-and-lost
            return np.nan


async def fetch(client, url):
    try:
        answer = await client.get(url)
        return answer.json()
    except Exception as error:
        # todoruleid: error-logged-and-lost
        lg.exception("fetch failed")
        result = None
        return result


async def count(client, url):
    try:
        return len((await client.get(url)).json())
    except Exception as error:
        logger.warning("count failed: %s", error)
        # ruleid: error-logged-and-lost
        return 0


def load_rightly(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        logger.info("not JSON: %s", error)
        # ok: error-logged-and-lost
        return {}


def load_and_raise(text):
    try:
        return json.loads(text)
    except Exception as error:
        logger.exception("not JSON")
        # ok: error-logged-and-lost
        raise ValueError(text) from error


def load_with_reason(text):
    try:
        return json.loads(text), None
    except Exception as error:
        logger.error("not JSON")
        # ok: error-logged-and-lost
        return None, error


async def run(job):
    try:
        await job()
    except Exception:
        # ok: error-logged-and-lost
        logger.exception("job failed")
