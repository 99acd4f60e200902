"""Where the bot looks for room on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import clock, watch
from tests.telegram.test_web import settings_with

FREE = {"data": 1, "backups": 2, "file": 3, "": 4}
"""Bytes that are free in the test's folders, and above them."""
POSTGRES = "postgresql+asyncpg://lotse@db/lotse"


@pytest.mark.parametrize(
    ("database", "there", "free"),
    [
        ("", ("data", "backups"), 1),
        ("", ("backups",), 2),
        ("sqlite:///{}/file/lotse.db", ("data", "file", "backups"), 2),
        ("sqlite:///{}/file/lotse.db", ("data", "file"), 3),
        (POSTGRES, ("data", "backups"), 2),
        (POSTGRES, ("data",), 4),
    ],
    ids=["both", "no database yet", "elsewhere", "no backups yet", "postgres", "postgres, no backups yet"],
)
def test_room_is_looked_for_where_the_database_and_the_backups_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, there: tuple[str, ...], free: int
) -> None:
    for name in there:
        (tmp_path / name).mkdir()

    def usage(place: Path) -> SimpleNamespace:
        return SimpleNamespace(free=FREE["" if place == tmp_path else place.name])

    monkeypatch.setattr(shutil, "disk_usage", usage)
    url = database.format(tmp_path)
    settings = settings_with(data_dir=tmp_path / "data", backup_dir=tmp_path / "backups", database_url=url)
    assert watch.Watch(settings, clock.now, None).seen().disk_free == free
    assert watch.from_outside(settings).disk_free == free


def test_where_nobody_can_look_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert watch.disk_free([tmp_path]) is None
