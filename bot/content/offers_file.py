"""`offers.yaml`: what a town offers, with its German texts, conditions and meetings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.content.conditions_file import read_condition
from bot.content.faults import Level, nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Node, Table
from bot.content.reader import ID, Reader
from bot.content.recurrence import RuleRefused, occurrences
from bot.content.town import Town
from bot.core.conditions import Condition
from bot.core.days import day_of
from bot.core.offers import USUAL_HOLD, Kind, Mode, Need, Offer, Place, PlannedMeeting, Sort
from bot.core.questionnaire import Questionnaire
from bot.core.reminders import REGISTERED_FOR
from bot.core.timing import Offset, parse_offset

_NEEDED = ("id", "kind", "title", "text")
_POSSIBLE = (
    *("provider", "fee", "level", "mode", "lessons_per_week", "place", "seats", "approval", "hold", "register_until"),
    *("needs", "suits", "meetings", "hours", "provides", "finds_out", "sort", "partner", "link", "until"),
)
_OF_OPENINGS = ("sort", "partner", "link", "until")
_NOT_OF_OPENINGS = (
    *("fee", "level", "mode", "lessons_per_week", "seats", "approval", "hold", "register_until"),
    *("meetings", "hours", "provides", "finds_out"),
)
_HTTPS = re.compile(r"https://[^\s\"<>]+")
_HOURS = re.compile(r"(\d{1,3})h")
_WHEN = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:00)?")
LONGEST_MEETING = 24 * 60


def read_offers(
    reader: Reader,
    root: Table,
    questionnaire: Questionnaire,
    lists: Mapping[str, ItemList],
    town: Town,
    extras: Collection[str] | None = (),
    levels: Sequence[str] = (),
) -> dict[str, Offer]:
    """Every offer that can be read, by id in the file's order. What cannot be read is a fault in the report.

    `extras`: what an offer may provide, by the names of the needs board. None if that cannot be read. `levels`: the
    levels that the board counts. Empty if the town has no board.
    """
    reader.keys(root, ("offers",), (), "The offers")
    offers: dict[str, Offer] = {}
    for table in reader.tables(root, "offers"):
        one = _OfferReader(reader, table, questionnaire, lists, town, extras, levels)
        offer = one.offer(offers)
        if offer is not None:
            offers[offer.id] = offer
    return offers


def nobody_counts(provided: str, extras: Collection[str]) -> tuple[str, str]:
    """The fault that an offer provides something the needs board does not count, and how to fix it."""
    mend = nearest(provided, extras) if extras else "Name it under 'extra' in needs.yaml, or take it out here"
    return f"Nobody counts who needs '{provided}'", mend


class _OfferReader:
    """Reads one offer."""

    def __init__(
        self,
        reader: Reader,
        table: Table,
        questionnaire: Questionnaire,
        lists: Mapping[str, ItemList],
        town: Town,
        extras: Collection[str] | None,
        levels: Sequence[str],
    ) -> None:
        self._reader = reader
        self._table = table
        self._questions = questionnaire.by_id
        self._lists = lists
        self._town = town
        self._extras = extras
        self._levels = levels

    def offer(self, taken: Collection[str]) -> Offer | None:
        """The offer. None if it has no id."""
        reader, table = self._reader, self._table
        reader.keys(table, _NEEDED, _POSSIBLE, "An offer")
        offer_id = reader.ident(table, taken, ID)
        if offer_id is None:
            return None
        for text in ("title", "text", "hours"):
            reader.text(table, text, f"offers.{offer_id}.{text}")
        level = reader.table(table, "level") or Table(table.line, {}, {})
        reader.keys(level, (), ("from", "to"), "'level'")
        self._check_levels(level)
        meetings = self._meetings()
        kind = reader.one_of(table, "kind", Kind, Kind.COURSE)
        self._check_kind(kind)
        if not meetings and kind in REGISTERED_FOR:
            what = f"The offer '{offer_id}' has no meeting: nobody can come"
            reader.error(table, what, "Add 'meetings:', or remove the offer", Level.WARNING)
        return Offer(
            id=offer_id,
            kind=kind,
            provider=reader.string(table, "provider"),
            fee=self._number("fee", 0, 100_000),
            level_from=reader.string(level, "from") or None,
            level_to=reader.string(level, "to") or None,
            mode=reader.one_of(table, "mode", Mode, Mode.PRESENCE),
            lessons_per_week=self._number("lessons_per_week", 1, 60),
            place=self._place(offer_id),
            seats=self._number("seats", 1, 10_000),
            approval=reader.flag(table, "approval"),
            hold=self._hold(),
            register_until=self._register_until(),
            needs=self._needs(offer_id),
            suits=self._condition(table.entries.get("suits")),
            meetings=meetings,
            provides=self._provides(),
            finds_out=self._finds_out(),
            sort=reader.one_of(table, "sort", Sort, Sort.JOB),
            partner=reader.string(table, "partner"),
            link=self._link(),
            until=self._until(),
        )

    def _check_levels(self, table: Table) -> None:
        """Reports a level that the needs board does not count, and a course that leads to a lower level."""
        places: list[int] = []
        for key in ("from", "to") if self._levels else ():
            name = self._reader.string(table, key)
            if name in self._levels:
                places.append(self._levels.index(name))
            elif name:
                what = f"'{name}' is no level of the needs board: there this course meets nobody's need"
                self._reader.error(table.lines[key], what, nearest(name, self._levels), Level.WARNING)
        if places != sorted(places):
            self._reader.error(table, "The course ends lower than it begins", "Let 'to' be the higher level")

    def _check_kind(self, kind: Kind) -> None:
        """Reports keys that only openings may have, or that openings must not have."""
        reader, table = self._reader, self._table
        for key in _NOT_OF_OPENINGS if kind is Kind.OPENING else _OF_OPENINGS:
            if key in table.entries:
                what = f"An opening has no '{key}'" if kind is Kind.OPENING else f"Only an opening has '{key}'"
                reader.error(table.lines[key], what, "Take it out")
        if kind is Kind.OPENING and "partner" in table.entries and reader.string(table, "sort") == Sort.INFO:
            what = "A piece of information has no 'partner': nobody is interested in it"
            reader.error(table.lines["partner"], what, "Take it out, or write another 'sort'")

    def _link(self) -> str:
        address = self._reader.string(self._table, "link")
        if address and not _HTTPS.fullmatch(address):
            self._reader.error(self._table.lines["link"], f"'{address}' is no web address", "Write it as https://...")
        return address

    def _until(self) -> date | None:
        words = self._reader.string(self._table, "until")
        day = day_of(words)
        if words and day is None:
            mend = "Write it as 2027-02-15, or leave 'until' out where there is no last day"
            self._reader.error(self._table.lines["until"], f"'{words}' is no day", mend)
        return day

    def _number(self, key: str, least: int, most: int) -> int | None:
        if key not in self._table.entries:
            return None
        number = self._reader.integer(self._table, key, least)
        if not least <= number <= most:
            self._reader.error(self._table.lines[key], f"{number} cannot stand at '{key}'", f"From {least} to {most}")
        return number

    def _place(self, offer_id: str) -> Place | None:
        reader = self._reader
        table = reader.table(self._table, "place")
        if table is None:
            return None
        reader.keys(table, ("name", "address", "map"), (), "A place")
        reader.text(table, "name", f"offers.{offer_id}.place")
        address = reader.string(table, "map")
        if address and not _HTTPS.fullmatch(address):
            reader.error(table.lines["map"], f"'{address}' is no web address", "Write it as https://...")
        return Place(reader.string(table, "address"), address)

    def _provides(self) -> tuple[str, ...]:
        provided = self._reader.strings(self._table, "provides")
        for one in provided:
            if self._extras is not None and one not in self._extras:
                self._reader.error(self._table.lines["provides"], *nobody_counts(one, self._extras))
        return provided

    def _finds_out(self) -> tuple[str, ...]:
        named = self._reader.strings(self._table, "finds_out")
        for one in named:
            if one not in self._questions:
                what = f"There is no question '{one}'"
                self._reader.error(self._table.lines["finds_out"], what, nearest(one, self._questions))
        return named

    def _hold(self) -> timedelta:
        words = self._reader.string(self._table, "hold", "24h")
        match = _HOURS.fullmatch(words)
        if match is None or not int(match[1]):
            self._reader.error(self._table.lines["hold"], f"'{words}' is no time to wait", "Write it as 24h")
            return USUAL_HOLD
        return timedelta(hours=int(match[1]))

    def _register_until(self) -> Offset | None:
        words = self._reader.string(self._table, "register_until")
        if not words:
            return None
        offset = parse_offset(words)
        if offset is None:
            mend = "Write it as '-3d at 18:00' or '-2h', seen from the (first) meeting"
            self._reader.error(self._table.lines["register_until"], f"'{words}' is no deadline", mend)
        return offset

    def _needs(self, offer_id: str) -> tuple[Need, ...]:
        needs: list[Need] = []
        for number, table in enumerate(self._reader.tables(self._table, "needs"), 1):
            worded = "if" in table.entries
            if worded:
                self._reader.keys(table, ("if", "text"), (), "A need with its own text")
                self._reader.text(table, "text", f"offers.{offer_id}.need_{number}")
            condition = self._condition(table.entries["if"] if worded else table)
            if condition is not None:
                needs.append(Need(condition, own_text=worded))
        return tuple(needs)

    def _condition(self, node: Node | None) -> Condition | None:
        return None if node is None else read_condition(self._reader, node, self._questions, (), self._lists)

    # -- meetings

    def _meetings(self) -> tuple[PlannedMeeting, ...]:
        found: dict[datetime, PlannedMeeting] = {}
        for table in self._reader.tables(self._table, "meetings"):
            self._reader.keys(table, ("minutes",), ("at", "rule", "from", "room", "except", "holidays"), "A meeting")
            for time in self._times(table):
                if time in found:
                    what = f"There are two meetings on {time:%Y-%m-%d at %H:%M}"
                    self._reader.error(table, what, "A meeting is known by its time: keep one of them")
                found[time] = self._meeting(table, time)
        return tuple(found[time] for time in sorted(found))

    def _meeting(self, table: Table, time: datetime) -> PlannedMeeting:
        minutes = self._reader.integer(table, "minutes", 60)
        if not 0 < minutes <= LONGEST_MEETING:
            self._reader.error(
                table.lines["minutes"], f"A meeting of {minutes} minutes", "Write its length in minutes"
            )
        return PlannedMeeting(time, minutes, self._reader.string(table, "room"))

    def _times(self, table: Table) -> tuple[datetime, ...]:
        reader = self._reader
        if ("at" in table.entries) is ("rule" in table.entries):
            reader.error(table, "A meeting has either 'at' or 'rule'", "Write 'at: 2027-01-12 18:00', or a rule")
            return ()
        if "at" in table.entries:
            at = self._time(table, "at")
            return () if at is None else (at,)
        start = self._time(table, "from")
        if start is None:
            if "from" not in table.entries:
                reader.error(table, "The rule has no first day", "Add 'from: 2027-01-11 09:00'")
            return ()
        days = {day for word in reader.strings(table, "except") if (day := self._day(table, word)) is not None}
        free = self._town.holidays if reader.string(table, "holidays", "skip") == "skip" else ()
        try:
            return occurrences(reader.string(table, "rule"), start, self._town.clock, days, holidays=free)
        except RuleRefused as refused:
            reader.error(table.lines["rule"], refused.what, refused.mend)
            return ()

    def _time(self, table: Table, key: str) -> datetime | None:
        words = self._reader.string(table, key)
        if not words:
            return None
        try:
            found = datetime.fromisoformat(words) if _WHEN.fullmatch(words) else None
        except ValueError:
            found = None
        if found is None:
            self._reader.error(table.lines[key], f"'{words}' is no day and time", "Write it as 2027-01-12 18:00")
            return None
        return found

    def _day(self, table: Table, words: str) -> date | None:
        day = day_of(words)
        if day is None:
            self._reader.error(table.lines["except"], f"'{words}' is no day", "Write it as 2027-02-15")
        return day
