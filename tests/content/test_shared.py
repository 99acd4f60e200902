"""`shared`: of which answers a partner is told. What is sensitive, and what nobody answers, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import load

from .editing import edit, loaded

QUESTIONS = Path("demo/questionnaire.yaml")


def test_the_questions_come_in_the_order_they_are_named(folder: Path) -> None:
    edit(folder / QUESTIONS, "questions:\n", "shared: [hours, goals]\nquestions:\n")
    assert loaded(folder).questionnaire.shared == ("hours", "goals")


def test_without_it_no_answer_is_told(folder: Path) -> None:
    assert loaded(folder).questionnaire.shared == ()


@pytest.mark.parametrize(("name", "what"), [("paper", "is sensitive"), ("nothing", "no question with an answer")])
def test_what_nobody_may_be_told_is_refused(folder: Path, name: str, what: str) -> None:
    edit(folder / QUESTIONS, "questions:\n", f"shared: [goals, {name}]\nquestions:\n")
    found = load(folder, "demo")
    assert found.content is None
    assert any(what in one.what and one.file.endswith("questionnaire.yaml") for one in found.faults)
