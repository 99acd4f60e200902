"""What conditions about people can ask besides their answers, and one person's values. Pure.

A plain name, or `answer.<question>`, is an answer. The other names have a space of their own before them:

- `language`: the language of their chat; unknown until it is chosen.
- `profile.finished`: `yes` once the first summary was confirmed, else `no`.
- `contact.days`: whole days since the last broadcast that was sent to them, `NEVER` where none ever was.
- `registration.<offer>`: `registered`, `waiting` and `any`, as far as they hold; nobody is unknown.
- `attendance.<offer>`: `yes` where they were present at least once, else `no`.
- `interest.<opening>`: `open`, `called`, `won` or `lost`, and `any`; nothing of who never said so.
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
"""Days since a contact that never was, so that nobody is left out for never having been written to."""
DAY = timedelta(days=1)
SEATS: Mapping[str, frozenset[State]] = {
    "registered": frozenset({State.REGISTERED}),
    "waiting": frozenset({State.WAITING, State.HELD}),
    "any": frozenset(State) - ENDED,
}
"""What can be asked of a registration, each with the states it means."""
SAID = frozenset(Interest) - {Interest.WITHDRAWN}
INTERESTS: Mapping[str, frozenset[Interest]] = {
    **{one.value: frozenset({one}) for one in Interest if one in SAID},
    "any": SAID,
}
"""What can be asked of an interest, each with the states it means."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a participant besides answers.

    `seats` are the states of live registrations, by offer; `interests` what became of interests, by opening.
    """

    language: str | None = None
    finished: bool = False
    contacted_at: datetime | None = None
    seats: Mapping[str, frozenset[State]] = field(default_factory=dict)
    attended: frozenset[str] = frozenset()
    interests: Mapping[str, Interest] = field(default_factory=dict)


def question_of(name: str) -> str | None:
    """The question a name asks about; None where it asks about something else."""
    if name.startswith(ANSWER):
        return name.removeprefix(ANSWER)
    other = name in {LANGUAGE, FINISHED, DAYS} or name.startswith((REGISTRATION, ATTENDANCE, INTEREST))
    return None if other else name


def lookup(answered: Lookup, about: About, now: datetime) -> Lookup:
    """What conditions read of one person; `answered` are their answers, as `engine.lookup` gives them."""

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
