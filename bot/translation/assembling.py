"""Puts a translated line together again: things in their places, spans nested properly, words as words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.content.markup import escaped
from bot.services.translating import Doubt
from bot.translation.protection import Line
from bot.translation.tokens import Item, Thing


def assembled(line: Line, made: Sequence[Item]) -> tuple[str, list[tuple[Doubt, str]]]:
    """The markup of a translated line, always readable, and the spans that could not be kept.

    A thing that appears twice counts once. A thing that does not exist is left out.
    """
    once = list(_once(made, len(line.things)))
    dropped = _out_of_order(once, line.things)
    items = _tidied([item for item in once if item not in dropped], line.things)
    text = "".join(
        escaped(item) if isinstance(item, str) else line.things[item].put for item in _ended_once(items, line.things)
    )
    openings = [line.things[number] for number in sorted(dropped) if line.things[number].kind == "open"]
    return f"{line.before}{text}{line.after}", [(Doubt.MARKUP, thing.shown) for thing in openings]


def _once(made: Sequence[Item], count: int) -> Iterator[Item]:
    seen: set[int] = set()
    for item in made:
        if isinstance(item, str):
            yield item
        elif 0 <= item < count and item not in seen:
            seen.add(item)
            yield item


def _out_of_order(items: Sequence[Item], things: Sequence[Thing]) -> set[int]:
    """The numbers of both ends of each span that is empty, or does not begin, end and nest as it must."""
    dropped: set[int] = set()
    stack: list[tuple[int, int]] = []
    for place, item in enumerate(items):
        if isinstance(item, str) or things[item].kind == "kept":
            continue
        if things[item].kind == "open":
            stack.append((item, place))
        elif any(number == things[item].pair for number, _ in stack):
            while stack[-1][0] != things[item].pair:
                number, _ = stack.pop()
                dropped |= {number, things[number].pair}
            _, began = stack.pop()
            if place == began + 1:
                dropped |= {item, things[item].pair}
        else:
            dropped |= {item, things[item].pair}
    for number, _ in stack:
        dropped |= {number, things[number].pair}
    return dropped


def _ended_once(items: list[Item], things: Sequence[Thing]) -> Iterator[Item]:
    """Removes a second full stop after a date that ends in one itself ("10 ноября 2026 г.")."""
    before: Item = ""
    for item in items:
        stops = isinstance(before, int) and things[before].put.endswith(".") and things[before].shown[-1:] != "."
        yield item[1:] if stops and isinstance(item, str) and re.match(r"\.(?!\.)", item) else item
        before = item


def _tidied(items: list[Item], things: Sequence[Thing]) -> list[Item]:
    """Moves spaces that an engine put just inside a span to its outside."""
    tidy = list(items)
    for place, item in enumerate(tidy):
        if isinstance(item, str) or things[item].kind == "kept":
            continue
        step = 1 if things[item].kind == "open" else -1
        inner, outer = place + step, place - step
        words = tidy[inner] if 0 <= inner < len(tidy) else ""
        beside = tidy[outer] if 0 <= outer < len(tidy) else " "
        if not isinstance(words, str) or not isinstance(beside, str) or not words.strip():
            continue
        stripped = words.lstrip() if step > 0 else words.rstrip()
        if stripped == words:
            continue
        tidy[inner] = stripped
        if not beside[-1 if step > 0 else 0].isspace():
            tidy[outer] = f"{beside} " if step > 0 else f" {beside}"
    return tidy
