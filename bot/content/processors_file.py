"""`processors` of `town.yaml`: who processes people's data for the town, by contract (Art. 28 GDPR)."""

from __future__ import annotations

from datetime import date

from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.content.town import Processor, Town, Work
from bot.core.days import day_of

NEEDED = ("work", "name", "seat", "purpose", "contract")
NONE = "none"
LONGEST = 120
"""The most letters of a name or seat, because all of them are on one page of /privacy."""
MOST = 12


def read_processors(reader: Reader, root: Table) -> tuple[Processor, ...]:
    """The processors, in the file's order."""
    found: list[Processor] = []
    for table in reader.tables(root, "processors") if "processors" in root.entries else ():
        reader.keys(table, NEEDED, (), "A processor")
        work = _work(reader, table)
        name, seat = (_short(reader, table, key) for key in ("name", "seat"))
        purpose, contract = reader.string(table, "purpose"), _day(reader, table)
        if work is not None:
            found.append(Processor(work, name, seat, purpose, contract))
    if len(found) > MOST:
        what = f"{len(found)} processors do not fit on the page of /privacy"
        reader.error(root.lines["processors"], what, f"Name {MOST} at most")
    return tuple(found)


def _work(reader: Reader, table: Table) -> Work | None:
    word, known = reader.string(table, "work"), [one.value for one in Work]
    if word in known:
        return Work(word)
    if word:
        reader.error(table.lines["work"], f"'{word}' is nothing a processor does", f"Write one of {', '.join(known)}")
    return None


def _short(reader: Reader, table: Table, key: str) -> str:
    words = reader.string(table, key)
    if len(words) > LONGEST:
        reader.error(table.lines[key], f"'{key}' is too long for a line", f"Write {LONGEST} letters at most")
    return words[:LONGEST]


def _day(reader: Reader, table: Table) -> date | None:
    words = reader.string(table, "contract")
    day = day_of(words)
    if day is None and words not in {"", NONE}:
        mend = f"Write the day of the contract as 2026-10-01, or '{NONE}'"
        reader.error(table.lines["contract"], f"'{words}' is no day", mend)
    return day


def unnamed(town: Town, service: str | None) -> bool:
    """Whether texts go to an external translator that the town does not name."""
    return service is not None and all(one.work is not Work.TRANSLATION for one in town.processors)
