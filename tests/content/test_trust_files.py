"""What `town.yaml` says about second factors and processors: read as written, refused where it means nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import load
from bot.content.town import Processor, Town, Work
from bot.core.dangers import Danger, SecondFactor
from tests.content.conftest import SAMPLE
from tests.content.editing import edit

TOWN = "demo/town.yaml"
HOST = {
    "work": "host",
    "name": "Muster",
    "seat": "Minden, Deutschland",
    "purpose": "Betrieb",
    "contract": "2026-10-01",
}


def processors(times: int = 1, **other: str) -> str:
    """Lines that name somebody, so many times."""
    entry = HOST | other
    one = "".join(
        f"{'  - ' if place == 0 else '    '}{key}: {value}\n" for place, (key, value) in enumerate(entry.items())
    )
    return "processors:\n" + one * times


def said(folder: Path, lines: str, service: str | None = None) -> tuple[Town | None, list[str]]:
    """The sample's town with these lines in it, and its faults with their lines."""
    content = Path(shutil.copytree(SAMPLE, folder / "content"))
    edit(content / TOWN, "zone: Eu", f"{lines}zone: Eu")
    found = load(content, "demo", service)
    faults = [f"{one.line} {one.level.name} {one.what}" for one in found.faults if one.file == TOWN]
    return found.content.town if found.content is not None else None, faults


def test_a_town_that_says_nothing_asks_nobody_and_names_nobody(tmp_path: Path) -> None:
    town, faults = said(tmp_path, "")
    assert town is not None
    assert (town.second_factor, town.processors, faults) == (SecondFactor(), (), [])


def test_both_are_read(tmp_path: Path) -> None:
    lines = "second_factor: {required_for: [export, rights], broadcast_over: 0}\n" + processors()
    town, faults = said(tmp_path, lines + "  - {work: support, name: A, seat: B, purpose: C, contract: none}\n")
    assert town is not None
    assert town.second_factor == SecondFactor(frozenset({Danger.EXPORT, Danger.RIGHTS}), 0)
    assert town.processors == (
        Processor(Work.HOST, "Muster", "Minden, Deutschland", "Betrieb", date(2026, 10, 1)),
        Processor(Work.SUPPORT, "A", "B", "C", None),
    )
    assert faults == []


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("second_factor: {required_for: [looking]}\n", "'looking' is nothing that a second factor is asked for"),
        ("second_factor: {broadcast_over: -1}\n", "-1 people cannot be the limit"),
        ("second_factor: {over: 1}\n", "has no key 'over'"),
        ("second_factor: 200\n", "'second_factor' must be a mapping"),
        (processors(work="cook"), "'cook' is nothing a processor does"),
        (processors(contract="soon"), "'soon' is no day"),
        (processors(name="a" * 121), "'name' is too long for a line"),
        (processors(town="Minden"), "A processor has no key 'town'"),
        (processors().replace("    seat: Minden, Deutschland\n", ""), "A processor lacks 'seat'"),
        (processors(13), "13 processors do not fit"),
        ("processors: []\n", "The list 'processors' is empty"),
    ],
)
def test_what_means_nothing_is_refused(tmp_path: Path, lines: str, what: str) -> None:
    town, faults = said(tmp_path, lines)
    assert town is None
    assert any(what in one for one in faults), faults


def test_a_translator_that_nobody_is_named_for_is_a_warning(tmp_path: Path) -> None:
    town, faults = said(tmp_path, processors(), "deepl")
    assert town is not None
    assert faults == [
        f"1 {Level.WARNING.name} Texts go to the translator deepl, and 'processors' names nobody who translates"
    ]
    town, faults = said(tmp_path / "named", processors(work="translation"), "deepl")
    assert faults == []
