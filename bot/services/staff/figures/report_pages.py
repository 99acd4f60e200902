"""The page of reports for funders: one button for each of the last quarters."""

from __future__ import annotations

from bot.core.message import Button, Screen, Words
from bot.core.quarters import quarter_of
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.staff.page import HOME, Entry, Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Row, local_day

REPORTS = "reports"
AT_ONCE = 4
"""A year."""
ENTRY = Entry("button.reports", REPORTS, Right.SEE_FIGURES, "📄")


def _reports(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen | None:
    last = quarter_of(local_day(turn.content, turn.now))
    quarters = [last]
    while len(quarters) < AT_ONCE:
        quarters.append(quarters[-1].before)
    rows: list[Row] = [
        (Button(staff_text("button.quarter", number=one.number, year=Words(str(one.year))), f"report.{one}", "📄"),)
        for one in quarters
    ]
    return Screen(((staff_text("report.choose"),), (staff_text("report.running"),)), (*rows, back(HOME)))


PAGES: dict[str, Page] = {REPORTS: Page(Right.SEE_FIGURES, _reports)}
