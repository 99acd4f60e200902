"""Are the texts that the code says all there, in `ui.yaml` and `staff.yaml`, with placeholders that are filled in?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.content.faults import Fault, Level, closest
from bot.content.loader import STAFF, STAFF_CHAT, Content
from bot.content.markup import parse, shape
from bot.services.staff.text_keys import NEEDED as STAFF_NEEDED
from bot.services.staff.texts import PREFIX
from bot.services.text_keys import NEEDED

FILE = "ui.yaml"
UI = "ui."


def faults(content: Content) -> list[Fault]:
    """Texts that are missing, that nobody says, and placeholders nobody fills in."""
    staff_file = _Part(STAFF, PREFIX, STAFF_NEEDED)
    return [fault for part in (_Part(FILE, UI, NEEDED), staff_file) for fault in _of_part(content, part)]


@dataclass(frozen=True, slots=True)
class _Part:
    """Texts that stand in one file, by the beginning of their keys."""

    file: str
    prefix: str
    needed: Mapping[str, frozenset[str]]


def _of_part(content: Content, part: _Part) -> list[Fault]:
    there = [key.removeprefix(part.prefix) for key in content.texts.keys(part.prefix)]
    missing = [key for key in part.needed if key not in there]
    surplus = [key for key in there if key not in part.needed]
    found = [Fault(part.file, 1, f"The text '{key}' is missing", _mend(part, key, surplus)) for key in missing]
    for key in surplus:
        mend = f"Take it out. {_like(key, part.needed)}".rstrip()
        place = content.texts.place(part.prefix + key)
        found.append(Fault(*place, f"Nobody says the text '{key}'", mend, Level.WARNING))
    return [*found, *_unfilled(content, part, there)]


def _mend(part: _Part, key: str, surplus: Iterable[str]) -> str:
    section, _, name = key.partition(".")
    where = f"'{section}'" if part.file == FILE else f"'{STAFF_CHAT}' and '{section}'"
    return f"Write '{name}' under {where}. {_like(key, surplus)}".rstrip()


def _like(key: str, others: Iterable[str]) -> str:
    close = closest(key, others)
    return "" if close is None else f"Is it '{close}'?"


def _unfilled(content: Content, part: _Part, keys: Iterable[str]) -> Iterator[Fault]:
    for key in keys:
        filled = part.needed.get(key)
        slots = shape(parse(content.texts.source(part.prefix + key))).slots
        for slot in sorted(slots - filled) if filled is not None else ():
            known = f"Only {' and '.join(f'{{{one}}}' for one in sorted(filled or ()))} can stand here"
            mend = known if filled else "Take the braces away; {{ and }} are read as braces"
            yield Fault(*content.texts.place(part.prefix + key), f"Nobody fills in {{{slot}}} in '{key}'", mend)
