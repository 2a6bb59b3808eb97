"""Lists, dicts, sets, tuples and what mutates them."""

import collections
import copy
import logging

from shop.vault import get_card, get_name

log = logging.getLogger(__name__)


def literals(customer):
    card, name = get_card(customer), get_name(customer)
    log.info([name, card])  # leak
    log.info({"card": card})  # leak
    log.info({card})  # leak
    log.info((name, customer))  # clean
    log.info([name, *[card]])  # leak
    log.info({**{"a": card}})  # leak
    log.info({**{"a": name}})  # clean


def keys(customer):
    row = {"card": get_card(customer), "name": get_name(customer)}
    log.info(row["card"])  # leak
    log.info(row["name"])  # clean
    log.info(row.get("card", ""))  # leak
    log.info(row.get("name"))  # clean
    log.info(row)  # leak
    row["card"] = "hidden"
    log.info(row["card"])  # clean
    log.info(row)  # clean
    row["again"] = get_card(customer)
    log.info(row)  # leak
    row.pop("again")
    log.info(sorted(row.values()))  # clean


def nested(customer):
    data = {"user": {"name": get_name(customer), "pay": {"pan": get_card(customer)}}}
    log.info(data["user"]["name"])  # clean
    log.info(data["user"]["pay"]["pan"])  # leak
    log.info(data["user"])  # leak


def positions(customer):
    pair = (get_card(customer), get_name(customer))
    log.info(pair[0])  # leak
    log.info(pair[1])  # clean
    left, right = pair
    log.info(left)  # leak
    log.info(right)  # clean


def mutators(customer):
    rows, names = [], []
    rows.append(get_card(customer))
    names.append(get_name(customer))
    log.info(rows)  # leak
    log.info(names)  # clean
    more = []
    more.extend(rows)
    log.info(more[-1])  # leak
    seen = set()
    seen.add(get_card(customer))
    log.info(seen)  # leak
    table = {}
    table.update(card=get_card(customer))
    log.info(table)  # leak
    other = {}
    other.setdefault("x", get_card(customer))
    log.info(other)  # leak
    front = []
    front.insert(0, get_card(customer))
    log.info(front)  # leak
    rows.clear()
    log.info(rows)  # clean
    joined = names + more
    log.info(joined)  # leak


def iterated(customer):
    for card in [get_card(customer)]:
        log.info(card)  # leak
    for key, value in {"c": get_card(customer)}.items():
        log.info(key)  # clean
        log.info(value)  # leak
    for number, card in enumerate([get_card(customer)]):
        log.info(number)  # clean
        log.info(card)  # leak
    for name, card in zip([get_name(customer)], [get_card(customer)]):
        log.info(name)  # clean
        log.info(card)  # leak


def kinds(customer):
    queue = collections.deque()
    queue.append(get_card(customer))
    log.info(queue.popleft())  # leak
    groups = collections.defaultdict(list)
    groups[customer].append(get_card(customer))
    log.info(groups)  # leak
    log.info(copy.deepcopy([get_card(customer)]))  # leak
    log.info(max([get_card(customer)]))  # leak
    log.info(sum(1 for _ in [get_card(customer)]))  # clean


def aliased(customer):
    one = []
    two = one
    two.append(get_card(customer))
    log.info(one)  # leak
    fresh = list(names for names in [get_name(customer)])
    log.info(fresh)  # clean


def comprehended(customers):
    log.info([get_card(each) for each in customers])  # leak
    log.info({each: get_card(each) for each in customers})  # leak
    log.info({get_card(each) for each in customers})  # leak
    log.info(list(get_card(each) for each in customers))  # leak
    cards = [get_card(each) for each in customers]
    log.info([card[:4] for card in cards if card])  # leak
    log.info([get_name(each) for each in customers if get_card(each)])  # clean
    log.info([1 for card in cards])  # clean
    log.info([each for each in customers])  # clean


def matched(customer):
    match {"kind": "card", "number": get_card(customer)}:
        case {"number": number, "kind": kind}:
            log.info(number)  # leak
            log.info(kind)  # clean
    match [get_name(customer), get_card(customer)]:
        case [name, card]:
            log.info(card)  # leak
            log.info(name)  # clean
