"""Imports in all their forms."""

import logging

import shop.ledger.core
import shop.ledger.core as core
from shop import ledger
from shop.ledger import *  # noqa: F403
from shop.ledger import name_of, read_card, write
from shop.ledger.core import DEFAULT, TITLE, Reader, write_name

log = logging.getLogger(__name__)


def forms(customer):
    log.info(shop.ledger.core.read_card(customer))  # leak
    log.info(core.read_card(customer))  # leak
    log.info(ledger.read_card(customer))  # leak
    log.info(read_card(customer))  # leak
    log.info(name_of(customer))  # clean
    log.info(ledger.name_of(customer))  # clean
    write(read_card(customer))
    write_name(name_of(customer))


def inside(customer):
    from shop.ledger.core import read_card as late

    log.info(late(customer))  # leak


def globals_():
    log.info(DEFAULT)  # leak
    log.info(TITLE)  # clean
    log.info(core.DEFAULT)  # leak


def objects(customer):
    reader = Reader(customer)
    log.info(reader.value)  # leak
    log.info(reader.title)  # clean


class Bigger(Reader):
    def tell(self):
        log.info(self.value)  # leak
        log.info(self.title)  # clean
