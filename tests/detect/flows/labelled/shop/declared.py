"""Sources that are declared by attribute, key, parameter, column, type and annotation."""

import logging
from dataclasses import dataclass
from typing import Annotated, Optional

from riskbot_zones import Zone
from sqlalchemy import Column, String
from sqlalchemy.orm import DeclarativeBase

from shop.vault import CardNumber

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    pass


class Customer(Base):
    id = Column(String, primary_key=True)
    iban = Column(String)
    city = Column(String)


class Supplier(Base):
    iban = Column(String)


class AuditRow(Base):
    detail = Column(String)
    action = Column(String)


def attributes(thing):
    log.info(thing.card_number)  # leak
    log.info(thing.card_type)  # clean
    log.info(thing.owner.card_number)  # leak
    log.info(thing.owner.name)  # clean


def keys(row, request):
    log.info(row["card_number"])  # leak
    log.info(row["name"])  # clean
    log.info(request.json.get("card_number"))  # leak
    log.info(request.json.get("name"))  # clean


def parameters(pan, other):
    log.info(pan)  # leak
    log.info(other)  # clean


def columns(session, number):
    customer = session.query(Customer).filter_by(id=number).first()
    log.info(customer.iban)  # leak
    log.info(customer.city)  # clean
    for each in session.query(Customer).all():
        log.info(each.iban)  # leak
    supplier = session.query(Supplier).first()
    log.info(supplier.iban)  # clean
    known: Customer = session.load(number)
    log.info(known.iban)  # leak
    row = session.get(Customer, number)
    log.info(row.iban)  # leak


def typed(number: CardNumber, text: str, maybe: Optional[CardNumber] = None):
    log.info(number)  # leak
    log.info(text)  # clean
    log.info(maybe)  # leak


def marked(account: Annotated[str, Zone("user.financial.credit_card")], label: Annotated[str, "short"]):
    log.info(account)  # leak
    log.info(label)  # clean


def returns_typed(customer) -> CardNumber:
    return customer.something()


def returns_marked(customer) -> Annotated[str, Zone("user.financial.credit_card")]:
    return customer.something()


@dataclass
class Profile:
    number: CardNumber
    limit: Annotated[int, Zone("user.financial.credit_card")]
    nickname: str


def fields(profile: Profile, customer):
    log.info(profile.number)  # leak
    log.info(profile.limit)  # leak
    log.info(profile.nickname)  # clean
    log.info(returns_typed(customer))  # leak
    log.info(returns_marked(customer))  # leak


def variable(raw):
    number: CardNumber = raw
    log.info(number)  # leak
    word: str = raw
    log.info(word)  # clean


def contact(user, email_address):
    log.info(user.email)  # leak
    log.info(email_address)  # leak
    log.info(user.email_verified)  # clean


def stored(customer, thing):
    row = AuditRow()
    row.detail = thing.card_number  # leak
    row.action = thing.card_type  # clean
    AuditRow(detail=thing.card_number)  # leak
    AuditRow(action="x", detail=thing.name)  # clean
