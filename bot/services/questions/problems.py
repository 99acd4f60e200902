"""Why an answer was not taken, in words."""

from __future__ import annotations

from bot.core.engine import Code, Problem
from bot.core.message import Argument, Month, Text
from bot.services.staff.texts import staff_text

OF_FORMS = frozenset({Code.NOT_A_DAY, Code.DAY_IS_OVER, Code.NOT_A_TIME})
"""Codes of questions that only staff are asked."""


def problem_said(found: Problem) -> Text:
    """A problem in words."""
    if found.code in OF_FORMS:
        return staff_text(f"problem.{found.code}")
    count = next((found.params[name] for name in ("least", "most", "max_length") if name in found.params), None)
    args: dict[str, Argument] = dict(found.params)
    if found.code is Code.OUT_OF_YEARS:
        args = {name: Month(months // 12, months % 12 + 1) for name, months in found.params.items()}
    return Text(f"ui.problem.{found.code}", args, count)
