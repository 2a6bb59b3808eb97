"""Objects: fields, methods, properties, inheritance, data classes."""

import dataclasses
import logging
from dataclasses import dataclass
from typing import NamedTuple

from shop.vault import Vault, get_card, get_name

log = logging.getLogger(__name__)


class Account:
    kind = "plain"
    shared = get_card("house")

    def __init__(self, customer):
        self.card = get_card(customer)
        self.name = get_name(customer)
        self._log = logging.getLogger("account")

    def show(self):
        log.info(self.card)  # leak
        log.info(self.name)  # clean
        self._log.info(self.card)  # leak
        log.info(self.kind)  # clean
        log.info(self.shared)  # leak

    def number(self):
        return self.card

    def label(self):
        return self.name

    @property
    def masked(self):
        return "***"

    @property
    def plain(self):
        return self.card

    @staticmethod
    def shout(text):
        log.info(text)  # leak

    @classmethod
    def house(cls):
        return cls("house")

    def __str__(self):
        return f"account {self.card}"

    def __len__(self):
        return 3


class Savings(Account):
    def both(self):
        log.info(self.number())  # leak
        log.info(super().label())  # clean

    def label(self):
        return "savings"


def outside(customer):
    account = Account(customer)
    log.info(account.card)  # leak
    log.info(account.name)  # clean
    log.info(account.number())  # leak
    log.info(account.label())  # clean
    log.info(account.masked)  # clean
    log.info(account.plain)  # leak
    log.info(Account.house().number())  # leak
    log.info(Savings(customer).number())  # leak
    log.info(Savings(customer).label())  # clean
    log.info(f"{account}")  # leak
    log.info(str(account))  # leak
    log.info(len(account))  # clean
    log.info(vars(account))  # leak
    log.info(account.__dict__)  # leak
    Account.shout(get_card(customer))
    account.card = "gone"
    log.info(account.card)  # clean


class Box:
    def __init__(self, content):
        self.content = content

    def open(self):
        return self.content

    def __enter__(self):
        return self.content

    def __exit__(self, *_):
        return None

    def __call__(self, more):
        return more

    def __getitem__(self, key):
        return self.content

    def __iter__(self):
        yield self.content


def boxes(customer):
    full, empty = Box(get_card(customer)), Box("nothing")
    log.info(full.open())  # leak
    log.info(empty.open())  # clean
    with full as content:
        log.info(content)  # leak
    with empty as content:
        log.info(content)  # clean
    log.info(full("word"))  # clean
    log.info(empty(get_card(customer)))  # leak
    log.info(full[0])  # leak
    for item in full:
        log.info(item)  # leak
    same = empty
    same.content = get_card(customer)
    log.info(empty.content)  # leak


def by_name(customer):
    box = Box(None)
    setattr(box, "secret", get_card(customer))
    log.info(getattr(box, "secret"))  # leak
    log.info(getattr(box, "content"))  # clean
    log.info(getattr(box, "missing", "none"))  # clean


@dataclass
class Order:
    number: int
    card: str
    note: str = ""

    def receipt(self):
        return f"{self.number} {self.note}"


class Payment(NamedTuple):
    card: str
    amount: int


def records(customer):
    order = Order(1, get_card(customer), note=get_name(customer))
    log.info(order.number)  # clean
    log.info(order.card)  # leak
    log.info(order.receipt())  # clean
    log.info(order)  # leak
    log.info(dataclasses.asdict(order))  # leak
    log.info(dataclasses.replace(order, card="x").card)  # clean
    payment = Payment(get_card(customer), 3)
    log.info(payment.amount)  # clean
    log.info(payment.card)  # leak
    log.info(payment[0])  # leak


def vaults(customer):
    vault = Vault()
    log.info(vault.read(customer))  # leak
    log.info(vault.size())  # clean


class Service:
    def __init__(self, vault: Vault, sink=None):
        self.vault = vault
        self.pending = []

    def load(self, customer):
        self.pending.append(self.vault.read(customer))
        return self

    def flush(self):
        log.info(self.pending)  # leak

    def report(self):
        log.info(self.vault.size())  # clean


class Base:
    def run(self, customer):
        self.emit(get_card(customer))

    def emit(self, text):
        raise NotImplementedError


class Loud(Base):
    def emit(self, text):
        log.info(text)  # leak


class Quiet(Base):
    def emit(self, text):
        log.info("something")  # clean


def chained(customer):
    Loud().run(customer)
    Quiet().run(customer)
