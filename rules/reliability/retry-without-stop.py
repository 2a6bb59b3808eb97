import backoff
import tenacity
import tenacity as tn
from tenacity import retry, stop_after_attempt, wait_exponential

from shop.worker import app


@retry
# ruleid: retry-without-stop
def fetch():
    return 1


@tn.retry(wait=wait_exponential())
# ruleid: retry-without-stop
async def fetch_later():
    return 1


# ruleid: retry-without-stop
@backoff.on_exception(backoff.expo, OSError)
def send():
    return 1


# todoruleid: retry-without-stop
@app.task(max_retries=None)
def mail():
    return 1


def run(job):
    # ruleid: retry-without-stop
    for attempt in tenacity.Retrying(wait=wait_exponential()):
        with attempt:
            job()


@retry(
    wait=wait_exponential(),
    stop=stop_after_attempt(5),
)
# ok: retry-without-stop
def fetch_rightly():
    return 1


# ok: retry-without-stop
@backoff.on_exception(backoff.expo, OSError, max_tries=5)
async def send_rightly():
    return 1


# ok: retry-without-stop
@app.task(max_retries=3)
def mail_rightly():
    return 1


def run_rightly(job, **options):
    # ok: retry-without-stop
    for attempt in tenacity.Retrying(stop=stop_after_attempt(3)):
        with attempt:
            job()
    # ok: retry-without-stop
    return tenacity.Retrying(**options)
