"""Words are sealed in the database: no byte of them, no way without the key, and a rotation that outlives a kill."""

from __future__ import annotations

import asyncio
import io
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Text, cast, select, type_coerce, update

from bot import clock, keeping_keys
from bot.core.engine import State
from bot.core.folding import fold
from bot.core.roles import Role
from bot.core.seats import State as Seat
from bot.core.threads import TEXT, Author
from bot.db import inbox, keys, resealing
from bot.db.engine import Database, DatabaseRefused, open_database
from bot.db.inbox import Arrived
from bot.db.offers import registrations
from bot.db.offers.registrations import Target
from bot.db.people import merging, name_starts, notes, participants, parting
from bot.db.schema import participant, replica, thread_message
from bot.db.staff import drafts, staff
from bot.db.threads import threads
from tests.databases import sqlite_with_tables
from tests.db.rows import CANARY, HOUR, NOW, given, new_participant, participant_of

SECRET = frozenset({"anything", "permit"})


def write_everything(connection: Connection) -> int:
    """A word of a person in every place that holds some."""
    person = new_participant(connection, 5)
    said = {"anything": given(f"{CANARY} said"), "permit": given((CANARY, "no")), "goals": given(("german", "job"))}
    participants.save_answers(connection, person, said, "r1", NOW, sealed=SECRET)
    again = {"anything": given(f"{CANARY} again")}
    participants.save_answers(connection, person, again, "r1", NOW + HOUR, ["anything"], SECRET)
    participants.move(connection, person, State({}, "trade", (f"~{CANARY}",)))
    participants.set_preferences(connection, person, name=CANARY)
    inbox.store(connection, [Arrived(9, 5, f'{{"text":"{CANARY}"}}')], NOW)
    registrations.create(connection, Target("info"), Seat.REGISTERED, NOW, guest={"name": CANARY, "contact": "1"})
    staff.add(connection, 77, NOW, role=Role.TEACHER.value, name="Lea")
    member = staff.by_person(connection, 77)
    assert member is not None
    talk = threads.begin(connection, person, NOW)
    message = threads.add(connection, talk, Author.PERSON, TEXT, NOW, text=CANARY)
    threads.revise(connection, message, machine=f"{CANARY} too")
    notes.write(connection, person, member.id, f"{CANARY} noted", NOW)
    twin = new_participant(connection, 6)
    participants.set_preferences(connection, twin, name=f"{CANARY} twin")
    participants.save_answers(connection, twin, {"anything": given(f"{CANARY} twin")}, "r1", NOW, sealed=SECRET)
    merging.merge(connection, person, twin, member.id, NOW, away="merged", stand_in="-")
    drafts.create(connection, member.id, "guest", "", State({"name": given(CANARY)}, "name", (CANARY,)), NOW)
    return person


def read_everything(connection: Connection) -> dict[str, object]:
    person = participant_of(connection, 5)
    stored = participants.answers(connection, person.id)
    guest = next(one for one in registrations.live_of(connection, "info"))
    member = staff.by_person(connection, 77)
    assert member is not None
    put_together = merging.of_chat(connection, 6)
    assert put_together is not None
    ((message,), (note,)) = (threads.newest(connection, 1, 9), notes.of_person(connection, person.id))
    (form,) = drafts.of_member(connection, member.id)
    return {
        "anything": stored["anything"].answer.value,
        "permit": stored["permit"].answer.value,
        "goals": stored["goals"].answer.value,
        "former": participants.history(connection, person.id)[0].answer.value,
        "draft": person.draft,
        "name": person.name,
        "body": inbox.waiting(connection)[0].body,
        "guest": guest.guest,
        "talk": message.text,
        "machine": message.machine,
        "note": note.text,
        "twin": put_together.before["gone"]["name"],
        "found": found_by_name(connection, CANARY),
        "form": (form.state.answers["name"].value, form.state.draft),
    }


def found_by_name(connection: Connection, word: str) -> list[int]:
    return [row[0] for row in connection.execute(name_starts.having(word))]


READ = {
    "anything": f"{CANARY} again",
    "permit": (CANARY, "no"),
    "goals": ("german", "job"),
    "former": f"{CANARY} said",
    "draft": (f"~{CANARY}",),
    "name": CANARY,
    "body": f'{{"text":"{CANARY}"}}',
    "guest": {"name": CANARY, "contact": "1"},
    "talk": CANARY,
    "machine": f"{CANARY} too",
    "note": f"{CANARY} noted",
    "twin": f"{CANARY} twin",
    "found": [1],
    "form": (CANARY, (CANARY,)),
}


def raw(connection: Connection) -> list[str]:
    """Every value of every sealed column, as it is stored."""
    found: list[str] = []
    for table, columns in resealing.tables():
        for column in columns:
            found += [
                one for one in connection.execute(select(cast(column, Text)).select_from(table)).scalars() if one
            ]
    return found


def key_of(stored: str) -> str | None:
    found = keys.SEALED.search(stored)
    return None if found is None else found["key"]


async def test_what_people_write_is_sealed_and_reads_as_it_was(database: Database) -> None:
    await database.run(write_everything)
    stored = await database.run(raw)
    assert [one for one in stored if CANARY in one] == []
    assert [one for one in stored if key_of(one) is None] == ['["german", "job"]'], "only a choice stands plainly"
    assert await database.run(read_everything) == READ


async def test_what_is_taken_apart_is_sealed_again(database: Database) -> None:
    await database.run(write_everything)

    def apart(connection: Connection) -> None:
        one = merging.of_chat(connection, 6)
        assert one is not None
        parting.take_apart(connection, one, NOW)

    await database.run(apart)
    assert [one for one in await database.run(raw) if CANARY in one] == []
    twin = await database.run(lambda tx: participant_of(tx, 6))
    assert (
        await database.run(lambda tx: participants.answers(tx, twin.id)["anything"].answer.value) == f"{CANARY} twin"
    )
    assert await database.run(lambda tx: found_by_name(tx, "twin")) == [twin.id]
    assert sorted(await database.run(lambda tx: found_by_name(tx, CANARY))) == [1, twin.id]


async def test_no_byte_of_the_files_has_a_word(tmp_path: Path) -> None:
    database = await open_database(sqlite_with_tables(tmp_path / "lotse.db"))
    await database.run(write_everything)
    await database.run(read_everything)

    def holding(word: str) -> list[str]:
        return [one.name for one in tmp_path.iterdir() if word.encode() in one.read_bytes()]

    assert set(holding("")) >= {"lotse.db", "lotse.db-wal"}
    assert holding("german"), "the test looks where the answers are"
    assert holding(CANARY) == []
    await database.close()
    assert holding(CANARY) == []


def test_the_same_words_are_never_sealed_alike_and_open_as_nothing_else() -> None:
    keys.key_file().make()
    sealed = {keys.seal("ja", "answer") for _ in range(50)}
    assert len(sealed) == 50
    one = sealed.pop()
    assert keys.open_sealed(one, "answer") == "ja"
    for wrong in (one[:-2] + ("AA" if one[-2:] != "AA" else "BB"), one):
        with pytest.raises(keys.UnknownKey):
            keys.open_sealed(wrong, "name")


async def test_the_first_start_makes_a_key_file_for_its_owner_only(new_database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "apart" / "lotse.key"
    keys.keep_in(path)
    database = await open_database(new_database_url)
    await database.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["lotse.key"]
    before = path.read_bytes()
    database = await open_database(new_database_url)
    await database.close()
    assert path.read_bytes() == before


async def test_without_the_key_or_with_another_nothing_starts(new_database_url: str, tmp_path: Path) -> None:
    path, other = tmp_path / "lotse.key", tmp_path / "other.key"
    keys.keep_in(path)
    database = await open_database(new_database_url)
    await database.run(write_everything)
    await database.close()
    aside = path.rename(tmp_path / "aside")
    keys.keep_in(path)
    with pytest.raises(DatabaseRefused, match=r"lotse\.key is not there\. Put it back"):
        await open_database(new_database_url)
    assert not path.exists(), "no new key takes the place of a lost one"
    keys.KeyFile(other).make()
    keys.keep_in(other)
    with pytest.raises(DatabaseRefused, match=r"other\.key is not the one"):
        await open_database(new_database_url)
    path.write_text("{}", encoding="utf-8")
    keys.keep_in(path)
    with pytest.raises(DatabaseRefused, match="it is damaged"):
        await open_database(new_database_url)
    keys.keep_in(aside)
    database = await open_database(new_database_url)
    assert await database.run(read_everything) == READ
    await database.close()


PLAIN = (
    """UPDATE answer SET value = '"WORD again"' WHERE question_id = 'anything'""",
    """UPDATE answer SET value = '["WORD", "no"]' WHERE question_id = 'permit'""",
    """UPDATE answer_history SET value = '"WORD said"'""",
    """UPDATE participant SET draft = '~WORD', name = 'WORD'""",
    """UPDATE inbox SET body = '{"text":"WORD"}'""",
    """UPDATE registration SET guest = '{"name": "WORD", "contact": "1"}'""",
    """UPDATE draft SET answers = '{"name": ["given", "WORD"]}', ticks = '["WORD"]'""",
    "UPDATE thread_message SET text = 'WORD', machine = 'WORD too'",
    "UPDATE note SET text = 'WORD noted'",
    """UPDATE merging SET before = '{"gone": {"name": "WORD twin"}}'""",
    "UPDATE participant SET folded = 'WORD'",
    "UPDATE seal_key SET complete_at = NULL",
)


def make_plain(connection: Connection) -> None:
    """As former times have left it."""
    for statement in PLAIN:
        connection.exec_driver_sql(statement.replace("WORD", CANARY))


async def test_what_former_times_left_plain_is_read_and_sealed_while_the_bot_runs(database: Database) -> None:
    await database.run(write_everything)
    await database.run(make_plain)
    assert await database.run(read_everything) == READ
    assert len([one for one in await database.run(raw) if CANARY in one]) == len(READ)  # the form has two, goals none
    await database.run(lambda tx: tx.exec_driver_sql("DELETE FROM name_start"))
    await resealing.catch_up(database, SECRET)
    assert [one for one in await database.run(raw) if CANARY in one] == []
    assert await database.run(lambda tx: tx.execute(select(participant.c.folded)).scalars().all()) == [None]
    assert await database.run(read_everything) == READ
    assert await database.run(resealing.is_complete)


@pytest.mark.parametrize("key", ["", "00000000"], ids=["damaged", "of a key that is not here"])
async def test_one_value_that_no_key_opens_keeps_no_bot_from_its_start(database: Database, key: str) -> None:
    await database.run(write_everything)
    file = keys.key_file()
    former = file.ring.newest
    file.change(file.ring.with_new_key())
    await database.run(resealing.add)
    broken = type_coerce(f"sealed${key or former}$A", Text)
    await database.run(lambda tx: tx.execute(update(thread_message).values(text=broken)))
    await resealing.catch_up(database, SECRET)
    assert await database.run(resealing.is_complete) == (not key), "a key that is not here may come"


async def test_names_are_found_by_how_a_word_begins_and_only_with_the_key(database: Database, tmp_path: Path) -> None:
    def named(connection: Connection) -> None:
        for chat_id, name in ((1, "Müller, Änna"), (2, "Александра"), (3, "李 明"), (4, "Christopherus")):
            participants.set_preferences(connection, new_participant(connection, chat_id), name=name)

    def found(words: str) -> Callable[[Connection], list[int]]:
        return lambda tx: found_by_name(tx, fold(words))

    await database.run(named)
    for words, people in (
        *(("an", [1]), ("MULLER", [1]), ("ller", []), ("m", []), ("алекс", [2]), ("明", [3])),
        *(("christop", [4]), ("christopher", [4]), ("christofer", [])),
    ):
        assert await database.run(found(words)) == people, words
    await database.run(lambda tx: participants.set_preferences(tx, 1, name="Anna"))
    await database.run(lambda tx: participants.set_preferences(tx, 2, name=None))
    assert [await database.run(found(words)) for words in ("müller", "anna", "алекс")] == [[], [1], []]
    keys.keep_in(tmp_path / "other.key")
    keys.key_file().make()
    assert await database.run(found("anna")) == []


def stored_keys(connection: Connection) -> set[str | None]:
    return {key_of(one) for one in raw(connection)} - {None}


async def test_a_rotation_goes_on_after_a_kill_and_every_moment_can_be_read(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lotse.key"
    keys.keep_in(path)
    monkeypatch.setattr(resealing, "PAGE", 1)
    database = await open_database(database_url)
    await database.run(write_everything)
    await resealing.seal_all(database.run, SECRET)
    former = keys.key_file().ring.newest
    await database.close()

    keeper = keeping_keys.Keeper(database_url, tmp_path, SECRET, io.StringIO())
    seal_page, pages = resealing.seal_page, 0

    def killed(*given: object, **named: object) -> object:
        nonlocal pages
        pages += 1
        if pages == 4:
            raise KeyboardInterrupt
        return seal_page(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(resealing, "seal_page", killed)
        with pytest.raises(KeyboardInterrupt):
            await keeper.rotate()
    newest = keys.key_file().ring.newest
    assert newest != former
    keys.keep_in(path)  # another process
    database = await open_database(database_url)
    assert await database.run(stored_keys) == {former, newest}
    assert await database.run(read_everything) == READ
    await database.close()

    await keeper.rotate()
    assert keys.key_file().ring.newest == newest, "what was begun is finished, with the same key"
    database = await open_database(database_url)
    assert await database.run(stored_keys) == {newest}
    assert await database.run(read_everything) == READ
    await database.close()

    assert len(keys.key_file().ring.keys) == 2, "backups from before still need the former one"
    await keeper.forget()
    assert list(keys.Keyring.loaded(path.read_text()).keys) == [newest]
    keys.keep_in(path)
    database = await open_database(database_url)
    assert await database.run(read_everything) == READ
    await database.close()


@pytest.mark.postgres
async def test_while_others_serve_the_database_no_key_is_forgotten_and_a_rotation_says_what_they_need(
    postgres_url: str, tmp_path: Path
) -> None:
    keys.keep_in(tmp_path / "lotse.key")
    database = await open_database(postgres_url)
    await database.run(write_everything)
    other = {"name": "pod", "version": "1", "started_at": NOW, "until": clock.now() + HOUR}
    await database.run(lambda tx: tx.execute(replica.insert(), other))
    screen = io.StringIO()
    keeper = keeping_keys.Keeper(postgres_url, tmp_path, SECRET, screen)
    await keeper.rotate()
    assert "database: 1. Each must read this very file" in screen.getvalue()
    with pytest.raises(keeping_keys.KeyRefused, match="They may use a former key"):
        await keeper.forget()
    assert len(keys.key_file().ring.keys) == 2
    await database.run(lambda tx: tx.execute(update(replica).values(until=NOW)))
    await keeper.forget()
    assert len(keys.key_file().ring.keys) == 1
    await database.close()


async def test_a_bot_that_runs_during_a_rotation_reads_what_the_new_key_seals(database: Database) -> None:
    await database.run(write_everything)
    mine = keys.key_file()
    beside = keys.KeyFile(mine.path)
    beside.change(beside.ring.with_new_key())
    sealed = beside.ring.seal("neu", "name")
    assert keys.open_sealed(sealed, "name") == "neu"
    assert mine.ring.newest == beside.ring.newest, "and seals with it from now on"


async def test_the_check_says_what_is_left(database_url: str, tmp_path: Path) -> None:
    database = await open_database(database_url)
    await database.run(write_everything)
    await database.run(make_plain)
    await database.close()

    async def told() -> tuple[int, str]:
        screen = io.StringIO()
        keeper = keeping_keys.Keeper(database_url, tmp_path, SECRET, screen)
        return await asyncio.to_thread(keeper.check), screen.getvalue()

    code, words = await told()
    assert (code, "plain yet         2" in words) == (1, True), words
    database = await open_database(database_url)
    await resealing.catch_up(database, SECRET)
    await database.close()
    code, words = await told()
    assert code == 0, words
