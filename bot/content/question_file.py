"""Reads one question of `questionnaire.yaml` with its German texts, and reports every fault in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.content.conditions_file import read_condition
from bot.content.faults import Level, nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Leaf, Table
from bot.content.question_checks import check_question
from bot.content.reader import OPTION_ID, Reader
from bot.core.conditions import Condition
from bot.core.days import time_within
from bot.core.questionnaire import ONLY_IN_FORMS, Kind, Option, Question, Rule, Span, Stage
from bot.core.spans import SPAN

_USUAL_LENGTH = {Kind.LONG_TEXT: 1000, Kind.LIST: 60}
_HTTPS = re.compile(r"https://[^\s\"<>]+")
_ONE_OF_OPTIONS = frozenset({Kind.SINGLE, Kind.SCALE, Kind.YES_NO, Kind.COMPUTED})
"""Kinds whose answer is one option, so that a computed question can take it."""

_NEEDED = ("id", "section", "kind", "ask", "purpose", "basis", "retention")
_NEEDED_IN_FORM = ("id", "kind", "ask")
_POSSIBLE = ("hint", "why", "say", "ask_if", "optional", "sensitive", "stage", "expires", "was", "report", "links")
_BY_KIND: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.SINGLE: (("short", "options"), ("retired",)),
    Kind.MULTIPLE: (("short", "options"), ("least", "most", "retired")),
    Kind.SCALE: (("short", "options"), ("retired",)),
    Kind.YES_NO: (("short",), ("options", "unsure", "sentences")),
    Kind.NUMBER: (("short", "minimum", "maximum"), ("unit",)),
    Kind.SHORT_TEXT: (("short",), ("max_length",)),
    Kind.LONG_TEXT: (("short",), ("max_length",)),
    Kind.MONTH_YEAR: (("short", "years_back"), ("years_ahead",)),
    Kind.DAY: (("short",), ()),
    Kind.TIME: (("short",), ("common",)),
    Kind.LIST: (("short", "list"), ("common", "own_words", "max_length")),
    Kind.STATEMENT: ((), ()),
    Kind.COMPUTED: (("short", "scale", "rules"), ("sentences",)),
}
_NEVER_ASKED = {"ask", "hint", "why", "optional", "sensitive", "expires", "links"}
"""Keys that mean nothing in a computed question."""
_ONLY_READ = {"say", "optional", "sensitive", "why", "expires"}
"""Keys that mean nothing in a question that is only read."""


@dataclass(frozen=True, slots=True)
class Room:
    """The file questions are in: how their text keys begin and, for a form, whose options it may offer."""

    name: str = "questionnaire"
    form: bool = False
    borrowed: Mapping[str, Question] = field(default_factory=dict)


class QuestionReader:
    """Reads questions one after the other.

    `order`: the ids of all questions in the order they are asked. `read`: those that could be read so far.
    """

    def __init__(
        self,
        reader: Reader,
        order: Sequence[str],
        sections: Sequence[str],
        lists: Mapping[str, ItemList],
        room: Room,
    ) -> None:
        self._reader = reader
        self._order = order
        self._sections = sections
        self._lists = lists
        self._room = room
        self.read: dict[str, Question] = {}

    def question(self, table: Table) -> None:
        """Reads a question into `read`. What cannot be read is a fault in the reader's report."""
        reader = self._reader
        kind = self._kind(table)
        if kind is None:
            return
        self._keys(table, kind)
        question_id = reader.ident(table, self.read)
        if question_id is None:
            return
        self._texts(table, question_id)
        question = self._built(table, question_id, kind)
        self._sentences(table, question)
        check_question(reader, table, question)
        if question.options or kind not in {Kind.LIST, Kind.COMPUTED}:
            self.read[question_id] = question

    def _is_unread(self, name: str, question_id: str) -> bool:
        """Whether an earlier question has a fault itself, which is reported there."""
        return name not in self.read and name in self._order[: self._order.index(question_id)]

    def _keys(self, table: Table, kind: Kind) -> None:
        needed, possible = _BY_KIND[kind]
        always: tuple[str, ...] = _NEEDED
        if self._room.form:
            always, possible = _NEEDED_IN_FORM, (*possible, "options_of")
            needed = tuple(key for key in needed if key != "options" or "options_of" not in table.entries)
        senseless = {Kind.COMPUTED: _NEVER_ASKED, Kind.STATEMENT: _ONLY_READ}.get(kind, set())
        self._reader.keys(
            table,
            [key for key in (*always, *needed) if key not in senseless],
            [key for key in (*_POSSIBLE, *possible) if key not in senseless],
            f"A question of the kind '{kind}'",
        )

    def _built(self, table: Table, question_id: str, kind: Kind) -> Question:
        reader = self._reader
        options = self._options(table, question_id, kind)
        return Question(
            id=question_id,
            section=self._sections[0] if self._room.form else self._one_of(table, list(self._sections), "section"),
            kind=kind,
            purpose=reader.string(table, "purpose"),
            basis=reader.string(table, "basis"),
            retention=reader.string(table, "retention"),
            options=options,
            ask_if=self._condition(table, question_id),
            optional=reader.flag(table, "optional"),
            sensitive=reader.flag(table, "sensitive"),
            least=reader.integer(table, "least", 1),
            most=reader.integer(table, "most", 0) if "most" in table.entries else None,
            minimum=reader.integer(table, "minimum", 0),
            maximum=reader.integer(table, "maximum", 0),
            max_length=reader.integer(table, "max_length", _USUAL_LENGTH.get(kind, 200)),
            stage=stage_of(table),
            expires=read_span(reader, table, "expires"),
            years_back=reader.integer(table, "years_back", 0),
            years_ahead=reader.integer(table, "years_ahead", 0),
            list_name=reader.string(table, "list"),
            common=self._common(table),
            own_words=reader.flag(table, "own_words"),
            scale=reader.string(table, "scale"),
            rules=self._rules(table, question_id, options),
            links=self._links(table, question_id),
            was=reader.names(table, "was"),
            report=reader.flag(table, "report", default=True),
            room=self._room.name,
            options_at=self._options_at(table, kind),
        )

    def _options_at(self, table: Table, kind: Kind) -> str:
        """Where the texts of the options are. Empty if the question has them itself."""
        if kind is Kind.LIST:
            return f"list.{self._reader.string(table, 'list')}"
        of = self._borrowed(table) or self.read.get(self._reader.string(table, "scale"))
        return "" if of is None else of.options_at or f"{of.key}.option"

    def _borrowed(self, table: Table) -> Question | None:
        """The question of the questionnaire whose options a form's question offers."""
        return self._room.borrowed.get(self._reader.string(table, "options_of"))

    def _kind(self, table: Table) -> Kind | None:
        if "kind" not in table.entries:
            self._reader.error(table, "A question lacks 'kind'", f"Kinds: {', '.join(Kind)}")
            return None
        known = [kind for kind in Kind if self._room.form or kind not in ONLY_IN_FORMS]
        name = self._one_of(table, known, "kind")
        return Kind(name) if name else None

    def _one_of(self, table: Table, known: Sequence[str], key: str) -> str:
        value = self._reader.string(table, key)
        if value and value not in known:
            self._reader.error(table.entries[key], f"There is no {key} '{value}'", f"Known here: {', '.join(known)}")
            return ""
        return value

    def _condition(self, table: Table, question_id: str, key: str = "ask_if") -> Condition | None:
        node = table.entries.get(key)
        if node is None:
            return None
        own = self._order.index(question_id) if question_id in self._order else len(self._order)
        earlier = {name: self.read.get(name) for name in self._order[:own]}
        return read_condition(self._reader, node, earlier, self._order[own:], self._lists)

    def _options(self, table: Table, question_id: str, kind: Kind) -> tuple[Option, ...]:
        if kind is Kind.LIST:
            return self._items(table)
        if kind is Kind.COMPUTED:
            return self._scale(table, question_id)
        if self._room.form and "options_of" in table.entries:
            return self._options_of(table)
        options: dict[str, Option] = {}
        for entry in self._reader.tables(table, "options"):
            option = self._option(entry, question_id, kind, options)
            if option is not None:
                options[option.id] = option
        if kind is Kind.YES_NO:
            options = options or {"yes": Option("yes"), "no": Option("no")}
            if self._reader.text(table, "unsure", f"{self._room.name}.{question_id}.option.unsure"):
                options["unsure"] = Option("unsure", unsure=True)
        return tuple(options.values())

    def _options_of(self, table: Table) -> tuple[Option, ...]:
        """The options of that question of the questionnaire."""
        of = self._borrowed(table)
        if of is None or not of.options:
            name = self._reader.string(table, "options_of")
            known = [one.id for one in self._room.borrowed.values() if one.options]
            what = f"'{name}' is no question of the questionnaire with options"
            self._reader.error(table.lines["options_of"], what, nearest(name, known))
            return ()
        return tuple(Option(option.id) for option in of.options if not option.unsure)

    def _option(self, table: Table, question_id: str, kind: Kind, taken: Mapping[str, Option]) -> Option | None:
        possible = ("unsure", "said", "sentence", "was")
        reader = self._reader
        reader.keys(
            table, ("id", "text"), (*possible, "exclusive") if kind is Kind.MULTIPLE else possible, "An option"
        )
        option_id = reader.ident(table, taken, OPTION_ID)
        if option_id is None:
            return None
        key = f"{self._room.name}.{question_id}"
        reader.text(table, "text", f"{key}.option.{option_id}")
        reader.text(table, "said", f"{key}.said.{option_id}")
        reader.text(table, "sentence", f"{key}.sentence.{option_id}")
        unsure = reader.flag(table, "unsure")
        # "I do not know" next to another tick would be a contradiction.
        exclusive = reader.flag(table, "exclusive") or (unsure and kind is Kind.MULTIPLE)
        return Option(option_id, exclusive, unsure, reader.names(table, "was"))

    def _items(self, table: Table) -> tuple[Option, ...]:
        name = self._reader.string(table, "list")
        listed = self._lists.get(name)
        if listed is None:
            if name:
                mend = f"Write it as lists/{name}.yaml. {nearest(name, self._lists)}"
                self._reader.error(table.lines["list"], f"There is no list '{name}'", mend)
            return ()
        return tuple(Option(item.id) for item in listed.items)

    def _common(self, table: Table) -> tuple[str, ...]:
        common = self._reader.strings(table, "common")
        if self._reader.string(table, "kind") == Kind.TIME:
            for time in common:
                if not time_within(time):
                    self._reader.error(table.lines["common"], f"'{time}' is no time of day", 'Write it as "18:00"')
            return common
        listed = self._lists.get(self._reader.string(table, "list"))
        known = [item.id for item in listed.items] if listed else []
        for name in common if listed else ():
            if name not in known:
                what = f"The list has no item '{name}'"
                self._reader.error(table.lines["common"], what, nearest(name, known))
        return tuple(name for name in common if name in known)

    def _scale(self, table: Table, question_id: str) -> tuple[Option, ...]:
        """The values that a computed question can have."""
        name = self._reader.string(table, "scale")
        scale = self.read.get(name)
        if scale is not None and scale.kind is Kind.SCALE:
            return tuple(option for option in scale.options if not option.unsure)
        if name and not self._is_unread(name, question_id):
            what = "'scale' must name a question of the kind 'scale' that comes before"
            self._reader.error(table.lines["scale"], what, "Name the scale it computes")
        return ()

    def _rules(self, table: Table, question_id: str, options: Sequence[Option]) -> tuple[Rule, ...]:
        """The rules of a computed question. Their values are among the options."""
        reader = self._reader
        rules: list[Rule] = []
        ended = False
        for entry in reader.tables(table, "rules"):
            reader.keys(entry, (), ("value", "take", "if"), "A rule")
            value, take = reader.string(entry, "value"), reader.string(entry, "take")
            if bool(value) is bool(take):
                reader.error(entry, "A rule gives either a value or what a question was answered", "Keep one of them")
                continue
            if ended:
                mend = "Put the rule without 'if' last"
                reader.error(entry, "No answer leads to this rule: the one above always holds", mend, Level.WARNING)
            ended = ended or ("if" not in entry.entries and bool(value))
            if options:
                self._check_result(entry, question_id, value or take, [option.id for option in options])
            rules.append(Rule(value or None, take or None, self._condition(entry, question_id, "if")))
        return tuple(rules)

    def _check_result(self, rule: Table, question_id: str, result: str, values: Sequence[str]) -> None:
        """Reports a rule with a value that the scale does not have. With `take`: whose question has such values."""
        if "value" in rule.entries:
            if result not in values:
                self._reader.error(rule.lines["value"], f"The scale has no '{result}'", nearest(result, values))
            return
        taken = self.read.get(result)
        if taken is None and self._is_unread(result, question_id):
            return
        own = {option.id for option in taken.options if not option.unsure} if taken else set()
        if taken is None or taken.kind not in _ONE_OF_OPTIONS or not own <= set(values):
            what = f"'{result}' is no question before this one that is answered with one of the scale's options"
            self._reader.error(rule.lines["take"], what, nearest(result, self.read))

    def _links(self, table: Table, question_id: str) -> tuple[str, ...]:
        urls = []
        for number, entry in enumerate(self._reader.tables(table, "links"), start=1):
            self._reader.keys(entry, ("text", "url"), (), "A link")
            self._reader.text(entry, "text", f"{self._room.name}.{question_id}.link.{number}")
            url = self._reader.string(entry, "url")
            if url and not _HTTPS.fullmatch(url):
                self._reader.error(entry.lines["url"], f"'{url}' is no address", "Write it as https://...")
            urls.append(url)
        return tuple(urls)

    def _texts(self, table: Table, question_id: str) -> None:
        """The texts of the question itself, in the order translators see them."""
        for name in ("ask", "hint", "why", "short", "unit", "say"):
            self._reader.text(table, name, f"{self._room.name}.{question_id}.{name}")

    def _sentences(self, table: Table, question: Question) -> None:
        """The sentences of a yes/no or computed question, which has no options of its own to put them at."""
        reader = self._reader
        sentences = reader.table(table, "sentences")
        if sentences:
            reader.keys(sentences, (), [option.id for option in question.options], "'sentences'")
            for option in question.options:
                reader.text(sentences, option.id, f"{question.key}.sentence.{option.id}")


def stage_of(table: Table) -> Stage:
    """When a question is asked. `check_stage` reports an unknown word."""
    node = table.entries.get("stage")
    return Stage.FOLLOW_UP if isinstance(node, Leaf) and node.value == Stage.FOLLOW_UP else Stage.FIRST


def check_stage(reader: Reader, table: Table) -> None:
    """Reports a stage that does not exist."""
    named = reader.string(table, "stage", Stage.FIRST)
    if named not in list(Stage):
        reader.error(table.lines["stage"], f"There is no stage '{named}'", f"Known here: {', '.join(Stage)}")


def read_span(reader: Reader, table: Table, key: str) -> Span | None:
    """A length of time such as "6 months"."""
    words = reader.string(table, key)
    if not words:
        return None
    match = SPAN.fullmatch(words)
    if match is None:
        reader.error(table.lines[key], f"'{words}' is no length of time", f"Write for example '{key}: 6 months'")
        return None
    return Span(int(match[1]), match[2])
