"""The values of a long list that words mean, to tick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Button, Screen, Text, Words
from bot.core.questionnaire import Kind, Question
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.profiles import people
from bot.services.staff.broadcasts.audience_pages import PICK, draft, filter_of, is_closed, mark, named, value_of
from bot.services.staff.page import AT_ONCE, Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

SEARCH = "values"


def _found(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What the words mean, the best first. A tap leads to the page of the list where it stands."""
    one, question = draft(turn, arguments[0]), filter_of(turn, arguments[1])
    if one is None or question is None or question.kind is not Kind.LIST or is_closed(turn, member, one):
        return None
    at = f"{one.id}.{named(question.id)}"
    rows = rows_of(turn, question, one.audience, arguments[2], f"tick.{at}")
    what = found_said(rows, arguments[2])
    lines: Block = (staff_text("audience.title", number=one.id), what)
    return Screen((lines, (staff_text("audience.search"),)), (*rows, back(f"{PICK}.{at}.0")))


def found_said(rows: list[Row], words: str) -> Text:
    """Whether something was found."""
    return staff_text("audience.found" if rows else "audience.not_found", words=Words(words))


def rows_of(turn: Turn, question: Question, chosen: Mapping[str, Any], words: str, action: str) -> list[Row]:
    """A button for each value that the words mean, as the list has them: `action`, its place, and its page there."""
    places = {option: place for place, option in enumerate(people.options(question))}
    found = turn.content.finder(question.list_name).find(words, SOURCE_LANGUAGE).ids
    return [
        (
            Button(
                value_of(turn, question, option),
                f"{action}.{places[option]}.{places[option] // AT_ONCE}",
                mark(chosen, question.id, option),
            ),
        )
        for option in found
        if option in places
    ]


PAGES: dict[str, Page] = {SEARCH: Page(Right.SEND, _found, 3)}
