"""What matters about a questionnaire for stored answers. It is kept with each run of content, for comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from bot.content.faults import Level, Report
from bot.content.loader import Content, Sources
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.texts import Texts
from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.conditions import Any as AnyOf
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Rule, Span, Stage
from bot.refusal import ForOperator

FORM = 2
"""The version of this form. Older ones held too little to compare."""
_BY_ITSELF = frozenset({"options", "ask_if", "rules", "room", "options_at"})
"""Fields that are written in another way, or (the places of texts) mean nothing to people."""


class ComparisonRefused(ForOperator):
    """There is nothing to compare with. The text says why."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """A question with its German texts. Its condition and rules are written as words, for comparison.

    `texts`: the texts of the question, by the end of their keys. `options`: the texts of its options, by id.
    """

    question: Question
    texts: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    rules: str = ""
    refreshed: str = ""

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id


@dataclass(frozen=True)
class Outline:
    """The questions in the order they are asked, and the ids that must not be used again."""

    questions: tuple[Outlined, ...]
    retired: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Outlined]:
        """Every question by its id."""
        return {one.id: one for one in self.questions}

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questions in the form that the core needs to decide what becomes of answers."""
        return Questionnaire((), tuple(one.question for one in self.questions))

    def as_data(self) -> dict[str, Any]:
        """The outline in the form of JSON."""
        return {"form": FORM, "questions": [_data(one) for one in self.questions], "retired": list(self.retired)}


def outline(content: Content) -> dict[str, Any]:
    """The outline of content, in the form of JSON."""
    return outline_of(content.questionnaire, content.texts).as_data()


def outline_of(questionnaire: Questionnaire, texts: Texts) -> Outline:
    """The outline of a questionnaire with its texts."""
    refresh = questionnaire.refresh
    again = dict.fromkeys(refresh.questions, span_said(refresh.every)) if refresh is not None else {}
    questions = tuple(_outlined(one, texts, again.get(one.id, "")) for one in questionnaire.questions)
    return Outline(questions, questionnaire.retired)


def outline_of_sources(sources: Sources, report: Report) -> Outline:
    """The outline of files that were read. Faults in their translations do not matter.

    Raises:
        ComparisonRefused: the German files have faults. The error names them.
    """
    errors = [fault for fault in report.in_order() if fault.level is Level.ERROR]
    if errors or sources.questionnaire is None:
        raise ComparisonRefused("\n".join(["What it is to be compared with has faults:", *map(str, errors)]))
    every = {key: source for texts in sources.by_folder.values() for key, source in texts.items()}
    return outline_of(sources.questionnaire, Texts((SOURCE_LANGUAGE,), every, {}))


def outline_from_data(data: Mapping[str, Any]) -> Outline:
    """The outline that `as_data` turned into this.

    Raises:
        ComparisonRefused: an older or newer Lotse wrote it.
    """
    if data.get("form") != FORM:
        raise ComparisonRefused(
            "What ran last was written down by another Lotse, which noted less. Start this one once with the content"
            " that runs, or compare with a folder."
        )
    return Outline(tuple(map(_from_data, data["questions"])), tuple(data["retired"]))


def span_said(span: Span | None) -> str:
    """A length of time in words, such as "6 months"."""
    if span is None:
        return ""
    return f"{span.number} {span.unit}" if span.number == 1 else f"{span.number} {span.unit}s"


def said(condition: Condition | None) -> str:
    """A condition in words. Equal conditions give equal words. Empty for no condition."""
    match condition:
        case None:
            return ""
        case Fact(question, Test.ANSWERED, operand):
            return f"{question} is answered" if operand else f"{question} is not answered"
        case Fact(question, Test.ONE_OF, tuple() as operands):
            return f"{question} is one of {', '.join(map(str, operands))}"
        case Fact(question, test, operand):
            return f"{question} {test.value.replace('_', ' ')} {operand}"
        case Not(part):
            return f"not ({said(part)})"
        case All(parts):
            return f"({' and '.join(map(said, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(said, parts))})"


def _rule_said(rule: Rule) -> str:
    result = rule.value if rule.take is None else f"as {rule.take}"
    return f"{result} if {said(rule.condition)}" if rule.condition is not None else str(result)


def _outlined(question: Question, texts: Texts, refreshed: str) -> Outlined:
    def text(key: str) -> str:
        return texts.source(key) if texts.has(SOURCE_LANGUAGE, key) else ""

    ids = [option.id for option in question.options]
    options = {one: text(texts.option_key(question, one)) for one in ids}
    own = {name: text(f"{question.key}.{name}") for name in _text_names(question)}
    return Outlined(
        question=replace(question, ask_if=None, rules=()),
        texts={name: words for name, words in own.items() if words},
        options={one: words for one, words in options.items() if words},
        condition=said(question.ask_if),
        rules="; ".join(map(_rule_said, question.rules)),
        refreshed=refreshed,
    )


def _text_names(question: Question) -> Iterator[str]:
    yield from ("ask", "hint", "why", "short", "unit", "say")
    yield from (f"link.{number}" for number in range(1, len(question.links) + 1))
    if question.kind.has_options:
        for option in question.options:
            yield from (f"said.{option.id}", f"sentence.{option.id}")


def _data(one: Outlined) -> dict[str, Any]:
    """Only the fields that differ from their default, because most do not."""
    written = {name: getattr(one.question, name) for name in _FIELDS}
    words = {
        "condition": one.condition,
        "rules": one.rules,
        "refreshed": one.refreshed,
        "options": [_option_data(option, one.options.get(option.id, "")) for option in one.question.options],
    }
    return {
        **{name: _plain(value) for name, value in written.items() if value != _FIELDS[name]},
        "texts": dict(one.texts),
        **{name: value for name, value in words.items() if value},
    }


def _option_data(option: Option, text: str) -> dict[str, Any]:
    more = {"exclusive": option.exclusive, "unsure": option.unsure, "was": list(option.was)}
    return {"id": option.id, "text": text, **{name: value for name, value in more.items() if value}}


def _plain(value: object) -> object:
    match value:
        case Span(number, unit):
            return [number, unit]
        case tuple():
            return list(value)
    return value


def _from_data(data: Mapping[str, Any]) -> Outlined:
    known: dict[str, Any] = {
        name: tuple(data[name]) if isinstance(data[name], list) else data[name]
        for name in _FIELDS.keys() & data.keys()
    }
    known["kind"] = Kind(data["kind"])
    if "stage" in known:
        known["stage"] = Stage(known["stage"])
    if "expires" in known:
        known["expires"] = Span(*known["expires"])
    options = data.get("options", ())
    return Outlined(
        question=Question(**known, options=tuple(map(_option, options))),
        texts=dict(data["texts"]),
        options={one["id"]: one["text"] for one in options if one["text"]},
        condition=data.get("condition", ""),
        rules=data.get("rules", ""),
        refreshed=data.get("refreshed", ""),
    )


def _option(data: Mapping[str, Any]) -> Option:
    return Option(data["id"], data.get("exclusive", False), data.get("unsure", False), tuple(data.get("was", ())))


_FIELDS = {
    one.name: None if one.default is MISSING else one.default
    for one in fields(Question)
    if one.init and one.name not in _BY_ITSELF
}
"""The fields of a question that are written as they are, each with its default (None if it has none)."""
