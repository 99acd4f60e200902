"""A chart as a picture for a phone: a line of words above each bar, large letters, one column."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from bot.core.paper import Bar, Chart

WIDTH, MARGIN = 1080, 48
"""Pixels. Messengers on a phone show this width without shrinking it."""
BAR, GAP = 40, 30
PAPER, INK, SOFT, COLOUR, TRACK = "#ffffff", "#1c1c1e", "#5f6368", "#1a5fb4", "#e8edf4"
TITLE, LABEL, SMALL = 46, 35, 28
SHORTEST = 8
"""Pixels of the shortest bar."""


def drawn(chart: Chart) -> bytes:
    """The chart as PNG."""
    height = _draw(ImageDraw.Draw(Image.new("RGB", (1, 1))), chart)  # a first pass, only to get the height
    image = Image.new("RGB", (WIDTH, height), PAPER)
    _draw(ImageDraw.Draw(image), chart)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw(canvas: ImageDraw.ImageDraw, chart: Chart) -> int:
    """Draws everything from top to bottom. Returns the height in pixels."""
    y = _words(canvas, chart.title, MARGIN, TITLE, INK) + GAP
    longest = max((bar.value for bar in chart.bars), default=0)
    for bar in chart.bars:
        y = _bar(canvas, bar, longest, y) + GAP
    if chart.note:
        y = _words(canvas, chart.note, y, SMALL, SOFT) + GAP // 2
    return _words(canvas, chart.source, y, SMALL, SOFT) + MARGIN


def _bar(canvas: ImageDraw.ImageDraw, bar: Bar, longest: int, y: int) -> int:
    y = _words(canvas, bar.label, y, LABEL, INK) + 6
    room = WIDTH - 2 * MARGIN - int(canvas.textlength(str(longest), font=_font(LABEL))) - 20
    length = max(SHORTEST, round(room * bar.value / longest)) if longest else SHORTEST
    canvas.rounded_rectangle((MARGIN, y, MARGIN + room, y + BAR), 6, fill=TRACK)
    canvas.rounded_rectangle((MARGIN, y, MARGIN + length, y + BAR), 6, fill=COLOUR)
    canvas.text((WIDTH - MARGIN, y + BAR // 2), str(bar.value), fill=INK, font=_font(LABEL), anchor="rm")
    y += BAR
    return _words(canvas, bar.beside, y + 6, SMALL, SOFT) if bar.beside else y


def _words(canvas: ImageDraw.ImageDraw, text: str, y: int, size: int, colour: str) -> int:
    """Draws words in as many lines as they need. Returns where they end."""
    font, line = _font(size), ""
    lines = []
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and canvas.textlength(longer, font=font) > WIDTH - 2 * MARGIN:
            lines.append(line)
            longer = word
        line = longer
    for one in (*lines, line):
        canvas.text((MARGIN, y), one, fill=colour, font=font)
        y += round(size * 1.35)
    return y


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Letters of European languages. The font that comes with the library has no umlauts."""
    return ImageFont.truetype(io.BytesIO(files("bot.export").joinpath("fonts/DejaVuSans.ttf").read_bytes()), size)
