import logging

from .. import vault
from ..vault import get_name

log = logging.getLogger(__name__)


def read_card(customer):
    return vault.get_card(customer)


def read_name(customer):
    return get_name(customer)


def write(text):
    log.info(text)  # leak


def write_name(text):
    log.info(text)  # clean


class Reader:
    def __init__(self, customer):
        self.value = vault.get_card(customer)
        self.title = get_name(customer)


DEFAULT = vault.get_card("default")
TITLE = "ledger"
