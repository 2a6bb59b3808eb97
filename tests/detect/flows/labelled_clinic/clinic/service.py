import logging
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial, wraps
from itertools import chain
from operator import attrgetter, itemgetter

import bus
import requests

from . import anon, records
from .anon import generalise as blur
from .marks import medical
from .model import Cache, Diagnosis, Patient, Visit

logger = logging.getLogger(__name__)


class Clinic:
    def __init__(self, cache=None, http=None):
        self.cache = cache or Cache()
        self.http = http or requests.Session()
        self.logger = logger
        self.hooks = []

    def chart(self, ident):
        if ident not in self.cache:
            self.cache.put(ident, records.load_chart(ident))
        return self.cache.get(ident)

    @cached_property
    def sample(self):
        return self.chart(1)

    @cached_property
    def title(self):
        return "clinic"

    def audit(self, ident):
        self.logger.info("chart %s", self.chart(ident))  # leak
        self.logger.info("sample %s", self.sample)  # leak
        self.logger.info("title %s", self.title)  # clean
        self.logger.info("keys %s", list(self.cache.keys()))  # clean

    def on(self, hook):
        self.hooks.append(hook)

    def fire(self, ident):
        for hook in self.hooks:
            hook(self.chart(ident))

    def ship(self, ident):
        self.http.put("https://other.example/x", data=self.chart(ident))  # leak
        self.http.put("https://lab.example/x", data=self.chart(ident))  # clean
        self.http.put("https://other.example/x", data=str(ident))  # clean
        urllib.request.urlopen("https://other.example/?q=" + self.chart(ident))  # leak


def printer(text):
    print(text)  # leak


def boot():
    clinic = Clinic()
    clinic.on(printer)
    clinic.fire(7)
    return clinic


@medical
def observed(ident):
    return ident.reading


def basics(patient: Patient, row, symptoms):
    print(patient.blood)  # leak
    print(patient.ward)  # clean
    print(patient.header())  # clean
    print(patient.long())  # leak
    print(row["icd_code"], row["id"])  # leak
    print(row["id"])  # clean
    print(row["visit"]["icd_code"])  # leak
    print(symptoms)  # leak
    print(observed(patient))  # leak
    print(patient.ward if patient.blood else "?")  # clean
    sys.stdout.write(patient.blood + "\n")  # leak
    sys.stdout.write("done\n")  # clean


def intake(answer, question):
    print(question)  # clean
    print(answer)  # leak
    print(question + ": " + (answer or "-"))  # leak


def visits(ident):
    visit = Visit(Patient(ident, "0", "B"), "checkup").add("chart", records.load_chart(ident))
    visit.add("place", records.load_address(ident))
    print(visit.kinds())  # clean
    print(visit.texts())  # leak
    print(visit)  # clean
    print(visit.reason, visit.patient.ward)  # clean
    print(Visit.registry[ident].texts())  # leak
    print(list(chain(visit.texts(), ["x"])))  # leak


def selected(rows):
    codes = sorted(rows, key=itemgetter("id"))
    print([row["icd_code"] for row in codes])  # leak
    print([row["id"] for row in codes])  # clean
    print({row["id"]: row["icd_code"] for row in codes}.keys())  # clean
    print(list(map(itemgetter("icd_code"), codes)))  # leak
    print(list(map(attrgetter("diagnosis"), codes)))  # leak
    print(any(row["icd_code"] for row in rows))  # clean
    print(len([row["icd_code"] for row in rows]))  # clean


def typed(value: "Diagnosis", many: list[Diagnosis], text: str = "") -> None:
    print(value)  # leak
    for one in many:
        print(one)  # leak
    print(text)  # clean


def pooled(idents):
    with ThreadPoolExecutor() as pool:
        for chart in pool.map(records.load_chart, idents):
            print(chart)  # leak
        future = pool.submit(records.load_chart, 3)
        print(future.result())  # leak


def wrapped(function):
    @wraps(function)
    def inner(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as problem:
            logger.exception("failed with %s", args)  # leak
            raise RuntimeError("failed") from problem  # clean

    return inner


@wrapped
def evaluate(chart, limit):
    return limit


def evaluation(ident):
    evaluate(records.load_chart(ident), 3)


def published(ident):
    chart = records.load_chart(ident)
    bus.publish("charts", chart)  # leak
    bus.publish(chart, "x")  # clean
    bus.publish("charts", body={"text": [chart]})  # leak
    bus.publish("charts", body=blur(chart))  # clean
    bus.publish("charts", body=anon.pretend(chart))  # leak
    send = partial(bus.publish, "charts")
    send(chart)  # leak
    send("x")  # clean


def errors(ident, patient):
    if ident < 0:
        raise ValueError(f"bad patient {ident}")  # clean
    if not patient.diagnosis:
        raise ValueError("no diagnosis")  # clean
    if patient.diagnosis == "x":
        raise KeyError("unknown", patient.diagnosis)  # leak
    try:
        risky(patient.diagnosis)
    except LookupError as problem:
        print(problem)  # leak
    try:
        harmless(ident)
    except LookupError as problem:
        print(problem)  # clean


def risky(text):
    raise LookupError(text)  # leak


def harmless(text):
    raise LookupError("fixed")  # clean


def state(ident):
    current = {"chart": None, "id": ident}
    steps = []
    while len(steps) < 3:
        print(current["id"])  # clean
        print(current["chart"])  # leak
        current["chart"] = records.load_chart(ident)
        steps.append(current.copy())
    print(steps[0]["id"])  # clean
    print(steps[-1])  # leak
    current = {key: blur(value) for key, value in current.items()}
    print(current)  # clean


def split(ident):
    text = records.load_chart(ident)
    head, _, tail = text.partition(":")
    print(tail)  # leak
    words = text.split()
    first, *others = words
    print(others)  # leak
    index = {word: number for number, word in enumerate(words)}
    print(index.values())  # clean
    print(index)  # leak
    print(hash(text) % 7 == 0)  # clean
    print(type(text))  # clean
    print("x" in text)  # clean
    print(text.find("x"), text.count("y"))  # clean
