from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Diagnosis = t.NewType("Diagnosis", str)


@dataclass
class Patient:
    ident: int
    blood: str
    ward: str = "A"
    notes: list[str] = field(default_factory=list)

    def header(self) -> str:
        return f"{self.ident}/{self.ward}"

    def long(self) -> str:
        return f"{self.header()} {self.blood}"


class Visit:
    registry: dict[int, "Visit"] = {}

    def __init__(self, patient: Patient, reason: str) -> None:
        self.patient = patient
        self.reason = reason
        self.events: list[tuple[str, str]] = []
        Visit.registry[patient.ident] = self

    def add(self, kind: str, text: str) -> "Visit":
        self.events.append((kind, text))
        return self

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.events]

    def texts(self) -> list[str]:
        return [text for _, text in self.events]

    def __repr__(self) -> str:
        return f"<Visit {self.reason}>"


class Cache:
    def __init__(self):
        self._items = {}

    def put(self, key, value):
        self._items[key] = value

    def get(self, key, default=None):
        return self._items.get(key, default)

    def __contains__(self, key):
        return key in self._items

    def __setitem__(self, key, value):
        self.put(key, value)

    def keys(self):
        return self._items.keys()
