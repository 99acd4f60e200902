"""A questionnaire as a value: sections, questions, options. It has no texts: the content finds those by id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from bot.core.conditions import Condition, Predicate, Value, compiled, questions_in


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    YES_NO = "yes_no"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    MONTH_YEAR = "month_year"
    DAY = "day"
    TIME = "time"
    LIST = "list"
    STATEMENT = "statement"
    COMPUTED = "computed"

    @property
    def has_options(self) -> bool:
        """Whether it is answered by choosing from the question's own options."""
        return self in {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO}

    @property
    def is_answered(self) -> bool:
        """Whether a person answers it. A statement is only read, and a computed value only follows."""
        return self not in {Kind.STATEMENT, Kind.COMPUTED}


ONLY_IN_FORMS = frozenset({Kind.DAY, Kind.TIME})
"""Only staff are asked for exact days. For people a month is enough."""


class Stage(StrEnum):
    """When a question is asked: in the first pass, or later if the person wants to tell more."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. An `exclusive` one excludes all others ("none of these"). An `unsure` one counts as unknown.

    `was` are former ids of this option, within its question. Several former ids were merged into it. A former id that
    stands at several options was split among them.
    """

    id: str
    exclusive: bool = False
    unsure: bool = False
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a computed question. If `condition` holds (None: always): `value`, or the answer to `take`."""

    value: str | None = None
    take: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A length of calendar time: a number of "day", "month" or "year"."""

    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `options` of a scale and of a computed question are in order, lowest first. Those of a yes/no question are `yes`,
    `no` and maybe an unsure one. Those of a list are its items.
    `least` and `most` bound the ticks of a multiple choice (`most` None: no limit). `minimum` and `maximum` bound a
    number. `max_length` bounds a text, in characters. `years_back` and `years_ahead` bound a month, relative to the
    day of the answer. `own_words`: a list also takes words that are not in it. `scale`: the question whose options a
    computed question uses.
    An answer older than `expires` is unknown and asked again.
    `was` are former ids of the question, `links` the addresses of its link buttons.
    `report`: whether its answers appear in the counts.
    `room` and `options_at` say where its texts are: see `key` and `option_key`.
    `purpose`, `basis` and `retention` are what data protection law requires for every question.
    """

    id: str
    section: str
    kind: Kind
    purpose: str
    basis: str
    retention: str
    options: tuple[Option, ...] = ()
    ask_if: Condition | None = None
    optional: bool = False
    sensitive: bool = False
    least: int = 1
    most: int | None = None
    minimum: int = 0
    maximum: int = 0
    max_length: int = 200
    stage: Stage = Stage.FIRST
    expires: Span | None = None
    years_back: int = 0
    years_ahead: int = 0
    list_name: str = ""
    common: tuple[str, ...] = ()
    own_words: bool = False
    scale: str = ""
    rules: tuple[Rule, ...] = ()
    links: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    report: bool = True
    room: str = "questionnaire"
    options_at: str = ""
    option_ids: frozenset[str] = field(default=frozenset(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Collects the option ids. Lists have hundreds of items, and each tap asks whether an id is one of them."""
        object.__setattr__(self, "option_ids", frozenset(option.id for option in self.options))

    @property
    def key(self) -> str:
        """The beginning of its text keys: `<key>.ask`, `<key>.short`."""
        return f"{self.room}.{self.id}"

    @property
    def section_key(self) -> str:
        """The key of its section's title."""
        return f"{self.room}.section.{self.section}"

    def option_key(self, option: str) -> str:
        """The key of an option's text: its own, or (`options_at`) that of a list or another question."""
        return f"{self._options_at}.{option}"

    def said_key(self, option: str) -> str:
        """The key of an option's wording inside a sentence. Few options have one."""
        return f"{self._options_at.removesuffix('.option')}.said.{option}"

    @property
    def _options_at(self) -> str:
        return self.options_at or f"{self.key}.option"

    @property
    def reads(self) -> frozenset[str]:
        """The questions that its rules read. Empty unless it is computed."""
        taken = frozenset(rule.take for rule in self.rules if rule.take is not None)
        return taken.union(*(questions_in(rule.condition) for rule in self.rules))

    @property
    def depends_on(self) -> frozenset[str]:
        """The questions that decide about it: those in its condition, and those that its rules read."""
        return questions_in(self.ask_if) | self.reads

    def option(self, option_id: str) -> Option | None:
        """The option with that id, or None."""
        if option_id not in self.option_ids:
            return None
        return next(option for option in self.options if option.id == option_id)


@dataclass(frozen=True, slots=True)
class Refresh:
    """Questions whose answers a finished participant is asked to confirm after each `every`."""

    every: Span
    questions: tuple[str, ...]


Asked = tuple[Question, Predicate | None]


@dataclass(frozen=True)
class Questionnaire:
    """All questions in the order they are asked: the first pass, then what follows it.

    `revision` names this state of the content. `retired` are ids of former questions that must not be used again.
    `shared` are the questions whose answers a partner is told, if the person agrees.
    """

    sections: tuple[str, ...]
    questions: tuple[Question, ...]
    revision: str = ""
    refresh: Refresh | None = None
    retired: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every question with the condition under which it is asked. None: always."""
        return tuple((one, None if one.ask_if is None else compiled(one.ask_if)) for one in self.questions)

    @cached_property
    def first_pass(self) -> Questionnaire:
        """The questionnaire for a beginner, without the questions that follow later."""
        first = tuple(one for one in self.questions if one.stage is Stage.FIRST)
        return self if len(first) == len(self.questions) else replace(self, questions=first)

    def only(self, names: Iterable[str]) -> Questionnaire:
        """Only these questions and those that decide about them. It gives the same results for them."""
        wanted, found = set(names), set[str]()
        while wanted - found:
            found |= wanted
            for one in self.questions:
                if one.id in wanted:
                    wanted |= one.depends_on
        return replace(self, questions=tuple(one for one in self.questions if one.id in found))

    def answered_for(self, names: Iterable[str]) -> frozenset[str]:
        """The questions that people answer to give these values. For a computed one: those that its rules read."""
        found, todo = set[str](), set(names)
        while todo:
            one = self.by_id[todo.pop()]
            if one.kind.is_answered:
                found.add(one.id)
            todo |= one.reads
        return frozenset(found)

    @cached_property
    def rules(self) -> dict[str, tuple[tuple[Rule, Predicate], ...]]:
        """The rules of every computed question, with compiled conditions."""
        return {
            one.id: tuple((rule, compiled(rule.condition)) for rule in one.rules)
            for one in self.questions
            if one.kind is Kind.COMPUTED
        }

    @cached_property
    def ageing(self) -> tuple[tuple[str, Span], ...]:
        """The questions whose answers expire, each with the time after which they do."""
        return tuple((one.id, one.expires) for one in self.questions if one.expires is not None)

    @cached_property
    def remembered(self) -> frozenset[str]:
        """The questions whose former answers are kept: those asked again by the calendar, and computed ones."""
        again = self.refresh.questions if self.refresh is not None else ()
        computed = {one.id for one in self.questions if one.kind is Kind.COMPUTED}
        return frozenset(again) | {question for question, _ in self.ageing} | computed

    @cached_property
    def sealed(self) -> frozenset[str]:
        """The questions (also by former ids) whose answers are sealed: own words, and sensitive ones."""
        words = {Kind.SHORT_TEXT, Kind.LONG_TEXT}
        secret = (one for one in self.questions if one.sensitive or one.own_words or one.kind in words)
        return frozenset(name for one in secret for name in (one.id, *one.was))

    @cached_property
    def moved(self) -> dict[str, str]:
        """Former ids of questions, each with the id it has now."""
        return {old: one.id for one in self.questions for old in one.was if old not in self.by_id}


SEEN: Value = "seen"
"""The answer to a statement that was read."""
OWN_WORDS = "~"
"""Prefix of a person's own words that are not in a list. No id begins like this."""
