"""The phones page while a message goes out to many: the author's card moves by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlalchemy import Connection

from bot import clock
from bot.content.loader import Content
from bot.db.engine import open_database
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.turn import Turn
from bot.simulator.server import Simulator
from tests.browser.desk import Desk
from tests.browser.test_demo import WELCOME, Person
from tests.running import running, settings_for
from tests.services.broadcasts import crowd, loaded

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PEOPLE, RATE = 40, 4
"""At that pace it takes ten seconds; the card is looked at every three."""


async def test_the_bar_of_the_author_moves_to_its_end(
    desk: Desk, simulator: Simulator, content: Content, tmp_path: Path
) -> None:
    settings = settings_for(simulator, tmp_path, send_rate=RATE)
    phone = await desk.add("de", "Rita")
    chat_id = await phone.number()
    database = await open_database(settings.database_url)

    def fill(connection: Connection) -> None:
        crowd(connection, PEOPLE, first=chat_id + 1000)
        now = clock.now()
        staff.add(connection, chat_id, now, role="admin", name="Rita", confirmed_at=now)
        member = staff.by_person(connection, chat_id)
        assert member is not None
        turn = Turn(connection, content, now)
        number = broadcasting.compose(turn, member, None)
        one = loaded(connection, number)
        broadcasting.write(turn, one, "de", "Die Bäckerei sucht Leute.")
        assert broadcasting.release(turn, one, "de", member)

    await database.run(fill)
    await database.close()
    async with running(settings):
        await phone.start()
        await Person(phone, content, "de").walk(WELCOME[:1])
        await phone.write("/staff")
        await phone.reads("Ihre Rolle")
        await phone.key("Nachrichten").click()
        await phone.log.locator(".key").filter(has_text="Die Bäckerei sucht").last.click()
        await phone.key("Senden …").click()
        await phone.key("Ja, senden").click()
        card = phone.bubbles.filter(has_text=re.compile("von \\d+"))
        await expect(card).to_have_count(1)
        await expect(card).to_contain_text(re.compile(f"▓░+ [1-9]\\d* von {PEOPLE}"))
        await expect(card).to_contain_text(f"▓▓▓▓▓▓▓▓▓▓ {PEOPLE} von {PEOPLE}")
