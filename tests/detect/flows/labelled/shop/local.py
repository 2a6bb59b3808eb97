"""Within one function: assignments, branches, overwriting."""

import logging

from shop import vault
from shop.vault import get_card
from shop.vault import get_card as fetch

log = logging.getLogger(__name__)


def direct(customer):
    print(vault.get_card(customer))  # leak
    print(get_card(customer))  # leak
    print(fetch(customer))  # leak
    print(vault.get_name(customer))  # clean
    print(customer)  # clean


def assigned(customer):
    card = vault.get_card(customer)
    copy = card
    first = second = copy
    log.info(first)  # leak
    log.info(second)  # leak
    card = "unknown"
    log.info(card)  # clean
    log.info(copy)  # leak
    del copy
    copy = 1
    log.info(copy)  # clean


def annotated(customer):
    card: str = vault.get_card(customer)
    log.warning("card %s", card)  # leak
    other: str
    other = card
    log.debug(msg=other)  # leak
    log.warning("customer %s", customer)  # clean


def branches(customer, flag):
    value = "none"
    if flag:
        value = vault.get_card(customer)
    log.info(value)  # leak
    if flag:
        value = "a"
    else:
        value = "b"
    log.info(value)  # clean


def ternary(customer, flag):
    log.info(vault.get_card(customer) if flag else "")  # leak
    log.info("yes" if vault.get_card(customer) else "no")  # clean
    log.info(vault.get_card(customer) or "none")  # leak


def walrus(customer):
    if card := vault.get_card(customer):
        log.info(card)  # leak
    if (name := vault.get_name(customer)) and card:
        log.info(name)  # clean


def unpacked(customer):
    card, name = vault.get_card(customer), vault.get_name(customer)
    log.info(card)  # leak
    log.info(name)  # clean
    card, name = name, card
    log.info(card)  # clean
    log.info(name)  # leak
    head, *rest = [customer, card, name]
    log.info(rest)  # leak
    log.info(head)  # clean


def augmented(customer):
    line = "card: "
    line += vault.get_card(customer)
    log.info(line)  # leak
    count = 0
    count += 1
    log.info(count)  # clean


def loops(customers):
    last = None
    for customer in customers:
        log.info(last)  # leak
        last = vault.get_card(customer)
    total = 0
    while total < 3:
        total += 1
    log.info(total)  # clean


def facts_about(customer):
    card = vault.get_card(customer)
    log.info(len(card))  # clean
    log.info(card is None)  # clean
    log.info(card == "4111")  # clean
    log.info(isinstance(card, str))  # clean
    log.info(bool(card))  # clean
    log.info(not card)  # clean
    log.info(str(card))  # leak


def aliases(customer):
    out = log.info
    out(vault.get_card(customer))  # leak
    out(vault.get_name(customer))  # clean
    source = vault.get_card
    log.error(source(customer))  # leak
