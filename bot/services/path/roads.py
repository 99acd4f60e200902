"""Somebody's path, from their answers, ticks and seats as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.content.loader import Content
from bot.core import engine, road
from bot.core.conditions import Lookup, compiled, questions_in
from bot.core.engine import State as Answers
from bot.core.offers import Kind
from bot.core.road import Known, Place, Plan, Road, Step
from bot.core.seats import State as Seat
from bot.db.figures import needs
from bot.db.people import path_marks, people
from bot.db.people.people import Held
from bot.services.offers import offering
from bot.services.offers.shown import Shown
from bot.services.path.way import Way
from bot.services.turn import Turn
from bot.services.view import local_day


def way_of(turn: Turn, answers: Answers | None, given_at: Mapping[str, datetime], person: int | None) -> Way | None:
    """A participant's path; None where the town has none, or there is no participant."""
    if turn.content.road is None or answers is None or person is None:
        return None
    lookup = engine.lookup(turn.content.questionnaire, answers.answers)
    marked = frozenset(path_marks.of_people(turn.connection, [person])[person])
    plan = plan_of(turn, lookup, given_at, people.seats(turn.connection, person), marked, course_ends(turn))
    path = frozenset(engine.path(turn.content.questionnaire, answers.answers))
    decisive = {one.step.id: _decisive(turn.content, path, _asked(one)) for one in plan.places}
    decisive[""] = _decisive(turn.content, path, plan.unknown)
    ticks = (one.step.id for one in plan.places if _is_ticked(one.step, lookup, decisive[one.step.id]))
    return Way(plan, decisive, marked, frozenset(ticks))


def plan_of(
    turn: Turn,
    lookup: Lookup,
    given_at: Mapping[str, datetime],
    seats: Sequence[Held],
    marked: Collection[str],
    courses: Mapping[str, date],
) -> Plan:
    """The plan of somebody whose data was read already; an empty one where the town has no path."""
    if turn.content.road is None:
        return Plan()
    known = Known(marked, _ends(turn, lookup, given_at, seats, courses))
    return road.plan(turn.content.road, lookup, known, local_day(turn.content, turn.now))


def _asked(place: Place) -> Iterable[str]:
    """The questions that decide about a step."""
    return place.lacking or questions_in(place.step.done) | questions_in(place.step.begun)


def _decisive(content: Content, path: Collection[str], names: Iterable[str]) -> tuple[str, ...]:
    wanted = content.questionnaire.answered_for(names)
    return tuple(one.id for one in content.questionnaire.questions if one.id in wanted and one.id in path)


def _is_ticked(step: Step, lookup: Lookup, decisive: Collection[str]) -> bool:
    """Whether the person says so by a tick: no answer decides, nor could any question they are asked."""
    if step.done is None:
        return True
    return not step.level and not decisive and compiled(step.done)(lookup) is None


def course_ends(turn: Turn) -> dict[str, date]:
    """When each course ends that leads to a level and is not over."""
    courses = [one.id for one in turn.content.offers.values() if one.kind is Kind.COURSE and one.level_to]
    spans = needs.spans(turn.connection, courses)
    return {name: local_day(turn.content, one.end) for name, one in spans.items() if one.end > turn.now}


def _ends(
    turn: Turn, lookup: Lookup, given_at: Mapping[str, datetime], seats: Sequence[Held], courses: Mapping[str, date]
) -> dict[str, date]:
    """The steps under way, by a seat or an answer, each with the day it is expected to end."""
    content, found = turn.content, dict[str, date]()
    sitting = [
        content.offers[one.offer_id] for one in seats if one.state is Seat.REGISTERED and one.offer_id in courses
    ]
    levels = {str(one.level_to): courses[one.id] for one in sitting}
    for step in _steps(content.road):
        if step.level in levels:
            found[step.id] = levels[step.level]
        elif step.begun is not None and compiled(step.begun)(lookup):
            answered = content.questionnaire.answered_for(questions_in(step.begun))
            since = max((given_at[one] for one in answered if one in given_at), default=turn.now)
            found[step.id] = step.length.after(local_day(content, since))
    return found


def _steps(of: Road | None) -> Collection[Step]:
    return () if of is None else of.steps.values()


def offers_of(turn: Turn, step_id: str, answers: Answers | None, person: int | None) -> tuple[Shown, ...]:
    """Offers of a step that somebody can still come to: courses to its level, and those its file names."""
    step = None if turn.content.road is None else turn.content.road.steps.get(step_id)
    if step is None:
        return ()
    wanted = [
        one
        for one in turn.content.offers.values()
        if not one.withdrawn
        and (one.id in step.offers or (step.level and one.kind is Kind.COURSE and one.level_to == step.level))
    ]
    names = {one.id for one in wanted}
    listed = (offering.listed(turn, name, answers, person) for name in ("courses", "events")) if names else ()
    found = [one for some in listed for one in some if one.offer.id in names]
    return tuple(sorted(found, key=lambda one: one.match.fit))
