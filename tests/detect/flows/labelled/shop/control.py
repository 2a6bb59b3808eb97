"""Exceptions, context managers, asynchronous code."""

import asyncio
import contextlib
import logging

from shop.vault import fetch_card, get_card, get_name

log = logging.getLogger(__name__)


class CardError(Exception):
    def __init__(self, card):
        super().__init__(f"bad card {card}")
        self.card = card


def raising(customer):
    if customer == 1:
        raise ValueError(get_card(customer))  # leak
    if customer == 2:
        raise ValueError(f"bad card of {get_name(customer)}")  # clean
    if customer == 3:
        raise CardError(get_card(customer))  # leak
    try:
        return get_name(customer)
    except KeyError as error:
        raise ValueError("no card") from error  # clean


def caught(customer):
    problem = ValueError(get_card(customer))
    try:
        raise problem  # leak
    except ValueError as error:
        log.info(error)  # leak


def finally_(customer):
    card = ""
    try:
        card = get_card(customer)
    except OSError:
        log.info("no card")  # clean
    else:
        log.info(card)  # leak
    finally:
        log.info(card)  # leak


@contextlib.contextmanager
def opened(customer):
    yield get_card(customer)


@contextlib.contextmanager
def named(customer):
    yield get_name(customer)


def managed(customer):
    with opened(customer) as card, named(customer) as name:
        log.info(card)  # leak
        log.info(name)  # clean


async def waiting(customer):
    log.info(await fetch_card(customer))  # leak
    card = await fetch_card(customer)
    log.info(card)  # leak
    name = await asyncio.sleep(1, get_name(customer))
    log.info(name)  # clean


async def load(customer):
    return await fetch_card(customer)


async def gathered(customers):
    cards = await asyncio.gather(*[fetch_card(each) for each in customers])
    log.info(cards)  # leak
    one, two = await asyncio.gather(load(1), asyncio.sleep(1))
    log.info(one)  # leak
    task = asyncio.create_task(load(3))
    log.info(await task)  # leak
    log.info(await asyncio.wait_for(load(4), 3))  # leak


async def stream(customers):
    for each in customers:
        yield await fetch_card(each)


async def streamed(customers):
    async for card in stream(customers):
        log.info(card)  # leak
    log.info([card async for card in stream(customers)])  # leak


@contextlib.asynccontextmanager
async def session(customer):
    yield await fetch_card(customer)


async def in_session(customer):
    async with session(customer) as card:
        log.info(card)  # leak
    async with asyncio.timeout(3):
        log.info("done")  # clean


def early(customer):
    card = get_card(customer)
    if not card:
        return "none"
    if len(card) != 16:
        log.info("wrong length %d", len(card))  # clean
        return "bad"
    log.info("checked %s", card[-4:])  # leak
    return "good"


def assertion(customer):
    card = get_card(customer)
    assert card, "there is no card"
    log.info("ok")  # clean
