import smtplib
from email.message import EmailMessage
from email.mime.text import MIMEText as Text


def send(server, sender, to, subject, body):
    # ruleid: mail-built-as-text
    server.sendmail(sender, [to], f"Subject: {subject}\n\n{body}")
    message = "From: %s\nTo: %s\n\n%s" % (sender, to, body)
    # ruleid: mail-built-as-text
    server.sendmail(sender, to, message)
    server.sendmail(
        sender,
        to,
        # ruleid: mail-built-as-text
        "Subject: {}\n\n{}".format(subject, body).encode(),
    )
    # ok: mail-built-as-text
    server.sendmail(sender, to, "Subject: Nightly run\n\nDone.")


def send_rightly(server, sender, to, subject, body):
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(f"Hello {to}, {body}")
    # ok: mail-built-as-text
    server.send_message(message)
    mime = Text(f"Hello {to}, {body}")
    # ok: mail-built-as-text
    server.sendmail(sender, to, mime.as_string())


async def send_later(pool, sender, to, subject):
    with smtplib.SMTP("localhost") as server:
        # ruleid: mail-built-as-text
        server.sendmail(sender, to, "Subject: " + subject)
    await pool.close()
