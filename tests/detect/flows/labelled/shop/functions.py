"""Across functions of one module: parameters, results, callbacks, closures."""

import functools
import logging

from shop.legacy import lookup_colour, lookup_pan
from shop.vault import get_card, get_name

log = logging.getLogger(__name__)


def identity(value):
    return value


def drop(value):
    return "nothing"


def second(first, other):
    return other


def send(text, prefix=""):
    log.info(prefix + text)  # leak


def send_clean(text):
    log.info(text)  # clean


def deep1(text):
    deep2(text)


def deep2(text):
    deep3(message=text)


def deep3(message):
    log.info(message)  # leak


def source1(customer):
    return source2(customer)


def source2(customer):
    card = get_card(customer)
    return card


def callers(customer):
    send(get_card(customer))
    send_clean(get_name(customer))
    deep1(get_card(customer))
    log.info(identity(get_card(customer)))  # leak
    log.info(identity(get_name(customer)))  # clean
    log.info(drop(get_card(customer)))  # clean
    log.info(second(get_card(customer), get_name(customer)))  # clean
    log.info(second(get_name(customer), get_card(customer)))  # leak
    log.info(second(other=get_name(customer), first=get_card(customer)))  # clean
    log.info(source1(customer))  # leak
    log.info(lookup_pan(customer))  # leak
    log.info(lookup_colour(customer))  # clean


def both(customer):
    return get_card(customer), get_name(customer)


def as_dict(customer):
    return {"card": get_card(customer), "name": get_name(customer)}


def parts(customer):
    card, name = both(customer)
    log.info(card)  # leak
    log.info(name)  # clean
    log.info(both(customer)[1])  # clean
    log.info(as_dict(customer)["name"])  # clean
    log.info(as_dict(customer)["card"])  # leak


def with_default(text=get_card("house")):
    log.info(text)  # leak


def packed(*values, **named):
    log.info(values)  # leak
    log.info(named["name"])  # clean
    log.info(named["card"])  # leak


def keyword_only(*, card, name):
    log.info(card)  # leak
    log.info(name)  # clean


def spread(customer):
    packed(get_card(customer), name=get_name(customer), card=get_card(customer))
    options = {"card": get_card(customer), "name": get_name(customer)}
    keyword_only(**options)
    pair = [get_name(customer), get_card(customer)]
    log.info(second(*pair))  # leak


def fill(target, customer):
    target["card"] = get_card(customer)


def fill_list(target, customer):
    target.append(get_card(customer))


def filled(customer):
    row, rows = {}, []
    fill(row, customer)
    fill_list(rows, customer)
    log.info(row)  # leak
    log.info(rows)  # leak
    log.info(row.get("name"))  # clean


def count_down(number, text):
    if number == 0:
        return text
    return count_down(number - 1, text)


def ping(text, n):
    return text if n == 0 else pong(text, n - 1)


def pong(text, n):
    return ping(text, n)


def recursive(customer):
    log.info(count_down(3, get_card(customer)))  # leak
    log.info(count_down(3, get_name(customer)))  # clean
    log.info(ping(get_card(customer), 4))  # leak


def generate(customer):
    yield get_name(customer)
    yield get_card(customer)


def delegate(customer):
    yield from generate(customer)


def generated(customer):
    for item in generate(customer):
        log.info(item)  # leak
    log.info(list(delegate(customer)))  # leak


def outer(customer):
    card = get_card(customer)

    def inner():
        log.info(card)  # leak

    def harmless(card):
        log.info(card)  # clean

    inner()
    harmless(get_name(customer))


def counter(customer):
    last = ""

    def keep(value):
        nonlocal last
        last = value

    keep(get_card(customer))
    log.info(last)  # leak


def make_getter(customer):
    card = get_card(customer)
    return lambda: card


def lambdas(customer):
    log.info(make_getter(customer)())  # leak
    read = lambda who: get_card(who)  # noqa: E731
    log.info(read(customer))  # leak
    plain = lambda who: get_name(who)  # noqa: E731
    log.info(plain(customer))  # clean
    (lambda text: log.info(text))(get_card(customer))  # leak


def apply(function, value):
    return function(value)


def callbacks(customer):
    apply(log.info, get_card(customer))
    log.info(apply(identity, get_card(customer)))  # leak
    log.info(apply(drop, get_card(customer)))  # clean
    log.info(list(map(get_card, [customer])))  # leak
    log.info(list(map(drop, [get_card(customer)])))  # clean
    log.info(list(filter(None, [get_card(customer)])))  # leak
    log.info(functools.partial(get_card, customer)())  # leak
    functools.partial(log.info, "card %s")(get_card(customer))  # leak
    log.info(functools.reduce(lambda a, b: a + b, [get_card(customer)]))  # leak


HANDLERS = {"card": get_card, "name": get_name}
WRITERS = {"log": log.info}


def dispatched(customer, kind):
    log.info(HANDLERS["card"](customer))  # leak
    log.info(HANDLERS["name"](customer))  # clean
    log.info(HANDLERS[kind](customer))  # leak
    WRITERS["log"](get_card(customer))  # leak


CACHE = {}
LAST = None


def remember(customer):
    global LAST
    CACHE[customer] = get_card(customer)
    LAST = get_card(customer)


def recall(customer):
    log.info(CACHE[customer])  # leak
    log.info(LAST)  # leak
