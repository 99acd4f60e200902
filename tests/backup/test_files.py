"""A backup as a file: cut off, changed, of another key; the folder it is in, over months and wrong clocks."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backup import commands, dump, folder, key, making, stream
from bot.backup.folder import Kept
from bot.backup.key import Key
from bot.backup.refused import BackupRefused
from bot.settings import read as settings_of
from tests import databases
from tests.backup.conftest import KEY, MADE_AT, backed_up, fill, order
from tests.db.rows import CANARY, whole_person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OTHER = Key(b"another key of chance, long enough too")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A SQLite file with all tables."""
    return databases.sqlite_with_tables(tmp_path / "lotse.db")


def sealed(lines: bytes, with_key: Key | None) -> bytes:
    file = io.BytesIO()
    writer = stream.Writer(file, with_key)
    writer.write(lines)
    writer.close()
    return file.getvalue()


def read(content: bytes, with_key: Key | None) -> list[bytes]:
    return list(stream.lines(io.BytesIO(content), "the backup", with_key))


@pytest.mark.parametrize("with_key", [None, KEY], ids=["plain", "sealed"])
def test_lines_come_back_and_each_damage_is_noticed(with_key: Key | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 50)
    lines = b"".join(f"[{number * number}]\n".encode() for number in range(400))
    content = sealed(lines, with_key)
    assert read(content, with_key) == lines.split(b"\n")[:-1]
    for length in range(len(content)):
        with pytest.raises(BackupRefused):
            read(content[:length], with_key)
    for extra in (b"\0", content):
        with pytest.raises(BackupRefused):
            read(content + extra, with_key)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x10
        try:
            found = read(bytes(changed), with_key)
        except BackupRefused:
            continue
        # Without a key a changed letter of the second line may say the same; what it holds has its sums.
        assert with_key is None
        assert found == lines.split(b"\n")[:-1]


def test_chunks_that_change_places_or_come_from_another_backup_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 40)
    one, other = (sealed(b"".join(b"%d-%d\n" % (seed, n * n) for n in range(300)), KEY) for seed in (1, 2))

    def chunks(content: bytes) -> tuple[bytes, list[bytes]]:
        at = content.index(b"\n", len(stream.MAGIC)) + 1
        head, found = content[:at], []
        while at < len(content):
            end = at + 5 + int.from_bytes(content[at : at + 4], "big")
            found.append(content[at:end])
            at = end
        return head, found

    head, first = chunks(one)
    _, second = chunks(other)
    for mixed in ([first[1], first[0], *first[2:]], [*first[:1], *first[2:]], [second[0], *first[1:]], second):
        with pytest.raises(BackupRefused, match="damaged"):
            read(head + b"".join(mixed), KEY)


def test_a_wrong_key_is_called_wrong_and_never_shown() -> None:
    content = sealed(b"[1]\n", KEY)
    with pytest.raises(BackupRefused, match="set BACKUP_KEY_FILE"):
        read(content, None)
    with pytest.raises(BackupRefused, match=f"with the key {KEY.name}, BACKUP_KEY_FILE holds {OTHER.name}"):
        read(content, OTHER)
    assert KEY.secret.decode() not in f"{KEY!r} {KEY}"


def test_a_key_is_read_from_a_file_that_is_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(BackupRefused, match="is not there: put its copy there, or make one"):
        key.read(file)
    with pytest.raises(BackupRefused, match="cannot be read"):
        key.read(tmp_path)
    file.write_text("short\n")
    with pytest.raises(BackupRefused, match="32 characters; make one"):
        key.read(file)
    file.write_text("x" * 40 + "\n")
    assert key.read(file) == Key(b"x" * 40)
    assert key.read(None) is None


def test_what_is_no_backup_is_called_so(tmp_path: Path) -> None:
    for content in (b"", b"Dear Sir or Madam", stream.MAGIC, stream.MAGIC + b"[]\n", sealed(b'{"lotse": 2}\n', None)):
        (tmp_path / "letter").write_bytes(content)
        with pytest.raises(BackupRefused), dump.opened(tmp_path / "letter", None) as backup:
            backup.look_through()
    with pytest.raises(BackupRefused, match="No such file"), dump.opened(tmp_path / "nowhere", None):
        pass


async def test_a_row_that_is_missing_or_changed_in_a_plain_backup_is_noticed(url: str, place: Path) -> None:
    await fill(url, range(1, 3))
    path = await backed_up(url, place)
    lines = read(path.read_bytes(), None)
    rows = [number for number, line in enumerate(lines) if line.startswith(b"[")]
    for changed in (
        [*lines[: rows[3]], *lines[rows[3] + 1 :]],
        [*lines[: rows[3]], lines[rows[3]].replace(b"1", b"2", 1), *lines[rows[3] + 1 :]],
        [*lines[: rows[3]], lines[rows[3]], *lines[rows[3] :]],
        lines[:-1],
    ):
        path.write_bytes(sealed(b"\n".join(changed) + b"\n", None))
        with pytest.raises(BackupRefused, match="damaged"), dump.opened(path, None) as backup:
            backup.look_through()


async def test_a_sealed_backup_holds_no_word_and_only_its_owner_may_read_it(url: str, place: Path) -> None:
    from tests.backup.conftest import written  # noqa: PLC0415

    await written(url, lambda tx: whole_person(tx, 1, CANARY, 100))
    path = await backed_up(url, place, KEY)
    assert CANARY.encode() not in path.read_bytes()
    assert [one.stat().st_mode & 0o077 for one in (path, path.parent)] == [0, 0]
    plain = await backed_up(url, place, now=MADE_AT + HOUR)
    assert any(CANARY.encode() in line for line in read(plain.read_bytes(), None)), "the search would find it"


def left_in(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def names(place: Path) -> list[str]:
    return [f"{at:%m-%d}" for at, _ in folder.backups(place)]


def night_after_night(place: Path, nights: int, kept: Kept, begin: datetime) -> None:
    for number in range(nights):
        with folder.new(place, begin + number * DAY) as (_, path):
            pass
        folder.rotate(place, kept, path)


def test_days_weeks_and_months_are_kept_and_nothing_else(place: Path) -> None:
    night_after_night(place, 100, Kept(7, 4, 2), datetime(2026, 8, 10, 1, tzinfo=UTC))
    # 17 November 2026 is a Tuesday: the Sundays before it, and the last of October.
    assert names(place) == ["10-31", "11-01", "11-08", *(f"11-{day}" for day in range(11, 18))]


def test_seven_days_and_four_weeks_are_never_older_than_a_month(place: Path) -> None:
    begin = datetime(2026, 1, 1, 1, tzinfo=UTC)
    for number in range(60):
        night_after_night(place, 1, Kept(7, 4, 0), begin + number * DAY)
        oldest = folder.backups(place)[0][0]
        assert begin + number * DAY - oldest <= 30 * DAY


def test_what_was_made_today_stays_however_often(place: Path) -> None:
    for hour in range(5):
        with folder.new(place, MADE_AT + hour * HOUR) as (_, path):
            pass
        folder.rotate(place, Kept(1, 0, 0), path)
    assert len(folder.backups(place)) == 5


@pytest.mark.row(27)
def test_a_backup_made_while_the_clock_was_wrong_takes_none_away_that_is_needed(place: Path) -> None:
    night_after_night(place, 5, Kept(7, 0, 0), MADE_AT)
    night_after_night(place, 1, Kept(7, 0, 0), MADE_AT + 400 * DAY)
    before = folder.backups(place)
    with folder.new(place, MADE_AT - 3 * HOUR) as (_, path):  # and back, behind all others
        pass
    folder.rotate(place, Kept(7, 0, 0), path)
    assert {one for _, one in before} | {path} == {one for _, one in folder.backups(place)}


def test_two_in_one_second_do_not_write_over_each_other(place: Path) -> None:
    for _ in range(3):
        with folder.new(place, MADE_AT) as (file, _):
            file.write(b"x")
    assert len(folder.backups(place)) == 3


def test_what_a_killed_process_left_goes_and_two_at_once_are_one_too_many(place: Path) -> None:
    place.mkdir()
    (place / "lotse-20261125T030000Z.backup.part").write_bytes(b"half")
    with folder.new(place, MADE_AT), pytest.raises(BackupRefused, match="just now"), folder.new(place, MADE_AT):
        pass
    assert [path.name for path in place.glob("*.part")] == []


@pytest.mark.row(21)
@pytest.mark.parametrize("at", ["write", "flush"])
async def test_a_full_disk_leaves_the_older_backups_and_says_so(
    url: str, place: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    await fill(url, range(1, 2))
    before = (await backed_up(url, place)).read_bytes()
    there = left_in(place)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if at == "write":
        monkeypatch.setattr(stream.Writer, "write", full)
    else:
        monkeypatch.setattr(folder, "on_disk", full)
    with pytest.raises(BackupRefused, match=r"No space left on device\. No backup was made; those that are there"):
        await backed_up(url, place, now=MADE_AT + DAY)
    assert left_in(place) == there
    assert folder.backups(place)[-1][1].read_bytes() == before
    monkeypatch.undo()
    await backed_up(url, place, now=MADE_AT + DAY)
    assert len(folder.backups(place)) == 2


async def test_a_disk_that_does_not_keep_what_was_written_is_noticed(
    url: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(url, range(1, 2))
    write: Callable[[stream.Writer, bytes], None] = stream.Writer.write

    def forgets(self: stream.Writer, lines: bytes) -> None:
        write(self, lines.replace(b'"ar"', b'"de"') if lines.startswith(b"[") else lines)

    monkeypatch.setattr(stream.Writer, "write", forgets)
    with pytest.raises(BackupRefused):
        await backed_up(url, place)
    assert folder.backups(place) == []


async def test_the_last_backup_is_written_down(url: str, place: Path) -> None:
    assert folder.last_backup(place) is None
    path, last = await asyncio.to_thread(order(url, place).make)
    assert folder.last_backup(place) == last
    assert (last.name, last.made_at, last.size) == (path.name, MADE_AT, path.stat().st_size)
    assert json.loads((place / "last.json").read_text())["rows"] == last.rows
    (place / "last.json").write_text("{")
    assert folder.last_backup(place) is None


async def test_the_newest_good_backup_is_found_behind_broken_ones(url: str, place: Path) -> None:
    good = await backed_up(url, place)
    broken = await backed_up(url, place, now=MADE_AT + DAY)
    broken.write_bytes(broken.read_bytes()[:-100])
    await backed_up(url, place, OTHER, now=MADE_AT + 2 * DAY)
    assert making.newest_good(place, KEY) == good
    good.write_bytes(b"")
    assert making.newest_good(place, KEY) is None


def test_where_no_backup_helps_it_is_said_how_to_begin_anew(tmp_path: Path) -> None:
    said = commands.advice(settings_of(data_dir=tmp_path))
    assert f"no good backup in {tmp_path / 'backups'}" in said
    assert "move the damaged file away" in said
