"""`lotse incident`: after a breach (Art. 33, 34 GDPR), who is affected, the draft of a report, and telling people.

`affected` writes a folder for the officer; `tell` shows what people would read, and sends it once it is confirmed
with their number. docs/privacy/panne.md says what else is to be done.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import auditing
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.folding import number
from bot.core.message import Text
from bot.core.timing import local_time
from bot.db import beside
from bot.db.rights import breaches as rows
from bot.db.rights.breaches import CLASSES, Affected, Who
from bot.export import target
from bot.export.cells import encodable, harmless
from bot.privacy.tables import Stored, stored
from bot.privacy.words import Words
from bot.refusal import ForOperator
from bot.services.rights import breaches
from bot.services.rights.breaches import EVERYBODYS, PARTS, Happened, Notice
from bot.services.turn import Turn

TIME_TO_REPORT = timedelta(hours=72)
LIST, REPORT = "betroffene.csv", "meldung.md"
PART = "breach"
"""The part of `privacy.yaml` with the words of list and report."""
WHEN = "%d.%m.%Y %H:%M"


class IncidentRefused(ForOperator):
    """Nothing was done; the text says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known: of whom, what happened to which data, and since when we know it."""

    who: Who
    notice: Notice
    known_since: datetime


def case_of(given: argparse.Namespace, zone: ZoneInfo, now: datetime) -> Case:
    """What the arguments say; days are those of the town's clocks.

    Raises:
        IncidentRefused: a class of data or a number that is none, or a name that no delivery can bear.
    """
    known = (EVERYBODYS, *CLASSES)
    chosen = tuple(given.data.split(",")) if given.data else ()
    if unknown := sorted(set(chosen) - set(known)):
        raise IncidentRefused(f"There is no data called {unknown[0]}. Choose from {', '.join(known)}.")
    if not breaches.NAME.fullmatch(given.name):
        raise IncidentRefused("An incident is called by small letters, digits and -, 32 at most: 2026-11-laptop.")
    only = () if EVERYBODYS in chosen else chosen
    until = None if given.until is None else _midnight(given.until + timedelta(days=1), zone)
    who = Who(_people(given.people), None if given.since is None else _midnight(given.since, zone), until, only)
    on = given.on or local_time(now, zone).date()
    notice = Notice(given.name, Happened(given.happened), on, chosen or known, urgent=given.urgent)
    return Case(who, notice, now if given.known is None else given.known.replace(tzinfo=zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _people(words: str | None) -> frozenset[int] | None:
    if words is None:
        return None
    found = [number(one.strip()) for one in words.split(",")]
    if None in found:
        raise IncidentRefused("People are named by their numbers, with commas between them: --people 3,17.")
    return frozenset(one for one in found if one is not None)


def affected(url: str, content: Content, words: Words, case: Case, now: datetime, out: Path, screen: TextIO) -> int:
    """Write list and draft into a new folder, which only its owner can read; how many people are affected.

    That is an entry of the audit trail.

    Raises:
        DatabaseRefused, ExportRefused, PrivacyRefused: with a text for the operator; nothing was written.
    """
    found = beside.read(url, lambda tx: list(rows.affected(tx, case.who)))
    auditing.note(url, now, f"affected {len(found)}")
    with target.new_folder(out, force=False) as folder:
        with (folder / LIST).open("w", encoding="utf-8-sig", newline="") as file:
            _write_list(file, content, words, case, found)
        (folder / REPORT).write_text(report(content, words, case, found), encoding="utf-8")
    print(f"{len(found)} people. {out / LIST} names them, {out / REPORT} is the draft of a report.", file=screen)
    print("Both are personal data: give them to the officer, and delete them here.", file=screen)
    return len(found)


def _write_list(file: TextIO, content: Content, words: Words, case: Case, found: Sequence[Affected]) -> None:
    zone = content.town.clock
    classes = [one for one in case.notice.data if one != EVERYBODYS]
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([*words.cells(PART, "list", 7), *(_called(content, one) for one in classes)])
    for one in found:
        cells = [
            str(one.participant_id),
            str(one.chat_id),
            one.name or "",
            german_name(one.language or SOURCE_LANGUAGE),
            f"{local_time(one.created_at, zone):{WHEN}}",
            f"{local_time(one.seen_at, zone):{WHEN}}",
            words.of("word", "no" if one.blocked else "yes"),
            *(str(one.rows.get(name, 0)) for name in classes),
        ]
        writer.writerow([harmless(encodable(cell)) for cell in cells])


def report(content: Content, words: Words, case: Case, found: Sequence[Affected]) -> str:
    """The draft of what the authority is told within 72 hours: what is known is filled in, the rest is asked for."""
    zone, town, none = content.town.clock, content.town, words.of("word", "none")
    languages = Counter(german_name(one.language or SOURCE_LANGUAGE) for one in found)
    tables = {one.name: one for one in stored()}
    filled = {
        "name": case.notice.name,
        "known": f"{local_time(case.known_since, zone):{WHEN}}",
        "until": f"{local_time(case.known_since + TIME_TO_REPORT, zone):{WHEN}}",
        "on": f"{case.notice.on:%d.%m.%Y}",
        "happened": words.of(PART, case.notice.happened),
        "people": str(len(found)),
        "blocked": str(sum(one.blocked for one in found)),
        "since": f"{local_time(min(one.created_at for one in found), zone):%d.%m.%Y}" if found else none,
        "languages": ", ".join(f"{name} ({count})" for name, count in sorted(languages.items())) or none,
        "data": "\n".join(_class_line(content, words, tables, name, found) for name in case.notice.data),
        "operator": town.imprint.operator,
        "responsible": town.imprint.responsible,
        "officer": town.privacy.officer,
    }
    return words.of(PART, "report").format_map(filled) + "\n"


def _class_line(
    content: Content, words: Words, tables: Mapping[str, Stored], name: str, found: Sequence[Affected]
) -> str:
    """One class of data: of how many, how much, and which columns nobody reads without the key file."""
    table = "participant" if name == EVERYBODYS else CLASSES[name].name
    columns = [*tables[table].sealed, *tables[table].partly]
    of = len(found) if name == EVERYBODYS else sum(name in one.rows for one in found)
    amount = of if name == EVERYBODYS else sum(one.rows.get(name, 0) for one in found)
    shut = ", ".join(columns) or words.of("word", "none")
    return words.of(PART, "class").format(
        what=_called(content, name), table=table, people=of, rows=amount, sealed=shut
    )


def _called(content: Content, name: str) -> str:
    return content.texts.label(SOURCE_LANGUAGE, Text(f"ui.mydata.{PARTS[name]}"))


def tell(url: str, content: Content, case: Case, now: datetime, confirmed: int | None, screen: TextIO) -> int:
    """Show what people would read, or, confirmed with their number, plan it for each of them; 0 once it is planned.

    What was planned in an earlier call under this name stays as it is: after a kill the same call goes on.

    Raises:
        IncidentRefused: they are not as many as was said.
    """
    many = beside.read(url, lambda tx: rows.how_many(tx, case.who))
    if confirmed is None:
        _preview(content, case, screen)
        print(f"\n{many} people would read that. To send it, call this again with --confirm {many}.", file=screen)
        return 1
    if confirmed != many:
        raise IncidentRefused(f"It is about {many} people, not {confirmed}. Nobody was told anything.")
    asyncio.run(_plan(url, content, case, now, many))
    states = beside.read(url, lambda tx: rows.told(tx, breaches.causes(case.notice.name)))
    print(*(f"{count:>7,}  {state}" for state, count in sorted(states.items())), sep="\n", file=screen)
    print("The running bot sends what is planned within a minute. Call this again to see how far it is.", file=screen)
    return 0


def _preview(content: Content, case: Case, screen: TextIO) -> None:
    """What it says in each language."""
    shown = breaches.screen(content, case.notice.params())
    for language in content.languages:
        print(f"--- {language} ---\n{content.texts.render(language, shown).text}\n", file=screen)


async def _plan(url: str, content: Content, case: Case, now: datetime, many: int) -> None:
    """Page by page, each a transaction of its own: others wait for none of them."""

    def page(connection: Connection, after: int) -> int | None:
        turn = Turn(connection, content, now)
        if not after and not rows.told(connection, breaches.causes(case.notice.name)):
            breaches.note(turn, many)
        return breaches.plan(turn, case.notice, case.who, after)[1]

    after: int | None = 0
    while after is not None:
        here = after
        after = await beside.write(url, lambda tx, here=here: page(tx, here))  # type: ignore[misc]
