"""Over the real wire: no secret or code stays in a chat, and whom the team erases reads so and is gone everywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.core.roles import Role
from bot.db import schema
from bot.services.staff.factor import codes
from tests.conversations.people import Going, participant_of, plain, rows, say, tap, town
from tests.conversations.test_erased_everywhere import NAME, WORD, member, shows, somebody
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KEY = re.compile(r"Der Schlüssel: ([A-Z2-7 ]+)")


def in_any_chat(lotse: Lotse, word: str) -> bool:
    """Whether it stands in any message, also in those that somebody typed."""
    chats = lotse.simulator.world.chats.values()
    return any(word in plain(str(one.body)) for chat in chats for one in chat.messages.values())


async def test_neither_a_secret_nor_a_code_stays_in_the_chat(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss = await member(lotse, Role.ADMIN, "Anna")
        await say(boss, "/staff", "Ihre Rolle")
        await tap(boss, "Zweiter Faktor", "Sie haben noch keinen")
        await tap(boss, "Einrichten", "Der Schlüssel")
        found = KEY.search(plain(boss.last))
        assert found is not None
        secret = found[1].replace(" ", "")
        code = codes.at(secret, int(time().timestamp()) // codes.SECONDS)
        await say(boss, code, "Der zweite Faktor ist eingerichtet")
        await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
        assert not in_any_chat(lotse, found[1].strip())
        assert not in_any_chat(lotse, f"secret={secret}")
        assert not in_any_chat(lotse, code)


async def test_whom_the_team_erases_reads_so_and_is_gone_everywhere(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await member(lotse, Role.ADMIN, "Anna")
        person = await somebody(lotse, NAME, boss)
        await say(boss, "/staff", "Ihre Rolle")
        await tap(boss, "🧑", "Mensch")
        await tap(boss, NAME, "Dabei seit")
        await tap(boss, "Person löschen", "löschen?")
        assert shows(lotse, person, NAME) > 0
        await boss.tap("Ja, jetzt löschen")
        await person.reads("Alles über Sie ist gelöscht.")
        await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
        assert participant_of(lotse, person) is None
        assert {word: shows(lotse, person, word) for word in (NAME, WORD)} == {NAME: 0, WORD: 0}
        await say(person, "/start", "Sprache")
