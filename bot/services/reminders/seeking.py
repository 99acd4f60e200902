"""Looking for people whom something concerns that no seat of theirs is about: a deadline, an old answer, a last day.

Everybody is looked at, a page in a transaction of its own, so that nobody waits for it. What is found is planned a
day ahead, for its own time, once for a person; what rows can tell is asked of the database, what answers tell of
the same functions as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, islice

from bot.core.ageing import may_get_old
from bot.core.conditions import questions_in
from bot.core.engine import lookup
from bot.core.questionnaire import Questionnaire
from bot.core.reminders import Rule, Topic
from bot.db.outbox.deliveries import Planned
from bot.db.people import participants, path_marks, people
from bot.db.people.people import Person
from bot.services import places
from bot.services.deliveries import saying
from bot.services.openings import digests
from bot.services.openings.digests import Heard
from bot.services.path import last_days
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import deadlines, old_answers
from bot.services.reminders.deadlines import Ask
from bot.services.turn import Turn

PAGE = 20
"""People in one transaction: some milliseconds."""
AHEAD = timedelta(days=1)
PASSED = frozenset(
    {
        "moved",
        "cancelled",
        "not_in_audience",
        "not_fitting",
        "no_consent",
        "unfinished",
        "done",
        "off_path",
        "restricted",
    }
)
"""Reasons for not saying something that may have passed, so that it is looked at again."""


@dataclass(frozen=True, slots=True)
class Round:
    """What is looked for, and how far `ahead`; people up to the number `after` have been looked at.

    `questions` is as much of the questionnaire as decides it.
    """

    ahead: timedelta
    asks: tuple[Ask, ...]
    rules: tuple[Rule, ...]
    digests: tuple[digests.Ask, ...]
    questions: Questionnaire
    last_days: last_days.Asks
    after: int = 0

    @property
    def text_keys(self) -> frozenset[str]:
        """The texts that say it."""
        return frozenset(one.text_key for one in (*self._asked(), *self.rules, *self.last_days.rules))

    def _asked(self) -> Iterator[Rule]:
        yield from (one.rule for one in self.asks)
        yield from (one.rule for one in self.digests)


def begin(turn: Turn, ahead: timedelta = AHEAD) -> Round | None:
    """A round at its beginning; None where there is nothing to look for."""
    asks, rules, whole = deadlines.asks(turn, ahead), old_answers.rules(turn.content), turn.content.questionnaire
    news, ends = digests.asks(turn, ahead), last_days.asks(turn, ahead)
    if not asks and not rules and not news and not ends.asks:
        return None
    conditions = [one.audience for one in (*rules, *ends.rules)]
    conditions += [condition for ask in asks for condition in (ask.offer.recommended, ask.rule.audience)]
    conditions += [one.rule.audience for one in news]
    conditions += [one.recommended for one in digests.offers(turn)] if news else []
    names = may_get_old(whole) if rules else frozenset[str]()
    road = turn.content.road
    names |= road.questions if road is not None and ends.asks else frozenset()
    return Round(ahead, asks, rules, news, whole.only(names.union(*map(questions_in, conditions))), ends)


def step(turn: Turn, round_: Round) -> Round | None:
    """Look at the next page of people, and plan what concerns them; None where that was the last."""
    page = people.page(turn.connection, round_.after, PAGE, round_.text_keys)
    people.plan(turn.connection, list(_concerning(turn, round_, page)))
    return replace(round_, after=page[-1].id) if len(page) == PAGE else None


def coming(turn: Turn, chat_id: int, ahead: timedelta) -> list[Planned]:
    """What a chat would be told in that time, as the world is now; nothing is planned."""
    round_ = begin(turn, ahead)
    if round_ is None:
        return []
    found = people.of_chat(turn.connection, chat_id, round_.text_keys)
    return [one for _, one in _concerning(turn, round_, found)]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What may concern a person, their answers aside."""

    person: Person
    ends: Sequence[tuple[Ask, Planned]]
    news: Sequence[tuple[digests.Ask, Planned]]
    rules: Sequence[Rule]
    on_path: bool

    @property
    def hangs_on_values(self) -> bool:
        """Whether what they answered decides, and not only when."""
        return bool(self.ends or self.news or self.on_path)


def _concerning(turn: Turn, round_: Round, page: Sequence[Person]) -> Iterator[tuple[int, Planned]]:
    """What is new to people, each with their chat. Answers are read only where they decide."""
    heard = digests.heard(turn, round_.digests, page)
    candidates = [_candidate(turn, round_, one, heard) for one in page]
    candidates = [one for one in candidates if one.hangs_on_values or one.rules]
    marked = path_marks.of_people(turn.connection, [one.person.id for one in candidates if one.on_path])
    names = {name for one in round_.questions.questions for name in (one.id, *one.was)}
    answers = participants.answers_of(turn.connection, [one.person.id for one in candidates], names)
    for one in candidates:
        person = one.person
        stored = StoredAnswers(turn.connection, round_.questions, person.id, answers[person.id])
        if one.hangs_on_values:
            yield from (
                (person.chat_id, new) for new in _by_values(turn, round_, one, stored, heard, marked[person.id])
            )
        # One message for all of them, of the first rule that has something to say.
        old = (old_answers.for_person(turn, rule, person, stored, round_.ahead) for rule in one.rules)
        first = next((new for new in chain.from_iterable(old) if _is_new(person, new)), None)
        if first is not None:
            yield person.chat_id, first


def _candidate(turn: Turn, round_: Round, person: Person, heard: Heard) -> _Candidate:
    return _Candidate(
        person,
        _deadlines(turn, round_, person),
        list(_digests(turn, round_, person, heard)),
        _rules(turn, round_, person),
        bool(round_.last_days.asks) and person.finished_at is not None,
    )


def _by_values(
    turn: Turn, round_: Round, one: _Candidate, stored: StoredAnswers, heard: Heard, marked: Collection[str]
) -> Iterator[Planned]:
    """What a person's answers select for them: deadlines, new openings, last days of their path."""
    person = one.person
    known = lookup(round_.questions, stored.aged(turn.now, refreshing=False))
    yield from (end for ask, end in one.ends if deadlines.concerns(ask, end, known))
    new = (each for ask, each in one.news if digests.concerns(turn, ask, person, heard, known))
    yield from islice(new, 1)  # one says all there is
    if one.on_path:
        days = last_days.for_person(turn, round_.last_days, person, known, stored.given_at, marked)
        yield from (day for day in days if _may_hear_now(turn, person, day))


def _deadlines(turn: Turn, round_: Round, person: Person) -> list[tuple[Ask, Planned]]:
    """The deadlines a person may hear of, their answers aside."""
    found = []
    for ask in round_.asks:
        one = deadlines.for_person(turn, ask, person)
        if one is not None and _may_hear(turn, person, Topic(one.topic or ask.rule.topic)) and _is_new(person, one):
            found.append((ask, one))
    return found


def _digests(turn: Turn, round_: Round, person: Person, heard: Heard) -> Iterator[tuple[digests.Ask, Planned]]:
    """The messages about new openings that a person may get, their answers aside."""
    for ask in round_.digests:
        if _may_hear(turn, person, ask.rule.topic):
            one = digests.for_person(turn, ask, person, heard)
            if one is not None and _is_new(person, one):
                yield ask, one


def _rules(turn: Turn, round_: Round, person: Person) -> list[Rule]:
    """The rules by which a person may be asked about old answers now: whoever has left in the middle is not."""
    if person.finished_at is None or person.screen != places.DONE:
        return []
    until = turn.now + round_.ahead
    told = old_answers.told(turn.content, person)
    return [
        one
        for one in round_.rules
        if _may_hear(turn, person, one.topic) and old_answers.free_from(one, told, turn.now) <= until
    ]


def _may_hear(turn: Turn, person: Person, topic: Topic) -> bool:
    return topic not in person.muted and saying.allowed(turn, topic, person.purposes)


def _may_hear_now(turn: Turn, person: Person, one: Planned) -> bool:
    return _may_hear(turn, person, Topic(one.topic or Topic.PATH)) and _is_new(person, one)


def _is_new(person: Person, one: Planned) -> bool:
    """Whether a person was never told, or not told for a reason that may have passed."""
    return all(told.reason in PASSED for told in person.told if told.cause == one.cause)
