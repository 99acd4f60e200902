"""A questionnaire as a value: sections, questions, options. No texts: those are found by id in the content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.core.conditions import Condition, Predicate, compiled


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    YES_NO = "yes_no"
    NUMBER = "number"
    SHORT_TEXT = "short_text"

    @property
    def has_options(self) -> bool:
        """Whether it is answered by choosing from options."""
        return self not in {Kind.NUMBER, Kind.SHORT_TEXT}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. An `exclusive` one stands alone ("none of these"); an `unsure` one counts as unknown."""

    id: str
    exclusive: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `options` of a scale stand lowest first, of a yes/no question they are `yes`, `no` and maybe an unsure one.
    `least` and `most` bound the ticks of a multiple choice (`most` None: as many as there are).
    `minimum` and `maximum` bound a number; `max_length` bounds a short text, in characters.
    `purpose`, `basis` and `retention` are what data protection law asks of every question.
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

    def option(self, option_id: str) -> Option | None:
        """The option of that id, or None."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True)
class Questionnaire:
    """All questions in the order they are asked; `revision` names this state of the content."""

    sections: tuple[str, ...]
    questions: tuple[Question, ...]
    revision: str = ""

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def asked(self) -> tuple[tuple[Question, Predicate | None], ...]:
        """Every question with the condition under which it is asked, None for always."""
        return tuple((one, None if one.ask_if is None else compiled(one.ask_if)) for one in self.questions)
