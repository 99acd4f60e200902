"""The markup of a text: `<b>`, `<i>`, `<a href="...">`, `{placeholders}`. `{{`, `}}` and `{<}` are literal signs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

SpanKind = Literal["bold", "italic", "link"]

_KINDS: dict[str, SpanKind] = {"b": "bold", "i": "italic", "a": "link"}
_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\s]*\}|[{}]|</?[A-Za-z][^<>]*>")
_SIGNS = re.compile(r"[{}<]")
_SIGN_TOKENS = {"{{": "{", "}}": "}", "{<}": "<"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OPENING = re.compile(r'<(?:(?P<tag>[bi])|a href="(?:\{(?P<slot>[a-z][a-z0-9_]*)\}|(?P<url>https://[^"{}\s]+))")>')
_CLOSING = re.compile(r"</([bia])>")


class MarkupError(ValueError):
    """A text whose markup cannot be read. Its author sees `what` and `mend`."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of an argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Open:
    """The start of a span. A link goes to `url`, or to the value of the argument `slot`."""

    kind: SpanKind
    url: str | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """The end of the innermost span."""


Part = str | Slot | Open | Close


@dataclass(frozen=True, slots=True)
class Shape:
    """What a translation must keep: the names of the placeholders, and the number of spans of each kind."""

    slots: frozenset[str]
    tags: tuple[tuple[SpanKind, int], ...]


_BARE = Shape(frozenset(), ())
"""The shape of a text without markup."""


def parse(text: str) -> tuple[Part, ...]:
    """The parts of a text in order, with spans nested properly. Raises MarkupError."""
    if text and not _SIGNS.search(text):
        return (text,)
    parts: list[Part] = []
    open_tags: list[SpanKind] = []
    end = 0
    for token in _TOKEN.finditer(text):
        _literal(parts, text[end : token.start()])
        _token(token.group(), parts, open_tags)
        end = token.end()
    _literal(parts, text[end:])
    if open_tags:
        raise MarkupError(f"A {open_tags[-1]} is opened and not closed", "Add the closing tag")
    return tuple(parts)


def shape(parts: tuple[Part, ...]) -> Shape:
    """The shape of a parsed text."""
    if len(parts) == 1 and isinstance(parts[0], str):  # adjacent words form one part
        return _BARE
    slots = {part.name for part in parts if isinstance(part, Slot)}
    slots |= {part.slot for part in parts if isinstance(part, Open) and part.slot}
    tags = Counter(part.kind for part in parts if isinstance(part, Open))
    return Shape(frozenset(slots), tuple(sorted(tags.items())))


def escaped(words: str) -> str:
    """A person's words as a text without markup that says exactly these words."""
    return re.sub(r"[{}<]", lambda sign: {"{": "{{", "}": "}}"}.get(sign[0], "{<}"), words)


def plain(parts: tuple[Part, ...]) -> str:
    """The words without their markup. A placeholder stays as `{name}`."""
    return "".join(
        part if isinstance(part, str) else f"{{{part.name}}}" for part in parts if isinstance(part, str | Slot)
    )


def words(marked: str) -> str:
    """The words of a text that a person wrote, without markup. Unchanged if the markup cannot be read."""
    try:
        return plain(parse(marked))
    except MarkupError:
        return marked


def _token(token: str, parts: list[Part], open_tags: list[SpanKind]) -> None:
    if token in _SIGN_TOKENS:
        _literal(parts, _SIGN_TOKENS[token])
    elif token[0] in "{}":
        if not _NAME.fullmatch(token[1:-1]):
            raise MarkupError(
                f"'{token}' is no placeholder", "Write {name} in small letters, and {{ or }} for a brace"
            )
        parts.append(Slot(token[1:-1]))
    elif opening := _OPENING.fullmatch(token):
        kind = _KINDS[opening["tag"] or "a"]
        parts.append(Open(kind, opening["url"], opening["slot"]))
        open_tags.append(kind)
    elif closing := _CLOSING.fullmatch(token):
        if not open_tags or open_tags.pop() != _KINDS[closing[1]]:
            raise MarkupError(f"'{token}' closes what is not open", "Close the tags in reverse order of opening")
        parts.append(Close())
    else:
        raise MarkupError(
            f"'{token}' is no markup", 'Only <b>, <i>, <a href="{name}"> and <a href="https://..."> are'
        )


def _literal(parts: list[Part], words: str) -> None:
    if not words:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += words
    else:
        parts.append(words)
