"""Answers that may not be true any more: told once each, with what was said and when, to whoever has finished.

It is the question of the "still true?" card (`bot.services.questions.catching_up`) for people who are not there: the
same answers are old for both, and what the card has shown is not written about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.content.loader import Content
from bot.core.ageing import old_from
from bot.core.conditions import compiled
from bot.core.engine import Answer, State, lookup
from bot.core.message import Button, Screen, Text
from bot.core.reminders import Anchor, Rule
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Planned
from bot.db.outbox.worlds import World
from bot.db.people.people import Person, Told
from bot.services import places
from bot.services.questions import rounds
from bot.services.questions.stored import StoredAnswers
from bot.services.questions.summary import sentence
from bot.services.reminders import by_rule
from bot.services.reminders.by_rule import stamp
from bot.services.turn import Turn
from bot.services.view import Row, month_of, ui

MOST = 5
"""Answers in one message; the card shows all."""
_ARRIVED = frozenset(deliveries.State) - {
    deliveries.State.SKIPPED,
    deliveries.State.FAILED,
    deliveries.State.BLOCKED,
}
"""What a person was told, or will be."""


def rules(content: Content) -> tuple[Rule, ...]:
    """The rules about old answers."""
    return tuple(one for one in content.reminders.values() if one.anchor is Anchor.OLD_ANSWER)


def told(content: Content, person: Person) -> list[Told]:
    """What a person was told of old answers, or will be, whatever the rule."""
    keys = {one.text_key for one in rules(content)}
    return [one for one in person.told if one.text_key in keys and one.state in _ARRIVED]


def free_from(rule: Rule, arrived: Sequence[Told], now: datetime) -> datetime:
    """The moment from which a person may be asked again."""
    return max((one.due_at + timedelta(weeks=rule.weeks) for one in arrived), default=now)


def for_person(turn: Turn, rule: Rule, person: Person, stored: StoredAnswers, ahead: timedelta) -> Iterator[Planned]:
    """What a person may be told of answers that get old within that time, the soonest first: it is one of these."""
    arrived = told(turn.content, person)
    earliest = max(turn.now, free_from(rule, arrived, turn.now))
    moments = _untold(stored, person, arrived)
    for anchor in sorted(set(moments.values())):
        found = by_rule.due_for(turn, rule, anchor, person.hours, own_clock=True, earliest=earliest)
        if found.at is None:
            continue
        if found.at > turn.now + ahead:
            return  # those that follow are later still
        old = [one for one in _old(stored, found.at, more=person.more) if one in moments]
        if old and _belongs(rule, stored, found.at):
            cause, params = f"{rule.id}:p{person.id}:{stamp(anchor)}", {"questions": old[:MOST]}
            yield by_rule.planned(rule, cause, found, params=params, participant_id=person.id)


def _untold(stored: StoredAnswers, person: Person, arrived: Sequence[Told]) -> Mapping[str, datetime]:
    """The moment at which each answer became old, where the person has neither been told nor seen the card since."""
    found: dict[str, datetime] = {}
    for name, given_at in stored.given_at.items():
        moment = old_from(stored.questionnaire, name, given_at)
        if moment is None or any(name in one.params.get("questions", ()) and one.due_at >= moment for one in arrived):
            continue
        if date.fromisoformat(person.offered.get(name, str(date.min))) < moment.astimezone(UTC).date():
            found[name] = moment
    return found


def _old(stored: StoredAnswers, at: datetime, *, more: bool) -> tuple[str, ...]:
    """What the card would show then, in the order it is asked."""
    asked = stored.questionnaire if more else stored.questionnaire.first_pass
    return rounds.again(asked, State(stored.aged(at, refreshing=False)), stored.given_at, at)


def _belongs(rule: Rule, stored: StoredAnswers, at: datetime) -> bool:
    if rule.audience is None:
        return True
    answers = stored.aged(at, refreshing=False)
    return compiled(rule.audience)(lookup(stored.questionnaire, answers)) is True


# -- when it is said


def said(turn: Turn, one: Due, rule: Rule, world: World) -> Screen | str:
    """The message as the world is now, or why there is none."""
    if one.participant_id is None or world.finished_at is None or world.screen != places.DONE:
        return "unfinished"
    stored = StoredAnswers(turn.connection, turn.content.questionnaire, one.participant_id)
    old = [name for name in _old(stored, turn.now, more=bool(world.more)) if name in named(one)]
    if not old:
        return "answered"
    return screen(turn.content, rule, old, stored.aged(turn.now, refreshing=False), stored.given_at)


def named(one: Due) -> tuple[str, ...]:
    """The questions a delivery is about."""
    return tuple((one.params or {}).get("questions", ()))


def screen(
    content: Content,
    rule: Rule,
    old: Sequence[str],
    answers: Mapping[str, Answer],
    given_at: Mapping[str, datetime],
) -> Screen:
    """What was said, and when; below it: still true, or another answer to each of the questions."""
    lines = tuple(_line(content, name, answers[name], given_at[name]) for name in old)
    mute: Row = (Button(ui("button.mute"), f"mute.{rule.topic}", "🔕"),)
    return Screen(((Text(rule.text_key),), lines, *_tap_below(old)), (*_buttons(old), mute))


def _line(content: Content, name: str, given: Answer, given_at: datetime) -> Text:
    question = content.questionnaire.by_id[name]
    return ui("again.line", sentence=sentence(content, question, given), month=month_of(content, given_at))


def _tap_below(questions: Sequence[str]) -> Iterator[tuple[Text, ...]]:
    if len(questions) > 1:
        yield (ui("again.tap"),)


def _buttons(questions: Sequence[str]) -> tuple[Row, ...]:
    if len(questions) == 1:
        changed = Button(ui("button.changed"), f"change.{questions[0]}", "✏️")
        return (Button(ui("button.kept"), "still", "✅"),), (changed,)
    each = tuple((Button(Text(f"questionnaire.{one}.short"), f"change.{one}", "✏️"),) for one in questions)
    return ((Button(ui("button.still"), "still", "✅"),), *each)
