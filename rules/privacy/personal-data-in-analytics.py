import analytics
import mixpanel
import posthog
import segment.analytics as segments

mp = mixpanel.Mixpanel("token")


def signed_up(user, email):
    # ruleid: personal-data-in-analytics
    analytics.track(user.id, "signed up", {"email": user.email})
    # ruleid: personal-data-in-analytics
    posthog.capture(email, "signed up")
    # ruleid: personal-data-in-analytics
    mp.track(user.id, "signed up", {"name": f"{user.last_name}"})
    # ruleid: personal-data-in-analytics
    segments.track(user.id, "born", {"born": user.date_of_birth})
    # ok: personal-data-in-analytics
    analytics.track(user.id, "signed up", {"plan": user.plan})
    # ok: personal-data-in-analytics
    posthog.capture(user.id, "signed up", {"has_phone": user.phone is not None})


async def later(user):
    analytics.identify(
        user.id,
        # ruleid: personal-data-in-analytics
        {"phone": user.phone_number},
    )
    # ok: personal-data-in-analytics
    analytics.identify(user.id, {"mail": hash_email(user.email)})
    # ok: personal-data-in-analytics
    analytics.identify(user.id, {"mails": user.email_enabled})
