"""Searching for participants: what a member chose by taps and typed as words, and whom that finds.

A member's search is kept as a draft of theirs, so that it is there on the next page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

from bot.content.audience_file import names
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.audience import ATTENDANCE, DAYS, FINISHED, INTEREST, LANGUAGE, REGISTRATION
from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.conditions import Any as Any_
from bot.core.engine import Answer, State, Status
from bot.core.folding import fold, whole_number
from bot.core.message import Text
from bot.core.questionnaire import Kind, Question
from bot.core.roles import Right, may
from bot.db.audience import finding, keeping
from bot.db.audience.finding import Person, Wanted, Word
from bot.db.staff import drafts
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience
from bot.services.turn import Turn

FORM = "people"
"""The name of the draft that keeps a search."""
_WORDS, _CHOSEN = "words", "chosen"
LONGEST, MOST_WORDS = 60, 6
MOST = 200
"""People who are listed: nobody reads on beyond that."""
WHOLE_WORDS = 3
"""Letters from which on a word may be the beginning of a longer one."""
SILENT_FOR = ("30", "90", "180")
"""Days without a broadcast that can be chosen."""
_NUMBER = re.compile(r"\b(?:p-|nr\.?\s*)(?=\d)", re.IGNORECASE)
NOTHING: Condition = Not(All(()))


@dataclass(frozen=True, slots=True)
class Search:
    """A search: words, and filters in the form of an audience."""

    words: str = ""
    chosen: Mapping[str, Any] = field(default_factory=dict)


def kept(turn: Turn, member: Member) -> Search:
    """The member's search."""
    draft = drafts.find(turn.connection, member.id, FORM, "")
    if draft is None:
        return Search()
    words, chosen = (draft.state.answers[name].value for name in (_WORDS, _CHOSEN))
    return Search(str(words), json.loads(str(chosen)))


def keep(turn: Turn, member: Member, search: Search) -> None:
    """Make this the member's search."""
    draft = drafts.find(turn.connection, member.id, FORM, "")
    given = {_WORDS: search.words[:LONGEST], _CHOSEN: json.dumps(search.chosen)}
    state = State({name: Answer(Status.GIVEN, value) for name, value in given.items()})
    if draft is None:
        drafts.create(turn.connection, member.id, FORM, "", state, turn.now)
    else:
        drafts.save(turn.connection, draft.id, state, turn.now)


def found(turn: Turn, member: Member, search: Search) -> tuple[int, list[Person]]:
    """How many people that finds, and the newest of them, without names for whoever may not see any."""
    keeping.refresh(turn.connection)
    named = may(member.role, Right.SEE_PEOPLE)
    questionnaire = turn.content.questionnaire
    return finding.people(turn.connection, questionnaire, wanted(turn.content, search, named=named), turn.now, MOST)


def numbers(turn: Turn, search: Search, *, named: bool) -> Select[tuple[int]]:
    """A statement for the numbers of all these people, for use in another one."""
    looked_for = wanted(turn.content, search, named=named)
    return finding.numbers(turn.connection, turn.content.questionnaire, looked_for, turn.now)


def wanted(content: Content, search: Search, *, named: bool) -> Wanted:
    """A search as the database is asked; `named`: in names as well."""
    words = fold(without_mark(search.words)).split()[:MOST_WORDS]
    every = [
        Word(one if named else None, whole_number(one), Any_(tuple(_meanings(content, one))) if one else NOTHING)
        for one in words
    ]
    return audience.condition(content, search.chosen), every


def without_mark(text: str) -> str:
    """The text with numbers of people as plain numbers: "Nr. 12" and "P-0012" are 12."""
    return _NUMBER.sub("", text)


def _meanings(content: Content, word: str) -> Iterator[Condition]:
    """The answers in which a word begins like this one; a short word has to be the whole answer."""
    texts = content.texts
    for question in filters(content):
        if question.kind is Kind.NUMBER or question.id not in content.questionnaire.by_id:
            continue
        for option in question.options:
            label = fold(texts.label(SOURCE_LANGUAGE, Text(texts.option_key(question, option.id))))
            if label == word or (len(word) >= WHOLE_WORDS and f" {label}".find(f" {word}") >= 0):
                several = question.kind is Kind.MULTIPLE
                yield Fact(question.id, Test.INCLUDES if several else Test.IS, option.id)


def filters(content: Content) -> list[Question]:
    """All filters: first what is known besides answers, then the questions."""
    known = names(content)
    beside = [known[name] for name in (LANGUAGE, FINISHED, DAYS)]
    listed = [one for one in content.questionnaire.questions if one.kind is Kind.LIST and not one.sensitive]
    of_offers = [
        one
        for space in (REGISTRATION, ATTENDANCE, INTEREST)
        for name, one in known.items()
        if name.startswith(space) and (space != INTEREST or content.offers[name.removeprefix(space)].takes_interest)
    ]
    return [*beside, *audience.questions(content), *listed, *of_offers]


def options(question: Question) -> tuple[str, ...]:
    """The values of a filter."""
    return SILENT_FOR if question.id == DAYS else tuple(one.id for one in question.options)
