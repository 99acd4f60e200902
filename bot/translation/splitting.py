"""Cuts text that is too long for an engine at the ends of sentences. The pieces joined are the same text again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_SENTENCE = re.compile(
    r"(?:(?<=[^\W\d_]{2}[.!?…])|(?<=\d{3}[.!?…])|(?<=[\])>“»\"][.!?…])|(?<=[.!?…][)“»\"]))(\s+)(?=[^\W\d_a-zäöü]|[\[<„\"«(])"
)
"""No cut after "z. B." or "3. Mai"."""
_CLAUSE = re.compile(r"(?<=[,;:–])(\s+)")
_WORD = re.compile(r"(\s+)")
_TOKEN = re.compile(r"\[X\d+X\]|</?[xg]\d+/?>|&\w+;")


def split(text: str, limit: int, size: Callable[[str], int]) -> list[tuple[str, str]]:
    """Pieces of at most `limit`, each with the space after it. Joined in order they are the text again.

    Cuts at the end of a sentence. If one sentence is too long: after a comma, else between words, else inside a word.
    Never inside a token.
    """
    return list(_packed(text, "", limit, size, (_SENTENCE, _CLAUSE, _WORD)))


def _packed(
    text: str, behind: str, limit: int, size: Callable[[str], int], borders: tuple[re.Pattern[str], ...]
) -> Iterator[tuple[str, str]]:
    if size(text) <= limit:
        yield text, behind
        return
    if not borders:
        yield from _cut(text, behind, limit, size)
        return
    parts = borders[0].split(text)  # words, space, words, space, words
    piece = parts[0]
    for space, part in zip(parts[1::2], parts[2::2], strict=True):
        if size(piece + space + part) <= limit:
            piece += space + part
        else:
            yield from _packed(piece, space, limit, size, borders[1:])
            piece = part
    yield from _packed(piece, behind, limit, size, borders[1:])


def _cut(text: str, behind: str, limit: int, size: Callable[[str], int]) -> Iterator[tuple[str, str]]:
    """Cuts anywhere except inside a token, for words without a space."""
    atoms = [text[a:b] for a, b in _atoms(text)]
    piece = ""
    for atom in atoms:
        if piece and size(piece + atom) > limit:
            yield piece, ""
            piece = ""
        piece += atom
    yield piece, behind


def _atoms(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for token in _TOKEN.finditer(text):
        yield from ((place, place + 1) for place in range(end, token.start()))
        yield token.span()
        end = token.end()
    yield from ((place, place + 1) for place in range(end, len(text)))
