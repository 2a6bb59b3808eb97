import sentry_sdk
import sentry_sdk as sentry

# ruleid: error-reports-with-personal-data
sentry_sdk.init(dsn=DSN, send_default_pii=True)
# ruleid: error-reports-with-personal-data
sentry.init(
    DSN,
    traces_sample_rate=0.1,
    max_request_body_size="always",
)
# ok: error-reports-with-personal-data
sentry_sdk.init(dsn=DSN, send_default_pii=False)
# ok: error-reports-with-personal-data
sentry_sdk.init(dsn=DSN, before_send=strip)


async def who(user, scope):
    # ruleid: error-reports-with-personal-data
    sentry_sdk.set_user({"id": user.id, "email": user.email})
    # ruleid: error-reports-with-personal-data
    scope.set_user({"phone_number": user.phone})
    # ok: error-reports-with-personal-data
    sentry_sdk.set_user({"id": user.id})
    # ok: error-reports-with-personal-data
    scope.set_user({"id": user.id, "email_enabled": True})
