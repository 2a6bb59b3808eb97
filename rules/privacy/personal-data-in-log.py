import logging
import logging as logs

import structlog

logger = logging.getLogger(__name__)
log = structlog.get_logger()


def signed_up(user, email):
    # ruleid: personal-data-in-log
    logger.info("signed up: %s", user.email)
    # ruleid: personal-data-in-log
    logger.info(f"signed up: {email}")
    # ruleid: personal-data-in-log
    logging.warning("no card for %s" % user.phone_number)
    # ruleid: personal-data-in-log
    log.info("signed up", extra={"email": user.email})
    # ruleid: personal-data-in-log
    logs.error("signed up {}".format(user.date_of_birth))
    # ok: personal-data-in-log
    logger.info("signed up: %s", user.id)
    # ok: personal-data-in-log
    logger.info("signed up: %s", mask_email(user.email))
    # ok: personal-data-in-log
    logger.info("has an address: %s", bool(user.email))
    # ok: personal-data-in-log
    logger.info("mails are on: %s", user.email_enabled)
    # ok: personal-data-in-log
    logger.info("pattern %s, family %s", phone_regex, sock.address_family)
    # ok: personal-data-in-log
    send_email(user.email)


class Service:
    async def charge(self, order):
        self.logger.debug(
            "charging %s",
            # ruleid: personal-data-in-log
            order.card_number,
        )
        # todoruleid: personal-data-in-log
        text = f"charging {order.card_number}"
        self.logger.debug(text)
        # ok: personal-data-in-log
        self.logger.debug("charging %s", redact(order.card_number))
