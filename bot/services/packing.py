"""Buttons in rows: neighbours with short labels share one."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from bot.core.message import Button
from bot.services.view import Row, View

HALF_A_ROW = 14.0
"""The width of a label that fits twice into a row on a phone 360 pixels wide, in average Latin letters."""
THIRD_OF_A_ROW = 8.75
MARK = 2.3
"""What a mark before the label takes."""
NARROW, WIDE = frozenset("fijlrtI .,:;!'’|()-ıا"), frozenset("mwMWжмшщыюфЖМШЩЫЮФ")


def packed(view: View, buttons: list[Button]) -> list[Row]:
    """Neighbours with short labels share a row: two short ones, or three tiny ones of at least three."""
    shares = [_share(width(view, button)) for button in buttons]
    rows: list[Row] = []
    for share, run in groupby(zip(_evened(shares), buttons, strict=True), key=itemgetter(0)):
        row = [button for _, button in run]
        rows += [tuple(row[start : start + share]) for start in range(0, len(row), share)]
    return rows


def width(view: View, button: Button) -> float:
    """About how wide a button's label is, in usual Latin letters."""
    label = view.content.texts.label(view.language, button.label)
    return _wide(label) + (MARK if button.mark else 0)


@lru_cache(maxsize=2048)
def _wide(label: str) -> float:
    return sum(map(_letter, label))


def _letter(letter: str) -> float:
    if letter in NARROW:
        return 0.7
    if letter in WIDE:
        return 1.5
    return 1.2 if "\u0400" <= letter <= "\u04ff" else 1.0


def _share(width_: float) -> int:
    return 3 if width_ <= THIRD_OF_A_ROW else 2 if width_ <= HALF_A_ROW else 1


def _evened(shares: list[int]) -> list[int]:
    """A few tiny labels do not fill a row of three: they count as short."""
    runs = [list(run) for _, run in groupby(shares)]
    return [min(share, 2) if len(run) < share else share for run in runs for share in run]
