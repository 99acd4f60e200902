"""Keeps profiles up to date. Triggers mark the profiles that must be rewritten, and this module does it in pages.

Nothing else writes profiles. Code that writes their source data does not need to know about them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, union_all

from bot.core.conditions import Value
from bot.core.engine import Status, value_from_data
from bot.db.audience.cells import MOST_TICKS, cell, ticks
from bot.db.engine import Database
from bot.db.outbox.deliveries import Kind
from bot.db.people.persons import own_language
from bot.db.schema import (
    CELLS,
    answer,
    chat,
    consent,
    delivery,
    participant,
    profile,
    profile_bit,
    profile_change,
    profile_slot,
)
from bot.db.upsert import insert_of

if TYPE_CHECKING:
    from bot.db.upsert import Insert

PAGE = 500
"""Profiles written in one transaction. It takes some hundredths of a second; on SQLite other writers wait."""
AGREED, MUTED = "consent.", "topic."
"""Names that the bits of purposes and topics are stored under. No question has such a name."""
_LOCK = 0x70726F66696C65


@dataclass(frozen=True, slots=True)
class Layout:
    """Where profiles store things: the number of each question's cell, and the place of each option's bit."""

    slots: Mapping[str, int]
    bits: Mapping[str, Mapping[str, int]]

    def bit(self, about: str, option: str) -> int:
        """An option's bit as a number. 0 if nobody ever ticked it."""
        place = self.bits.get(about, {}).get(option, MOST_TICKS)
        return 0 if place >= MOST_TICKS else 1 << place


_LAYOUT = union_all(
    select(literal(""), profile_slot.c.question_id, profile_slot.c.number),
    select(profile_bit.c.about, profile_bit.c.option_id, profile_bit.c.place),
)


def layout(connection: Connection) -> Layout:
    """Where profiles store things now."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for about, name, number in connection.execute(_LAYOUT):
        found[about][name] = number
    return Layout(found.pop("", {}), found)


_SOME = select(profile_change.c.participant_id).limit(1)


def refresh(
    connection: Connection,
    most: int = PAGE,
    *,
    after: int = 0,
    until: int | None = None,
    only: Collection[int] | None = None,
) -> int:
    """Rewrites marked profiles, at most `most`. Returns how many.

    Only participants with an id above `after` and up to `until`. `only`: only these ids.
    """
    key = profile_change.c.participant_id
    marked = select(key).where(key > after).order_by(key).limit(most).with_for_update(skip_locked=True)
    if until is not None:
        marked = marked.where(key <= until)
    if only is not None:
        marked = marked.where(key.in_(only))
    some = _SOME if only is None else _SOME.where(profile_change.c.participant_id.in_(only))
    if connection.execute(some).first() is None:
        return 0
    if connection.dialect.name == "postgresql":  # one transaction at a time assigns cells and bits
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    # Evaluated once: PostgreSQL may run a subquery again for each row, and would then delete more than a page.
    page = select(marked.cte("page").c.participant_id)
    people = list(connection.execute(delete(profile_change).where(key.in_(page)).returning(key)).scalars())
    if people:
        _write(connection, people)
    return len(people)


def mark(connection: Connection, person: int) -> None:
    """Marks a profile that must be rewritten for a reason that no trigger sees."""
    row = {"participant_id": person}
    statement = insert_of(connection.dialect.name, profile_change)
    connection.execute(statement.on_conflict_do_update(index_elements=["participant_id"], set_=row), row)


async def catch_up(database: Database) -> int:
    """Rewrites all marked profiles, each page in its own transaction. Returns how many."""
    written = 0
    while page := await database.run(refresh):
        written += page
    return written


def _of(column: Any) -> Any:  # noqa: ANN401 - a column of any table
    return column.in_(bindparam("people", expanding=True))


_PEOPLE = (
    select(
        participant.c.id,
        participant.c.chat_id,
        own_language,
        chat.c.blocked_at,
        participant.c.finished_at,
        participant.c.weekly_cap,
        participant.c.muted,
        participant.c.restricted_at,
    )
    .join_from(participant, chat)
    .where(_of(participant.c.id))
    # Skips people who are being erased now. Nobody else can be erased until this is committed.
    .with_for_update(of=participant, read=True, key_share=True, skip_locked=True)
)
_ANSWERS = select(answer.c.participant_id, answer.c.question_id, answer.c.value, answer.c.answered_at).where(
    _of(answer.c.participant_id), answer.c.status != Status.COMPUTED.value
)
_AGREED = select(consent.c.participant_id, consent.c.purpose).where(
    _of(consent.c.participant_id), consent.c.withdrawn_at.is_(None)
)
_CONTACTED = (
    select(delivery.c.participant_id, func.max(delivery.c.sent_at))
    .where(_of(delivery.c.participant_id), delivery.c.kind == Kind.BROADCAST.value)
    .group_by(delivery.c.participant_id)
)


def _write(connection: Connection, people: Sequence[int]) -> None:
    asked = {"people": people}
    everybody = connection.execute(_PEOPLE, asked).all()
    found = [row[:-1] for row in everybody if row.restricted_at is None]
    if only_kept := [row.id for row in everybody if row.restricted_at is not None]:
        connection.execute(delete(profile).where(profile.c.participant_id.in_(only_kept)))
    agreed: defaultdict[int, list[str]] = defaultdict(list)
    for key, purpose in connection.execute(_AGREED, asked):
        agreed[key].append(purpose)
    contacted = {row[0]: row[1] for row in connection.execute(_CONTACTED, asked)}
    places = _Places(connection)
    cells: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for key, question, data, given_at in connection.execute(_ANSWERS, asked):
        value, name = value_from_data(data), places.cell(question)
        if name is not None:
            cells[key][name] = cell(value, given_at, places.bits(question, value))
    rows = [
        {
            "participant_id": key,
            "chat_id": chat_id,
            "language": language,
            "blocked": blocked_at is not None,
            "finished": finished_at is not None,
            "contacted_at": contacted.get(key),
            "weekly_cap": cap,
            "agreed": places.ticked(AGREED, tuple(agreed[key])),
            "muted": places.ticked(MUTED, tuple(muted or ())),
            **_EMPTY,
            **cells[key],
        }
        for key, chat_id, language, blocked_at, finished_at, cap, muted in found
    ]
    if rows:
        connection.execute(_upsert(connection.dialect.name), rows)


_EMPTY = {f"c{number:02}": None for number in range(CELLS)}


@cache
def _upsert(dialect: str) -> Insert:
    statement = insert_of(dialect, profile)
    new = {one.name: statement.excluded[one.name] for one in profile.c if not one.primary_key}
    return statement.on_conflict_do_update(index_elements=["participant_id"], set_=new)


class _Places:
    """The existing cells and bits. A question or option without one gets the next."""

    def __init__(self, connection: Connection) -> None:
        known = layout(connection)
        self._connection = connection
        self._slots = dict(known.slots)
        self._bits = {about: dict(places) for about, places in known.bits.items()}

    def cell(self, question: str) -> str | None:
        """The column of a question. None if no column is left."""
        if question not in self._slots and len(self._slots) < CELLS:
            self._slots[question] = len(self._slots)
            row = {"question_id": question, "number": self._slots[question]}
            self._connection.execute(insert(profile_slot), row)
        number = self._slots.get(question)
        return None if number is None else f"c{number:02}"

    def bits(self, about: str, value: Value | None) -> Mapping[str, int]:
        """The places of a question's options. Assigns one to every option of the value, while there are any left."""
        places = self._bits.setdefault(about, {})
        for option in value if isinstance(value, tuple) else ():
            if option not in places and len(places) < MOST_TICKS:
                places[option] = len(places)
                row = {"about": about, "option_id": option, "place": places[option]}
                self._connection.execute(insert(profile_bit), row)
        return places

    def ticked(self, about: str, names: tuple[str, ...]) -> int:
        """Purposes or topics as bits."""
        return ticks(names, self.bits(about, names)) & ((1 << MOST_TICKS) - 1)
