"""The settings become a translator. An engine's libraries are loaded only where it is the one that was chosen."""

from __future__ import annotations

from bot.clock import Clock
from bot.db.engine import Database
from bot.settings import Settings
from bot.translation.cache import Forgetful, Stored
from bot.translation.engine import Engine
from bot.translation.line_out import LineOut
from bot.translation.patience import Patience
from bot.translation.translator import MachineTranslator


def translator_of(settings: Settings, database: Database | None, clock: Clock) -> MachineTranslator | None:
    """The translator that was chosen, None where there is none; without a database it remembers nothing."""
    engine = _engine(settings)
    if engine is None:
        return None
    cache = Forgetful() if database is None else Stored(database, clock)
    return MachineTranslator(engine, cache, Patience(total=float(settings.translator_total_seconds)))


def _engine(settings: Settings) -> Engine | None:
    way = LineOut(settings.https_proxy, settings.ca_file)
    url, key = settings.translator_url, settings.translator_key.get_secret_value()
    seconds = float(settings.translator_seconds)
    match settings.translator:
        case "google":
            from bot.translation.scraped import google_engine  # noqa: PLC0415 - 20 MB that nobody else needs

            return google_engine(way, url, seconds)
        case "mymemory":
            from bot.translation.scraped import mymemory_engine  # noqa: PLC0415 - the same

            return mymemory_engine(way, url, key, seconds)
        case "deepl":
            from bot.translation.deepl_engine import DeepL  # noqa: PLC0415 - the same

            return DeepL(way, url, key, seconds)
        case "libretranslate":
            from bot.translation.libre import LibreTranslate  # noqa: PLC0415 - only what is used is loaded

            return LibreTranslate(way, url, key, seconds)
        case _:
            return None
