"""The list of people that a search finds. Profiles are read one by one while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.paper import PeopleList
from bot.db.people.profiles import names, profile_rows
from bot.export.tables import Layout, Row, Sheet, columns_of
from bot.export.words import Words
from bot.services.profiles import people
from bot.services.profiles.people import Search
from bot.services.profiles.profiles import Profiler
from bot.services.turn import Turn


class PeopleSheet:
    """One sheet with a row for each person."""

    counted, who = "people", "who"

    def __init__(self, order: PeopleList, turn: Turn, words: Words) -> None:
        self._order, self._turn = order, turn
        self._profiler = Profiler(turn.content, order.at)
        questions = turn.content.questionnaire.questions
        self._hidden = frozenset(one.id for one in questions if one.sensitive and not order.sensitive)
        headings = tuple(one for one in self._profiler.headings if one.id not in self._hidden)
        self._layout = Layout(headings, self._profiler.purposes, words)
        profiles = self._layout.sheets[0]
        person, *more = profiles.columns
        called = columns_of(words, "name") if order.named else ()
        self.sheet: Sheet = replace(profiles, columns=(person, *called, *more))

    def rows(self) -> Iterator[Row]:
        """Everybody whom the search finds now."""
        order, connection = self._order, self._turn.connection
        only = people.numbers(self._turn, Search(order.words, order.chosen), named=order.named)
        known = names(connection, only) if order.named else {}
        for row in profile_rows(connection, only=only):
            profile = self._profiler.profile(row)
            said = tuple(one for one in profile.said if one.question not in self._hidden)
            # Nobody knows whether a question was sensitive once the content no longer has it.
            shown = replace(profile, said=said, archived=profile.archived if order.sensitive else ())
            first, *cells = next(iter(self._layout.rows(shown)))[1]
            yield (first, *((known.get(row.id),) if order.named else ()), *cells)
