"""Every text that staff read in the chat stands in content/staff.yaml, and the code says each of them."""

from __future__ import annotations

import ast

import yaml

from bot.content.audience_file import FAULTS as OF_CONDITIONS
from bot.content.calendar_file import FAULTS
from bot.core.roles import Right, Role
from bot.services.day_rows import WEEKDAYS
from bot.services.problems import OF_FORMS
from bot.services.staff import import_pages, meeting_pages
from bot.services.staff.texts import NEEDED
from tests.architecture.sources import ROOT, python_files, tree
from tests.architecture.test_texts import called

PUT_TOGETHER = {
    *(f"role.{role}" for role in Role),
    *(f"right.{right}" for right in Right),
    *(f"person.{state}" for state in ("registered", "requested", "held", "waiting")),
    *(f"step.{label}" for line in meeting_pages.STEPS for _, label in line),
    *(f"toast.{deed}" for deed in ("confirmed", "role_changed", "removed")),
    *(f"problem.{code}" for code in OF_FORMS),
    *(f"weekday.{day}" for day in WEEKDAYS),
    *(f"import.{what}" for what in import_pages.What),
    *(f"import.line_{what}" for what in import_pages.What if what is not import_pages.What.SAME),
    *(f"import.fault_{fault}" for fault in FAULTS),
    *(f"audience.fault_{fault}" for fault in OF_CONDITIONS),
}
"""Keys put together at run time."""


def said() -> set[str]:
    """Every whole key that is given to `staff_text`, or to an entry of the home page."""
    return {
        one.value
        for path in python_files("bot", "handlers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called(node.func) in {"staff_text", "Entry"} and node.args
        for first in [node.args[0]]
        for one in ((first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_what_the_code_says_is_what_it_lists_and_what_the_file_holds() -> None:
    sections = yaml.safe_load((ROOT / "content/staff.yaml").read_text(encoding="utf-8"))["chat"]
    held = {f"{section}.{name}" for section, entries in sections.items() for name in entries}
    assert held == set(NEEDED)
    assert sorted(set(NEEDED) - said() - PUT_TOGETHER - {"invite.link", "invite.typed"}) == []
    assert sorted((said() | PUT_TOGETHER) - set(NEEDED)) == []
