"""The screens of the path and every message about a last day, as long as they can get: for the rehearsal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from bot.content.loader import Content
from bot.core.conditions import questions_in
from bot.core.reminders import Anchor
from bot.core.road import Opening, Place, Plan, Road, State, Step
from bot.services import places, screens
from bot.services.path import last_days, path_screens
from bot.services.path.way import Way
from bot.services.rehearsals.rehearsed_offers import Rehearsed
from bot.services.view import Found, View

SOME_DAY = date(2026, 12, 30)
LATER_DAY = date(2027, 12, 30)


def of_path(view: View) -> Iterator[Rehearsed]:
    """Both screens with all there can be on them; nobody has agreed to be reminded."""
    content = view.content
    road = content.road
    if road is None:
        return
    file = f"{content.town.id}/path.yaml"
    for way in _ways(content, road):
        asking = replace(view, found=Found(way=way))
        yield _said(places.PATH, places.PATH, asking, (file, 1))
        for place in way.plan.places:
            at = content.texts.place(last_days.title(place.step.id).key)
            yield _said(f"step.{place.step.id}", places.STEP, replace(asking, focus=place.step.id), at)
    yield _said(places.PATH, places.PATH, replace(view, found=Found(way=Way(Plan()))), (file, 1))
    for rule in content.reminders.values():
        for place in _places(road, State.NOW) if rule.anchor is Anchor.LAST_DAY else ():
            key = rule.text_key
            yield Rehearsed(key, partial(last_days.screen, rule, place), content.texts.place(key), alike=True)


def _said(name: str, screen: str, view: View, place: tuple[str, int]) -> Rehearsed:
    return Rehearsed(name, partial(screens.build, screen, view), place, alike=True)


def _ways(content: Content, road: Road) -> Iterator[Way]:
    """Somebody with every goal: as much as can be done now and the rest later, all done, and all unknown."""
    goals = tuple(one.id for one in road.goals)
    now, later = _places(road, State.NOW), _places(road, State.LATER)
    fullest = (*now[: path_screens.MOST_NOW], *later[path_screens.MOST_NOW :])
    questions = {one.id for one in content.questionnaire.questions if one.kind.is_answered}
    decisive = {
        one.id: tuple(sorted(content.questionnaire.answered_for(_asked(one)) & questions))
        for one in road.steps.values()
    }
    for steps in (fullest, later, _places(road, State.DONE), _places(road, State.UNKNOWN)):
        yield Way(Plan(goals, tuple(steps)), decisive, ticks=frozenset(road.steps))


def _asked(step: Step) -> frozenset[str]:
    return questions_in(step.when) | questions_in(step.done) | questions_in(step.begun)


def _places(road: Road, state: State) -> list[Place]:
    """Every step in a state, with every day it can have, waiting for all that it can wait for."""
    return [
        Place(
            one,
            state,
            earliest=SOME_DAY,
            latest=SOME_DAY,
            opening=Opening(LATER_DAY, LATER_DAY.replace(day=31)) if one.windows else None,
            missed=SOME_DAY,
            over=LATER_DAY,
            because=list(road.steps)[-1],
            until=LATER_DAY,
            vague=True,
            waits=one.after,
            lacking=_asked(one) if state is State.UNKNOWN else frozenset(),
        )
        for one in road.steps.values()
    ]
