"""People who have been silent for long are asked whether they are still there, and forgotten; so are old talks.

docs/operate.md says which classes there are; `town.yaml` says for how long.
"""

from __future__ import annotations

from dataclasses import fields

from bot.db.outbox.deliveries import Kind, Planned, plan
from bot.db.people import persons
from bot.db.rights import erasure, leaving, retention
from bot.db.rights.retention import Before, Silence
from bot.services import audit
from bot.services.rights.still_there import ASK, TIME_TO_ANSWER
from bot.services.turn import Turn


def unfinished(turn: Turn) -> int:
    """Forget a page of people who stopped halfway long ago; how many."""
    return _forget(turn, retention.silent(turn.connection, _left(turn)))


def inactive(turn: Turn) -> int:
    """Forget a page of people who were asked whether they are still there, and said nothing for a month; how many."""
    return _forget(turn, retention.silent(turn.connection, _asked(turn)))


def ask(turn: Turn) -> int:
    """Ask a page of people whether they are still there, a month before they would be forgotten; how many."""
    found = retention.silent(turn.connection, _to_ask(turn))
    day = f"{turn.now:%Y-%m-%d}"
    messages = [
        (chat_id, Planned(f"still:{day}:p{person}", Kind.NOTICE, turn.now, ASK, participant_id=person))
        for chat_id, person in found
    ]
    plan(turn.connection, messages)
    return len(found)


def talks(turn: Turn) -> int:
    """Forget a page of talks that ended long ago, and of old words of those that go on; how many."""
    before = turn.now - turn.content.town.retention.talks
    gone = retention.forget_talks(turn.connection, before)
    return gone + retention.forget_words(turn.connection, before, turn.now)


def due(turn: Turn) -> dict[str, int]:
    """How much of each class is to go next; nothing is changed."""
    kept = turn.content.town.retention
    classes = {"unfinished": _left(turn), "inactive, to be asked": _to_ask(turn), "inactive": _asked(turn)}
    people = {name: retention.how_many_silent(turn.connection, who) for name, who in classes.items()}
    before = Before(**{one.name: turn.now - getattr(kept, one.name) for one in fields(Before)})
    return people | retention.counts(turn.connection, before)


def _left(turn: Turn) -> Silence:
    """Who stopped halfway long ago."""
    return Silence(turn.now - turn.content.town.retention.unfinished, turn.now, finished=False)


def _to_ask(turn: Turn) -> Silence:
    """Who would be forgotten in a month."""
    before = turn.now - turn.content.town.retention.inactive + TIME_TO_ANSWER
    return Silence(before, turn.now, finished=True, asked=ASK)


def _asked(turn: Turn) -> Silence:
    """Who was asked, and has had a month to answer."""
    before, since = turn.now - turn.content.town.retention.inactive, turn.now - TIME_TO_ANSWER
    return Silence(before, turn.now, finished=True, asked=ASK, since=since)


def _forget(turn: Turn, found: list[tuple[int, int]]) -> int:
    """Forget these people; the last one of a phone takes its chat along."""
    for chat_id, person in found:
        if len(persons.of_chat(turn.connection, chat_id)) > 1:
            leaving.leave(turn.connection, chat_id, turn.now, None, person)
            erasure.erase_person(turn.connection, chat_id, person)
        else:
            leaving.leave(turn.connection, chat_id, turn.now, None)
            erasure.erase_chat(turn.connection, chat_id)
    for _ in found:  # entries come last: writing one holds up everybody else who writes one
        audit.note_forgotten(turn)
    return len(found)
