"""`reminders.yaml`: when people are reminded of what, with the German texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.content.conditions_file import read_condition
from bot.content.faults import Level, nearest
from bot.content.lists_file import ItemList
from bot.content.markup import MarkupError, parse, shape
from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.content.town import Town
from bot.core.offers import Kind
from bot.core.questionnaire import Questionnaire
from bot.core.reminders import (
    OF_A_MEETING,
    PREFIX,
    PURPOSES,
    REGISTERED_FOR,
    SPEAKS_OF,
    USUAL_TOPICS,
    Anchor,
    Rule,
    Topic,
)
from bot.core.timing import Offset, moment, parse_offset

_NEEDED = ("id", "anchor", "offset", "text")
_POSSIBLE = (
    *("useful", "kinds", "audience", "registered_before", "topic", "urgent", "requested"),
    *("weeks", "days", "most"),
)
_ALONE = {
    "requested": Anchor.DEADLINE,
    "weeks": Anchor.OLD_ANSWER,
    "days": Anchor.NEW_OPENINGS,
    "most": Anchor.NEW_OPENINGS,
}
"""Keys that only one anchor has."""
MOST_WEEKS = 52
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
MOST_OPENINGS = 8
"""The most openings that one message can name, because each has a button."""
SOME_DAY = datetime(2027, 1, 12, tzinfo=UTC)
_CLOCK = ZoneInfo("UTC")
_LENGTH = re.compile(r"(\d{1,3})([dh])")
_MEETING_SLOTS = frozenset({"title", "when", "where"})
SLOTS: Mapping[Anchor, frozenset[str]] = {
    **dict.fromkeys(OF_A_MEETING, _MEETING_SLOTS),
    Anchor.HELD: frozenset({"title", "until"}),
    Anchor.FINISHED: frozenset({"title"}),
    Anchor.UNFINISHED: frozenset(),
    Anchor.DEADLINE: frozenset({"title", "when", "until"}),
    Anchor.OLD_ANSWER: frozenset(),
    Anchor.LAST_DAY: frozenset({"title", "until"}),
    Anchor.NEW_OPENINGS: frozenset(),
}
"""What the text of a reminder can mention, by its anchor."""


def read_reminders(
    reader: Reader,
    root: Table,
    questionnaire: Questionnaire,
    lists: Mapping[str, ItemList],
    town: Town,
    *,
    has_path: bool,
) -> dict[str, Rule]:
    """Every rule that can be read, by its id. What cannot be read is a fault in the report.

    `has_path`: the town has a path.
    """
    reader.keys(root, ("reminders",), (), "The reminders")
    rules: dict[str, Rule] = {}
    unasked = {purpose for purpose in PURPOSES.values() if all(one.id != purpose for one in town.consents)}
    for table in reader.tables(root, "reminders"):
        reader.keys(table, _NEEDED, _POSSIBLE, "A reminder")
        rule_id = reader.ident(table, rules)
        if rule_id is None:
            continue
        anchor = reader.one_of(table, "anchor", Anchor, Anchor.MEETING)
        _text(reader, table, "text", f"{PREFIX}{rule_id}", anchor)
        _text(reader, table, "requested", f"{PREFIX}{rule_id}.requested", anchor)
        audience = table.entries.get("audience")
        rules[rule_id] = rule = Rule(
            id=rule_id,
            anchor=anchor,
            offset=_offset(reader, table, "offset", Offset()),
            useful=_offset(reader, table, "useful", _usual_end(anchor)),
            kinds=_kinds(reader, table, anchor),
            audience=None if audience is None else read_condition(reader, audience, questionnaire.by_id, (), lists),
            registered_before=_length(reader, table),
            topic=reader.one_of(table, "topic", Topic, USUAL_TOPICS.get(anchor, Topic.OWN)),
            urgent=reader.flag(table, "urgent"),
            requested="requested" in table.entries,
            weeks=_weeks(reader, table, anchor),
            days=_days(reader, table, anchor),
            most=_most(reader, table, anchor),
        )
        _check_anchor(reader, table, rule, questionnaire)
        if anchor is Anchor.LAST_DAY and not has_path:
            what = f"The reminder '{rule_id}' is never said: the town has no path, whose last days it is about"
            reader.error(table.lines["anchor"], what, "Write a path.yaml, or take the reminder out", Level.WARNING)
        if (purpose := PURPOSES[rule.topic]) in unasked:
            unasked.discard(purpose)
            what = f"Nobody is asked for it: town.yaml has no consent '{purpose}', so everybody gets '{rule_id}'"
            reader.error(table, what, f"Call the consent '{purpose}', if you ask for one", Level.HINT)
        if not _speaks(rule):
            what = f"The reminder '{rule_id}' is never said: 'useful' is over before 'offset'"
            reader.error(table, what, "Let 'useful' be later than 'offset'")
    return rules


def _speaks(rule: Rule) -> bool:
    """Whether a rule is due while it is useful, at any hour of its anchor."""
    hours = (SOME_DAY + timedelta(hours=hour) for hour in range(24))
    return any(moment(rule.offset, hour, _CLOCK) <= moment(rule.useful, hour, _CLOCK) for hour in hours)


def _check_anchor(reader: Reader, table: Table, rule: Rule, questionnaire: Questionnaire) -> None:
    """Reports what does not fit the anchor, or can never happen."""
    for key, anchor in _ALONE.items():
        if key in table.entries and rule.anchor is not anchor:
            what = f"Only a reminder with the anchor '{anchor}' has '{key}'"
            reader.error(table.lines[key], what, "Take it out")
    if rule.anchor in {Anchor.DEADLINE, Anchor.NEW_OPENINGS} and rule.topic is not Topic.OFFERS:
        what = "Who has not signed up is written to about offers, for which they are asked"
        reader.error(table.lines["topic"], what, f"Write 'topic: {Topic.OFFERS}', or leave it out")
    if rule.anchor is Anchor.OLD_ANSWER and not questionnaire.ageing and questionnaire.refresh is None:
        what = f"The reminder '{rule.id}' is never said: no answer gets old"
        mend = "Write 'expires' at a question, or 'refresh' in questionnaire.yaml"
        reader.error(table.lines["anchor"], what, mend, Level.WARNING)


def _usual_end(anchor: Anchor) -> Offset:
    """The usual end: a reminder of something ahead helps until then, one of something past for a long time."""
    if anchor in {Anchor.FINISHED, Anchor.UNFINISHED, Anchor.OLD_ANSWER}:
        return Offset(days=400)
    if anchor is Anchor.NEW_OPENINGS:
        return Offset(days=1)
    return Offset()


def _kinds(reader: Reader, table: Table, anchor: Anchor) -> tuple[Kind, ...]:
    words = reader.names(table, "kinds")
    for word in words:
        if word not in list(Kind):
            reader.error(table.lines["kinds"], f"There is no kind of offer '{word}'", nearest(word, list(Kind)))
    kinds = tuple(Kind(word) for word in words if word in list(Kind))
    silent = [kind for kind in kinds if kind not in SPEAKS_OF[anchor]]
    if silent:
        # If no kind is left, the rule never speaks. Otherwise it only claims more than is true.
        level = Level.ERROR if len(silent) == len(kinds) else Level.WARNING
        what = f"A reminder with the anchor '{anchor}' never speaks of {' or '.join(map(repr, map(str, silent)))}"
        known = " and ".join(f"'{one}'" for one in SPEAKS_OF[anchor])
        mend = f"It can speak of {known}" if known else "It has to do with no offer: take 'kinds' out"
        reader.error(table.lines["kinds"], what, mend, level)
    return kinds or REGISTERED_FOR


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


def _weeks(reader: Reader, table: Table, anchor: Anchor) -> int:
    """The least number of weeks between two messages about old answers to a person. That anchor needs it."""
    if anchor is not Anchor.OLD_ANSWER:
        return 0
    number = reader.integer(table, "weeks", 0)
    if "weeks" not in table.entries:
        reader.error(table, "A reminder of old answers lacks 'weeks'", "Add 'weeks: 8': at most one in so many weeks")
    elif not 1 <= number <= MOST_WEEKS:
        reader.error(table.lines["weeks"], f"{number} cannot stand at 'weeks'", f"From 1 to {MOST_WEEKS}")
    return number


def _days(reader: Reader, table: Table, anchor: Anchor) -> frozenset[int]:
    """The weekdays on which people are told about new openings. Such rules need them."""
    if anchor is not Anchor.NEW_OPENINGS:
        return frozenset()
    words = reader.names(table, "days")
    if not words:
        reader.error(table, "A reminder of new openings lacks 'days'", "Add 'days: [tu, fr]'")
    for word in words:
        if word not in WEEKDAYS:
            reader.error(table.lines["days"], f"'{word}' is no day of the week", nearest(word, WEEKDAYS))
    return frozenset(WEEKDAYS.index(word) + 1 for word in words if word in WEEKDAYS)


def _most(reader: Reader, table: Table, anchor: Anchor) -> int:
    """How many openings one message names."""
    if anchor is not Anchor.NEW_OPENINGS:
        return 0
    number = reader.integer(table, "most", 5)
    if not 1 <= number <= MOST_OPENINGS:
        reader.error(table.lines["most"], f"{number} cannot stand at 'most'", f"From 1 to {MOST_OPENINGS}")
    return number


def _text(reader: Reader, table: Table, name: str, key: str, anchor: Anchor) -> None:
    """Reads a text. Its placeholders must be known."""
    words = reader.text(table, name, key)
    known = SLOTS[anchor]
    for slot in sorted(_slots(words) - known):
        mend = f"It can say {', '.join(f'{{{one}}}' for one in sorted(known)) or 'nothing in braces'}"
        reader.error(table.lines[name], f"Nobody fills in {{{slot}}} in a reminder of this anchor", mend)


def _slots(words: str) -> frozenset[str]:
    """The placeholders of a text. Empty if its markup is broken, which the check of all texts reports."""
    try:
        return frozenset(shape(parse(words)).slots)
    except MarkupError:
        return frozenset()
