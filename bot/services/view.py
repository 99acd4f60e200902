"""What screens are built from: the view of one person's turn, and the texts they are said with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.engine import Answer, State, Status
from bot.core.message import Argument, Button, LinkButton, Listing, Text, Words
from bot.core.questionnaire import Question

Row = tuple[Button | LinkButton, ...]
Block = tuple[Text | Words, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What a screen is built from."""

    content: Content
    language: str
    state: State | None = None
    consents: Mapping[str, datetime] | None = None
    phone_language: str | None = None


def ui(key: str, /, count: int | None = None, **args: Argument) -> Text:
    """One of the bot's own texts."""
    return Text(f"ui.{key}", args, count)


def town(key: str) -> Text:
    """A text of the town."""
    return Text(f"town.{key}")


def shown_value(content: Content, question: Question, given: Answer) -> Argument:
    """An answer as a summary shows it."""
    if given.status is not Status.GIVEN or given.value is None:
        return ui("summary.declined" if given.status is Status.DECLINED else "summary.skipped")
    value = given.value
    if isinstance(value, tuple):
        return Listing(tuple(option_text(content, question, option) for option in value))
    if isinstance(value, int):
        unit = f"questionnaire.{question.id}.unit"
        return Text(unit, count=value) if content.texts.has(SOURCE_LANGUAGE, unit) else value
    return option_text(content, question, value) if question.kind.has_options else Words(value)


def option_text(content: Content, question: Question, option: str) -> Text:
    """The text of an option."""
    return Text(content.texts.option_key(question.id, option))
