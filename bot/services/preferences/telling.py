"""Which clock a time is told by. Pure.

What takes place in the town is told in the town's time, to everybody. People with another clock are told so beside
each time; a time without that word is their own. Buttons stand below a text that has said it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from operator import is_
from zoneinfo import ZoneInfo

from bot.content.town import Town
from bot.core.message import Argument, Listing, Screen, Text
from bot.core.timing import instant, local_time
from bot.services.view import town as town_text
from bot.services.view import ui


def for_clock(screen: Screen, town: Town, zone: ZoneInfo | None) -> Screen:
    """A screen in the town's time for somebody with that zone (None: the town's): named wherever theirs differs."""
    if zone is None:
        return screen
    return _retold(screen, lambda at: named(at) if local_time(instant(at, town.clock), zone) != at else at)


def all_named(screen: Screen) -> Screen:
    """The screen as it is longest: with the town beside every time."""
    return _retold(screen, named)


def named(at: datetime) -> Text:
    """A local time with the word that it is the town's."""
    return ui("time.town", when=at, town=town_text("name"))


def _retold(screen: Screen, tell: Callable[[datetime], Argument]) -> Screen:
    def argument(given: Argument) -> Argument:
        match given:
            case Text():
                return text(given)
            case Listing(items):
                told = tuple(map(argument, items))
                return given if all(map(is_, told, items)) else Listing(told)
            case datetime():
                return tell(given)
        return given

    def text(given: Text) -> Text:
        told = {name: argument(one) for name, one in given.args.items()} if given.args else given.args
        return given if all(one is told[name] for name, one in given.args.items()) else replace(given, args=told)

    blocks = tuple(tuple(text(line) if isinstance(line, Text) else line for line in block) for block in screen.blocks)
    return replace(screen, blocks=blocks)
