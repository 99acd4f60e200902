"""Checks what an engine made of a line: is everything there once, and does it read as a translation?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from babel.core import get_global

from bot.content.locales import SOURCE_LANGUAGE
from bot.services.translating import Doubt
from bot.translation.dates import months
from bot.translation.protection import Line
from bot.translation.tokens import Item, Thing, remainder

Doubts = Iterator[tuple[Doubt, str]]
"""Reasons, each with what it is about."""

_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
FEW_LETTERS = 20
"""With fewer letters than this, the length of a translation means nothing."""
SHORTEST, LONGEST = 0.35, 2.8
"""How many letters a translation has for each German letter, at least and at most. Half a text has fewer, a text said
twice has more. Chinese and similar scripts have no lower bound."""
OF_THE_SCRIPT = 0.6
"""The least share of letters in the language's script. Names keep their own script."""
SHORT = 3
"""Letters of a word that can be a name, or a word of another language as well ("Jan", "Mai")."""
_SCRIPTS = {
    "Arab": "ARABIC",
    "Armn": "ARMENIAN",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Geor": "GEORGIAN",
    "Grek": "GREEK",
    "Hebr": "HEBREW",
    "Latn": "LATIN",
    "Thai": "THAI",
}
_GERMAN = frozenset(
    re.findall(
        r"\w+",
        "aber alle auch auf bei beim bis bitte dass dem den der diese dieser durch eine einen einem einer für gibt "
        "haben ihre ihren ihnen ist jede kann keine können mehr mit müssen nach nicht noch nur oder ohne sich sie "
        "sind über und unser unsere vom von vor wenn werden wir wird wie zum zur zwischen",
    )
)
"""Words of German sentences. No other language of ours has two of them next to each other."""


def doubts_about_things(made: Iterable[Item], expected: Iterable[Item], things: Sequence[Thing]) -> Doubts:
    """Which of the expected things are missing or appear twice, and which were not expected."""
    wanted = {item for item in expected if isinstance(item, int)}
    made = list(made)
    found = Counter(item for item in made if isinstance(item, int))
    for number in sorted(wanted):
        thing = things[number]
        if found[number] == 0:
            yield (Doubt.LOST if thing.kind == "kept" else Doubt.MARKUP), thing.shown
        elif found[number] > 1:
            yield Doubt.DOUBLED, thing.shown
    if found.keys() - wanted:
        yield Doubt.STRANGE, ""
    for item in made:
        if isinstance(item, str) and (rest := remainder(item)):
            yield Doubt.STRANGE, rest


def doubts_about_words(line: Line, made: str, source: str, target: str) -> Doubts:
    """What is odd about the words of a translated line. Things are not part of them."""
    given = line.words
    numbers = Counter(map(int, _DIGITS.findall(given)))
    if numbers != Counter(map(int, _DIGITS.findall(made))):
        yield Doubt.NUMBERS, ", ".join(str(one) for one in sorted(numbers))
    before, after = _letters(given), _letters(made)
    script = script_of(target)
    if before == after and (len(_WORDS.findall(given)) > 1 or script != "LATIN"):
        yield Doubt.SAME, ""
        return
    if script and after and sum(_is_of(letter, script) for letter in after) < OF_THE_SCRIPT * len(after):
        yield Doubt.SCRIPT, ""
    if len(before) >= FEW_LETTERS and _is_out_of_bounds(len(after) / len(before), script):
        yield Doubt.LENGTH, ""
    if source == SOURCE_LANGUAGE and (left := left_in(given, made, target)):
        yield Doubt.GERMAN, " ".join(left)


def _is_out_of_bounds(ratio: float, script: str) -> bool:
    return ratio > LONGEST or (bool(script) and ratio < SHORTEST)


def left_in(given: str, made: str, target: str) -> list[str]:
    """German words that nobody translated, as they stand in the translation."""
    words, script = _WORDS.findall(made), script_of(target)
    if script not in {"", "LATIN"}:
        were = set(_WORDS.findall(given))
        return [word for word in words if word in were and len(word) > 2]  # noqa: PLR2004
    german = [word for word in words if word.lower() in _GERMAN]
    if len({word.lower() for word in german}) > 1:
        return german
    given_ones = set(map(str.casefold, _WORDS.findall(given)))
    german_months = (months(SOURCE_LANGUAGE).keys() - months(target).keys()) & given_ones
    return [word for word in words if word.casefold() in german_months and len(word) > SHORT]


@lru_cache(maxsize=64)
def script_of(language: str) -> str:
    """The script of a language, by Unicode's name for its letters. Empty if we do not check it."""
    likely = get_global("likely_subtags").get({"prs": "fa"}.get(language, language), "")
    return next((_SCRIPTS[part] for part in likely.split("_") if part in _SCRIPTS), "")


def _is_of(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(script)


def _letters(words: str) -> str:
    return "".join(filter(str.isalpha, words.casefold()))
