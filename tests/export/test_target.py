"""Where an export goes: whole or not at all, for its owner only, never over something else unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.export.exporting import Format, Order
from bot.export.words import ExportRefused, Words
from bot.services.profiles.profiles import Profile
from tests.export.people import NOW, profile, row

EVERY = pytest.mark.parametrize("form", list(Format))


class BrokenError(Exception):
    """The database went away in the middle."""


def order(content: Content, words: Words, form: Format) -> Order:
    return Order(content, words, form, NOW)


def broken(content: Content) -> Iterator[Profile]:
    yield profile(content, row())
    raise BrokenError


@EVERY
def test_nobody_but_the_owner_may_read_it(content: Content, words: Words, tmp_path: Path, form: Format) -> None:
    assert order(content, words, form).write([profile(content, row())], tmp_path / "all", force=False) == 1
    found = list(tmp_path.rglob("*"))
    assert found
    assert [path for path in found if path.stat().st_mode & 0o077] == []


@EVERY
def test_after_an_error_nothing_is_left(content: Content, words: Words, tmp_path: Path, form: Format) -> None:
    with pytest.raises(BrokenError):
        order(content, words, form).write(broken(content), tmp_path / "all", force=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", [Format.XLSX, Format.JSON])
def test_a_file_that_is_there_stays_as_it_is(content: Content, words: Words, tmp_path: Path, form: Format) -> None:
    path = tmp_path / "all"
    path.write_text("mine")
    with pytest.raises(ExportRefused, match="--force"):
        order(content, words, form).write([], path, force=False)
    with pytest.raises(BrokenError):
        order(content, words, form).write(broken(content), path, force=True)
    assert path.read_text() == "mine"
    order(content, words, form).write([], path, force=True)
    assert path.read_bytes() != b"mine"
    assert path.stat().st_mode & 0o077 == 0


def test_of_a_folder_that_is_there_only_our_own_files_are_replaced(
    content: Content, words: Words, tmp_path: Path
) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (folder / "profile.csv").write_text("old")
    with pytest.raises(ExportRefused, match="--force"):
        order(content, words, Format.CSV).write([], folder, force=False)
    assert (folder / "profile.csv").read_text() == "old"
    order(content, words, Format.CSV).write([], folder, force=True)
    assert (folder / "mine.txt").read_text() == "mine"
    assert "Person" in (folder / "profile.csv").read_text(encoding="utf-8")


@EVERY
def test_a_folder_is_no_file_and_a_file_no_folder(
    content: Content, words: Words, tmp_path: Path, form: Format
) -> None:
    path = tmp_path / "all"
    if form is Format.CSV:
        path.write_text("mine")
    else:
        path.mkdir()
    with pytest.raises(ExportRefused, match="--out"):
        order(content, words, form).write([], path, force=True)
    assert path.is_file() is (form is Format.CSV)


@EVERY
def test_a_folder_that_is_missing_is_named(content: Content, words: Words, tmp_path: Path, form: Format) -> None:
    with pytest.raises(ExportRefused, match="There is no folder"):
        order(content, words, form).write([], tmp_path / "nowhere" / "all", force=False)


@EVERY
def test_a_disk_that_says_no_is_one_line(
    content: Content, words: Words, tmp_path: Path, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ExportRefused, match="No space left"):
        order(content, words, form).write([], tmp_path / "all", force=False)
    assert list(tmp_path.iterdir()) == []


def test_the_usual_name_bears_the_day_of_the_town(content: Content, words: Words) -> None:
    names = {form: str(order(content, words, form).usual_path) for form in Format}
    assert names == {
        Format.XLSX: "profiles-2026-11-26.xlsx",
        Format.CSV: "profiles-2026-11-26",
        Format.JSON: "profiles-2026-11-26.json",
    }
