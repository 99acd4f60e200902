"""The papers of the data-protection officer say what is there: sections, files, tests, commands, settings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.content.loader import Content, load
from bot.core import shielding
from bot.db.schema import metadata
from bot.privacy.commands import stale
from bot.privacy.record import SECTIONS
from bot.privacy.tables import stored
from bot.services.staff import desk
from bot.settings import Settings
from tests.architecture.sources import ROOT, name
from tests.content.conftest import SAMPLE
from tests.content.editing import edit
from tests.running import CONTENT

PAPERS = ROOT / "docs/privacy"
FILES = sorted(PAPERS.glob("*.md"))
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
BOTFATHERS = "revoke"
"""A command of @BotFather, not of ours."""
TOWN_FILES = {"town.yaml", "questionnaire.yaml", "glossary.yaml"}


def quoted() -> list[tuple[str, str]]:
    """Everything in backticks, with its paper."""
    return [(path.name, each) for path in FILES for each in CODE.findall(path.read_text(encoding="utf-8"))]


def test_no_marked_section_is_stale(content: Content, plain: Settings) -> None:
    found = [name(path) for path in stale(PAPERS, CONTENT, content, plain)]
    assert found == [], "run `lotse privacy record`, read what changed, and commit it"


def test_every_section_stands_in_a_paper() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert {one for one in SECTIONS if f"<!-- lotse: {one} -->" not in text} == set()


def test_every_file_and_test_that_is_named_is_there() -> None:
    for paper, each in quoted():
        path, _, function = each.partition("::")
        if path in TOWN_FILES:
            assert (CONTENT / "minden" / path).is_file(), f"{paper}: {each}"
        elif "/" in path.strip("/") and not path.startswith("/") and " " not in path:
            assert (ROOT / path).exists(), f"{paper}: there is no {path}"
        if function:
            there = re.findall(r"^(?:async )?def (test_\w+)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
            assert function in there, f"{paper}: there is no {each}"


def test_every_link_leads_somewhere() -> None:
    for path in FILES:
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (PAPERS / target).exists(), f"{path.name}: {target}"


def test_every_command_that_is_named_is_there(content: Content) -> None:
    chat = {key.removeprefix("ui.command.") for key in content.texts.keys("ui.command.")}
    chat |= {desk.COMMAND, *desk.PAGES, BOTFATHERS}
    for paper, each in quoted():
        if each.startswith("lotse "):
            assert each.split()[1] in COMMANDS, f"{paper}: {each}"
        elif re.fullmatch(r"/[a-z]+", each):
            assert each.removeprefix("/") in chat, f"{paper}: {each}"


def test_every_setting_that_is_named_is_there() -> None:
    known = {one.upper() for one in Settings.model_fields}
    for paper, each in quoted():
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", each) or each == "TRANSLATOR":
            assert each in known, f"{paper}: {each}"


def test_a_column_that_is_named_as_plain_is_plain() -> None:
    free = {f"{one.name}.{column}" for one in stored() for column in one.free}
    for paper, each in quoted():
        if "." in each and each.partition(".")[0] in metadata.tables:
            assert each in free, f"{paper}: {each} is sealed, or not there: mend the sentence"


def test_the_papers_are_one_set_and_each_is_in_the_index() -> None:
    index = (PAPERS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if path.name != "README.md" and f"]({path.name})" not in index] == []


def test_a_number_that_people_wrote_down_is_the_programs() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert "weniger als fünf Menschen" in told
    assert shielding.LEAST == 5


@pytest.mark.parametrize("duty", ["purpose", "basis", "retention"])
def test_a_question_without_a_duty_is_refused(duty: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    path = folder / "demo/questionnaire.yaml"
    line = next(one for one in path.read_text(encoding="utf-8").splitlines() if one.strip().startswith(f"{duty}:"))
    edit(path, line + "\n", "")
    loaded = load(folder, "demo")
    assert loaded.content is None
    assert [one.what for one in loaded.faults if duty in one.what]
