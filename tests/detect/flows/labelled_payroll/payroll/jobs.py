import argparse
import asyncio
import contextlib
import csv
import io
import json
import logging
import smtplib
import threading
from collections import ChainMap, defaultdict
from contextlib import suppress
from functools import partial, reduce, singledispatch, wraps

import httpx
import requests
import sentry_sdk
import statsd
from flask import Blueprint, current_app, g, jsonify

from payroll import hr
from payroll.bands import Rounder, band_of
from payroll.hr import HrClient, bonus
from payroll.people import Employee, Level, Money, Report, Repository, Slip

log = logging.getLogger("payroll")
pages = Blueprint("pages", __name__)
STORE = Repository()
SETTINGS = {"unit": "EUR", "limit": 3}


def plain(who):
    amount = hr.fetch_salary(who)
    log.info("salary of %s is %s", who, amount)  # leak
    log.info("desk of %s is %s", who, hr.fetch_desk(who))  # clean
    log.info("band %s", band_of(amount))  # clean
    log.info("bonus %s", bonus(who))  # leak
    log.info("unit %s", SETTINGS["unit"])  # clean
    log.info("rough %s", Rounder().rough(amount))  # clean
    log.info("exact %s", Rounder().exact(amount))  # leak
    log.info("high" if amount > 10 else "low")  # clean
    log.info(f"{amount:,.2f}")  # leak
    log.info(round(amount * 1.2))  # leak
    log.info(-amount)  # leak
    log.info(min(amount, 100))  # leak


def slips(who):
    slip = Slip(who)
    print(slip.amount)  # leak
    print(slip.who)  # clean
    print(slip.describe())  # clean
    print(slip.as_row().who)  # clean
    print(slip.as_row().amount)  # leak
    print(slip.as_row())  # leak
    print(f"{slip:>10}")  # leak
    print(slip == Slip("x"))  # clean
    print(slip + Slip("y"))  # leak


def reports(names):
    report = Report(Slip(name) for name in names).build()
    print(report.text())  # leak
    print(report.header())  # clean
    print(report.totals.most_common(3))  # clean
    print(len(report.lines))  # clean


def stored(who):
    STORE.save(who, hr.fetch_salary(who))


def shown(who):
    print(STORE.load(who))  # leak
    print(STORE.count())  # clean
    for row in STORE.all():
        print(row)  # leak


def other_store(who):
    desks = Repository()
    desks.save(who, hr.fetch_desk(who))
    print(desks.load(who))  # clean


def rows(table):
    for row in table:
        print(row["salary"])  # leak
        print(row["who"])  # clean
        amount, who = row["salary"], row["who"]
        print(who)  # clean
        print(amount)  # leak
    by_who = {row["who"]: row["salary"] for row in table}
    print(list(by_who))  # clean
    print(by_who["ada"])  # leak
    print(sorted(by_who.items(), key=lambda pair: pair[1]))  # leak
    who_only = [who for who, _ in by_who.items()]
    print(who_only)  # clean
    grouped = defaultdict(list)
    for row in table:
        grouped[row["level"]].append(row["salary"])
    print(grouped["a"])  # leak
    print({level: len(found) for level, found in grouped.items()})  # clean
    print({level: sum(found) for level, found in grouped.items()})  # leak


def written(who, gross):
    buffer = io.StringIO()
    buffer.write(f"{gross}\n")  # leak
    buffer.write("end\n")  # clean
    writer = csv.writer(buffer)
    writer.writerow([who, gross])
    print(buffer.getvalue())  # leak
    payload = json.dumps({"who": who, "gross": gross})
    print(json.loads(payload))  # leak
    print(json.dumps({"who": who}))  # clean


def dictionaries(employee: Employee):
    data = employee.to_dict()
    print(data["name"])  # clean
    print(data["account"])  # leak
    print(employee.badge())  # clean
    print(employee.bank_account[-2:])  # leak
    shown = {key: value for key, value in data.items() if key != "account"}
    data.pop("account")
    print(data)  # clean
    merged = {**employee.to_dict(), "level": "x"}
    print(merged["level"])  # clean
    print(merged["account"])  # leak
    chained = ChainMap({"unit": "EUR"}, employee.to_dict())
    print(chained["account"])  # leak


def money(amount: Money, label: str) -> None:
    print(label)  # clean
    print(amount)  # leak


def sent(who):
    salary = hr.fetch_salary(who)
    requests.post("https://bank.example/pay", json={"amount": salary})  # clean
    answer = requests.post("https://other.example/pay", json={"amount": salary})  # leak
    log.info("answered %s", answer.status_code)  # clean
    requests.put("https://other.example/who", json={"who": who})  # clean
    with smtplib.SMTP("localhost") as server:
        server.sendmail("a@example", "b@example", f"You earn {salary}")  # leak
        server.sendmail("a@example", "b@example", f"Hello {who}")  # clean
    statsd.gauge("salary", salary)  # leak
    statsd.gauge("calls", 1)  # clean
    sentry_sdk.set_tag("band", band_of(salary))  # clean


def checked(function):
    @wraps(function)
    def wrapper(who, *rest, **options):
        value = function(who, *rest, **options)
        if value is None:
            raise LookupError(f"nothing for {who}")  # clean
        if value < 0:
            raise ValueError(f"negative: {value}")  # leak
        return value

    return wrapper


@checked
def raised(who, factor=1):
    return hr.fetch_salary(who) * factor


def using_raised(who):
    print(raised(who, factor=2))  # leak
    with suppress(LookupError):
        print(raised.__name__)  # clean


@singledispatch
def render(value):
    return "?"


@render.register
def _(value: int):
    return str(value)


@contextlib.contextmanager
def transaction(client: HrClient, who):
    value = client.salary_of(who)
    try:
        yield value
    finally:
        log.debug("done with %s", who)  # clean


class Worker(threading.Thread):
    def __init__(self, client: HrClient, who):
        super().__init__()
        self.client = client
        self.who = who
        self.result = None

    def run(self):
        self.result = self.client.salary_of(self.who)


def threaded(who):
    worker = Worker(HrClient("x"), who)
    worker.start()
    worker.join()
    print(worker.result)  # leak
    print(worker.who)  # clean
    with transaction(HrClient("x"), who) as value:
        print(value)  # leak


async def one(client, who):
    await asyncio.sleep(0)
    return hr.fetch_salary(who)


async def many(names):
    client = HrClient("x")
    results = await asyncio.gather(*(one(client, name) for name in names))
    for name, amount in zip(names, results):
        print(name)  # clean
        print(amount)  # leak
    async with httpx.AsyncClient() as session:
        await session.post("https://other.example/", json={"n": len(results)})  # clean
        await session.post("https://other.example/", json={"all": results})  # leak


def nested(who):
    def load():
        return hr.fetch_salary(who)

    def show(value, *, printer=print):
        printer(value)  # leak

    show(load())
    steps = [load, partial(hr.fetch_desk, who)]
    print(steps[1]())  # clean
    print(steps[0]())  # leak
    total = reduce(lambda left, right: left + right, (load() for _ in range(3)), 0)
    print(total)  # leak
    names = list(filter(lambda name: name != who, ["a", "b"]))
    print(names)  # clean


def cleared(who):
    amount = hr.fetch_salary(who)
    try:
        amount = band_of(amount)
    finally:
        print(who)  # clean
    amount = band_of(amount)
    print(amount)  # clean
    del amount
    found = None
    for name in ["a", who]:
        found = hr.fetch_salary(name)
        if found:
            break
    else:
        found = 0
    print(found)  # leak


@pages.route("/salary/<who>")
def page(who):
    if who == "me":
        return jsonify(band=band_of(hr.fetch_salary(who)))  # clean
    slip = Slip(who)
    return jsonify(who=who, amount=slip.amount)  # leak


@pages.get("/desk/<who>")
def desk(who):
    g.amount = hr.fetch_salary(who)
    return jsonify(desk=hr.fetch_desk(who))  # clean


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("who")
    options = parser.parse_args()
    salary = hr.fetch_salary(options.who)
    print(options.who)  # clean
    print(options.who, salary)  # leak
    level = Level.SENIOR if salary > 3 else Level.JUNIOR
    print(level.value)  # clean


class Plugin:
    registry = {}

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Plugin.registry[cls.__name__] = cls

    def handle(self, value):
        raise NotImplementedError


class Loud(Plugin):
    def handle(self, value):
        print(value)  # leak


class Counting(Plugin):
    def __init__(self):
        self.seen = 0

    def handle(self, value):
        self.seen += 1
        print(self.seen)  # clean


def dispatch(who):
    for plugin in (Loud(), Counting()):
        plugin.handle(hr.fetch_salary(who))
