"""Buttons in rows: neighbours with short labels share one."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from bot.core.message import Button
from bot.services.view import Row, View

SHORT_LABEL = 14
"""Buttons up to this many characters may stand two in a row; of those with tiny names, three."""
TINY_LABEL = 8


def packed(view: View, buttons: list[Button]) -> list[Row]:
    """Neighbours with short labels share a row: two short ones, or three tiny ones of at least three."""
    shares = [_share(view.content.texts.label(view.language, button.label)) for button in buttons]
    rows: list[Row] = []
    for share, run in groupby(zip(_evened(shares), buttons, strict=True), key=itemgetter(0)):
        row = [button for _, button in run]
        rows += [tuple(row[start : start + share]) for start in range(0, len(row), share)]
    return rows


def _share(label: str) -> int:
    return 3 if len(label) <= TINY_LABEL else 2 if len(label) <= SHORT_LABEL else 1


def _evened(shares: list[int]) -> list[int]:
    """A few tiny labels do not fill a row of three: they count as short."""
    runs = [list(run) for _, run in groupby(shares)]
    return [min(share, 2) if len(run) < share else share for run in runs for share in run]
