"""Words of one language in the form they are sent: a text with spans, and finished buttons."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, starmap

from bot.content.bidi import RIGHT_TO_LEFT_MARK, starts_of_wrong_lines
from bot.content.markup import SpanKind
from bot.core.message import Media


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that is bold, italic or a link to `url`. Offset and length are in UTF-16 units."""

    kind: SpanKind
    offset: int
    length: int
    url: str | None


@dataclass(frozen=True, slots=True)
class DrawnButton:
    """A button in one language. It sends `action` back, or opens `url`."""

    label: str
    action: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Rich:
    """A message in one language, ready for any messenger. With `media`, its text is below a picture or file."""

    text: str
    spans: tuple[Span, ...]
    rows: tuple[tuple[DrawnButton, ...], ...]
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Words with spans in characters (kind, start, end, url), while they are put together."""

    text: str
    spans: tuple[tuple[SpanKind, int, int, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Finished words: direction marks are set, spans count in UTF-16 units, `units` is the length."""

    text: str
    units: int
    spans: tuple[Span, ...] = ()


def utf16(text: str) -> int:
    """The length in UTF-16 units, which is how Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def finished(run: Run, *, right_to_left: bool) -> Line:
    """A run with its direction marks, counted in UTF-16 units. Outer spans come before inner ones."""
    text, marks = run.text, starts_of_wrong_lines(run.text) if right_to_left else []
    if marks:
        bounds = [0, *marks, len(text)]
        text = RIGHT_TO_LEFT_MARK.join(text[a:b] for a, b in pairwise(bounds))
    spans = []
    for kind, start, end, url in reversed(run.spans):  # of two nested spans, the outer one closed later
        # A mark goes before a span that begins with its line, and after a span that ends there.
        first, last = start + bisect_right(marks, start), end + bisect_left(marks, end)
        offset = utf16(text[:first])
        spans.append(Span(kind, offset, utf16(text[first:last]), url))
    spans.sort(key=lambda span: (span.offset, -span.length))
    return Line(text, utf16(text), tuple(spans))


def joined(lines: Iterable[Line], separator: str) -> Line:
    """Joins several finished lines into one."""
    every = list(lines)
    if len(every) == 1:
        return every[0]
    texts: list[str] = []
    spans: list[Span] = []
    units = 0
    for line in every:
        if texts:
            units += len(separator)
        texts.append(line.text)
        if line.spans:
            spans += starmap(Span, ((s.kind, s.offset + units, s.length, s.url) for s in line.spans))
        units += line.units
    return Line(separator.join(texts), units, tuple(spans))
