"""`lotse team`: who belongs to it, and a second factor off whose phone is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import clock
from bot.cli import main
from bot.db import audit, beside
from bot.db.audit import Filter
from bot.db.staff import second_factors, staff
from tests.databases import KEY_FILE


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A team of two, of whom the first has a second factor and the second has begun to set one up."""
    at = f"sqlite:///{tmp_path / 'lotse.db'}"
    now = clock.now()

    def fill(connection: Connection) -> None:
        for person, name, confirmed_at in ((7, "Rita", now), (8, "Olga", None)):
            staff.add(connection, person, now, role="admin", name=name, confirmed_at=confirmed_at)
            found = staff.by_person(connection, person)
            assert found is not None
            second_factors.begin(connection, found.id, "SECRET", now)
        second_factors.change(connection, 1, confirmed_at=now)

    asyncio.run(beside.write(at, fill))
    for name, value in {"DATABASE_URL": at, "KEY_FILE": str(KEY_FILE)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return at


def test_the_team_is_listed(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    del url
    assert main(["team", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "   2  admin        waiting  -              Olga",
        "   1  admin        active   second factor  Rita",
    ]


def test_a_lost_phone_is_one_entry_and_the_secret_is_gone(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["team", "reset", "1"]) == 0
    assert "Rita" in capsys.readouterr().out
    assert beside.read(url, lambda tx: second_factors.confirmed(tx, 1)) is None
    (entry,) = beside.read(url, lambda tx: audit.entries(tx, Filter(), 0, 10))
    assert (entry.actor, entry.deed, entry.what) == ("operator", "factor_reset", "member 1")


@pytest.mark.parametrize(("given", "word"), [(["reset"], "Whose?"), (["reset", "9"], "There is no member 9")])
def test_whose_it_is_has_to_be_said(
    url: str, capsys: pytest.CaptureFixture[str], given: list[str], word: str
) -> None:
    del url
    assert main(["team", *given]) == 2
    assert word in capsys.readouterr().err


def test_who_has_none_has_none(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    del url
    assert main(["team", "reset", "1"]) == 0
    assert main(["team", "reset", "1"]) == 2
    assert "Member 1 has no second factor." in capsys.readouterr().err
