"""`lotse translate`, and which engine the settings choose."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
import structlog
from pydantic import SecretStr

from bot import cli, clock
from bot.content.loader import Content
from bot.settings import Settings, read
from bot.translating import TranslationRefused, translate
from bot.translation.building import translator_of
from tests.running import CONTENT

from . import services
from .services import Service, running


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with running(services.libretranslate) as started:
        yield started


def settings_of(translator: str, url: str = "", key: str = "") -> Settings:
    return read(_env_file=None, translator=translator, translator_url=url, translator_key=SecretStr(key))


async def test_it_prints_each_language_with_the_terms_of_the_town(content: Content, service: Service) -> None:
    screen = io.StringIO()
    settings = settings_of("libretranslate", service.url)
    assert await translate(
        settings, lambda: content, "Der <b>Integrationskurs</b> ist bei der VHS.", ["uk", "fa"], screen
    )
    assert screen.getvalue().splitlines() == [
        "uk: by libretranslate",
        "слово <b>інтеграційний курс (Integrationskurs)</b> слово слово слово VHS.",
        "fa: by libretranslate",
        "واژه <b>دوره ادغام (Integrationskurs)</b> واژه واژه واژه \u2068VHS\u2069.",
    ]


async def test_it_says_what_is_in_doubt_and_what_failed(content: Content, service: Service) -> None:
    service.speech = lambda text, language: services.spoken(text, language).replace("[X0X]", "")
    screen = io.StringIO()
    settings = settings_of("libretranslate", service.url)
    assert not await translate(settings, lambda: content, "Der Kurs ist bei der VHS.", ["uk", "xx"], screen)
    assert screen.getvalue().splitlines() == [
        "uk: by libretranslate",
        "слово слово слово слово слово .",
        "  ! lost VHS",
        "xx: no translation by libretranslate: unsupported_language",
    ]


@pytest.mark.parametrize(("translator", "text"), [("none", "Kurs"), ("google", "<b>Kurs")])
async def test_what_cannot_be_translated_is_refused_with_a_reason(
    content: Content, translator: str, text: str
) -> None:
    with pytest.raises(TranslationRefused):
        await translate(settings_of(translator), lambda: content, text, ["uk"], io.StringIO())


def test_the_command_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRANSLATOR", "none")
    monkeypatch.setenv("CONTENT_DIR", str(CONTENT))
    assert cli.main(["translate", "Kurs", "--to", "uk"]) == cli.CANNOT_START
    structlog.reset_defaults()
    assert capsys.readouterr().err == "TRANSLATOR is none: choose one in the settings, see docs/operate.md.\n"


@pytest.mark.parametrize("name", ["google", "mymemory", "deepl", "libretranslate"])
async def test_the_settings_choose_the_engine(name: str) -> None:
    key = "secret" if name == "deepl" else ""
    made = translator_of(settings_of(name, "http://127.0.0.1:1", key), None, clock.now)
    assert made is not None
    assert made.name == name
    await made.close()


async def test_without_a_translator_there_is_none() -> None:
    assert translator_of(settings_of("none"), None, clock.now) is None
