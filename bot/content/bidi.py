"""Text direction: isolates foreign words, and makes lines of a right-to-left message begin right to left.

Telegram sets no direction for a plain message: each line takes its direction from its characters (Unicode Annex 9).
"""

from __future__ import annotations

import re
import unicodedata

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
RIGHT_TO_LEFT_MARK = "\u200f"

_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Control characters, and the bidi controls that could break out of an isolate.
_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def cleaned(words: str) -> str:
    """A person's words without characters that could turn or break the text around them."""
    return _UNSAFE.sub(
        "", words.replace("\t", " ").replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )


def has_right_to_left(text: str) -> bool:
    """Whether the text has a letter of a right-to-left script."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def begins_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is right-to-left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def isolated(text: str) -> str:
    """The text with each line in its own isolate, because an isolate ends with its line."""
    lines = text.split("\n")
    return "\n".join(f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}" if line else line for line in lines)


def starts_of_wrong_lines(text: str) -> list[int]:
    """The positions of lines in a right-to-left message that would be drawn left to right."""
    starts = []
    start = 0
    for line in text.split("\n"):
        if line and unicodedata.bidirectional(line[0]) not in {"R", "AL"}:
            starts.append(start)
        start += len(line) + 1
    return starts
