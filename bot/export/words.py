"""The words of `content/staff.yaml`: headings and notes that staff read. German only, so there are no catalogues.

What staff read in the chat is in the same file, below `chat`. The loader reads that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bot.content.faults import Fault
from bot.content.loader import STAFF, STAFF_CHAT
from bot.core.attending import Attended
from bot.core.broadcasts import Interest
from bot.core.seats import State
from bot.refusal import ForOperator
from bot.services.profiles.profiles import Standing

FILE = STAFF
SHEETS = ("profiles", "answers", "counts", "history", "about")
LISTS = ("registrations", "interests")
"""Sheets of workbooks of their own."""
LONGEST_SHEET = 31
NOT_IN_A_SHEET = frozenset("[]:*?/\\'")
_FAST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTES = ("personal", "named", "who", "team", "keep", "counting")

# fmt: off
_COLUMNS = (
    "person", "name", "language", "source", "begun", "finished", "seen", "reachable", "consent", "original_of",
    "archived", "question", "answer", "original", "standing", "given_on", "revision", "question_id", "topic", "kind",
    "count", "share", "value", "number", "present", "until", "about", "words",
    "offer", "meeting", "place", "asked", "firm", "ended", "came", "excused", "absent",
    "opening", "interested", "changed", "partner", "partner_knows", "partner_says",
)
_COUNTS = (
    "people", "of_language", "all", "finished", "unfinished", "own_words", "answered", "option", "standing", "number",
    "minimum", "median", "maximum",
)
# fmt: on
KEYS = frozenset(
    [
        *(f"sheet.{name}" for name in (*SHEETS, *LISTS)),
        *(f"column.{name}" for name in _COLUMNS),
        *(f"standing.{one.value}" for one in Standing),
        *(f"counts.{name}" for name in _COUNTS),
        *(f"reachable.{name}" for name in ("yes", "no")),
        *(f"present.{name}" for name in ("now", "former")),
        *(f"cell.{name}" for name in ("skipped", "declined", "expired", "untranslated", "cut")),
        *(f"cell.{name}" for name in ("guest", "message")),
        *(f"seat.{one.value}" for one in State),
        *(f"attended.{one.value}" for one in Attended),
        *(f"interest.{one.value}" for one in Interest if one is not Interest.WITHDRAWN),
        *(f"about.{name}" for name in ("project", "exported", "revision", "people", "rows")),
        *(f"about.{note}.{part}" for note in _NOTES for part in ("name", "text")),
    ]
)
NOTES = ("personal", "who", "keep", "counting")
"""What readers must know about an export of profiles."""


class ExportRefused(ForOperator):
    """The export cannot be made. The text is for the operator."""


Words = Mapping[str, str]
"""Every word by its key, such as "column.person"."""


def read_words(folder: Path) -> Words:
    """The words of a content folder.

    Raises:
        ExportRefused: naming every key that is missing, unknown or not a word.
    """
    path = folder / FILE
    try:
        written = path.read_text(encoding="utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(written, Loader=_FAST)):
            raise ExportRefused(
                f"{path}: aliases (*name) are not read: a few of them can stand for millions of words"
            )
        found = dict(_leaves(yaml.safe_load(written)))
        found = {key: word for key, word in found.items() if key.split(".")[0] != STAFF_CHAT}
    except FileNotFoundError:
        raise ExportRefused(f"There is no {path}. Copy it from the content that comes with Lotse.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ExportRefused(f"{path} cannot be read: {error}") from None
    wrong = [
        *(f"'{key}' is missing" for key in sorted(KEYS - found.keys())),
        *(f"there is no key '{key}'" for key in sorted(found.keys() - KEYS)),
        *(f"'{key}' must be words" for key, word in sorted(found.items()) if not isinstance(word, str) or not word),
    ]
    words = {key: str(word) for key, word in found.items()}
    if not wrong:
        wrong = _sheet_faults([words[f"sheet.{name}"] for name in (*SHEETS, *LISTS)])
    if wrong:
        raise ExportRefused(f"{path}: " + "; ".join(wrong))
    return words


def faults(folder: Path) -> list[Fault]:
    """What `lotse check` reports about the file."""
    try:
        read_words(folder)
    except ExportRefused as refused:
        return [Fault(FILE, 1, str(refused).rstrip("."), "See docs/export.md")]
    return []


def _leaves(node: object, key: str = "") -> Iterator[tuple[str, object]]:
    """The values of the file, each with the keys that lead to it."""
    if not isinstance(node, dict):
        yield key, node
        return
    for name, below in node.items():
        yield from _leaves(below, f"{key}.{name}" if key else str(name))


def _sheet_faults(titles: list[str]) -> list[str]:
    """Reports names that a workbook does not take for its sheets."""
    faults = [
        f"'{title}' is no name of a sheet: at most {LONGEST_SHEET} characters, none of []:*?/\\'"
        for title in titles
        if len(title) > LONGEST_SHEET or NOT_IN_A_SHEET & set(title)
    ]
    if len({title.casefold() for title in titles}) < len(titles):
        faults.append("two sheets have the same name")
    return faults
