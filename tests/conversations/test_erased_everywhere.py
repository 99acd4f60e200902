"""Whoever erases themselves is gone from everybody's phone: the team's pages, notes, lists, and its answers."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from bot import inviting
from bot.core.roles import Role
from bot.db import schema
from tests.conversations.people import Going, finished, plain, rows, say, tap, town
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NAME, WORD, NOTE, ANSWER = "Zebulonia", "Purpurkarmin", "Zimtsternchen", "Quastenflosser"


def held(lotse: Lotse, person: Phone) -> Iterator[str]:
    """What stands in every chat, in words, on buttons and in files, but for what the person typed there."""
    world = lotse.simulator.world
    for chat in world.chats.values():
        for message in (one for one in chat.messages.values() if not (one.outgoing and chat.id == person.id)):
            yield plain(str(message.body))
            if (document := message.body.get("document")) is not None:
                yield from _in_file(b64decode(world.files[int(document["file_id"].partition(":")[2])]["data"]))


def _in_file(data: bytes) -> Iterator[str]:
    if not is_zipfile(BytesIO(data)):
        yield data.decode(errors="replace")
        return
    with ZipFile(BytesIO(data)) as book:
        for name in book.namelist():
            yield book.read(name).decode(errors="replace")


def shows(lotse: Lotse, person: Phone, word: str) -> int:
    """In how many messages, or parts of files, a word stands."""
    return sum(word in one for one in held(lotse, person))


async def member(lotse: Lotse, role: Role, name: str) -> Phone:
    await until((lotse.settings.data_dir / "run.json").exists, "a bot that runs")
    phone = await lotse.phones.new(name, "de")
    await phone.start(await inviting.store(lotse.settings.database_url, role))
    await phone.reads(f"Willkommen im Team, {name}!")
    return phone


async def somebody(lotse: Lotse, name: str, *team: Phone) -> Phone:
    """A person with a name who has written to the team, and the team was told so."""
    person = await finished(lotse, "Olga")
    await say(person, "/settings", "Ruhezeit")
    await tap(person, "Name", "Name")
    await say(person, name, name)
    await say(person, "/ask", "Sie schreiben jetzt mit einem Menschen")
    await say(person, f"Ich suche {WORD}", "angekommen")
    for phone in team:
        await phone.reads("wartet auf Antwort")
    return person


def page_with(lea: Phone, word: str) -> int:
    """The number of the newest page with that word; a notice that somebody waits may stand below it."""
    found: int = max(one["message_id"] for one in lea.state["messages"] if "reply_markup" in one and word in str(one))
    return found


async def leaves(lotse: Lotse, person: Phone) -> None:
    await say(person, "/forget", "Möchten Sie wirklich alles löschen?")
    await tap(person, "Ja, alles löschen", "Alles ist gelöscht.")
    await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")


async def looks_everywhere(lea: Phone) -> None:
    """Answer somebody at the desk, look at their pages, and write a note."""
    await say(lea, "/threads", "offene")
    await tap(lea, NAME, WORD)
    await say(lea, f"Guten Tag, {NAME}: {ANSWER}", ANSWER)
    await say(lea, f"// {NOTE} gefragt", NOTE)
    await say(lea, "/staff", "Ihre Rolle")
    await tap(lea, "🧑", "Mensch")
    await say(lea, NAME, NAME)
    await tap(lea, NAME, NAME)
    await tap(lea, "Notizen", "Notiz")
    await say(lea, f"Braucht {NOTE}", NOTE)


async def test_no_chat_holds_a_word_of_them_any_more(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, lea = await member(lotse, Role.ADMIN, "Anna"), await member(lotse, Role.COUNSELLOR, "Lea")
        person = await somebody(lotse, NAME, boss, lea)
        await looks_everywhere(lea)
        await say(boss, "/staff", "Ihre Rolle")
        await tap(boss, "🧑", "Mensch")
        await boss.tap("Excel")
        await until(lambda: lotse.simulator.world.files, "the list as a file")
        await until(lambda: rows(lotse.settings, schema.desk_page, kind="file"), "its number to be noted")
        before = {word: shows(lotse, person, word) for word in (NAME, WORD, NOTE, ANSWER)}
        assert min(before.values()) > 1, before
        await leaves(lotse, person)
        assert {word: shows(lotse, person, word) for word in before} == dict.fromkeys(before, 0)
        for phone in (lea, boss):  # the page before them is drawn anew
            await phone.settled(lambda seen: seen.buttons and NAME not in str(seen.state), "a page of the desk")


async def test_a_page_that_is_too_old_to_be_deleted_is_emptied_and_shown_anew(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        lea = await member(lotse, Role.COUNSELLOR, "Lea")
        person = await somebody(lotse, NAME, lea)
        await say(lea, "/threads", "offene")
        await tap(lea, NAME, WORD)
        page = page_with(lea, WORD)
        time.is_now(START + timedelta(days=3))
        await leaves(lotse, person)
        await lea.settled(lambda seen: "Das gibt es hier nicht mehr." in str(seen.state), "a new page")
        (emptied,) = (one for one in lea.state["messages"] if one["message_id"] == page)
        assert "nicht mehr da" in emptied["text"]
        assert "reply_markup" not in emptied
        left = str(lea.state["messages"])
        assert [word for word in (NAME, WORD) if word in left] == []


async def test_pages_that_were_left_go_by_themselves_the_living_one_stays(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        lea = await member(lotse, Role.COUNSELLOR, "Lea")
        await somebody(lotse, NAME, lea)
        await say(lea, "/threads", "offene")
        await tap(lea, NAME, WORD)
        left = page_with(lea, WORD)
        await say(lea, ANSWER, ANSWER)
        time.is_now(START + timedelta(hours=37))
        await lea.settled(
            lambda seen: left not in {one["message_id"] for one in seen.state["messages"]}, "the left page to go"
        )
        assert page_with(lea, WORD) > left


async def test_who_is_removed_from_the_team_keeps_no_page_of_anybody(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss, lea = await member(lotse, Role.ADMIN, "Anna"), await member(lotse, Role.COUNSELLOR, "Lea")
        await somebody(lotse, NAME, boss, lea)
        await say(lea, "/threads", "offene")
        await tap(lea, NAME, WORD)
        await say(boss, "/staff", "Ihre Rolle")
        await tap(boss, "Team", "Das Team")
        await tap(boss, "Lea", "Rolle")
        await tap(boss, "Entfernen", "entfernen?")
        await tap(boss, "Ja, entfernen", "Das Team")
        await lea.settled(lambda seen: NAME not in str(seen.state), "the page to go")
