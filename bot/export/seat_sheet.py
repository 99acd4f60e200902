"""The list of people who have or had a seat, and who came: one row for each registration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.attending import Attended
from bot.core.offers import Kind
from bot.core.paper import SeatList
from bot.core.seats import State
from bot.core.timing import local_time
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Registration, Target
from bot.db.people import participants
from bot.export.tables import Cell, Column, Form, Row, Sheet, columns_of, title_of
from bot.export.words import Words
from bot.services.profiles.profiles import person_of
from bot.services.turn import Turn

Marks = Mapping[int, Attended]
"""The marks on attendance lists for one registration, by meeting."""


class SeatSheet:
    """One sheet with a row for each registration, ended ones included. For one course: a column for each meeting."""

    counted, who = "rows", "team"

    def __init__(self, order: SeatList, turn: Turn, words: Words) -> None:
        self._order, self._turn, self._words = order, turn, words
        self._columns, clock = self._meetings(), turn.content.town.clock
        self.sheet = Sheet(
            "registrations",
            words["sheet.registrations"],
            (
                *columns_of(words, "person", *(("name",) if order.named else ()), "offer", "meeting", "standing"),
                *columns_of(words, place=Form.NUMBER, asked=Form.TEXT, firm=Form.TEXT, ended=Form.TEXT),
                *columns_of(words, came=Form.NUMBER, excused=Form.NUMBER, absent=Form.NUMBER),
                *(Column(f"{local_time(one.starts_at, clock):%d.%m.%Y %H:%M}") for one in self._columns),
            ),
        )

    def rows(self) -> Iterator[Row]:
        """Every registration, by offer in the content's order, then in order of arrival."""
        connection, order = self._turn.connection, self._order
        if order.offer_id is not None:
            yield from self._of_offer(order.offer_id)
            return
        places = {name: place for place, name in enumerate(self._turn.content.offers)}
        found = registrations.offers(connection)
        for name in sorted(found, key=lambda one: (places.get(one, len(places)), one)):
            yield from self._of_offer(name)

    def _of_offer(self, offer_id: str) -> Iterator[Row]:
        connection, order = self._turn.connection, self._order
        every = registrations.all_of(connection, offer_id, order.meeting_id)
        people = [one.participant_id for one in every if one.participant_id is not None]
        names = participants.names(connection, people) if order.named else {}
        marks, queues = attendances.of_offer(connection, offer_id), _places(every)
        starts = {one.id: one.starts_at for one in meetings.of_offer(connection, offer_id)}
        title = title_of(self._turn.content, offer_id)
        for one in every:
            meeting = None if one.meeting_id is None else self._local(starts[one.meeting_id])
            called = (self._name(one, names),) if order.named else ()
            state = self._words[f"seat.{one.state}"]
            moments = (self._local(at) for at in (one.queued_at, one.registered_at, one.ended_at))
            seat = (title, meeting, state, queues.get(one.id), *moments)
            yield (self._person(one), *called, *seat, *self._came(marks.get(one.id, {})))

    def _came(self, marks: Marks) -> Row:
        """How often a person came, and the mark for each meeting that has a column."""
        counts = Counter(marks.values())
        each = (marks.get(one.id) for one in self._columns)
        said: list[Cell] = [None if mark is None else self._words[f"attended.{mark}"] for mark in each]
        return (*(counts[one] for one in Attended), *said)

    def _meetings(self) -> Sequence[Meeting]:
        """The meetings of the list's one course that have begun or have marks."""
        connection, order = self._turn.connection, self._order
        offer = self._turn.content.offers.get(order.offer_id or "")
        if offer is None or offer.kind is not Kind.COURSE:
            return ()
        marked = {key for marks in attendances.of_offer(connection, offer.id).values() for key in marks}
        every = meetings.of_offer(connection, offer.id)
        return [one for one in every if one.id in marked or (one.starts_at <= order.at and one.cancelled_at is None)]

    def _person(self, one: Registration) -> str:
        if one.participant_id is not None:
            return person_of(one.participant_id)
        return self._words["cell.guest"].replace("{number}", str(one.id))

    def _name(self, one: Registration, names: Mapping[int, str]) -> str | None:
        if one.participant_id is not None:
            return names.get(one.participant_id)
        return (one.guest or {}).get("name") or None

    def _local(self, at: datetime | None) -> datetime | None:
        return None if at is None else local_time(at, self._turn.content.town.clock)


def _places(every: Sequence[Registration]) -> dict[int, int]:
    """The positions on the waiting list, from 1."""
    queues: Counter[Target] = Counter()
    found: dict[int, int] = {}
    for one in every:
        if one.state is State.WAITING:
            queues[one.target] += 1
            found[one.id] = queues[one.target]
    return found
