"""How a thing that must not be translated is written for an engine, and found again in its answer.

Things are numbered from 0 in each line. An engine that reads XML gets tags. Others get `[X0X]`, a form that Weblate
has used for years with many engines. Engines still change case and script of such a token, add spaces, change its
brackets or write its digits in their own. All of that is understood. A token that cannot be read counts as missing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that stays. `put` (markup) takes its place in the translation.

    `shown` is how it reads in the source. An opening thing and its closing thing have each other's number as `pair`.
    """

    kind: Literal["kept", "open", "close"]
    shown: str
    put: str
    pair: int = -1


Item = str | int
"""Words, or the number of a thing."""


class Tokens(Protocol):
    """One way to write things."""

    def write(self, items: Sequence[Item], things: Sequence[Thing]) -> str:
        """Words and things as one text for the engine."""
        ...

    def read(self, text: str, things: Sequence[Thing]) -> list[Item]:
        """Words and things in the engine's answer. Includes numbers for which there is no thing."""
        ...


_X = "[XxХх×]"
TOKEN = rf"""
    [\[［【〔⟦({{（｛<«] \s? (?: {_X} \s? \d{{1,4}} \s? {_X}? | \d{{1,4}} \s? {_X} ) \s? [\]］】〕⟧)}}）｝>»]
  | [\[［] \s? \d{{1,4}} \s? [\]］]
"""
"""A verbose pattern for `[X0X]`, however changed: `[x 0 x]`, `［X0X］`, `( X0X )`, `[Х0Х]` in Cyrillic, `[X٠X]`,
`[0]`."""
_TOKEN = re.compile(TOKEN, re.VERBOSE)
_REMAINDER = re.compile(r"[XxХх]\s?\d{1,4}\s?[XxХх]|\[\s?[XxХх]\s?\d")
"""Half a token. Its number is there, but cannot be trusted."""


class Bracketed:
    """`[X0X]`, for engines that read plain text."""

    def write(self, items: Sequence[Item], things: Sequence[Thing]) -> str:
        """Words and things as one text for the engine."""
        del things
        return "".join(item if isinstance(item, str) else f"[X{item}X]" for item in items)

    def read(self, text: str, things: Sequence[Thing]) -> list[Item]:
        """Words and things in the engine's answer."""
        del things
        return _split(_TOKEN, text)


_TAG = re.compile(r"<\s*(?P<close>/?)\s*(?P<kind>[xg])(?P<number>\d{1,4})\s*/?\s*>")


class Tagged:
    """`<x0/>` for what stays, `<g1>...</g1>` around bold, italic and links, for engines that read XML."""

    def write(self, items: Sequence[Item], things: Sequence[Thing]) -> str:
        """Words and things as one text for the engine."""
        return "".join(
            html.escape(item, quote=False) if isinstance(item, str) else self._tag(item, things[item])
            for item in items
        )

    @staticmethod
    def _tag(number: int, thing: Thing) -> str:
        match thing.kind:
            case "kept":
                return f"<x{number}/>"
            case "open":
                return f"<g{number}>"
            case _:
                return f"</g{thing.pair}>"

    def read(self, text: str, things: Sequence[Thing]) -> list[Item]:
        """Words and things in the engine's answer."""
        items: list[Item] = []
        end = 0
        for tag in _TAG.finditer(text):
            _add(items, html.unescape(text[end : tag.start()]))
            end = tag.end()
            number, closes = int(tag["number"]), bool(tag["close"])
            if tag["kind"] == "x" and closes:
                continue  # <x0></x0> is the long form of <x0/>
            partner = things[number].pair if number < len(things) else -1
            items.append(partner if closes else number)
        _add(items, html.unescape(text[end:]))
        return items


def _split(pattern: re.Pattern[str], text: str) -> list[Item]:
    items: list[Item] = []
    end = 0
    for token in pattern.finditer(text):
        _add(items, text[end : token.start()])
        items.append(int("".join(filter(str.isdecimal, token[0]))))
        end = token.end()
    _add(items, text[end:])
    return items


def _add(items: list[Item], words: str) -> None:
    if words:
        items.append(words)


def remainder(words: str) -> str:
    """What is left of a broken token in words. Empty if nothing is."""
    found = _REMAINDER.search(words)
    return found[0] if found else ""
