"""`questionnaire.yaml`: sections and questions with their German texts."""

from __future__ import annotations

import hashlib
import json
import re

from bot.content.conditions_file import JOINTS, read_condition
from bot.content.faults import Level
from bot.content.nodes import Table, plain
from bot.content.reader import OPTION_ID, Reader
from bot.core.conditions import Condition
from bot.core.questionnaire import Kind, Option, Question, Questionnaire

MOST_OPTIONS = 12
"""More buttons than this do not fit on a phone's screen together with the question."""
LONGEST_SHORT_TEXT = 1000

_RESERVED = (*JOINTS, "section")
"""No question may be called so: words of conditions, and of the keys of the sections' titles."""
_NEEDED = ("id", "section", "kind", "ask", "short", "purpose", "basis", "retention")
_POSSIBLE = ("hint", "why", "ask_if", "optional", "sensitive")
_BY_KIND: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.SINGLE: (("options",), ()),
    Kind.MULTIPLE: (("options",), ("least", "most")),
    Kind.SCALE: (("options",), ()),
    Kind.YES_NO: ((), ("options", "unsure")),
    Kind.NUMBER: (("minimum", "maximum"), ("unit",)),
    Kind.SHORT_TEXT: ((), ("max_length",)),
}


def read_questionnaire(reader: Reader, root: Table) -> Questionnaire:
    """Every section and question that can be read; what cannot is a fault in the reader's report."""
    reader.keys(root, ("sections", "questions"), (), "The questionnaire")
    sections: list[str] = []
    for table in reader.tables(root, "sections"):
        reader.keys(table, ("id", "title"), (), "A section")
        section = reader.ident(table, sections)
        if section:
            sections.append(section)
            reader.text(table, "title", f"questionnaire.section.{section}")
    tables = list(reader.tables(root, "questions"))
    places = {reader.string(table, "id"): table.line for table in tables if "id" in table.entries}
    questions: dict[str, Question] = {}
    for table in tables:
        question = _QuestionReader(reader, table, questions, places).read(sections)
        if question:
            questions[question.id] = question
    written = json.dumps(plain(root), ensure_ascii=False, sort_keys=True)
    revision = hashlib.sha256(written.encode()).hexdigest()[:12]
    return Questionnaire(tuple(sections), tuple(questions.values()), revision)


class _QuestionReader:
    """Reads one question; `earlier` are those before it, `places` the line of each of the questionnaire."""

    def __init__(self, reader: Reader, table: Table, earlier: dict[str, Question], places: dict[str, int]) -> None:
        self._reader = reader
        self._table = table
        self._earlier = earlier
        self._places = places

    def read(self, sections: list[str]) -> Question | None:
        reader, table = self._reader, self._table
        question_id = reader.ident(table, self._earlier)
        kind = self._kind()
        if question_id in _RESERVED:
            reader.error(
                table,
                f"A question cannot be called '{question_id}'",
                "Take another id, this word has a meaning of its own",
            )
        if question_id is None or kind is None:
            return None
        needed, possible = _BY_KIND[kind]
        reader.keys(table, (*_NEEDED, *needed), (*_POSSIBLE, *possible), f"A question of the kind '{kind}'")
        self._texts(question_id)
        options = self._options(question_id, kind)
        question = Question(
            id=question_id,
            section=self._one_of(sections, "section"),
            kind=kind,
            purpose=reader.string(table, "purpose"),
            basis=reader.string(table, "basis"),
            retention=reader.string(table, "retention"),
            options=options,
            ask_if=self._condition(question_id),
            optional=reader.flag(table, "optional"),
            sensitive=reader.flag(table, "sensitive"),
            least=reader.integer(table, "least", 1),
            most=reader.integer(table, "most", 0) if "most" in table.entries else None,
            minimum=reader.integer(table, "minimum", 0),
            maximum=reader.integer(table, "maximum", 0),
            max_length=reader.integer(table, "max_length", 200),
        )
        self._check(question)
        return question

    def _kind(self) -> Kind | None:
        if "kind" not in self._table.entries:
            self._reader.error(self._table, "A question lacks 'kind'", f"Kinds: {', '.join(Kind)}")
            return None
        name = self._one_of(list(Kind), "kind")
        return Kind(name) if name else None

    def _one_of(self, known: list[str] | list[Kind], key: str) -> str:
        value = self._reader.string(self._table, key)
        if value and value not in known:
            line = self._table.entries[key].line
            self._reader.error(line, f"There is no {key} '{value}'", f"Known here: {', '.join(known)}")
            return ""
        return value

    def _texts(self, question_id: str) -> None:
        for name in ("ask", "hint", "why", "short", "unit"):
            self._reader.text(self._table, name, f"questionnaire.{question_id}.{name}")

    def _condition(self, question_id: str) -> Condition | None:
        node = self._table.entries.get("ask_if")
        if node is None:
            return None
        before = [name for name, line in self._places.items() if line < self._table.line and name != question_id]
        earlier = {name: self._earlier.get(name) for name in before}
        return read_condition(self._reader, node, earlier, self._places.keys() - earlier.keys())

    def _options(self, question_id: str, kind: Kind) -> tuple[Option, ...]:
        options: dict[str, Option] = {}
        for table in self._reader.tables(self._table, "options"):
            possible = ("exclusive", "unsure") if kind is Kind.MULTIPLE else ("unsure",)
            self._reader.keys(table, ("id", "text"), possible, "An option")
            option_id = self._reader.ident(table, options, OPTION_ID)
            if option_id is None:
                continue
            self._reader.text(table, "text", f"questionnaire.{question_id}.option.{option_id}")
            unsure = self._reader.flag(table, "unsure")
            # "I do not know" beside another tick would say two things at once.
            exclusive = self._reader.flag(table, "exclusive") or (unsure and kind is Kind.MULTIPLE)
            options[option_id] = Option(option_id, exclusive, unsure)
        if kind is Kind.YES_NO:
            options = options or {"yes": Option("yes"), "no": Option("no")}
            if self._reader.text(self._table, "unsure", f"questionnaire.{question_id}.option.unsure"):
                options["unsure"] = Option("unsure", unsure=True)
        return tuple(options.values())

    def _check(self, question: Question) -> None:
        reader, table = self._reader, self._table
        if question.sensitive and "why" not in table.entries:
            reader.error(table, f"'{question.id}' is sensitive and does not say why it is asked", "Add 'why: ...'")
        if question.retention and not re.fullmatch(
            r"[1-9][0-9]{0,3} (day|month)s?|[1-9][0-9]? years?", question.retention
        ):
            reader.error(
                table.lines["retention"], "'retention' is no length of time", "Write for example '24 months'"
            )
        if question.kind.has_options:
            self._check_options(question)
        if question.kind is Kind.NUMBER and question.minimum >= question.maximum:
            reader.error(table, f"'{question.id}' takes no number", "Make 'minimum' less than 'maximum'")
        unit = reader.sources.get(f"questionnaire.{question.id}.unit")
        if unit and "{n}" not in unit.forms[-1]:
            reader.error(
                unit.line, "The unit does not hold its number", "Write {n} where the number goes: '{n} Jahre'"
            )
        if not 1 <= question.max_length <= LONGEST_SHORT_TEXT:
            reader.error(table, "'max_length' is out of range", f"Take 1 to {LONGEST_SHORT_TEXT} characters")

    def _check_options(self, question: Question) -> None:
        reader, table = self._reader, self._table
        known = [option.id for option in question.options if not option.unsure]
        if question.kind is Kind.YES_NO and known != ["yes", "no"]:
            reader.error(
                table, f"'{question.id}' must have the options yes and no", "Leave 'options' out, or make it single"
            )
        if len(known) < 2:  # noqa: PLR2004 - a choice is one of two or more
            reader.error(table, f"'{question.id}' offers no choice", "Give it at least two options")
        if len(question.options) > MOST_OPTIONS:
            what = f"'{question.id}' has {len(question.options)} options, more than a phone shows at once"
            reader.error(table, what, f"Keep to {MOST_OPTIONS}, or ask in two questions", Level.WARNING)
        together = sum(not option.exclusive for option in question.options)
        if question.kind is Kind.MULTIPLE and not 1 <= question.least <= (question.most or together) <= together:
            what = f"'least' and 'most' of '{question.id}' do not fit its {together} options"
            reader.error(table, what, "Keep to 1 <= least <= most <= options that go together")
