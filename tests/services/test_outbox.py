"""Screens as rows, what a screen may not hold, and the outbox as an operator sees it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import clock
from bot.cli import main
from bot.core.message import Button, LinkButton, Listing, Month, Screen, Text, Words, text_keys
from bot.db.engine import open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Outcome, Planned, State
from bot.db.outbox.outbox_numbers import Count
from bot.services.deliveries import outbox, stored_screen
from bot.services.deliveries.outbox import Status
from tests.databases import KEY_FILE, sqlite_with_tables
from tests.db.rows import new_chat

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXT = Text("ui.language.ask")
MANY = Text(
    "town.reminder",
    {
        "title": Text("town.title", language="de"),
        "days": Listing((date(2026, 11, 25), Text("ui.and"), 7)),
        "at": datetime(2026, 11, 25, 18, 30),  # noqa: DTZ001 - as the clock shows it
        "month": Month(2026, None),
        "seats": 4,
    },
    count=2,
)


@pytest.mark.parametrize(
    "screen",
    [
        Screen(((TEXT,),)),
        Screen(
            ((MANY, TEXT), (TEXT, MANY)),
            ((LinkButton(MANY, "https://example.org"),), (LinkButton(TEXT, "https://x"),)),
        ),
        Screen(((TEXT,), (MANY,))),
    ],
    ids=["one", "all", "blocks"],
)
def test_a_screen_comes_back_as_it_was(screen: Screen) -> None:
    text_key, params = stored_screen.to_row(screen)
    assert stored_screen.from_row(text_key, params) == screen
    assert text_key == next(iter(text_keys(screen)))


def test_every_text_of_a_screen_is_found() -> None:
    screen = Screen(((TEXT, MANY),), ((LinkButton(Text("ui.map"), "https://example.org"),),))
    assert list(text_keys(screen)) == ["ui.language.ask", "town.reminder", "town.title", "ui.and", "ui.map"]


@pytest.mark.parametrize(
    "screen",
    [
        Screen(((Words("canary"),),)),
        Screen(((Text("a", {"name": Words("canary")}),),)),
        Screen(((Text("a", {"names": Listing((Words("canary"),))}),),)),
        Screen(((TEXT,),), ((Button(TEXT, "come"),),)),
        Screen(()),
    ],
    ids=["line", "argument", "listing", "button", "empty"],
)
def test_the_outbox_holds_no_words_of_people_and_no_buttons_nobody_answers(screen: Screen) -> None:
    with pytest.raises(ValueError, match=r"words of a person|button that does|without a text") as refused:
        stored_screen.to_row(screen)
    assert "canary" not in str(refused.value)


def test_an_empty_outbox_says_so() -> None:
    assert list(outbox.lines(Status(NOW, {}, None, 0, ()))) == ["The outbox is empty."]


def test_the_status_is_a_few_lines() -> None:
    counts = {State.SENT: Count(1204, NOW - timedelta(days=2), 3), State.PLANNED: Count(2, NOW, 0)}
    lateness = [number / 10 for number in range(100)]
    shown = list(outbox.lines(Status(NOW, counts, NOW - timedelta(seconds=90), 12, lateness)))
    assert shown == [
        "state        number  oldest due",
        "planned           2  2026-11-25 09:00 UTC",
        "sent          1,204  2026-11-23 09:00 UTC  (3 of them in doubt)",
        "next due: now, since 90 s",
        "rate: 12 in the last minute",
        "lateness in the last hour: p50 5.0 s, p99 9.9 s (100 sent)",
    ]
    quiet = list(outbox.lines(Status(NOW, counts, NOW + timedelta(hours=1), 0, ())))
    assert quiet[3:] == [
        "next due: 2026-11-25 10:00 UTC",
        "rate: 0 in the last minute",
        "lateness in the last hour: nothing was sent",
    ]


async def test_the_command_reads_while_the_database_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    database = await open_database(url)
    now = clock.now()

    def use_case(connection: Connection) -> None:
        for number in (1, 2, 3):
            new_chat(connection, number)
            deliveries.plan(connection, [(number, Planned("x", Kind.NOTICE, now, "ui.language.ask"))])
        first, *_ = deliveries.claim(connection, "me", now, 1)
        sent_at = now + timedelta(seconds=2)
        deliveries.record(connection, "me", [Outcome(first.id, State.SENT, message_id=1, sent_at=sent_at)])

    await database.run(use_case)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEY_FILE", str(KEY_FILE))
    monkeypatch.chdir(tmp_path)
    assert main(["status"]) == 1, "no bot runs here"
    shown = capsys.readouterr().out
    assert "planned           2" in shown
    assert "p50 2.0 s, p99 2.0 s (1 sent)" in shown
    await database.close()
