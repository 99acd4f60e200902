"""Our translator against the real LibreTranslate server, which translates for real (by rules, with Apertium)."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.core.glossary import Term
from bot.services.translating import Doubt, Failed, Failure, Translated
from bot.translation.cache import Forgetful
from bot.translation.libre import LibreTranslate
from bot.translation.line_out import LineOut
from bot.translation.patience import Patience
from bot.translation.translator import MachineTranslator
from tests.architecture.sources import ROOT

PYTHON = ROOT / ".cache/libretranslate/bin/python"
pytestmark = pytest.mark.translation

RUSSIAN = """\
<b>Новый курс в VHS</b>
• Курс начинается <b>12.3.2027</b>, с 18:00-19:30, по адресу <a href="https://example.org/a?b=1">Школа</a>.
• В группе 12 мест. Вопросы: +49 571 12345 или kurs@example.org

Добрый день, {name}! Пишите нам, <i>пожалуйста</i>, или нажмите /offers."""
ENGLISH = "The course starts on Monday at the <b>VHS</b>. Bring <i>your papers</i> to the Jobcenter, {name}."


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a server that runs as long as the test."""
    assert PYTHON.exists(), "LibreTranslate is not installed: make test-translation"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "server.log").open("wb")
    command = [str(PYTHON), str(Path(__file__).parent / "server.py"), str(port), str(tmp_path)]
    server = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220, S603 - our own script
    address = f"http://127.0.0.1:{port}"
    try:
        await _answering(address, server)
        yield address
    finally:
        server.terminate()
        server.wait()
        log.close()


async def _answering(address: str, server: subprocess.Popen[bytes]) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            assert server.poll() is None, "the server ended"
            try:
                async with session.get(f"{address}/languages") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.2)


def translator_at(url: str) -> MachineTranslator:
    return MachineTranslator(LibreTranslate(LineOut(), url, "", 60.0), Forgetful(), Patience(total=120.0))


async def test_a_real_message_comes_back_whole_in_another_language(url: str) -> None:
    glossary = (Term(("VHS",)), Term(("Jobcenter",)), Term(("курс",), {"uk": "курс (Kurs)"}))
    translator = translator_at(url)
    made = await translator.translate([RUSSIAN, "Вопросы"], "uk", glossary, source="ru")
    assert isinstance(made, Translated)
    text, button = made.texts
    assert made.findings == ()
    for kept in ("VHS", "<b>12.3.2027</b>", "18:00-19:30", '<a href="https://example.org/a?b=1">', "+49 571 12345",
                 "kurs@example.org", "{name}", "<i>", "/offers", "12", "курс (Kurs)"):  # fmt: skip
        assert text.count(kept) == RUSSIAN.replace("Новый курс", "Новый курс (Kurs)").count(kept), kept
    assert text.count("\n") == RUSSIAN.count("\n")
    assert "починається" in text
    assert button == "Питання"

    made = await translator.translate([ENGLISH], "es", glossary, source="en")
    assert isinstance(made, Translated)
    assert made.findings == ()
    assert "<b>VHS</b>" in made.texts[0]
    assert "Jobcenter" in made.texts[0]
    assert "curso" in made.texts[0]

    # Of these words Apertium makes nothing, and LibreTranslate then says them as they were.
    made = await translator.translate(["Есть 12 мест."], "uk", source="ru")
    assert isinstance(made, Translated)
    assert made.doubts == (Doubt.SAME,)

    assert await translator.translate([ENGLISH], "uk", source="en") == Failed(Failure.UNSUPPORTED_LANGUAGE)
    await translator.close()
