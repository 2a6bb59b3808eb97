"""Text made from the data."""

import json
import logging

from shop.vault import get_card, get_name

logger = logging.getLogger("shop")


def formats(customer):
    card, name = get_card(customer), get_name(customer)
    logger.info(f"card {card}")  # leak
    logger.info(f"name {name}")  # clean
    logger.info(f"card {card!r:>20}")  # leak
    logger.info(f"{'x':>{len(name)}}")  # clean
    logger.info("card %s of %s" % (card, name))  # leak
    logger.info("%(card)s" % {"card": card})  # leak
    logger.info("card {}".format(card))  # leak
    logger.info("card {number}".format(number=card))  # leak
    logger.info("name {}".format(name))  # clean
    logger.info("a" + name + "b")  # clean
    logger.info("a" + card + "b")  # leak


def methods(customer):
    card = get_card(customer)
    logger.info(card.strip().upper())  # leak
    logger.info("-".join([card, "x"]))  # leak
    logger.info("-".join(part for part in card))  # leak
    logger.info(card.encode())  # leak
    logger.info(card.replace("4", "5"))  # leak
    logger.info(card.startswith("4"))  # clean
    logger.info(card.isdigit())  # clean


def slices(customer):
    card = get_card(customer)
    logger.info(card[:6])  # leak
    logger.info(card[0])  # leak
    logger.info(card[::-1])  # leak
    logger.info("abc"[len(card)])  # clean


def converted(customer):
    card = get_card(customer)
    logger.info(int(card))  # leak
    logger.info(json.dumps({"card": card}))  # leak
    logger.info(json.dumps({"name": get_name(customer)}))  # clean
    logger.info(repr(card))  # leak
    logger.info(list(card))  # leak
    logger.info(  # leak
        "several lines %s",
        card,
    )


def multiline(customer):
    text = (
        "one "
        f"two {get_card(customer)} "
        "three"
    )
    logger.info(text)  # leak
    logger.info("one " "two")  # clean
