"""What no messenger or no person could bear is said by `lotse check` and refuses a start."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from bot import app
from bot.content import commands
from bot.content.loader import Content, load
from bot.services import rehearsal
from bot.settings import read
from tests.running import CONTENT, TOKEN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to be broken."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def changed(folder: Path, file: str, before: str, after: str) -> Content:
    path = folder / "minden" / file
    words = path.read_text(encoding="utf-8")
    assert before in words
    path.write_text(words.replace(before, after), encoding="utf-8")
    loaded = load(folder, "minden")
    assert loaded.content is not None
    return loaded.content


def test_the_real_content_has_no_fault(content: Content) -> None:
    assert rehearsal.faults(content) == []


def test_a_card_that_is_longer_than_a_message_refuses_the_start(folder: Path) -> None:
    content = changed(folder, "town.yaml", "<b>Grundlage:</b>", "Sehr viele Worte. " * 190)
    (fault, *_) = found = rehearsal.faults(content)
    assert {(one.file, str(one.level)) for one in found} == {("minden/town.yaml", "error")}
    assert "the card 'privacy'" in fault.what
    settings = read(_env_file=None, bot_token=TOKEN, content_dir=folder)
    with pytest.raises(app.ContentRefused, match="the card 'privacy'"):
        app.load_content(settings)


def test_a_way_that_is_too_long_is_a_warning(folder: Path) -> None:
    path = folder / "minden" / "questionnaire.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(_without_conditions(lines)) + "\n", encoding="utf-8")
    out = io.StringIO()
    assert commands.check(folder, "minden", out, also=rehearsal.faults) == 0
    assert "There is a way of 18 questions through the first pass; 12 are the most" in out.getvalue()
    assert commands.check(folder, "minden", out, strict=True, also=rehearsal.faults) == 1


def _without_conditions(lines: list[str]) -> list[str]:
    """The file without `ask_if`, whether it stands on one line or on several."""
    kept: list[str] = []
    inside = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if inside is not None and (indent > inside or not line.strip()):
            continue
        inside = indent if line.lstrip().startswith("ask_if:") else None
        if inside is None:
            kept.append(line)
    return kept
