import contextlib as cl
import json
import logging


def read(text):
    try:
        return json.loads(text)
    except Exception:
        # ruleid: swallowed-exception
        return {}


def read_all(texts):
    for text in texts:
        try:
            json.loads(text)
        except:
            # ruleid: swallowed-exception
            pass
    # ruleid: swallowed-exception
    with cl.suppress(Exception):
        json.loads(texts)


def mean(rows):
    try:
        return sum(rows) / len(rows)
    except Exception:
        # ruleid: swallowed-exception
        return float("nan")


async def read_later(file):
    try:
        return json.loads(await file.read())
    except (OSError, Exception) as error:
        # ruleid: swallowed-exception
        return None


def read_rightly(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        # ok: swallowed-exception
        return {}


def read_and_tell(text):
    try:
        return json.loads(text)
    except Exception:
        # ok: swallowed-exception
        logging.exception("not JSON")
        raise


def close(file):
    # ok: swallowed-exception
    with cl.suppress(OSError):
        file.close()
