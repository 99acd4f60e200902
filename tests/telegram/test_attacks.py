"""Attacks by way of the wire: addresses people name, files that lie, albums, invitations in groups, floods."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.content.calendar_file import LARGEST
from bot.content.loader import Content
from bot.core.roles import Role
from bot.db import chats
from bot.db.engine import open_database
from bot.db.staff import staff
from bot.services import places
from bot.services.staff.members import inviting
from bot.telegram import desk, intake
from bot.telegram.flood import Flood
from bot.telegram.intake import PARALLEL, Attempt, Delivered, Intake
from tests import databases
from tests.architecture.sources import ROOT
from tests.fuzz.bot_api import GROUP, PEOPLE
from tests.fuzz.whole import Whole, now, whole, words

BOSS, STRANGER = PEOPLE[0], 77
LINK = "https://x.example/a http://169.254.169.254/latest/meta-data/"
OPENS = re.compile(
    r"\b(ClientSession|urlopen|create_connection|open_connection|HTTPS?Connection|AsyncClient|deepl\.\w*Client)\("
    r"|\brequests\.(get|post|request|Session)\b|\bhttpx\."
)
"""Names by which a program in Python begins to fetch something."""
MAY_OPEN = {
    "bot/telegram/transport.py": "the Bot API, at TELEGRAM_API_URL",
    "bot/translation/libre.py": "the operator's LibreTranslate",
    "bot/translation/scraped.py": "the translator the operator chose",
    "bot/translation/deepl_engine.py": "DeepL",
    "bot/simulator/webhook.py": "the bot under test, in the demo",
}


@pytest.fixture
async def bot(tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Whole]:
    monkeypatch.setattr(desk, "PAUSE", 0)
    monkeypatch.setattr(intake, "RETRY_SECONDS", 0)
    async with whole(tmp_path, content, io.StringIO()) as made:
        yield made


def test_only_the_bot_api_and_the_translators_are_ever_called() -> None:
    files = [one for room in ("bot", "handlers") for one in (ROOT / room).rglob("*.py")]
    found = {str(one.relative_to(ROOT)) for one in files if OPENS.search(one.read_text(encoding="utf-8"))}
    assert found <= MAY_OPEN.keys()
    assert {"bot/telegram/transport.py", "bot/translation/libre.py"} <= found, "it would see them"


async def test_addresses_that_people_write_are_fetched_by_nobody(bot: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def resolved(*given: Any, **_: Any) -> list[Any]:
        asked.append(given)
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)
    link = [{"type": "text_link", "offset": 0, "length": 5, "url": "http://169.254.169.254/"}]
    for chat in (BOSS, STRANGER):
        for said in ("/start", "/ask", LINK):
            await bot.hears([words(chat, said)])
        await bot.hears([words(chat, LINK, entities=link), document(chat, "a.ics", "text/calendar", 9)])
    assert (asked, bot.telegram.fetched, await bot.outcome()) == ([], [], (0, []))


def document(chat: int, name: str, mime: str, size: int | None, **more: Any) -> dict[str, Any]:
    """Somebody sends a file."""
    told = {} if size is None else {"file_size": size}
    file = {"file_id": "f", "file_unique_id": "u", "file_name": name, "mime_type": mime, **told}
    sent = words(chat, "x", document=file, **more)
    del sent["message"]["text"]
    return sent


async def asked_for_a_calendar(bot: Whole) -> None:
    """The admin's page waits for a calendar file."""
    await bot.database.run(lambda tx: chats.save(tx, BOSS, {"detour": places.STAFF, "focus": "import.iqui_b2"}))


@pytest.mark.parametrize(
    ("told", "true", "fetched"), [(9, 9, 1), (9, LARGEST + 1, 0), (None, LARGEST + 1, 0), (LARGEST + 1, 9, 0)]
)
async def test_a_calendar_that_lies_about_its_size_is_not_fetched(
    bot: Whole, told: int | None, true: int, fetched: int
) -> None:
    await asked_for_a_calendar(bot)
    bot.telegram.file_size = true
    await bot.hears([document(BOSS, "a.ics", "text/calendar", told)])
    assert (len(bot.telegram.fetched), await bot.outcome()) == (fetched, (0, []))


@pytest.mark.parametrize("who", [STRANGER, BOSS])
async def test_a_file_that_nobody_asked_for_is_not_fetched(bot: Whole, who: int) -> None:
    await bot.hears(
        [words(who, "/start"), document(who, "a.ics", "text/calendar", 9), document(who, "a.pdf", "x", 9)]
    )
    assert bot.telegram.fetched == []
    assert await bot.outcome() == (0, [])


async def test_an_album_of_ten_is_answered_and_harms_nothing(bot: Whole) -> None:
    await bot.hears([words(STRANGER, "/start")])
    album = [document(STRANGER, f"{one}.pdf", "application/pdf", 9, media_group_id="1") for one in range(10)]
    before = bot.answers_to(STRANGER)
    await bot.hears(album)
    assert bot.answers_to(STRANGER) > before
    assert (bot.telegram.fetched, await bot.outcome()) == ([], (0, []))


async def test_an_invitation_opened_in_a_group_invites_nobody_and_stays_good(bot: Whole) -> None:
    payload = await bot.database.run(lambda tx: inviting.create(tx, Role.ADMIN, now(), None))
    group = {"chat": {"id": GROUP, "type": "supergroup", "title": "x"}}
    invited = words(STRANGER, f"/start {payload}")
    await bot.hears([{"message": invited["message"] | group}])
    assert await bot.database.run(lambda tx: staff.by_person(tx, STRANGER)) is None
    assert all(payload not in str(given) for _, given in bot.telegram.calls)
    await bot.hears([words(STRANGER, f"/start {payload}")])
    assert await bot.database.run(lambda tx: staff.by_person(tx, STRANGER)) is not None


async def test_a_button_of_staff_below_a_forwarded_message_does_nothing_for_a_participant(bot: Whole) -> None:
    await bot.hears([words(BOSS, "/staff"), words(STRANGER, "/start")])
    stolen = bot.telegram.buttons[BOSS]
    assert stolen
    person = {"id": STRANGER, "is_bot": False, "first_name": "x"}
    for place in (STRANGER, BOSS, GROUP):
        card = {"message_id": 101, "date": 0, "chat": {"id": place, "type": "private" if place > 0 else "supergroup"}}
        query = {"id": "1", "from": person, "chat_instance": "1", "message": card}
        await bot.hears([{"callback_query": {**query, "data": data}} for data in stolen])
    await bot.hears([{"callback_query": {"id": "1", "from": person, "chat_instance": "1", "data": stolen[0]}}])
    found = await bot.database.run(lambda tx: chats.load(tx, STRANGER))
    assert found is not None
    assert found[0].detour is None
    assert await bot.database.run(lambda tx: staff.by_person(tx, STRANGER)) is None
    assert await bot.outcome() == (0, [])


async def test_where_a_thousand_flood_somebody_waits_for_one_turn_of_each_at_most(tmp_path: Path) -> None:
    crowd, each = 1000, 4
    database = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))
    turns: list[int] = []

    async def work(one: Delivered, _: Attempt) -> None:
        await asyncio.sleep(0)
        turns.append(one.arrived.chat_id or 0)

    async with asyncio.timeout(60), asyncio.TaskGroup() as nursery:
        made = Intake(database, work, nursery, clock=now, flood=Flood(0))
        await made.recover()
        flood = [words(10_000 + one, "x") for _ in range(each) for one in range(crowd)]
        batch = [*flood, words(STRANGER, "10")]
        await made.accept([{"update_id": number, **one} for number, one in enumerate(batch, 1)])
    await database.close()
    assert len(turns) == crowd * each + 1
    assert turns.index(STRANGER) <= crowd + PARALLEL
