"""`lotse export profiles`, as a coordinator runs it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import main
from bot.db.engine import open_database
from tests.databases import KEY_FILE, sqlite_with_tables
from tests.db.rows import new_participant, register
from tests.export.reading import sheets


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a database of one person."""
    url = sqlite_with_tables(tmp_path / "lotse.db")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEY_FILE", str(KEY_FILE))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    async def fill() -> None:
        database = await open_database(url)
        await database.run(lambda tx: register(tx, new_participant(tx), 1))
        await database.close()

    asyncio.run(fill())
    return here


def test_a_workbook_lands_in_the_current_folder(
    place: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "profiles", str(folder), "--town", "demo"]) == 0
    (path,) = place.iterdir()
    assert path.name.startswith("profiles-")
    assert path.suffix == ".xlsx"
    assert sheets(path)["Profile"][1][0] == "P-0001"
    assert f"1 person in {path.name}" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_each_format_goes_where_it_is_told_and_only_once(
    place: Path, folder: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", "profiles", str(folder), "--town", "demo", "--format", form, "--out", str(place / "all")]
    assert main(command) == 0
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0
    assert [path.name for path in place.iterdir()] == ["all"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("what", ["registrations", "interests"])
def test_lists_are_files_under_pseudonyms(
    place: Path, folder: Path, what: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", what, str(folder), "--town", "demo", "--format", form]
    assert main(command) == 0
    (path,) = place.iterdir()
    assert (path.name.startswith(f"{what}-"), path.suffix) == (True, f".{form}")
    assert path.stat().st_mode & 0o077 == 0
    rows = 1 if what == "registrations" else 0
    assert f"{rows} row" in capsys.readouterr().out
    if form == "xlsx":
        assert [row[0] for row in next(iter(sheets(path).values()))] == ["Person", "P-0001"][: rows + 1]
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["registrations", "--offer", "nothing"], "There is no offer 'nothing'"),
        (["interests", "--offer", "nothing"], "There is no offer 'nothing'"),
        (["interests", "--format", "json"], "There are no interests as json"),
        (["profiles", "--offer", "info"], "--offer goes with registrations and interests"),
    ],
)
def test_what_there_is_no_list_of_is_refused(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    what, *more = arguments
    assert main(["export", what, str(folder), "--town", "demo", *more]) == 2
    assert said in capsys.readouterr().err


def test_content_with_a_fault_exports_nothing(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "content/demo").mkdir(parents=True)
    (tmp_path / "content/staff.yaml").write_text("")
    assert main(["export", "profiles", str(tmp_path / "content"), "--town", "demo"]) == 1
    assert "error" in capsys.readouterr().out
    assert list(place.iterdir()) == []


@pytest.mark.usefixtures("place")
def test_without_a_database_there_is_one_clear_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert main(["export", "profiles", str(folder), "--town", "demo"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.usefixtures("place")
def test_a_report_lands_in_the_current_folder_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["report", str(folder), "--town", "demo", "--quarter", "2026-Q4"]
    assert main(command) == 0
    assert "4. Quartal 2026" in Path("report-2026-Q4.html").read_text(encoding="utf-8")
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    assert main([*command, "--out", "other.html"]) == 0
    assert main(["report", str(folder), "--town", "demo", "--quarter", "2026-4"]) == 2
    assert "Write it as 2026-Q4" in capsys.readouterr().err
