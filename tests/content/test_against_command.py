"""`lotse check --against` as a command: a database or a folder, lines or JSON."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.cli import main
from bot.content.comparison.outline import outline
from bot.core.inputs import Answer, Status
from bot.db import content_runs
from bot.db.engine import Database, open_database
from bot.db.people import participants
from tests.architecture.sources import ROOT
from tests.content.comparing import LEVEL_B1, QUESTIONS
from tests.databases import KEY_FILE, sqlite_with_tables
from tests.db.rows import CHAT, NOW, new_participant

from .conftest import SAMPLE
from .editing import edit, loaded


def answered(chat_id: int, answers: dict[str, Answer], connection: Connection) -> None:
    """A person who gave these answers."""
    participants.save_answers(connection, new_participant(connection, chat_id), answers, "r", NOW)


async def fill(url: str, folder: Path) -> None:
    """A database on which this content ran, with two people in the middle of it."""
    database: Database = await open_database(url)
    content = loaded(folder)
    await database.run(lambda tx: content_runs.record(tx, "demo", content.revision, outline(content), NOW))
    for number, level in enumerate(["B1", "unsure"]):
        answers = {"level": Answer(Status.GIVEN, level), "best": Answer(Status.COMPUTED, "B1")}
        await database.run(partial(answered, CHAT.id + number, answers))
    await database.close()


@pytest.fixture
def whole(folder: Path) -> Path:
    """The sample with every text the bot says."""
    for name in ("ui.yaml", "staff.yaml"):
        shutil.copy(ROOT / "content" / name, folder)
    return folder


@pytest.fixture
def filled(whole: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("KEY_FILE", str(KEY_FILE))
    asyncio.run(fill(database_url, whole))
    return whole


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Sequence[str], str]:
    code = main(["check", "--town", "demo", *arguments])
    printed = capsys.readouterr()
    return code, printed.out.partition("\n\n")[2].splitlines(), printed.err


LEVEL = [
    "goals  asks 'Was noch?', before: 'Was möchten Sie?'",
    "       2 people stand at it now: they see it as it is then",
    "level  'b1' was 'B1' (1 answer mapped)",
    "2 questions: 2 changed; answers: 1 kept, 1 mapped; people standing there: 2",
]


def test_against_the_database(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(filled / QUESTIONS, LEVEL_B1, "{id: b1, text: B1, was: B1}")
    edit(filled / QUESTIONS, "Was möchten Sie?", "Was noch?")
    code, lines, errors = ran(capsys, str(filled), "--against", "database")
    assert (code, lines, errors) == (0, LEVEL, "")


def test_against_a_folder_with_the_people_of_the_database(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(filled / QUESTIONS, LEVEL_B1, "{id: b1, text: B1, was: B1}")
    edit(filled / QUESTIONS, "Was möchten Sie?", "Was noch?")
    code, lines, errors = ran(capsys, str(filled), "--against", str(SAMPLE))
    assert (code, lines, errors) == (0, LEVEL, "")


def test_against_a_folder_without_a_database(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    edit(whole / QUESTIONS, LEVEL_B1, "{id: b1, text: B1, was: B1}")
    code, lines, errors = ran(capsys, str(whole), "--against", str(SAMPLE))
    assert (code, lines) == (0, ["level  'b1' was 'B1' (answers mapped)", "1 question: 1 changed"])
    assert errors.startswith("No numbers of people. There is no database")
    assert not (tmp_path / "none.db").exists()


def test_json_is_all_there_is_on_stdout(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(filled / QUESTIONS, "Was möchten Sie?", "Was noch?")
    assert main(["check", "--town", "demo", str(filled), "--json", "--against", "database"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(one["question"], one["change"], one["inside"]) for one in report["changes"]] == [("goals", "ask", 2)]


def test_a_database_on_which_nothing_ran_is_one_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEY_FILE", str(KEY_FILE))

    async def make(*data: dict[str, object]) -> None:
        database = await open_database(url)
        for one in data:
            await database.run(partial(content_runs.record, town="demo", revision="r", outline=one, now=NOW))
        await database.close()

    asyncio.run(make())
    assert ran(capsys, str(folder), "--against", "database")[0] == 2
    asyncio.run(make({"questions": []}))
    code, lines, errors = ran(capsys, str(folder), "--against", "database")
    assert (code, lines) == (2, [])
    assert errors.startswith("What ran last was written down by another Lotse")


def test_a_folder_that_is_not_there_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, errors = ran(capsys, str(folder), "--against", "nowhere")
    assert (code, lines, errors.count("\n")) == (2, [], 1)
    assert "nowhere" in errors
