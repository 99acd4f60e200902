"""What a file's format does not take in a person's words, and what a spreadsheet would do with them."""

from __future__ import annotations

import re

# A sheet is XML 1.0: of the control characters it knows tab and line feed; and halves of surrogate pairs are no text.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_NO_LETTER = "\ufffd"

LONGEST_CELL = 32_767
"""UTF-16 units that a cell of a workbook holds."""

# Signs a spreadsheet takes for the beginning of a formula, in every width; before them it overlooks white space, and
# what cannot be seen.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
_UNSEEN = "\\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA = re.compile(f"[{_UNSEEN}]*[{_SIGNS}]|[\t\r\x00]")
# A program told of another separator finds the beginning of a cell behind each of these.
_INSIDE = re.compile(f"(?<=[,;\t\n\r])([{_UNSEEN}]*)([{_SIGNS}])")


def encodable(text: str) -> str:
    """The text as UTF-8 can hold it: half of a surrogate pair becomes the sign for a letter nobody can read."""
    return text if text.isascii() else _HALF.sub(_NO_LETTER, text)


def legal(text: str) -> str:
    """The text as a sheet's XML can hold it; line ends are line feeds."""
    return _ILLEGAL.sub("", encodable(text.replace("\r\n", "\n").replace("\r", "\n")))


def within_cell(text: str, ending: str) -> str:
    """The text, or as much as a cell holds with the `ending` that says so."""
    if len(text) * 2 <= LONGEST_CELL or _units(text) <= LONGEST_CELL:
        return text
    room = LONGEST_CELL - _units(ending)
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return kept + ending


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet that reads CSV would begin a formula."""
    inside = _INSIDE.sub(r"\1'\2", text)
    return f"'{inside}" if _FORMULA.match(text) else inside


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
