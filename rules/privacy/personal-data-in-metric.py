import sentry_sdk
import statsd
import statsd as stats
from prometheus_client import Counter

LOGINS = Counter("logins", "Logins", ["who"])


def count(user, span, email):
    # ruleid: personal-data-in-metric
    LOGINS.labels(user.email).inc()
    # ruleid: personal-data-in-metric
    LOGINS.labels(who=email).inc()
    # ruleid: personal-data-in-metric
    span.set_attribute("user.email", email)
    # ruleid: personal-data-in-metric
    stats.incr(f"logins.{user.phone_number}")
    # ok: personal-data-in-metric
    LOGINS.labels(who=user.plan).inc()
    # ok: personal-data-in-metric
    span.set_attribute("user.email_enabled", True)
    # ok: personal-data-in-metric
    statsd.incr(f"logins.{user.plan}")


async def count_later(user):
    # ruleid: personal-data-in-metric
    sentry_sdk.set_tag(
        "email",
        user.email,
    )
    # ok: personal-data-in-metric
    sentry_sdk.set_tag("plan", user.plan)
