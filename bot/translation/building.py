"""Builds the translator from the settings. Only the chosen engine and its libraries are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.db.engine import Database
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.translation.engine import Engine
    from bot.translation.translator import MachineTranslator


def translator_of(settings: Settings, database: Database | None, clock: Clock) -> MachineTranslator | None:
    """The translator that was chosen. None if there is none. Without a database it remembers nothing."""
    if settings.translator == "none":
        return None
    from bot.translation.cache import Forgetful, Stored  # noqa: PLC0415 - most towns have no translator
    from bot.translation.patience import Patience  # noqa: PLC0415 - the same
    from bot.translation.translator import MachineTranslator  # noqa: PLC0415 - the same

    cache = Forgetful() if database is None else Stored(database, clock)
    return MachineTranslator(_engine(settings), cache, Patience(total=float(settings.translator_total_seconds)))


def _engine(settings: Settings) -> Engine:
    from bot.translation.line_out import LineOut  # noqa: PLC0415 - the same

    way = LineOut(settings.https_proxy, settings.ca_file)
    url, key = settings.translator_url, settings.translator_key.get_secret_value()
    seconds = float(settings.translator_seconds)
    match settings.translator:
        case "google":
            from bot.translation.scraped import google_engine  # noqa: PLC0415 - 5 MB, and 80 ms of CPU

            return google_engine(way, url, seconds)
        case "mymemory":
            from bot.translation.scraped import mymemory_engine  # noqa: PLC0415 - the same

            return mymemory_engine(way, url, key, seconds)
        case "deepl":
            from bot.translation.deepl_engine import DeepL  # noqa: PLC0415 - 4 MB

            return DeepL(way, url, key, seconds)
        case _:
            from bot.translation.libre import LibreTranslate  # noqa: PLC0415 - only what is used is loaded

            return LibreTranslate(way, url, key, seconds)
