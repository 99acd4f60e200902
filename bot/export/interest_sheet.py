"""The list of people interested in openings, or in what messages offer: one row for each person and subject."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core.broadcasts import Subject
from bot.core.paper import InterestList
from bot.core.timing import local_time
from bot.db.openings import interests, partners
from bot.db.openings.interests import Interested
from bot.db.people import participants
from bot.export.tables import Row, Sheet, columns_of, title_of
from bot.export.words import Words
from bot.services.profiles.profiles import person_of
from bot.services.turn import Turn


class InterestSheet:
    """One sheet with a row for each interest, without those that were taken back."""

    counted, who = "rows", "team"

    def __init__(self, order: InterestList, turn: Turn, words: Words) -> None:
        self._order, self._turn, self._words = order, turn, words
        called = ("name",) if order.named else ()
        told = ("interested", "standing", "changed", "partner", "partner_knows", "partner_says")
        columns = columns_of(words, "person", *called, "opening", *told)
        self.sheet = Sheet("interests", words["sheet.interests"], columns)

    def rows(self) -> Iterator[Row]:
        """All interests, in order of time."""
        wanted, connection = self._order.subject, self._turn.connection
        for subject in interests.subjects(connection) if wanted is None else [wanted]:
            yield from self._of_subject(subject)

    def _of_subject(self, subject: Subject) -> Iterator[Row]:
        connection, named = self._turn.connection, self._order.named
        every = interests.in_subject(connection, subject)
        people = [one.participant_id for one in every]
        names = participants.names(connection, people) if named else {}
        changed, what = interests.changes(connection, subject), self._what(subject)
        for one in every:
            called = (names.get(one.participant_id),) if named else ()
            standing = (self._local(one.since), self._words[f"interest.{one.state}"], self._local(changed[one.id]))
            yield (person_of(one.participant_id), *called, what, *standing, one.partner, *self._partner(one))

    def _partner(self, one: Interested) -> Row:
        """Since when the partner knows through a message of ours, and what it answered."""
        told = None if one.partner is None else partners.of_interest(self._turn.connection, one)
        if told is None or told.message_id is None:
            return None, None
        said = None if told.said is None else self._words[f"interest.{told.said}"]
        return self._local(told.since), said

    def _what(self, subject: Subject) -> str:
        if subject.opening is not None:
            return title_of(self._turn.content, subject.opening)
        return self._words["cell.message"].replace("{number}", str(subject.broadcast))

    def _local(self, at: datetime) -> datetime:
        return local_time(at, self._turn.content.town.clock)
