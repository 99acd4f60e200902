"""Over the real wire: no secret or code stays in a chat, and whom the team erases reads so and is gone everywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.core.roles import Role
from bot.db import schema
from bot.services.staff.factor import codes
from tests.conversations.people import Going, Row, participant_of, plain, rows, say, tap, town
from tests.conversations.test_erased_everywhere import NAME, WORD, member, shows, somebody
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CODE = re.compile(r"[2-9A-Z]{5}-[2-9A-Z]{5}")
KEY = re.compile(r"Der Schlüssel: ([A-Z2-7 ]+)")


def factor_of(lotse: Lotse) -> Row:
    """The only row of a second factor."""
    (one,) = rows(lotse.settings, schema.second_factor)
    return one


def pictures_in(lotse: Lotse) -> int:
    """How many files stand in any chat."""
    chats = lotse.simulator.world.chats.values()
    return sum("qr.png" in str(one.body) for chat in chats for one in chat.messages.values())


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
        await boss.tap("Als Bild zum Scannen")
        await until(lambda: factor_of(lotse)["picture"] is not None, "the picture to be noted")
        assert pictures_in(lotse) == 1
        code = codes.at(secret, int(time().timestamp()) // codes.SECONDS)
        await say(boss, code, "Der zweite Faktor ist eingerichtet")
        await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
        assert not in_any_chat(lotse, found[1].strip())
        assert not in_any_chat(lotse, f"secret={secret}")
        assert not in_any_chat(lotse, code)
        assert pictures_in(lotse) == 0
        on_paper = CODE.findall(plain(boss.last))
        assert len(on_paper) == 8
        await tap(boss, "Aufgeschrieben", "noch 8 Codes")
        await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
        assert not [one for one in on_paper if in_any_chat(lotse, one)]
        kept = b"".join(one.read_bytes() for one in lotse.settings.data_dir.glob("lotse.db*"))
        assert b"second_factor" in kept
        assert not [one for one in (secret, *on_paper) if one.replace("-", "").encode() in kept]
        assert not [one for one in on_paper if one.encode() in kept]


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
