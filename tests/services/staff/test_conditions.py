"""Every fault of a pasted condition is said in German, with what may be meant."""

from __future__ import annotations

import pytest

from bot.content.audience_file import FAULTS, Unread
from bot.content.locales import SOURCE_LANGUAGE
from bot.services.staff.conditions import fault_texts
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
