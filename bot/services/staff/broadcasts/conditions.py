"""What is wrong with a condition that somebody of the team has pasted, in their words."""

from __future__ import annotations

from bot.content.audience_file import Unread
from bot.core.message import Argument, Text, Words
from bot.services.staff.texts import staff_text

ABOUT = frozenset({"joint", "name", "compare", "option", "number", "month", "unsure", "sensitive", "other"})
"""Faults that name what they are about."""


def fault_texts(fault: Unread) -> tuple[Text, ...]:
    """Where, what, and what may be meant."""
    said: dict[str, Argument] = {"about": Words(fault.about)} if fault.code in ABOUT else {}
    where = staff_text("audience.line", line=fault.line)
    what = (where, staff_text(f"audience.fault_{fault.code}", None, **said))
    return (*what, staff_text("audience.near", near=Words(fault.near))) if fault.near else what
