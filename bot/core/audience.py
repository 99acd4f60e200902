"""The names that conditions can ask about besides answers, and one person's values for them.

A plain name, or `answer.<question>`, is an answer. Every other name has a prefix:

- `language`: the language of the chat. Unknown until it is chosen.
- `profile.finished`: `yes` after the first summary was confirmed, before that `no`.
- `contact.days`: whole days since the last broadcast the person got. `NEVER` if there was none.
- `registration.<offer>`: those of `registered`, `waiting` and `any` that are true. Never unknown.
- `attendance.<offer>`: `yes` if the person was present at least once, else `no`.
- `interest.<opening>`: `open`, `called`, `won` or `lost`, and `any`. Empty if the person was never interested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.broadcasts import Interest
from bot.core.conditions import Lookup, Value
from bot.core.seats import ENDED, State

LANGUAGE = "language"
FINISHED = "profile.finished"
DAYS = "contact.days"
ANSWER, REGISTRATION, ATTENDANCE, INTEREST = "answer.", "registration.", "attendance.", "interest."
YES, NO = "yes", "no"
NEVER = 9999
"""The value of `contact.days` without any contact: high enough that nobody is left out for it."""
DAY = timedelta(days=1)
SEATS: Mapping[str, frozenset[State]] = {
    "registered": frozenset({State.REGISTERED}),
    "waiting": frozenset({State.WAITING, State.HELD}),
    "any": frozenset(State) - ENDED,
}
"""The values of `registration.<offer>`, each with the states it stands for."""
SAID = frozenset(Interest) - {Interest.WITHDRAWN}
INTERESTS: Mapping[str, frozenset[Interest]] = {
    **{one.value: frozenset({one}) for one in Interest if one in SAID},
    "any": SAID,
}
"""The values of `interest.<opening>`, each with the states it stands for."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known about a participant besides answers.

    `seats`: the states of live registrations, by offer. `interests`: what became of each interest, by opening.
    """

    language: str | None = None
    finished: bool = False
    contacted_at: datetime | None = None
    seats: Mapping[str, frozenset[State]] = field(default_factory=dict)
    attended: frozenset[str] = frozenset()
    interests: Mapping[str, Interest] = field(default_factory=dict)


def question_of(name: str) -> str | None:
    """The question that a name asks about. None if it asks about something else."""
    if name.startswith(ANSWER):
        return name.removeprefix(ANSWER)
    other = name in {LANGUAGE, FINISHED, DAYS} or name.startswith((REGISTRATION, ATTENDANCE, INTEREST))
    return None if other else name


def lookup(answered: Lookup, about: About, now: datetime) -> Lookup:
    """The values that conditions read for one person. `answered` looks up the answers (`engine.lookup`)."""

    def value(name: str) -> Value | None:
        question = question_of(name)
        return answered(question) if question is not None else _value(name, about, now)

    return value


def days_since(contacted_at: datetime | None, now: datetime) -> int:
    """Whole days since a contact, at most `NEVER`."""
    return NEVER if contacted_at is None else min(max((now - contacted_at) // DAY, 0), NEVER)


def _value(name: str, about: About, now: datetime) -> Value | None:
    if name == LANGUAGE:
        return about.language
    if name == FINISHED:
        return _yes(about.finished)
    if name == DAYS:
        return days_since(about.contacted_at, now)
    space, _, offer = name.partition(".")
    if space + "." == ATTENDANCE:
        return _yes(offer in about.attended)
    if space + "." == INTEREST:
        return tuple(word for word, meant in INTERESTS.items() if about.interests.get(offer) in meant)
    states = about.seats.get(offer, frozenset())
    return tuple(word for word, meant in SEATS.items() if states & meant)


def _yes(holds: bool) -> str:
    return YES if holds else NO
