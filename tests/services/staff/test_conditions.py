"""Every fault of a pasted condition is said in German, with what may be meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.audience_file import FAULTS, Unread
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.services.broadcasts import audience
from bot.services.staff.broadcasts.conditions import fault_texts
from tests.running import minden


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_is_said(code: str) -> None:
    content = minden()
    said = [content.texts.label(SOURCE_LANGUAGE, one) for one in fault_texts(Unread(code, 3, "golas", "goals"))]
    assert "3" in said[0]
    assert said[1].startswith("⚠️")
    assert "{" not in said[1].replace("{paper: yes}", "")
    assert "goals" in said[2]
    assert len(fault_texts(Unread(code, 3, "golas"))) == 2


def test_whoever_may_not_see_sensitive_answers_counts_nobody_by_them(content: Content) -> None:
    text = "all: [{level: {at_least: B1}}, {not: {support: {includes: childcare}}}]"
    assert audience.pasted(content, text, sensitive=False) == Unread("sensitive", 1, "support")
    assert not isinstance(audience.pasted(content, text, sensitive=True), Unread)
    assert not isinstance(audience.pasted(content, "level: {at_least: B1}", sensitive=False), Unread)


def test_what_is_computed_from_a_sensitive_answer_is_sensitive_too(content: Content) -> None:
    known = content.questionnaire
    secret = [replace(one, sensitive=one.id == "german_level") for one in known.questions]
    found = audience.sensitive_questions(replace(content, questionnaire=replace(known, questions=tuple(secret))))
    assert {"german_level", "level"} <= found
