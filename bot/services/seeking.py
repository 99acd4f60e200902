"""Looking for people whom something concerns that hangs on no seat of theirs: a deadline, an old answer.

Everybody is looked at, a page in a transaction of its own, so that nobody waits for it. What is found is planned a
day ahead, for its own time, once for a person; what rows can tell is asked of the database, and what answers tell of
the same functions as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.engine import lookup
from bot.core.reminders import Rule, Topic
from bot.db import participants, people
from bot.db.deliveries import Planned
from bot.db.people import Person
from bot.services import deadlines, old_answers, saying, screens
from bot.services.deadlines import Ask
from bot.services.reminding import PREFIX
from bot.services.stored import StoredAnswers
from bot.services.turn import Turn

PAGE = 50
"""People in one transaction: some milliseconds."""
AHEAD = timedelta(days=1)
PASSED = frozenset({"moved", "cancelled", "not_in_audience", "not_fitting", "no_consent", "unfinished"})
"""Why something was not said that is looked at again: it may be otherwise now."""


@dataclass(frozen=True, slots=True)
class Round:
    """What is looked for while everybody is looked at; people up to the number `after` have been."""

    asks: tuple[Ask, ...]
    rules: tuple[Rule, ...]
    after: int = 0
    found: int = 0
    """How many deliveries were planned."""

    @property
    def text_keys(self) -> frozenset[str]:
        """The texts that say it."""
        return frozenset(f"{PREFIX}{one.id}" for one in (*(ask.rule for ask in self.asks), *self.rules))


def begin(turn: Turn, ahead: timedelta = AHEAD) -> Round | None:
    """A round at the beginning; None where there is nothing to look for."""
    found = Round(deadlines.asks(turn, ahead), old_answers.rules(turn.content))
    return found if found.text_keys else None


def step(turn: Turn, round_: Round) -> Round | None:
    """Look at the next page of people, and plan what concerns them; None where that was the last."""
    page = people.page(turn.connection, round_.after, PAGE, round_.text_keys)
    planned = list(_concerning(turn, round_, page, AHEAD))
    people.plan(turn.connection, planned)
    if len(page) < PAGE:
        return None
    return replace(round_, after=page[-1].id, found=round_.found + len(planned))


def coming(turn: Turn, chat_id: int, ahead: timedelta) -> list[Planned]:
    """What a chat would be told in that time, as the world is now; nothing is planned."""
    round_ = begin(turn, ahead)
    if round_ is None:
        return []
    found = people.of_chat(turn.connection, chat_id, round_.text_keys)
    return [one for _, one in _concerning(turn, round_, found, ahead)]


def _concerning(turn: Turn, round_: Round, page: Sequence[Person], ahead: timedelta) -> Iterator[tuple[int, Planned]]:
    """What is new to people, each with their chat."""
    questions = turn.content.questionnaire
    deadlines_of = {one.id: _deadlines(turn, round_, one) for one in page}
    asked = [one for one in page if deadlines_of[one.id] or _is_asked(turn, round_, one)]
    answers = participants.answers_of(turn.connection, [one.id for one in asked])
    for person in asked:
        stored = StoredAnswers(turn.connection, questions, person.id, answers[person.id])
        known = lookup(questions, stored.aged(turn.now, refreshing=False))
        for ask, one in deadlines_of[person.id]:
            if deadlines.concerns(ask, one, known):
                yield person.chat_id, one
        if _is_asked(turn, round_, person) and (one_ := _old_answers(turn, round_, person, stored, ahead)):
            yield person.chat_id, one_


def _deadlines(turn: Turn, round_: Round, person: Person) -> list[tuple[Ask, Planned]]:
    """The deadlines a person may hear of, their answers aside."""
    found = []
    for ask in round_.asks:
        one = deadlines.for_person(turn, ask, person)
        if one is not None and _may_hear(turn, person, Topic(one.topic or ask.rule.topic)) and _is_new(person, one):
            found.append((ask, one))
    return found


def _is_asked(turn: Turn, round_: Round, person: Person) -> bool:
    """Whether a person may be asked about old answers: whoever has left in the middle is not."""
    done = person.finished_at is not None and person.screen == screens.DONE
    return done and any(_may_hear(turn, person, one.topic) for one in round_.rules)


def _old_answers(
    turn: Turn, round_: Round, person: Person, stored: StoredAnswers, ahead: timedelta
) -> Planned | None:
    """One message for all of them, of the first rule that has something to say."""
    keys = {f"{PREFIX}{one.id}" for one in round_.rules}
    told = [one for one in person.told if one.text_key in keys]
    for rule in round_.rules:
        if _may_hear(turn, person, rule.topic):
            one = old_answers.for_person(turn, rule, person, stored, told, ahead)
            if one is not None and _is_new(person, one):
                return one
    return None


def _may_hear(turn: Turn, person: Person, topic: Topic) -> bool:
    return topic not in person.muted and saying.allowed(turn, topic, person.purposes)


def _is_new(person: Person, one: Planned) -> bool:
    """Whether a person was never told, or it was left out for a reason that may have passed."""
    known = [told for told in person.told if told.cause == one.cause]
    return all(told.reason in PASSED for told in known)
