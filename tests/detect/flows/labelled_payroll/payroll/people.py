import dataclasses
import enum
import json
from collections import Counter, OrderedDict, namedtuple
from typing import Generic, Iterator, NewType, Optional, TypeVar

from . import hr

Money = NewType("Money", int)
T = TypeVar("T")
Row = namedtuple("Row", ["who", "amount"])


class Level(enum.Enum):
    JUNIOR = "junior"
    SENIOR = "senior"


@dataclasses.dataclass(slots=True)
class Employee:
    name: str
    level: Level
    bank_account: str = ""
    tags: tuple[str, ...] = ()

    def badge(self) -> str:
        return f"{self.name} ({self.level.value})"

    def to_dict(self) -> dict:
        return {"name": self.name, "account": self.bank_account}


class Repository(Generic[T]):
    def __init__(self) -> None:
        self._rows: dict[str, T] = {}

    def save(self, key: str, row: T) -> None:
        self._rows[key] = row

    def load(self, key: str) -> Optional[T]:
        return self._rows.get(key)

    def all(self) -> Iterator[T]:
        yield from self._rows.values()

    def count(self) -> int:
        return len(self._rows)


class Mixin:
    def describe(self):
        return f"{self.title()} of {self.who}"

    def title(self):
        return "thing"


class Slip(Mixin):
    def __init__(self, who):
        self.who = who
        self._amount = None

    @property
    def amount(self):
        if self._amount is None:
            self._amount = hr.fetch_salary(self.who)
        return self._amount

    @amount.setter
    def amount(self, value):
        self._amount = value

    def title(self):
        return "slip"

    def as_row(self):
        return Row(self.who, self.amount)

    def __format__(self, spec):
        return f"{self.amount:{spec}}"

    def __eq__(self, other):
        return self.amount == other.amount

    def __add__(self, other):
        return self.amount + other.amount


class Report:
    columns = ["who", "desk"]

    def __init__(self, slips):
        self.slips = list(slips)
        self.lines = []
        self.totals = Counter()

    def build(self):
        for slip in self.slips:
            self.lines.append(self._line(slip))
            self.totals[slip.who] += 1
        return self

    def _line(self, slip):
        return "%-10s %s" % (slip.who, slip.amount)

    def text(self):
        return "\n".join(self.lines)

    def header(self):
        return ",".join(self.columns)
