"""What the program writes into the papers, against what it is true of."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.core.roles import RIGHTS, Right, Role
from bot.core.spans import length_of
from bot.db import resealing
from bot.privacy import periods
from bot.privacy.record import Source, sections
from bot.privacy.sections import END, PrivacyRefused, refreshed, table
from bot.privacy.tables import stored
from bot.privacy.words import read_words
from bot.settings import read
from tests.architecture.sources import ROOT
from tests.db.test_erasure import people_tables
from tests.running import CONTENT

PAPER = f"Vorher\n<!-- lotse: one -->\nalt\n{END}\nNachher\n"


def test_what_stands_between_the_marks_is_written_anew_and_the_rest_stays() -> None:
    fresh = refreshed(PAPER, {"one": "neu"})
    assert fresh == f"Vorher\n<!-- lotse: one -->\n\nneu\n\n{END}\nNachher\n"
    assert refreshed(fresh, {"one": "neu"}) == fresh


@pytest.mark.parametrize(
    ("paper", "word"),
    [
        ("<!-- lotse: onne -->\n" + END, "Did you mean 'one'"),
        ("<!-- lotse: one -->\n", "does not end"),
        (f"<!-- lotse: one -->\n<!-- lotse: one -->\n{END}\n", "does not end"),
        (f"{END}\n", "no section begins"),
    ],
)
def test_a_wrong_mark_is_named(paper: str, word: str) -> None:
    with pytest.raises(PrivacyRefused, match=word):
        refreshed(paper, {"one": "neu"})


def test_words_do_not_break_a_table() -> None:
    assert table(["a"], [["x | y\nz"]]).splitlines()[-1] == "| x \\| y z |"


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    return [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]


def test_every_table_is_there_and_hangs_where_erasure_says(source: Source) -> None:
    people = set(people_tables())
    assert {one.name for one in stored() if one.of_a_person} == people
    told = {row[0].strip("`"): row[2] for row in rows(sections(source)["tables"])}
    assert {name for name, hangs in told.items() if hangs == "ja"} == people


def test_every_sealed_column_is_told(source: Source) -> None:
    told = {
        f"{row[0].strip('`')}.{column.split()[0]}"
        for row in rows(sections(source)["tables"])
        for column in row[3].split(", ")
        if column != "–"
    }
    assert told == {f"{one.name}.{column.name}" for one, columns in resealing.tables() for column in columns}


def test_every_question_is_told_with_its_duties(source: Source) -> None:
    told = {row[1].strip("`"): row for row in rows(sections(source)["questions"])}
    every = source.content.questionnaire
    assert set(told) == set(every.by_id)
    assert {name for name, row in told.items() if row[7] == "ja"} == {
        one.id for one in every.questions if one.sensitive
    }
    assert {name for name, row in told.items() if row[8] == "ja"} == every.sealed & set(every.by_id)
    assert all(row[5] == "24 Monate" for row in told.values())


def test_every_right_of_every_role_is_told(source: Source) -> None:
    told = rows(sections(source)["roles"])
    assert [row[1:] for row in told] == [
        ["ja" if right in RIGHTS[role] else "nein" for role in Role] for right in Right
    ]


def test_who_gets_what_follows_the_settings(source: Source) -> None:
    secret = SecretStr("key-canary")
    other = read(
        _env_file=None,
        translator="deepl",
        translator_key=secret,
        database_url="postgresql+asyncpg://lotse:password-canary@elsewhere/lotse",
        telegram_api_url="http://127.0.0.1:8081",
        backup_weekly=5,
    )
    plain, set_so = sections(source), sections(replace(source, settings=other))
    assert "DeepL" not in plain["processors"]
    assert "kein Übersetzungsdienst" in plain["processors"]
    for word in ("DeepL", "PostgreSQL", "eigener Bot-API-Server"):
        assert word in set_so["processors"]
    assert "| 5 Wochen |" in set_so["retention"]
    assert "canary" not in "".join(set_so.values())


def test_the_notice_is_there_in_every_language_and_a_gap_is_told(source: Source) -> None:
    told = sections(source)["notices"]
    gap = source.words.of("word", "untranslated")
    for language in source.content.languages:
        assert f"(`{language}`)" in told
        for line in source.said(language, "town.privacy.notice").splitlines():
            assert f"> {line}" in told
    assert gap not in told


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=24), "24 Stunden"),
        (timedelta(hours=48), "48 Stunden"),
        (timedelta(days=7), "7 Tage"),
        (timedelta(days=90), "90 Tage"),
        (length_of("6 months"), "6 Monate"),
        (length_of("42 months"), "42 Monate"),
        (length_of("3 years"), "3 Jahre"),
        (timedelta(days=365), "1 Jahr"),
        (timedelta(days=3 * 365), "3 Jahre"),
    ],
)
def test_a_length_of_time_is_said_in_german(length: timedelta, said: str) -> None:
    assert periods.in_words(length) == said


@pytest.mark.parametrize(
    ("former", "new", "word"),
    [
        (
            "  note: Notizen",
            "  noote: Notizen",
            "table.note is missing, its German below 'table:'; table.noote is about nothing",
        ),
        ("  matching:", "  match:", "purpose.matching is missing, its German below 'purpose:'"),
        ("  parked: nicht bearbeitbare Meldung | Eingang", "  parked: Meldung", "fixed.parked must have 2 parts"),
        ("deeds: Vorgang |", "deeds: Vorgang", "heads.deeds must have 2 parts"),
        ("table:\n", "table: x\n", "cannot be read"),
    ],
)
def test_words_that_are_missing_or_about_nothing_are_refused(
    former: str, new: str, word: str, source: Source, tmp_path: Path
) -> None:
    text = (CONTENT / "privacy.yaml").read_text(encoding="utf-8")
    assert former in text
    (tmp_path / "privacy.yaml").write_text(text.replace(former, new, 1), encoding="utf-8")
    with pytest.raises(PrivacyRefused, match=word):
        sections(replace(source, words=read_words(tmp_path)))


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    papers = Path(shutil.copytree(ROOT / "docs/privacy", tmp_path / "papers"))
    monkeypatch.setenv("TRANSLATOR", "deepl")
    monkeypatch.setenv("TRANSLATOR_KEY", "key-canary")
    here = [str(CONTENT), "--out", str(papers)]
    assert main(["privacy", "check", *here]) == 1
    assert "stale: " in capsys.readouterr().out
    assert "| DeepL |" not in (papers / "empfaenger.md").read_text(encoding="utf-8")
    assert main(["privacy", "record", *here]) == 0
    assert "| DeepL |" in (papers / "empfaenger.md").read_text(encoding="utf-8")
    assert main(["privacy", "check", *here]) == 0
    assert main(["privacy", "record", str(CONTENT), "--out", str(tmp_path / "nowhere")]) == 2
    assert "There are no papers" in capsys.readouterr().err
