from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.services.translating import Failed, Outcome, Translated
from bot.translation.cache import Forgetful
from bot.translation.deepl_engine import DeepL
from bot.translation.engine import Engine
from bot.translation.libre import LibreTranslate
from bot.translation.line_out import LineOut
from bot.translation.patience import Patience
from bot.translation.scraped import google_engine, mymemory_engine
from bot.translation.translator import MachineTranslator

from . import services
from .services import Service

ANSWERS = {
    "google": services.google,
    "mymemory": services.mymemory,
    "deepl": services.deepl,
    "libretranslate": services.libretranslate,
}
ENGINES = sorted(ANSWERS)


def engine_of(name: str, url: str, seconds: float = 10.0, way: LineOut | None = None) -> Engine:
    """The real engine of that name, with this address."""
    way = way or LineOut()
    match name:
        case "google":
            return google_engine(way, f"{url}/m", seconds)
        case "mymemory":
            return mymemory_engine(way, f"{url}/get", "us@example.org", seconds)
        case "deepl":
            return DeepL(way, url, "secret", seconds)
        case _:
            return LibreTranslate(way, url, "secret", seconds)


class Bench:
    """A service, an engine that uses it, and the translator around it. Pauses are noted, not waited for."""

    def __init__(self, name: str, service: Service) -> None:
        self.name = name
        self.service = service
        self.pauses: list[float] = []
        self.engine = engine_of(name, service.url)
        self.translator = MachineTranslator(self.engine, Forgetful(), Patience(sleep=self._pause))

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def translate(self, *texts: str, to: str = "uk") -> Outcome:
        return await self.translator.translate(texts, to)

    async def made(self, *texts: str, to: str = "uk") -> Translated:
        outcome = await self.translate(*texts, to=to)
        assert isinstance(outcome, Translated), outcome
        return outcome

    async def failure(self, *texts: str, to: str = "uk") -> str:
        outcome = await self.translate(*texts, to=to)
        assert isinstance(outcome, Failed), outcome
        return outcome.failure.value


@pytest.fixture(params=ENGINES)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Each of the four services once."""
    async with services.running(ANSWERS[request.param]) as service:
        made = Bench(request.param, service)
        yield made
        await made.translator.close()
