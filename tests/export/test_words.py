"""What staff read stands in `content/staff.yaml`, all of it, and all of it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.export.words import KEYS, ExportRefused, faults, read_words
from tests.architecture.sources import python_files
from tests.content.editing import edit
from tests.export.people import sample_folder
from tests.running import CONTENT

FAMILIES = ("sheet.", "standing.", "column.", "about.", "seat.", "attended.", "interest.")
"""Keys put together at run time, or listed in `bot.export.words` itself."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample_folder(tmp_path)


def test_the_projects_own_words_are_complete() -> None:
    assert read_words(CONTENT).keys() == KEYS


def test_every_word_is_used() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in python_files("bot/export") if path.name != "words.py"
    )
    names = {key.rpartition(".")[2] for key in KEYS if key.startswith("column.")}
    unused = [key for key in KEYS if not key.startswith(FAMILIES) and f'"{key}"' not in code]
    computed = {f"cell.{one}" for one in ("skipped", "declined", "expired")}
    computed |= {f"counts.{one}" for one in ("minimum", "median", "maximum")}
    assert sorted(set(unused) - computed) == []
    assert sorted(name for name in names if f'"{name}"' not in code and f"{name}=" not in code) == [
        "consent",
        "original_of",
    ]
    assert all(f'"column.{name}"' in code for name in ("consent", "original_of"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  person: Person\n", "", "'column.person' is missing"),
        ("  person: Person\n", "  person: Person\n  shoes: Schuhe\n", "there is no key 'column.shoes'"),
        ("  person: Person\n", "  person: 12\n", "'column.person' must be words"),
        ("  person: Person\n", "  person: ''\n", "'column.person' must be words"),
        ("  counts: Zahlen\n", "  counts: Zahlen/Anteile\n", "'Zahlen/Anteile' is no name of a sheet"),
        ("  counts: Zahlen\n", f"  counts: {'Z' * 32}\n", "at most 31 characters"),
        ("  counts: Zahlen\n", "  counts: profile\n", "two sheets have the same name"),
        ("sheet:", "sheet: [", "cannot be read"),
    ],
)
def test_wrong_words_are_refused_with_what_is_wrong(folder: Path, old: str, new: str, said: str) -> None:
    edit(folder / "staff.yaml", old, new)
    with pytest.raises(ExportRefused, match=said.replace("[", r"\[")) as refused:
        read_words(folder)
    assert str(folder / "staff.yaml") in str(refused.value)


def test_a_folder_without_the_words_is_refused(folder: Path) -> None:
    (folder / "staff.yaml").unlink()
    with pytest.raises(ExportRefused, match="Copy it"):
        read_words(folder)


def test_the_check_says_what_the_export_would_refuse(folder: Path) -> None:
    assert faults(folder) == []
    edit(folder / "staff.yaml", "profiles: Profile", "profils: Profile")
    (found,) = faults(folder)
    assert (found.file, found.line) == ("staff.yaml", 1)
    assert "'sheet.profiles' is missing; there is no key 'sheet.profils'" in found.what
