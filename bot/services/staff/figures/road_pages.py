"""The page of people's paths: how many stand at which step, and how long a level takes; never fewer than five."""

from __future__ import annotations

from collections import Counter

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Button, Screen, Text
from bot.core.road import Known, plan
from bot.core.roles import Right
from bot.core.shielding import shielded, shown, single
from bot.db.staff.staff import Member
from bot.services.figures import needs
from bot.services.staff.figures.needs_pages import month_lines
from bot.services.staff.figures.report_pages import REPORTS
from bot.services.staff.page import HOME, Entry, Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, local_day

ROAD = "road"
ENTRY = Entry("button.road", ROAD, Right.SEE_FIGURES, "🧭", lambda turn: turn.content.road is not None)


def standing(turn: Turn) -> tuple[int, dict[str, int]]:
    """How many people there are at least, and at each step; no group of fewer than five is shown."""
    road, axes = turn.content.road, turn.content.needs
    if road is None:
        return 0, {}
    purpose = turn.content.town.consents[0].id if axes is None else axes.consent
    today, counts = local_day(turn.content, turn.now), Counter[str | None]()
    for one in needs.said_by_all(turn, sorted(road.questions), purpose):
        counts[plan(road, one.answers.get, Known(), today).stands] += one.people
    groups = shielded(single(counts))
    steps = shown(groups)
    return sum(groups.values()), {name: steps[name] for name in road.steps if name in steps}


def _road(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen | None:
    if turn.content.road is None:
        return None
    people, steps = standing(turn)
    head: list[Text] = [staff_text("road.title", day=local_day(turn.content, turn.now))]
    head.append(staff_text("road.people", people=people) if people else staff_text("road.nobody"))
    lines: Block = tuple(staff_text("road.line", what=_title(name), people=number) for name, number in steps.items())
    notes: Block = (staff_text("road.counted"), staff_text("needs.hidden"))
    months = month_lines(turn)
    levels: tuple[Block, ...] = ((staff_text("needs.months_title"), *months),) if months else ()
    row = (Button(staff_text("button.reports"), go(REPORTS), "📄"),)
    return Screen((tuple(head), *((lines,) if lines else ()), *levels, notes), (row, back(HOME)))


def _title(step: str) -> Text:
    return Text(f"path.steps.{step}.title", language=SOURCE_LANGUAGE)


PAGES: dict[str, Page] = {ROAD: Page(Right.SEE_FIGURES, _road)}
