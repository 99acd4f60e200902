"""What is wrong with a condition that a member has pasted, in words they understand."""

from __future__ import annotations

from bot.content.audience_file import Unread
from bot.core.message import Argument, Text, Words
from bot.services.staff.texts import staff_text

ABOUT = frozenset({"joint", "name", "compare", "option", "number", "month", "unsure", "sensitive", "other"})
"""Faults that name their cause."""


def fault_texts(fault: Unread) -> tuple[Text, ...]:
    """Where the fault is, what it is, and what may have been meant."""
    said: dict[str, Argument] = {"about": Words(fault.about)} if fault.code in ABOUT else {}
    where = staff_text("audience.line", line=fault.line)
    what = (where, staff_text(f"audience.fault_{fault.code}", None, **said))
    return (*what, staff_text("audience.near", near=Words(fault.near))) if fault.near else what
