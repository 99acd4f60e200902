"""`path.yaml`: the steps from a level to a goal, with windows and lengths. Without the file there are no paths."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bot.content.conditions_file import read_condition
from bot.content.faults import Level, nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.core.conditions import Condition, questions_in
from bot.core.questionnaire import Questionnaire
from bot.core.road import Goal, Length, Road, Step, Unit, Window, YearDay

_NEEDED = ("id", "title", "text")
_POSSIBLE = (
    *("when", "done", "begun", "level", "lasts", "windows", "after"),
    *("papers", "office", "link", "offers", "remind", "checked"),
)
_HTTPS = re.compile(r"https://[^\s\"<>]+")
_LENGTH = re.compile(r"([1-9][0-9]{0,2}) (day|week|month)s?")
_YEAR_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_path(
    reader: Reader,
    root: Table,
    questionnaire: Questionnaire,
    lists: Mapping[str, ItemList],
    offers: Collection[str],
) -> Road:
    """Every goal and step that can be read. What cannot be read is a fault. `offers` are those of the files."""
    reader.keys(root, ("goals", "steps"), ("papers",), "The path")
    one = _PathReader(reader, root, questionnaire, lists, offers)
    papers = one.papers()
    steps = one.steps(papers)
    return Road(one.goals(steps), steps)


class _PathReader:
    """Reads the parts of the file."""

    def __init__(
        self,
        reader: Reader,
        root: Table,
        questionnaire: Questionnaire,
        lists: Mapping[str, ItemList],
        offers: Collection[str],
    ) -> None:
        self._reader = reader
        self._root = root
        self._questions = questionnaire.by_id
        self._lists = lists
        self._offers = offers
        self._steps = [
            self._reader.string(table, "id") for table in self._reader.tables(root, "steps") if "id" in table.entries
        ]

    def papers(self) -> tuple[str, ...]:
        """The papers that steps can name."""
        found: list[str] = []
        for table in self._reader.tables(self._root, "papers"):
            self._reader.keys(table, ("id", "text"), (), "A paper")
            name = self._reader.ident(table, found)
            if name is not None:
                self._reader.text(table, "text", f"path.papers.{name}")
                found.append(name)
        return tuple(found)

    def goals(self, steps: Mapping[str, Step]) -> tuple[Goal, ...]:
        """The goals, each with its steps. A step that leads to no goal is a fault."""
        found: dict[str, Goal] = {}
        named: set[str] = set()
        for table in self._reader.tables(self._root, "goals"):
            self._reader.keys(table, ("id", "title", "when", "steps"), (), "A goal")
            name = self._reader.ident(table, found)
            of = self._reader.strings(table, "steps")
            named.update(of)
            self._known(table, "steps", of, self._steps, "There is no step '{}'")
            when = self._condition(table, "when")
            if name is not None:
                self._reader.text(table, "title", f"path.goals.{name}.title")
            if name is not None and when is not None:
                found[name] = Goal(name, when, tuple(one for one in of if one in steps))
        for table in self._reader.tables(self._root, "steps"):
            one = self._reader.string(table, "id")
            if one in steps and one not in named:
                what = f"The step '{one}' leads to no goal: nobody sees it"
                self._reader.error(table, what, "Name it at a goal's 'steps', or remove it", Level.WARNING)
        return tuple(found.values())

    def steps(self, papers: Collection[str]) -> dict[str, Step]:
        """The steps in the file's order, which is also the order they are shown in."""
        found: dict[str, Step] = {}
        for table in self._reader.tables(self._root, "steps"):
            self._reader.keys(table, _NEEDED, _POSSIBLE, "A step")
            name = self._reader.ident(table, found)
            if name is not None:
                for text in ("title", "text"):
                    self._reader.text(table, text, f"path.steps.{name}.{text}")
                found[name] = self._step(table, name, found, papers)
        return found

    def _step(self, table: Table, name: str, before: Collection[str], papers: Collection[str]) -> Step:
        reader, done = self._reader, self._condition(table, "done")
        return Step(
            id=name,
            when=self._condition(table, "when"),
            done=done,
            begun=self._condition(table, "begun"),
            level=self._level(table, done),
            lasts=self._length(table),
            windows=self._windows(table),
            after=self._after(table, before),
            papers=self._listed(table, "papers", papers, "There is no paper '{}'"),
            office=reader.string(table, "office"),
            link=self._link(table),
            offers=self._listed(table, "offers", self._offers, "There is no offer '{}'"),
            remind=reader.flag(table, "remind", default=True),
            checked=reader.flag(table, "checked", default=True),
        )

    def _condition(self, table: Table, key: str) -> Condition | None:
        node = table.entries.get(key)
        return None if node is None else read_condition(self._reader, node, self._questions, (), self._lists)

    def _listed(self, table: Table, key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        names = self._reader.names(table, key)
        self._known(table, key, names, known, what)
        return tuple(one for one in names if one in known)

    def _known(self, table: Table, key: str, names: Collection[str], known: Collection[str], what: str) -> None:
        for one in names:
            if one not in known:
                self._reader.error(table.lines[key], what.format(one), nearest(one, known))
        if len(set(names)) < len(names):
            self._reader.error(table.lines[key], f"Something stands twice in '{key}'", "Keep one of them")

    def _after(self, table: Table, before: Collection[str]) -> tuple[str, ...]:
        """The steps that must be over. They come earlier in the file, so no step waits for itself."""
        names = self._reader.names(table, "after")
        late = [one for one in names if one in self._steps and one not in before]
        for one in late:
            what = f"This step waits for '{one}', which stands further down"
            self._reader.error(table.lines["after"], what, f"Move '{one}' up: a step stands below what it waits for")
        self._known(table, "after", [one for one in names if one not in late], before, "There is no step '{}'")
        return tuple(one for one in names if one in before)

    def _level(self, table: Table, done: Condition | None) -> str:
        """The level that courses of this step lead to. `done` must compare with it."""
        level = self._reader.string(table, "level")
        questions = (self._questions[one] for one in sorted(questions_in(done)))
        known = [option for one in questions for option in one.option_ids]
        if level and level not in known:
            what = f"No answer that 'done' asks for can be '{level}'"
            mend = nearest(level, known) if known else f"Add 'done: {{level: {{at_least: {level}}}}}'"
            self._reader.error(table.lines["level"], what, mend)
        return level

    def _length(self, table: Table) -> Length | None:
        words = self._reader.string(table, "lasts")
        if not words:
            return None
        match = _LENGTH.fullmatch(words)
        if match is None:
            mend = "Write '6 weeks', '3 months' or '10 days'; leave it out where nobody knows"
            self._reader.error(table.lines["lasts"], f"'{words}' is no length of time", mend)
            return None
        return Length(int(match[1]), Unit(match[2]))

    def _windows(self, table: Table) -> tuple[Window, ...]:
        found: list[Window] = []
        for one in self._reader.tables(table, "windows"):
            self._reader.keys(one, ("from", "until"), (), "A window")
            opens, closes = self._year_day(one, "from"), self._year_day(one, "until")
            if opens is not None and closes is not None:
                found.append(Window(opens, closes))
        return tuple(found)

    def _year_day(self, table: Table, key: str) -> YearDay | None:
        words = self._reader.string(table, key)
        match = _YEAR_DAY.fullmatch(words)
        if match is not None:
            month, day = int(match[1]), int(match[2])
            if 1 <= month <= len(_LONGEST) and 1 <= day <= _LONGEST[month - 1]:
                return YearDay(month, day)
        if words:
            mend = 'Write month and day, such as "01-15" for 15 January'
            self._reader.error(table.lines[key], f"'{words}' is no day of the year", mend)
        return None

    def _link(self, table: Table) -> str:
        address = self._reader.string(table, "link")
        if address and not _HTTPS.fullmatch(address):
            self._reader.error(table.lines["link"], f"'{address}' is no web address", "Write it as https://...")
        return address
