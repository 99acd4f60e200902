"""A breach: who is affected, and that they hear of it once, in their language, whatever they agreed to."""

from __future__ import annotations

import asyncio
import csv
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.cli import main
from bot.db import audit, beside
from bot.db.audit import Filter
from bot.db.engine import Database
from bot.db.people import participants
from bot.db.rights import breaches as rows
from bot.db.rights.breaches import CLASSES, Who
from bot.db.rights.own_data import PARTS as OWN
from bot.db.schema import chat, consent, delivery, participant
from bot.services.rights import breaches
from bot.services.rights.breaches import EVERYBODYS, PARTS, Happened, Notice
from tests.databases import KEY_FILE
from tests.db.rows import CANARY, NOW, OTHER, new_participant, whole_person
from tests.running import CONTENT
from tests.services.broadcasts import Office, crowd

DAY = timedelta(days=1)
NOTICE = Notice("2026-11-laptop", Happened.READ, date(2026, 11, 20), (EVERYBODYS, "answers", "talk_messages"))


def everybody_told(post: Office, notice: Notice = NOTICE, who: Who | None = None) -> int:
    """Plan it for all of them; how many pages that took."""
    after: int | None = 0
    pages = 0
    while after is not None:
        here = after
        after = post.run(lambda turn, here=here: breaches.plan(turn, notice, who or Who(), here)[1])  # type: ignore[misc]
        pages += 1
    return pages


def test_every_class_of_data_has_words_and_is_one_of_mydata() -> None:
    assert {*CLASSES, EVERYBODYS} == set(PARTS)
    assert set(CLASSES) < {one.name for one in OWN}


def test_everybody_reads_it_in_their_language_whatever_they_agreed_to(post: Office) -> None:
    post.run(lambda turn: turn.connection.execute(update(consent).values(withdrawn_at=turn.now)))
    post.run(
        lambda turn: turn.connection.execute(update(participant).values(weekly_cap=1, muted=["openings", "own"]))
    )
    everybody_told(post)
    post.deliver()
    assert sorted(chat_id for chat_id, _ in post.said) == [1, 2, 3, 11]
    said = dict(post.said)
    assert "20. November 2026" in said[1]
    assert "Ihre Antworten und Gespräche mit dem Team" in said[1]
    assert "datenschutz@example.org" in said[1]
    assert "Mit Ihren Daten" not in said[11]
    assert "datenschutz@example.org" in said[11]


def test_it_waits_for_the_end_of_quiet_hours_unless_it_is_urgent(post: Office) -> None:
    post.run(lambda turn: turn.connection.execute(update(participant).values(quiet=None)))
    post.now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    everybody_told(post)
    post.deliver()
    assert post.said == []
    everybody_told(post, Notice("other", Happened.LOST, date(2026, 11, 20), ("answers",), urgent=True))
    post.deliver()
    assert len(post.said) == 4
    post.now += timedelta(hours=10)
    post.deliver()
    assert len(post.said) == 8


def test_told_again_after_a_kill_in_the_middle_nobody_hears_it_twice(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PAGE", 2)
    post.run(lambda turn: breaches.plan(turn, NOTICE, Who(), 0))
    assert everybody_told(post) == 3
    everybody_told(post)
    post.deliver()
    assert sorted(chat_id for chat_id, _ in post.said) == [1, 2, 3, 11]
    states = post.run(lambda turn: rows.told(turn.connection, breaches.causes(NOTICE.name)))
    assert states == {"sent": 4}
    assert post.run(lambda turn: rows.told(turn.connection, breaches.causes("2026-11"))) == {}


@pytest.mark.parametrize("happened", Happened)
def test_a_row_of_it_holds_keys_and_no_words(post: Office, happened: Happened) -> None:
    everybody_told(post, Notice("x", happened, date(2026, 11, 20), ("answers",)))
    found = post.run(lambda turn: turn.connection.execute(select(delivery.c.params)).scalars().all())
    assert found[0] == {"happened": happened.value, "on": "2026-11-20", "data": ["answers"]}
    post.deliver()
    assert len(post.said) == 4


async def test_who_is_affected_by_number_time_and_class(database: Database) -> None:
    def filled(connection: Connection) -> tuple[int, int, int]:
        whole = whole_person(connection, 1, CANARY, 100)
        other = whole_person(connection, 2, OTHER, 200)
        bare = new_participant(connection, 3, seen_at=NOW - 10 * DAY)
        connection.execute(update(participant).where(participant.c.id == bare).values(created_at=NOW - 20 * DAY))
        connection.execute(update(chat).where(chat.c.id == 2).values(blocked_at=NOW))
        return whole, other, bare

    whole, other, bare = await database.run(filled)

    async def found(who: Who) -> set[int]:
        every = await database.run(lambda tx: list(rows.affected(tx, who)))
        assert len(every) == await database.run(lambda tx: rows.how_many(tx, who))
        return {one.participant_id for one in every} & {whole, other, bare}

    assert await found(Who()) == {whole, other, bare}
    assert await found(Who(frozenset({bare}))) == {bare}
    assert await found(Who(since=NOW - DAY)) == {whole, other}
    assert await found(Who(until=NOW - DAY)) == {bare}
    for name in CLASSES:
        assert await found(Who(data=(name,))) == {whole, other}, name
    assert await found(Who(frozenset({bare}), data=("answers",))) == set()
    every = {one.participant_id: one for one in await database.run(lambda tx: list(rows.affected(tx, Who())))}
    assert (every[whole].name, every[whole].language, every[whole].blocked) == (CANARY, "ar", False)
    assert every[other].blocked
    assert set(every[whole].rows) == set(CLASSES)
    assert every[whole].rows["answers"] == 3
    assert every[bare].rows == {}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with three people, as the settings name it."""
    url = f"sqlite:///{tmp_path / 'lotse.db'}"

    def fill(connection: Connection) -> None:
        crowd(connection, 3, "ar")
        first = connection.execute(select(participant.c.id).limit(1)).scalar_one()
        participants.set_preferences(connection, first, name="=Amal")

    asyncio.run(beside.write(url, fill))
    for name, value in {"DATABASE_URL": url, "KEY_FILE": str(KEY_FILE), "CONTENT_DIR": str(CONTENT)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return url


def told(url: str) -> dict[str, int]:
    """How many are told of it, by what became of that."""
    return beside.read(url, lambda tx: rows.told(tx, breaches.causes("stolen")))


def entries(url: str) -> list[tuple[str, str, str]]:
    """The audit trail."""
    found = beside.read(url, lambda tx: audit.entries(tx, Filter(), 0, 10))
    return [(one.actor, one.deed, one.what) for one in found]


def test_the_officer_gets_a_list_and_a_draft_that_nobody_else_can_read(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["incident", "affected", "stolen", "--all", "--on", "2026-11-20", "--known", "2026-11-21T10:00"]) == 0
    assert "3 people" in capsys.readouterr().out
    folder = tmp_path / "incident-stolen"
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "betroffene.csv": 0o600,
        "meldung.md": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    with (folder / "betroffene.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file, delimiter=";")
    assert head[:4] == ["Nummer", "Chat", "Name", "Sprache"]
    assert len(head) == 7 + len(CLASSES)
    assert [line[1] for line in lines] == ["1", "2", "3"]
    assert lines[0][2] == "'=Amal", "no cell is a formula"
    report = (folder / "meldung.md").read_text(encoding="utf-8")
    assert "Die 72 Stunden enden am 24.11.2026 10:00" in report
    assert "Menschen: 3" in report
    assert "Arabisch (3)" in report
    assert not re.search(r"\{\w*\}", report)
    assert "Amal" not in report
    assert entries(command) == [("operator", "exported", "affected 3")]
    assert main(["incident", "affected", "stolen", "--all"]) == 2, "what is there is not written over"


def test_people_are_told_after_their_number_was_confirmed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["incident", "tell", "stolen", "--all", "--data", "consents"]
    assert main(call) == 1
    shown = capsys.readouterr().out
    assert all(f"--- {language} ---" in shown for language in ("de", "ar", "uk"))
    assert "--confirm 3" in shown
    assert main([*call, "--confirm", "4"]) == 2
    assert told(command) == {}
    assert main([*call, "--confirm", "3"]) == 0
    assert main([*call, "--confirm", "3"]) == 0
    assert "3  planned" in capsys.readouterr().out
    assert told(command) == {"planned": 3}
    assert entries(command) == [("operator", "breach_told", "affected 3")]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (["x", "--all", "--data", "answer"], "no data called answer"),
        (["X Y", "--all"], "small letters"),
        (["x", "--people", "3,a"], "by their numbers"),
    ],
)
def test_what_cannot_be_is_refused_with_a_line(
    command: str, capsys: pytest.CaptureFixture[str], given: list[str], word: str
) -> None:
    del command
    assert main(["incident", "tell", *given]) == 2
    assert word in capsys.readouterr().err
