"""What the database holds, by its own metadata: which tables belong to a person, and which columns are sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import JSON, Text

from bot.db.schema import metadata
from bot.db.sealing import SealedJson, SealedText

OF_PEOPLE = frozenset({"chat"})
"""The tables that all data about a person refers to."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One table. `partly`: columns that are sealed for some answers. `free`: columns with unsealed words."""

    name: str
    of_a_person: bool
    sealed: tuple[str, ...]
    partly: tuple[str, ...]
    free: tuple[str, ...]


def stored() -> list[Stored]:
    """Every table. Those about people come first. Sorted by name."""
    people = set(OF_PEOPLE)
    while more := {
        name
        for name, one in metadata.tables.items()
        if name not in people
        and any(key.column.table.name in people and key.ondelete == "CASCADE" for key in one.foreign_keys)
    }:
        people |= more
    found = [_stored(name, name in people) for name in metadata.tables]
    return sorted(found, key=lambda one: (not one.of_a_person, one.name))


def _stored(name: str, of_a_person: bool) -> Stored:
    sealed, partly, free = list[str](), list[str](), list[str]()
    for column in metadata.tables[name].columns:
        match column.type:
            case SealedJson(marked=True):
                partly.append(column.name)
            case SealedJson() | SealedText():
                sealed.append(column.name)
            case JSON() | Text():
                free.append(column.name)
    return Stored(name, of_a_person, tuple(sealed), tuple(partly), tuple(free))
