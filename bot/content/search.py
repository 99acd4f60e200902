"""Finds an item of a list by typed words in any of the languages, even with typing mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.content.lists_file import ItemList
from bot.content.texts import Texts
from bot.core.folding import fold
from bot.core.message import Text

MOST_FOUND = 8
"""The most items that fit below each other on a small phone."""
ALIKE = 72
"""The least likeness (0 to 100, rapidfuzz's WRatio) of an offered item. Found by trying people's spellings."""
BEGINS = 96
"""The likeness of words that begin with the typed ones."""
OWN_LANGUAGE = 3
"""The bonus for a word of the person's own language."""
_SHORTEST = 3
"""Words with fewer letters than this are like too many others."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of items, best first. `exact`: the words mean the first one and no other."""

    ids: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    item: int
    language: str


class Finder:
    """Finds items of one list. The index is built at the first search."""

    def __init__(self, texts: Texts, listed: ItemList) -> None:
        self._texts = texts
        self._listed = listed

    @property
    def listed(self) -> ItemList:
        """The list that is searched."""
        return self._listed

    def find(self, typed: str, language: str) -> Found:
        """The items that the words may mean, at most `MOST_FOUND`."""
        words = fold(typed)
        if not words:
            return Found(())
        for same in ([one for one in self._index if one.language == language], self._index):
            items = {one.item for one in same if one.text == words}
            if len(items) == 1:
                return Found((self._listed.items[items.pop()].id,), exact=True)
        return Found(tuple(self._listed.items[item].id for item in self._ranked(words, language)))

    def _ranked(self, words: str, language: str) -> Sequence[int]:
        best: dict[int, float] = {}
        for place, likeness in self._alike(words):
            one = self._index[place]
            value = likeness + (OWN_LANGUAGE if one.language == language else 0)
            best[one.item] = max(value, best.get(one.item, 0))
        return sorted(best, key=lambda item: (-best[item], item))[:MOST_FOUND]

    def _alike(self, words: str) -> Iterator[tuple[int, float]]:
        """Positions in the index with their likeness."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - nobody searches at a start

        for place, one in enumerate(self._index):
            if one.text == words:
                yield place, 100
            elif one.text.startswith(words) or f" {words}" in one.text:
                yield place, BEGINS
        if len(words) >= _SHORTEST:
            found = process.extract(words, self._words, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=60)
            yield from ((place, likeness) for _, likeness, place in found)

    @cached_property
    def _index(self) -> list[_Word]:
        index: dict[tuple[str, int, str], None] = {}
        for language in self._texts.languages:
            for place, item in enumerate(self._listed.items):
                key = f"list.{self._listed.name}.{item.id}"
                named = [self._texts.label(language, Text(key))]
                if self._texts.has(language, f"{key}.also"):
                    named += self._texts.label(language, Text(f"{key}.also")).replace("؛", ";").split(";")
                index |= dict.fromkeys((word, place, language) for word in map(fold, named) if word)
        return [_Word(*one) for one in index]

    @cached_property
    def _words(self) -> list[str]:
        return [one.text for one in self._index]
