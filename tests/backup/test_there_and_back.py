"""What comes out of a backup is what was in the database: every table, on both databases, from each into each."""

from __future__ import annotations

import asyncio
import io
import itertools
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, inspect, select, text

from bot.backup import commands, dump, opening, restoring, stream, tables
from bot.backup.key import Key
from bot.backup.refused import BackupRefused
from bot.db.engine import DatabaseRefused, open_database
from bot.db.migrate import MIGRATIONS, upgrade
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.schema import HEAD, answer, chat, delivery, metadata, participant
from tests.amounts import amount
from tests.backup.conftest import KEY, MADE_AT, Stored, backed_up, fill, order, stored, written
from tests.catalogue import count
from tests.db.rows import CHAT, NOW, given, new_chat, new_participant
from tests.telegram.test_web import settings_with

DAY = timedelta(days=1)
AS_IT_WAS = tuple(sorted(set(metadata.tables) - {"chat", "delivery", "broadcast", "replica"}))
"""Tables in which nothing has to be settled."""


@pytest.mark.row(35)
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "sealed"])
async def test_a_backup_that_comes_back_holds_every_row_of_every_table(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path, key: Key | None
) -> None:
    target = elsewhere(new_database_url, tmp_path)
    await fill(database_url)
    before = await stored(database_url)
    assert min(map(len, before.values())) > 0, "a table without rows shows nothing"
    path = await backed_up(database_url, place, key)
    found = await asyncio.to_thread(restoring.restore, path, key, target, [place], lambda: NOW - DAY)
    after = await stored(target)
    expected = served_by_nobody(before)
    assert {name: after[name] for name in AS_IT_WAS} == {name: expected[name] for name in AS_IT_WAS}
    assert after["replica"] == []
    assert len(after["chat"]) == len(before["chat"])
    assert len(after["delivery"]) == len(before["delivery"])
    assert {name: one.rows for name, one in found.sums.items()} == {name: len(rows) for name, rows in before.items()}
    assert await stored(database_url) == before


async def test_a_database_that_moves_is_the_same_afterwards_and_gives_new_numbers(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path
) -> None:
    target = elsewhere(new_database_url, tmp_path)
    await fill(database_url)
    before = await stored(database_url)
    await asyncio.to_thread(restoring.move, order(database_url, place), target)
    assert await stored(target) == served_by_nobody(before)
    newest = max(int(str(row[0])) for row in before["participant"])
    assert await written(target, lambda tx: new_participant(tx, 77)) > newest


async def test_what_comes_back_gives_no_number_again_that_the_lost_time_can_have_given(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path
) -> None:
    target = elsewhere(new_database_url, tmp_path)
    await written(database_url, lambda tx: new_participant(tx, 5))
    path = await backed_up(database_url, place)
    await asyncio.to_thread(restoring.restore, path, None, target, [place], lambda: NOW - DAY)

    def new_ones(connection: Connection) -> list[int]:
        """Of a table with a row, and of one without."""
        deliveries.plan(connection, [(5, Planned("x", Kind.NOTICE, NOW, "ui.group.text"))])
        return [new_participant(connection, 77), connection.execute(select(delivery.c.id)).scalar_one()]

    assert min(await written(target, new_ones)) > restoring.IDS_LEFT_FREE


def served_by_nobody(rows: Stored) -> Stored:
    """The same without the processes that served the former database."""
    whose = list(metadata.tables["inbox"].c.keys()).index("held_by")
    assert whose == len(metadata.tables["inbox"].c) - 1
    return {**rows, "replica": [], "inbox": [(*row[:whose], None) for row in rows["inbox"]]}


def elsewhere(url: str, folder: Path) -> str:
    """Another file where both would be the same."""
    return f"sqlite:///{folder / 'other' / 'lotse.db'}" if url.startswith("sqlite") else url


async def test_json_and_words_of_every_script_come_through_letter_by_letter(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path
) -> None:
    words = ["null", "10", "1.50", 'a "quote"\n and a line', "عربي", "🙂", "\\u0000"]

    def write(connection: Connection) -> None:
        person = new_participant(connection)
        for number, word in enumerate(words):
            row = {"participant_id": person, "status": "given", "applies": True, "answered_at": NOW, "revision": "r"}
            connection.execute(insert(answer), {**row, "question_id": f"q{number}", "value": word})
            connection.execute(insert(answer), {**row, "question_id": f"n{number}", "value": number})
            connection.execute(insert(answer), {**row, "question_id": f"l{number}", "value": [word, word]})
        connection.execute(insert(answer), {**row, "question_id": "nothing", "value": None})

    await written(database_url, write)
    before = await stored(database_url)
    target = elsewhere(new_database_url, tmp_path)
    await asyncio.to_thread(restoring.move, order(database_url, place), target)
    assert await stored(target) == served_by_nobody(before)


OF_OTHERS = {
    "sqlite": ["_litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)", "_litestream_lock (id INTEGER)"],
    "postgresql": [
        "spatial_ref_sys (id integer PRIMARY KEY)",
        "other_service (id uuid, names text[], took interval)",
    ],
}
"""Tables that other programs keep beside ours; the second on PostgreSQL is of kinds that no backup knows."""


async def with_tables_of_others(url: str, number: int) -> None:
    """So many tables of other programs, the first with a row."""

    def make(connection: Connection) -> None:
        made = OF_OTHERS[connection.dialect.name][:number]
        for one in made:
            connection.exec_driver_sql(f"CREATE TABLE {one}")
        connection.exec_driver_sql(f"INSERT INTO {made[0].split()[0]} (id) VALUES (1)")  # noqa: S608 - names of above

    await written(url, make)


@pytest.mark.row(35)
async def test_tables_of_another_program_beside_ours_spoil_no_backup(
    new_database_url: str, place: Path, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path / 'moved.db'}"
    await fill(new_database_url)
    before = await stored(new_database_url)
    await with_tables_of_others(new_database_url, 2)
    path = await backed_up(new_database_url, place)
    with dump.opened(path, None) as backup:
        assert set(backup.head.tables) == set(metadata.tables)
    await asyncio.to_thread(restoring.move, order(new_database_url, place), target)
    assert await stored(target) == served_by_nobody(before)


async def test_a_backup_that_holds_tables_of_another_program_comes_back_without_them(
    new_database_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(new_database_url)
    await with_tables_of_others(new_database_url, 1)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "is_known", lambda _: False)  # all tables, as it was done once
        path = await backed_up(new_database_url, place)
    with dump.opened(path, None) as backup:
        (other,) = set(backup.head.tables) - set(metadata.tables)
    screen, into = io.StringIO(), f"sqlite:///{tmp_path / 'restored.db'}"
    settings = settings_with(data_dir=tmp_path / "data", webhook_url="")
    await asyncio.to_thread(commands.restore, settings, lambda: MADE_AT, path, into, screen)
    assert f"another program's: {other}." in screen.getvalue()
    assert len((await stored(into))["participant"]) == len((await stored(new_database_url))["participant"])


async def test_a_backup_without_a_table_of_ours_is_refused(
    database_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tables.of
    with monkeypatch.context() as patch:
        patch.setattr(tables, "of", lambda tx: {name: rows for name, rows in every(tx).items() if name != "note"})
        path = await backed_up(database_url, place)
    with pytest.raises(BackupRefused, match="other tables"):
        await asyncio.to_thread(restoring.restore, path, None, f"sqlite:///{tmp_path / 'r.db'}", [], lambda: MADE_AT)


def test_each_table_that_a_migration_makes_is_one_of_ours() -> None:
    with create_engine("sqlite://").connect() as connection:
        for path in sorted(MIGRATIONS.glob("versions/0*.py")):
            upgrade(connection, path.name.partition("_")[0])
            assert set(inspect(connection).get_table_names()) <= {*metadata.tables, tables.OF_ALEMBIC}, path.name


@pytest.mark.row(35)
async def test_a_backup_of_a_bot_that_writes_is_one_state(database_url: str, place: Path, tmp_path: Path) -> None:
    bot = await open_database(database_url)
    numbers, people = itertools.count(1), amount("BACKED_UP")
    done, enough = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            number = next(numbers)
            await bot.run(lambda tx: new_participant(tx, number))  # noqa: B023 - a chat and its participant, or neither
            if number > people:
                enough.set()

    async with asyncio.TaskGroup() as nursery:
        for _ in range(3):
            nursery.create_task(write())
        async with asyncio.timeout(60 + people / 10):
            await enough.wait()
        path = await backed_up(database_url, place)
        done.set()
    await bot.close()
    with dump.opened(path, None) as backup:
        sums = backup.look_through()
    assert sums["chat"].rows == sums["participant"].rows >= 10
    target = f"sqlite:///{tmp_path / 'other.db'}"
    await asyncio.to_thread(restoring.restore, path, None, target, [place], lambda: MADE_AT)
    found = await stored(target)
    assert {row[0] for row in found["chat"]} == {row[1] for row in found["participant"]}
    count("people written around a backup", people)


async def test_nothing_that_is_there_is_written_over(
    database_url: str, place: Path, new_postgres_url: str, tmp_path: Path
) -> None:
    await fill(database_url, range(1, 2))
    path = await backed_up(database_url, place)
    before = await stored(database_url)

    async def refused(url: str) -> str:
        with pytest.raises(BackupRefused, match=r"is there already|has tables already") as said:
            await asyncio.to_thread(restoring.restore, path, None, url, [place], lambda: MADE_AT)
        return str(said.value)

    await refused(database_url)
    assert await stored(database_url) == before
    for name in ("a.db", "b.db-wal", "c.db-shm", "d.db-journal"):
        (tmp_path / name).write_text("something")
        assert name in await refused(f"sqlite:///{tmp_path / name.partition('-')[0]}")
        assert (tmp_path / name).read_text() == "something"
    await written(new_postgres_url, lambda tx: tx.execute(text("SELECT 1")))  # tables, and not one row
    await refused(new_postgres_url)


async def test_a_database_with_a_bot_on_it_is_not_moved(database_url: str, place: Path, tmp_path: Path) -> None:
    bot = await open_database(database_url)
    await bot.run(lambda tx: new_chat(tx, 1))
    target = tmp_path / "other.db"
    with pytest.raises((BackupRefused, DatabaseRefused), match="in use"):
        await asyncio.to_thread(restoring.move, order(database_url, place), f"sqlite:///{target}")
    await bot.close()
    assert not target.exists()
    await asyncio.to_thread(restoring.move, order(database_url, place), f"sqlite:///{target}")


async def test_a_database_is_not_moved_onto_itself(database_url: str, place: Path) -> None:
    with pytest.raises(BackupRefused, match="the same"):
        await asyncio.to_thread(restoring.move, order(database_url, place), database_url)


async def test_a_move_that_breaks_off_leaves_nothing_and_can_be_made_again(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = elsewhere(new_database_url, tmp_path)
    await fill(database_url)
    before = await stored(database_url)
    left = [3]
    write = tables.Rows.write

    def breaks_off(self: tables.Rows, connection: Connection, lines: list[bytes]) -> None:
        left[0] -= 1
        if not left[0]:
            raise OSError(28, "No space left on device")
        write(self, connection, lines)

    monkeypatch.setattr(tables.Rows, "write", breaks_off)
    with pytest.raises(BackupRefused, match="Nothing was changed"):
        await asyncio.to_thread(restoring.move, order(database_url, place), target)
    monkeypatch.undo()
    assert left_in(tmp_path / "other") <= {"lotse.db.lock"}
    await asyncio.to_thread(restoring.move, order(database_url, place), target)
    assert await stored(target) == served_by_nobody(before)


def left_in(place: Path) -> set[str]:
    return {path.name for path in place.glob("*")}


async def test_a_row_that_is_lost_on_the_way_is_noticed(
    database_url: str, new_database_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = elsewhere(new_database_url, tmp_path)
    await fill(database_url)
    write = tables.Rows.write

    def loses_one(self: tables.Rows, connection: Connection, lines: list[bytes]) -> None:
        write(self, connection, lines[1:] if self.table.name == "consent" else lines)

    monkeypatch.setattr(tables.Rows, "write", loses_one)
    with pytest.raises(BackupRefused, match="Table consent does not hold"):
        await asyncio.to_thread(restoring.move, order(database_url, place), target)


async def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE", 50)
    monkeypatch.setattr(dump, "PAGE", 50)
    monkeypatch.setattr(stream, "UNPACKED", 1 << 14)
    url = f"sqlite:///{tmp_path / 'lotse.db'}"

    def many(connection: Connection, begin: int) -> None:
        rows = [
            {
                "participant_id": 1,
                "question_id": f"q{number}",
                "status": "given",
                "value": "x" * 9_000,
                "applies": True,
            }
            for number in range(begin, begin + 1_000)
        ]
        connection.execute(insert(answer), [{**row, "answered_at": NOW, "revision": "r"} for row in rows])

    async def peak(name: str) -> int:
        tracemalloc.start()
        await asyncio.to_thread(restoring.move, order(url, place), f"sqlite:///{tmp_path / name}")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    await written(url, new_participant)
    await written(url, lambda tx: many(tx, 0))
    await peak("warm.db")  # what is loaded and compiled once
    small = await peak("small.db")
    for number in range(1, 4):
        await written(url, lambda tx, number=number: many(tx, 1_000 * number))  # type: ignore[misc]
    # What reflection leaves behind is some megabytes, and goes whenever the collector comes by.
    assert await peak("large.db") < small + 9_000_000, "3,000 rows of 9,000 letters more: 27 MB"


async def test_every_column_of_today_is_of_a_kind_that_comes_through(database_url: str) -> None:
    found = await asyncio.to_thread(
        opening.read, database_url, lambda tx: {name: rows.columns for name, rows in tables.of(tx).items()}
    )
    ours = {name: sorted(column.name for column in table.columns) for name, table in metadata.tables.items()}
    assert {name: sorted(columns) for name, columns in found.items()} == ours


@pytest.mark.row(34, 35)
async def test_a_backup_of_an_older_revision_is_brought_to_the_newest(
    new_database_url: str, place: Path, tmp_path: Path
) -> None:
    from tests.db.test_migrations import at_first, on  # noqa: PLC0415 - its rows of the first version

    await on(new_database_url, at_first)
    path = await backed_up(new_database_url, place)
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    await asyncio.to_thread(restoring.restore, path, None, target, [place], lambda: MADE_AT)
    found = await stored(target)
    assert len(found["participant"]) == 2
    assert {(row[0], row[1]) for row in found["answer"]} == {(1, "goals"), (1, "words"), (2, "goals")}
    assert {row[0] for row in found["profile_change"]} == {1, 2}, "whose profile has to be made"


async def test_a_backup_of_a_newer_lotse_is_refused(
    database_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await backed_up(database_url, place)
    monkeypatch.setattr(restoring, "is_known", lambda revision: revision != HEAD)
    with pytest.raises(BackupRefused, match="newer one"):
        await asyncio.to_thread(restoring.restore, path, None, f"sqlite:///{tmp_path / 'r.db'}", [], lambda: MADE_AT)
    assert not (tmp_path / "r.db").exists()


async def test_what_was_answered_can_be_read_as_it_was(database_url: str, place: Path, tmp_path: Path) -> None:
    from bot.db.people import participants  # noqa: PLC0415

    answers = {"goals": given(("german", "job")), "hours": given(10), "anything": given("null")}

    def write(connection: Connection) -> int:
        person = new_participant(connection)
        participants.save_answers(connection, person, answers, "r1", NOW)
        return person

    person = await written(database_url, write)
    path = await backed_up(database_url, place, KEY)
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    await asyncio.to_thread(restoring.restore, path, KEY, target, [place], lambda: MADE_AT)
    found = await written(target, lambda tx: participants.answers(tx, person))
    assert {name: one.answer for name, one in found.items()} == answers
    moved = select(chat.c.id, participant.c.chat_id).join_from(chat, participant)
    assert (await written(target, lambda tx: tx.execute(moved).all())) == [(CHAT.id, CHAT.id)]
