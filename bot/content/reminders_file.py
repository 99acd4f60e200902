"""`reminders.yaml`: when people are reminded of what, with the German texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.content.conditions_file import read_condition
from bot.content.faults import nearest
from bot.content.lists_file import ItemList
from bot.content.markup import MarkupError, parse, shape
from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.core.offers import Kind
from bot.core.questionnaire import Questionnaire
from bot.core.reminders import OF_A_MEETING, REGISTERED_FOR, Anchor, Rule, Topic
from bot.core.timing import Offset, moment, parse_offset

N = TypeVar("N", bound=StrEnum)
_NEEDED = ("id", "anchor", "offset", "text")
_POSSIBLE = ("useful", "kinds", "audience", "registered_before", "topic", "urgent")
SOME_DAY = datetime(2027, 1, 12, tzinfo=UTC)
_CLOCK = ZoneInfo("UTC")
_LENGTH = re.compile(r"(\d{1,3})([dh])")
_MEETING_SLOTS = frozenset({"title", "when", "where"})
SLOTS: Mapping[Anchor, frozenset[str]] = {
    **dict.fromkeys(OF_A_MEETING, _MEETING_SLOTS),
    Anchor.HELD: frozenset({"title", "until"}),
    Anchor.FINISHED: frozenset({"title"}),
    Anchor.UNFINISHED: frozenset(),
}
"""What the text of a reminder can tell, by its anchor."""


def read_reminders(
    reader: Reader, root: Table, questionnaire: Questionnaire, lists: Mapping[str, ItemList]
) -> dict[str, Rule]:
    """Every rule that can be read, by its id; what cannot is a fault in the report."""
    reader.keys(root, ("reminders",), (), "The reminders")
    rules: dict[str, Rule] = {}
    for table in reader.tables(root, "reminders"):
        reader.keys(table, _NEEDED, _POSSIBLE, "A reminder")
        rule_id = reader.ident(table, rules)
        if rule_id is None:
            continue
        anchor = _name(reader, table, "anchor", Anchor, Anchor.MEETING)
        _text(reader, table, rule_id, anchor)
        audience = table.entries.get("audience")
        rules[rule_id] = rule = Rule(
            id=rule_id,
            anchor=anchor,
            offset=_offset(reader, table, "offset", Offset()),
            useful=_offset(reader, table, "useful", _usual_end(anchor)),
            kinds=_kinds(reader, table),
            audience=None if audience is None else read_condition(reader, audience, questionnaire.by_id, (), lists),
            registered_before=_length(reader, table),
            topic=_name(reader, table, "topic", Topic, Topic.OWN),
            urgent=reader.flag(table, "urgent"),
        )
        if not _speaks(rule):
            what = f"The reminder '{rule_id}' is never said: 'useful' is over before 'offset'"
            reader.error(table, what, "Let 'useful' be later than 'offset'")
    return rules


def _speaks(rule: Rule) -> bool:
    """Whether a rule is due while it is useful, at whatever hour its anchor lies."""
    hours = (SOME_DAY + timedelta(hours=hour) for hour in range(24))
    return any(moment(rule.offset, hour, _CLOCK) <= moment(rule.useful, hour, _CLOCK) for hour in hours)


def _usual_end(anchor: Anchor) -> Offset:
    """A reminder of what is to come helps until then, one of what was for ever."""
    if anchor in {Anchor.FINISHED, Anchor.UNFINISHED}:
        return Offset(days=400)
    return Offset()


def _name(reader: Reader, table: Table, key: str, names: type[N], usual: N) -> N:
    word = reader.string(table, key, usual)
    if word not in list(names):
        reader.error(table.lines[key], f"'{word}' cannot stand at '{key}'", nearest(word, list(names)))
        return usual
    return names(word)


def _kinds(reader: Reader, table: Table) -> tuple[Kind, ...]:
    words = reader.names(table, "kinds")
    for word in words:
        if word not in list(Kind):
            reader.error(table.lines["kinds"], f"There is no kind of offer '{word}'", nearest(word, list(Kind)))
    return tuple(Kind(word) for word in words if word in list(Kind)) or REGISTERED_FOR


def _offset(reader: Reader, table: Table, key: str, usual: Offset) -> Offset:
    words = reader.string(table, key)
    if not words:
        return usual
    offset = parse_offset(words)
    if offset is None:
        reader.error(table.lines[key], f"'{words}' is no moment", "Write it as '-7d at 18:00', '-2h' or '+1d'")
        return usual
    return offset


def _length(reader: Reader, table: Table) -> timedelta:
    words = reader.string(table, "registered_before", "0h")
    match = _LENGTH.fullmatch(words)
    if match is None:
        reader.error(table.lines["registered_before"], f"'{words}' is no length of time", "Write it as 7d or 12h")
        return timedelta(0)
    return timedelta(days=int(match[1])) if match[2] == "d" else timedelta(hours=int(match[1]))


def _text(reader: Reader, table: Table, rule_id: str, anchor: Anchor) -> None:
    """The text, and that it asks for nothing that nobody knows."""
    words = reader.text(table, "text", f"reminders.{rule_id}")
    known = SLOTS[anchor]
    for slot in sorted(_slots(words) - known):
        mend = f"It can say {', '.join(f'{{{one}}}' for one in sorted(known)) or 'nothing in braces'}"
        reader.error(table.lines["text"], f"Nobody fills in {{{slot}}} in a reminder of this anchor", mend)


def _slots(words: str) -> frozenset[str]:
    """The placeholders of a text; none of one whose markup is broken, which the check of all texts says."""
    try:
        return frozenset(shape(parse(words)).slots)
    except MarkupError:
        return frozenset()
