"""The consent `translation`: it names the service outside, and is asked only where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import Content, load
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Text
from tests.running import CONTENT, read_once

from .editing import edit, line_of

TEXT = Text("town.consents.translation.text")
SERVICES = ("deepl", "google", "mymemory", "libretranslate")
COMPANIES = "  - {id: companies, ask: end, title: Betriebe, text: Dürfen Betriebe?}\n"


def minden(service: str | None) -> Content:
    return read_once(CONTENT, "minden", service)[0]


def asked(content: Content) -> bool:
    return any(one.id == "translation" for one in content.town.consents)


@pytest.mark.parametrize("service", SERVICES)
def test_every_language_names_the_service_and_is_translated(service: str) -> None:
    content = minden(service)
    assert asked(content)
    for language in content.languages:
        said = content.texts.label(language, TEXT)
        assert content.texts.label(language, Text(f"ui.translator.{service}")).strip("\u200f") in said
        assert "{" not in said
        assert language == SOURCE_LANGUAGE or said != content.texts.label(SOURCE_LANGUAGE, TEXT)


def test_every_service_makes_another_text() -> None:
    assert len({minden(one).texts.label("ar", TEXT) for one in SERVICES}) == len(SERVICES)


def test_without_a_service_outside_it_is_left_out() -> None:
    assert not asked(minden(None))


def test_where_the_name_of_the_service_is_not_translated_the_text_is_german(folder: Path) -> None:
    edit(folder / "ui.yaml", "\nanswer:", "\ntranslator: {deepl: Firma DeepL}\n\nanswer:")
    new = "  - {id: translation, title: Übersetzung, text: 'An {service}?'}\n"
    edit(folder / "demo/town.yaml", COMPANIES, COMPANIES + new)
    po = folder / "demo/locales/en.po"
    added = '\nmsgctxt "town.consents.translation.text"\nmsgid "An {service}?"\nmsgstr "To {service}?"\n'
    po.write_text(po.read_text(encoding="utf-8") + added, encoding="utf-8")
    found = load(folder, "demo", "deepl").content
    assert found is not None
    assert found.texts.label("en", TEXT) == "An Firma DeepL?"
    ui = folder / "locales/en.po"
    name = '\nmsgctxt "ui.translator.deepl"\nmsgid "Firma DeepL"\nmsgstr "the company DeepL"\n'
    ui.write_text(ui.read_text(encoding="utf-8") + name, encoding="utf-8")
    found = load(folder, "demo", "deepl").content
    assert found is not None
    assert found.texts.label("en", TEXT) == "To the company DeepL?"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("  - {id: translation, title: Übersetzung}\n", "lacks 'text'"),
        ("  - {id: translation, title: Übersetzung, text: Dürfen wir?}\n", "does not say which service"),
        ("  - {id: translation, required: true, title: A, text: '{service}'}\n", "cannot be required"),
        ("  - {id: translation, title: A, text: '{service} {town}'}\n", "Nobody fills in {town}"),
    ],
)
def test_a_town_that_declares_it_without_its_text_is_told_so(folder: Path, new: str, said: str) -> None:
    edit(folder / "demo/town.yaml", COMPANIES, COMPANIES + new)
    loaded = load(folder, "demo")
    (fault,) = [one for one in loaded.faults if said in one.what]
    assert (fault.level, fault.line) == (Level.ERROR, line_of(folder / "demo/town.yaml", "id: translation"))
    assert loaded.content is None
