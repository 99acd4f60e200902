"""A participant's answers between the database and the engine: moved ids, ages, computed values, and what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core import engine
from bot.core.ageing import aged
from bot.core.engine import Age, Answer, Status
from bot.core.moving import carried
from bot.core.questionnaire import Questionnaire
from bot.db.people import participants
from bot.db.people.participants import Stored

CORRECTION = timedelta(days=1)
"""Whoever changes an answer this soon corrects it; later, their life has changed and the former one is history."""


class StoredAnswers:
    """What is stored of one participant's answers; `write` brings the tables up to what they are now.

    `stored` where it was read already.
    """

    def __init__(
        self,
        connection: Connection,
        questionnaire: Questionnaire,
        participant: int,
        stored: Mapping[str, Stored] | None = None,
    ) -> None:
        self._connection = connection
        self.questionnaire = questionnaire
        self._participant = participant
        stored = participants.answers(connection, participant) if stored is None else stored
        self._computed = {name: one.answer for name, one in stored.items() if one.answer.status is Status.COMPUTED}
        given = {name: one.answer for name, one in stored.items() if one.answer.status is not Status.COMPUTED}
        self._marked = frozenset(name for name, one in stored.items() if one.applies)
        self.given_at = {name: one.answered_at for name, one in stored.items()}
        outdated = any(one.revision != questionnaire.revision for one in stored.values())
        self._moves = carried(questionnaire, given) if outdated else {}
        for name, (home, one) in self._moves.items():
            del given[home]
            given[name] = one
            self.given_at[name] = self.given_at[home]
            self._marked = self._marked - {home} | ({name} if home in self._marked else frozenset())
        self._given: Mapping[str, Answer] = given

    def aged(self, now: datetime, *, refreshing: bool) -> Mapping[str, Answer]:
        """The given answers under today's ids, with their ages."""
        self._given = aged(self.questionnaire, self._given, self.given_at, now, refreshing=refreshing)
        return self._given

    def outdate(self, questions: Iterable[str]) -> None:
        """Say that these answers are old, so that the same ones given again are new."""
        old = {name: replace(self._given[name], age=Age.DUE) for name in questions}
        self._given = {**self._given, **old}

    def write(self, answers: Mapping[str, Answer], now: datetime) -> None:
        """Store what differs from what is stored: new answers, moved ones, computed ones, and which of them count."""
        connection, questionnaire, person = self._connection, self.questionnaire, self._participant
        if self._moves:
            participants.carry(connection, person, self._moves, questionnaire.revision, questionnaire.sealed)
        counting = engine.counting(questionnaire, answers)
        new = {name: one for name, one in answers.items() if self._given.get(name) != one}
        new |= {
            name: one
            for name, one in counting.items()
            if one.status is Status.COMPUTED and self._computed.get(name) != one
        }
        if new:
            former = [name for name in new if name in questionnaire.remembered and self._is_history(name, now)]
            sealed = questionnaire.sealed
            participants.save_answers(connection, person, new, questionnaire.revision, now, former, sealed)
        marked = self._marked | new.keys()
        for questions, counts in ((counting.keys() - marked, True), (marked - counting.keys(), False)):
            if questions:
                participants.mark_counting(connection, person, questions, counts=counts)

    def _is_history(self, question: str, now: datetime) -> bool:
        return question in self.given_at and now - self.given_at[question] >= CORRECTION
