from django.core import mail
from django.core.mail import EmailMessage, send_mail
from django.core.mail import EmailMultiAlternatives as Letter


def tell(users, message):
    # ruleid: recipients-see-each-other
    send_mail("News", "Text", FROM, [user.email for user in users])
    # ruleid: recipients-see-each-other
    mail.send_mail("News", "Text", FROM, recipient_list=[u.email for u in users if u.active])
    # ruleid: recipients-see-each-other
    EmailMessage("News", "Text", FROM, to=[u.email for u in users]).send()
    # ruleid: recipients-see-each-other
    message["To"] = ", ".join(u.email for u in users)
    # ok: recipients-see-each-other
    EmailMessage("News", "Text", FROM, to=[FROM], bcc=[u.email for u in users]).send()
    for user in users:
        # ok: recipients-see-each-other
        send_mail("News", "Text", FROM, [user.email])


async def tell_later(team):
    # ruleid: recipients-see-each-other
    letter = Letter(
        "News",
        "Text",
        FROM,
        team.members.values_list("email", flat=True),
    )
    # ok: recipients-see-each-other
    other = Letter("News", "Text", FROM, ["office@example.org"])
    return letter, other
