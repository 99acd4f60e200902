"""Before the last day of a step on somebody's path: who is told of it, found in advance and judged when it is said.

The days are computed from answers, seats and ticks, so they move; a row says which step and which day it is about,
and is not said where either has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core import engine
from bot.core.conditions import Lookup, Predicate, compiled
from bot.core.message import Button, Listing, Screen, Text
from bot.core.reminders import Anchor, Rule
from bot.core.road import OPEN, Place, last_days
from bot.core.timing import instant, moment
from bot.db.outbox.deliveries import Due, Planned
from bot.db.outbox.worlds import World
from bot.db.people import path_marks, people
from bot.db.people.people import Person
from bot.services.path import roads
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import by_rule
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day, ui

END_OF_DAY = time(23, 59)
FARTHEST = timedelta(days=400)
"""A window comes every year: rules look no farther ahead."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A rule with the last days it speaks of now, by step, whoever has them. `belongs`: whom the rule is for."""

    rule: Rule
    days: Mapping[str, frozenset[date]]
    belongs: Predicate


@dataclass(frozen=True, slots=True)
class Asks:
    """What is looked for, with what is the same for everybody: when each course ends."""

    asks: tuple[Ask, ...] = ()
    courses: Mapping[str, date] | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that speak now."""
        return tuple(one.rule for one in self.asks)


def asks(turn: Turn, ahead: timedelta) -> Asks:
    """The rules that speak of a last day within that time, or should have spoken already and still help."""
    rules = [one for one in turn.content.reminders.values() if one.anchor is Anchor.LAST_DAY]
    if turn.content.road is None or not rules:
        return Asks()
    today = local_day(turn.content, turn.now)
    possible = last_days(turn.content.road, today, today + FARTHEST)
    found = []
    for rule in rules:
        near = {
            name: frozenset(one for one in days if _near(turn, rule, one, ahead)) for name, days in possible.items()
        }
        if any(near.values()):
            found.append(Ask(rule, near, compiled(rule.audience)))
    return Asks(tuple(found), roads.course_ends(turn)) if found else Asks()


def _near(turn: Turn, rule: Rule, day: date, ahead: timedelta) -> bool:
    anchor, zone = _end_of(turn, day), turn.content.town.clock
    return moment(rule.offset, anchor, zone) <= turn.now + ahead and moment(rule.useful, anchor, zone) >= turn.now


def _end_of(turn: Turn, day: date) -> datetime:
    return instant(datetime.combine(day, END_OF_DAY), turn.content.town.clock)


def for_person(
    turn: Turn,
    looked_for: Asks,
    person: Person,
    lookup: Lookup,
    given_at: Mapping[str, datetime],
    marked: Collection[str],
) -> Iterator[Planned]:
    """What a person would be told of the last days of their path."""
    plan = roads.plan_of(turn, lookup, given_at, person.seats, marked, looked_for.courses or {})
    for ask in looked_for.asks:
        if ask.belongs(lookup) is not True:
            continue
        for place in plan.places:
            if place.latest is None or not _told_of(place) or place.latest not in ask.days.get(place.step.id, ()):
                continue
            anchor = _end_of(turn, place.latest)
            found = by_rule.due_for(turn, ask.rule, anchor, person.hours)
            if found.at is not None:
                cause = f"{ask.rule.id}:{place.step.id}:{by_rule.stamp(anchor)}:p{person.id}"
                params = {"step": place.step.id, "day": place.latest.isoformat()}
                yield by_rule.planned(ask.rule, cause, found, params=params, participant_id=person.id)


def _told_of(place: Place) -> bool:
    return place.step.remind and place.state in OPEN


# -- when it is said


def step_of(one: Due) -> str | None:
    """The step a delivery is about; None where it is about none."""
    step = (one.params or {}).get("step")
    return step if isinstance(step, str) else None


def said(turn: Turn, one: Due, rule: Rule, world: World) -> Screen | str:
    """The message as the world is now, or why there is none."""
    person, name = one.participant_id, step_of(one)
    if person is None or name is None or world.finished_at is None:
        return "unfinished"
    questions = turn.content.questionnaire
    stored = StoredAnswers(turn.connection, questions, person)
    lookup = engine.lookup(questions, stored.aged(turn.now, refreshing=False))
    seats, marked = people.seats(turn.connection, person), path_marks.of_people(turn.connection, [person])[person]
    plan = roads.plan_of(turn, lookup, stored.given_at, seats, marked, roads.course_ends(turn))
    place = plan.by_id.get(name)
    if place is None:
        return "off_path"
    if not _told_of(place):
        return "done"
    if place.latest is None or place.latest.isoformat() != (one.params or {}).get("day"):
        return "moved"
    return screen(rule, place)


def screen(rule: Rule, place: Place) -> Screen:
    """What is to be begun, by when, why by then, and which papers it needs."""
    name = place.step.id
    assert place.latest is not None  # noqa: S101 - whoever asks has seen it
    lines: Block = (Text(rule.text_key, {"title": title(name), "until": place.latest}), *because(place))
    if place.step.papers:
        lines = (*lines, ui("path.papers", papers=papers(place)))
    rows: tuple[Row, ...] = (
        (Button(ui("button.details"), "step", "🗂"),),
        *(((Button(ui("button.step_done"), "did", "✅"),),) if place.step.done is None else ()),
        (Button(ui("button.mute"), f"mute.{rule.topic}", "🔕"),),
    )
    return Screen((lines,), rows)


def because(place: Place) -> Block:
    """Why it has to be begun by then: what follows it closes; and that sooner is better."""
    lines: list[Text] = []
    if place.because and place.because != place.step.id and place.until is not None:
        lines.append(ui("path.because", title=title(place.because), day=place.until))
    if place.vague:
        lines.append(ui("path.vague"))
    return tuple(lines)


def title(step: str) -> Text:
    """The name of a step."""
    return Text(f"path.steps.{step}.title")


def papers(place: Place) -> Listing:
    """The papers a step needs."""
    return Listing(tuple(Text(f"path.papers.{one}") for one in place.step.papers))
