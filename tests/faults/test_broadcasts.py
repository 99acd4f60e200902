"""A bot killed while a broadcast is planned, sent, corrected, recalled; then its report against the chats."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot import clock
from bot.content.loader import Content
from bot.core.broadcasts import Attachment, Version
from bot.core.message import Medium, Text
from bot.db.broadcasts import broadcasts
from bot.db.engine import open_database
from bot.db.outbox.deliveries import State
from bot.db.people import participants
from bot.db.schema import participant
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.broadcasting import Progress
from bot.services.turn import Turn
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.db.rows import new_chat, new_participant
from tests.faults import books
from tests.faults.books import Books
from tests.faults.canary import scan_file
from tests.faults.copies import BOSS, FIRST, Boss, Copies, has_blocked, keeps_messages
from tests.faults.killing import LONGEST_RUN
from tests.faults.machine import LIMIT
from tests.faults.nest import Bot, Nest
from tests.faults.sums import note
from tests.waiting import until

pytestmark = pytest.mark.faults

ROWS = "SELECT chat_id, state, message_id, unknown_at IS NOT NULL FROM delivery WHERE cause = 'broadcast:1'"
PLANNING = "SELECT count(*) FROM broadcast WHERE planned_to IS NOT NULL"
WAITING = "SELECT count(*) FROM delivery WHERE cause LIKE 'broadcast:%' AND state IN ('planned', 'claimed')"
FIRST_WORDS, SECOND_WORDS, LAST_WORDS = "Erste Fassung", "Zweite Fassung", "Dritte Fassung"
Last = Callable[[int], str | None]
"""What a copy that arrived in a chat is at the end; None: deleted."""


def fill(connection: Connection, people: range) -> None:
    """A boss, everybody who is to be told, and a draft whose German text is released."""
    now = clock.now()
    new_chat(connection, BOSS, language="de", screen="language", shown_version=1, created_at=now)
    staff.add(connection, BOSS, now, role="admin", name="Rita", confirmed_at=now)
    member = staff.by_person(connection, BOSS)
    assert member is not None
    for chat_id in people:
        person = new_participant(connection, chat_id, language="de", shown_version=1, created_at=now)
        participants.give_consent(connection, person, "openings", language="de", text_version="v1", now=now)
    connection.execute(update(participant).values(quiet="off"))
    number = broadcasts.create(connection, member.id, now, last_useful_at=now + timedelta(days=14))
    text = Version("de", FIRST_WORDS, released_text=FIRST_WORDS, released_by=member.id)
    broadcasts.write(connection, number, text, now)


@dataclass(frozen=True)
class Reckoning:
    """What is wrong, by chat; the states in the table, what the page says, and how far the last change is."""

    wrong: dict[int, str]
    states: Counter[State]
    reported: Progress
    changed: dict[State, int]


class Life:
    """One broadcast on one database, its bots one after the other, and the boss."""

    def __init__(
        self, read: Books, folder: Path, town: Content, chance: Random, telegram: Copies, nest: Nest
    ) -> None:
        self.boss = Boss(telegram)
        self.kills = self.met = self._polls = 0
        self._read, self._url, self._folder, self._town = read, read.url, folder, town
        self._chance, self._telegram, self._nest = chance, telegram, nest

    async def hatch(self, kill_at: str = "") -> Bot:
        self._polls = self._telegram.polls
        return await self._nest.hatch(self._folder, self._telegram.url, self._url, kill_at)

    async def dies(self, bot: Bot) -> None:
        """It kills itself, at its point."""
        await bot.died()
        await self._count()

    async def is_killed(self, bot: Bot, calls: int) -> None:
        """Kill: while about so many calls go out, after it has begun to fetch."""
        async with asyncio.timeout(LIMIT):
            await self._telegram.polled(self._polls)
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_RUN):
                await self._telegram.changed(self._chance.randint(1, calls))
        await bot.kill()
        await self._count()

    async def _count(self) -> None:
        self.kills += 1
        self.met += await self._read.number(books.CLAIMED) > 0

    async def finish(self, bot: Bot) -> None:
        """Wait until all recipients are known, and every delivery has an end; then stop it, once it fetches.

        A bot that was killed before may have ended them all: a stop before the next one listens is a kill.
        """

        async def is_so() -> bool:
            return not (await self._read.number(WAITING) or await self._read.number(PLANNING))

        await until(is_so, "an end of all deliveries", moves=lambda: self._telegram.changes)
        async with asyncio.timeout(LIMIT):
            await self._telegram.polled(self._polls)
        await bot.stop()

    async def opens(self) -> None:
        """The boss goes to the page of the broadcast, from wherever they are."""
        await self.boss.writes("/staff", "Ihre Rolle")
        await self.boss.taps("Nachrichten", "Neue Nachricht")
        await self.boss.taps("Fassung", "Nachricht 1")

    async def sends(self, of: str) -> None:
        """`of`: how the number of recipients begins, on the page that follows the first of them."""
        await self.opens()
        await self.boss.taps("Senden", "jetzt senden?")
        await self.boss.taps("Ja, senden", f"von {of}")

    async def corrects(self, *texts: str) -> None:
        for text in texts:
            await self.opens()
            await self.boss.taps("Sprachen", "Deutsch (")
            await self.boss.taps("Deutsch (", "Zum Ändern")
            await self.boss.writes(text, "den alten Text")
            await self.boss.taps("Freigeben", "in den Chats geändert")

    async def recalls(self, last: str) -> None:
        """Right behind a correction that is still on its way."""
        await self.corrects(last)
        await self.boss.taps("Beenden oder", "Zurücknehmen: Sie wird")
        await self.boss.taps("Zurücknehmen", "in den Chats geändert")

    async def while_(self, act: Coroutine[Any, Any, None], ends: list[str], calls: int) -> Bot:
        """Let the boss act while bots are killed, each at a point or at random; the last one, which runs."""
        async with asyncio.TaskGroup() as nursery:
            acting = nursery.create_task(act)
            for kill_at in ends:
                bot = await self.hatch(kill_at)
                await (self.dies(bot) if kill_at else self.is_killed(bot, calls))
            bot = await self.hatch()
            await acting
        return bot

    async def reckoned(self, last: Last) -> Reckoning:
        """The rows of its recipients and what its page says, against what is in their chats."""
        rows = await self._read.ask(ROWS)
        database = await open_database(self._url)

        def report(connection: Connection) -> tuple[Progress, dict[State, int]]:
            one = broadcasts.load(connection, 1)
            assert one is not None
            turn = Turn(connection, self._town, clock.now())
            return broadcasting.progress(turn, one), broadcasts.redrawn(connection, 1, one.rounds)

        progress, changed = await database.run(report)
        await database.close()
        phones = self._telegram.phones
        wrong = {row[0]: fault for row in rows if (fault := _fault(phones[row[0]].messages, last, *row))}
        return Reckoning(wrong, Counter(State(row[1]) for row in rows), progress, changed)


def _fault(
    had: dict[int, str | None], last: Last, chat_id: int, state: str, message: int | None, marked: bool
) -> str | None:
    """What the table says of somebody that is otherwise; `had` are the messages that arrived, as they are now."""
    if len(had) > 1:
        return "told twice"
    match State(state):
        case State.SENT if [*had] != [message]:
            return "another message than the one recorded"
        case State.SENT if [*had.values()] != [last(chat_id)]:
            return f"still says {had}"
        case State.UNKNOWN if not marked:
            return "unknown without a mark"
        case State.BLOCKED if not has_blocked(chat_id) or had:
            return "taken for blocked"
        case State.SENT | State.UNKNOWN | State.BLOCKED:
            return None
    return f"ends as {state}"


@pytest.mark.row(2, 32)
async def test_killed_at_every_stage_report_and_chats_agree_person_by_person(
    database_url: str, tmp_path: Path, town: Content
) -> None:
    chance = Random(seed(20261126))  # noqa: S311
    kills, number = amount("BROADCAST_KILLS"), amount("RECIPIENTS")
    people = range(FIRST, FIRST + number)
    database = await open_database(database_url)
    await database.run(lambda tx: fill(tx, people))
    await database.close()
    gone = town.texts.label("de", Text("ui.interest.recalled"))
    told = []
    async with books.opened(database_url) as read, Copies(chance) as telegram, Nest() as nest:
        life = Life(read, tmp_path, town, chance, telegram, nest)
        pages = ["delivery_page_planned:1", "delivery_page_planned:2"]
        sent = await life.while_(life.sends("2"), [*pages, *([""] * kills)], number // 2)
        await sent.kill()  # in the middle, and corrected before it is out
        corrected = await life.while_(life.corrects(SECOND_WORDS, LAST_WORDS), [""] * kills, number // 2)
        await life.finish(corrected)
        told.append(await life.reckoned(lambda _: LAST_WORDS))
        recalled = await life.while_(life.recalls("Vierte Fassung"), [""] * kills, number // 2)
        await life.finish(recalled)
        told.append(await life.reckoned(lambda one: gone if keeps_messages(one) else None))
    scan_file(tmp_path / "log.txt")
    for found in told:
        assert found.wrong == {}
        assert found.states.total() == number
        assert found.states == found.reported.states
        assert not found.reported.planning
        assert set(found.changed) == {State.SENT}, "what left after a correction needs none"
    assert told[-1].changed == {State.SENT: told[-1].states[State.SENT]}
    states = {state.value: count for state, count in told[-1].states.items()}
    note(f"broadcast on {where(database_url)}: {life.kills} kills ({life.met} met a batch), calls", telegram.changes)
    note(f"broadcast on {where(database_url)}: people told of in the report as they are", str(states))
    count("kills while pages are planned", len(pages), 2)
    count("kills", life.kills, 32)
    count("recipients", number, 32)
    assert life.met > kills
    assert set(telegram.fates) == {"500", "502", "reset", "well"}


@pytest.mark.row(32)
async def test_below_a_picture_too_every_copy_says_the_last_words_after_kills_in_the_middle(
    database_url: str, tmp_path: Path, town: Content
) -> None:
    chance = Random(seed(20261127))  # noqa: S311
    number = amount("PICTURES")
    database = await open_database(database_url)
    await database.run(lambda tx: fill(tx, range(FIRST, FIRST + number)))
    await database.run(lambda tx: broadcasts.attach(tx, 1, Attachment(Medium.PHOTO, "a-picture", "unique", "", 9)))
    await database.close()
    async with books.opened(database_url) as read, Copies(chance) as telegram, Nest() as nest:
        life = Life(read, tmp_path, town, chance, telegram, nest)
        sent = await life.while_(life.sends("1"), [""], number // 2)
        await sent.kill()  # in the middle, and corrected before it is out
        corrected = await life.while_(life.corrects(SECOND_WORDS, LAST_WORDS), ["", ""], number // 2)
        await life.finish(corrected)
        found = await life.reckoned(lambda _: LAST_WORDS)
    assert found.wrong == {}
    assert found.states.total() == number
    assert found.states == found.reported.states
    assert telegram.pictures
    arrived = {one for phone in telegram.phones.values() for one in phone.messages}
    assert telegram.pictures == arrived, "no copy without its picture"


def where(url: str) -> str:
    """The kind of database."""
    return url.partition(":")[0].partition("+")[0]
