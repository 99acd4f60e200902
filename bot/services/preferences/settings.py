"""What a person lets us write to them, changed by button."""

from __future__ import annotations

from typing import Any

from bot.core.engine import Code, Problem
from bot.core.folding import number, one_line
from bot.core.reminders import Topic
from bot.services import places
from bot.services.preferences import zones
from bot.services.preferences.preferences import CAPS, ENDS, NO_QUIET, STARTS, stored_quiet
from bot.services.questions.problems import problem_said
from bot.services.reminders import reminding
from bot.services.reply import Reply
from bot.services.threads import naming
from bot.services.view import ui
from bot.services.visit import Visit

LONGEST_NAME = 60
NAME = "name"
"""The part of the settings where typed words become the name on lists."""


def switch(visit: Visit, topic: str, on: str, tapped: int | None) -> Reply:
    """Switch messages about a topic on (`on` is 1) or off."""
    if topic not in list(Topic):
        return visit.only(ui("notice.use_buttons"))
    muted = set(visit.preferences.muted) - {topic} | (set() if on == "1" else {Topic(topic)})
    return _changed(visit, tapped, muted=sorted(muted))


def quiet(visit: Visit, start: str, end: str, tapped: int | None) -> Reply:
    """Quiet hours from one full hour to another."""
    begins, ends = number(start), number(end)
    if begins not in STARTS or ends not in ENDS:
        return visit.only(ui("notice.use_buttons"))
    return _changed(visit, tapped, quiet=stored_quiet(begins, ends))


def no_quiet(visit: Visit, tapped: int | None) -> Reply:
    """Be written to at any time."""
    return _changed(visit, tapped, quiet=NO_QUIET)


def usual_quiet(visit: Visit, tapped: int | None) -> Reply:
    """The town's quiet hours."""
    return _changed(visit, tapped, quiet=None)


def cap(visit: Visit, most: str, tapped: int | None) -> Reply:
    """At most that many messages a week."""
    if number(most) not in CAPS:
        return visit.only(ui("notice.use_buttons"))
    return _changed(visit, tapped, weekly_cap=number(most))


def zone(visit: Visit, name: str, tapped: int | None) -> Reply:
    """Live by the clocks of a zone."""
    if name not in zones.OFFERED:
        return visit.only(ui("notice.use_buttons"))
    chosen = zones.OFFERED[name]
    return _changed(visit, tapped, zone=None if chosen == visit.turn.content.town.zone else chosen)


def name(visit: Visit, text: str) -> Reply:
    """Be called by this name on lists."""
    words = one_line(text)
    if not words:
        return visit.reply(ui("problem.empty"))
    if len(words) > LONGEST_NAME:
        return visit.reply(problem_said(Problem(Code.TOO_LONG, {"max_length": LONGEST_NAME})))
    visit.prefer(name=words)
    _tell_the_team(visit)
    visit.look_at(places.SETTINGS)
    return visit.reply(ui("settings.name_saved"))


def nameless(visit: Visit, tapped: int | None) -> Reply:
    """Be known by a number on lists."""
    visit.prefer(name=None)
    _tell_the_team(visit)
    visit.look_at(places.SETTINGS, NAME)
    return visit.reply(tapped=tapped)


def _tell_the_team(visit: Visit) -> None:
    """Tell the team: the card in their topic has the new name too."""
    if visit.participant is not None:
        naming.follow(visit.turn, visit.participant.id)


def town_zone(visit: Visit, tapped: int | None) -> Reply:
    """Live by the town's clocks."""
    return _changed(visit, tapped, zone=None)


def _changed(visit: Visit, tapped: int | None, **columns: Any) -> Reply:  # noqa: ANN401 - a column's value
    person = visit.participant
    if person is None:
        return visit.only(ui("notice.first_consent"))
    visit.prefer(**columns)
    if columns.keys() & {"quiet", "zone"}:
        reminding.settings_changed(visit.turn, person.id)
    visit.look_at(places.SETTINGS)
    return visit.reply(tapped=tapped)
