"""Removes from people's words what a file format cannot hold, or what a spreadsheet would run."""

from __future__ import annotations

import re

# A sheet is XML 1.0. It allows only tab and line feed of the control characters, and no lone surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_NO_LETTER = "\ufffd"

LONGEST_CELL = 32_767
"""UTF-16 units that a cell of a workbook holds."""

# Characters that begin a formula in a spreadsheet, in every width. A spreadsheet ignores white space and invisible
# characters before them.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
_UNSEEN = "\\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA = re.compile(f"[{_UNSEEN}]*[{_SIGNS}]|[\t\r\x00]")
# A program set to another separator finds the beginning of a cell after each of these.
_INSIDE = re.compile(f"(?<=[,;\t\n\r])([{_UNSEEN}]*)([{_SIGNS}])")


def encodable(text: str) -> str:
    """The text in a form that UTF-8 can hold: a lone surrogate becomes the replacement character."""
    return text if text.isascii() else _HALF.sub(_NO_LETTER, text)


def legal(text: str) -> str:
    """The text in a form that a sheet's XML can hold. Line ends become line feeds."""
    return _ILLEGAL.sub("", encodable(text.replace("\r\n", "\n").replace("\r", "\n")))


def within_cell(text: str, ending: str) -> str:
    """The text, or as much of it as a cell holds, followed by `ending`."""
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
