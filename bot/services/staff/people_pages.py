"""The pages on which the team looks for participants: the list, and what can be chosen to make it shorter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.audience import DAYS, FINISHED, LANGUAGE, REGISTRATION, question_of
from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.questionnaire import Question
from bot.core.roles import Right, may
from bot.db.staff import Member
from bot.services import people
from bot.services.audience import WITH, WITHOUT
from bot.services.audit import Deed
from bot.services.people import Search
from bot.services.staff.audience_pages import chosen_lines, is_chosen, mark
from bot.services.staff.looking import called, looked
from bot.services.staff.offer_pages import title
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, option_text

PEOPLE, FILTERS, FILTER, PERSON, DOUBLES = "found", "filters", "filter", "person", "doubles"
ENTRY = Entry("people.entry", f"{PEOPLE}.0", Right.SEE_PROFILES, "🧑")
PICK_VERB, CLEAR_VERB, FILE_VERB, TELL_VERB = "found_pick", "found_clear", "found_file", "found_tell"


def named(name: str) -> str:
    """A name of conditions as a button's argument: parts of actions are parted by dots."""
    return name.replace(".", ":")


def filter_of(turn: Turn, word: str) -> Question | None:
    """What a page or a button lets choose by; None where the content has it no more."""
    name = word.replace(":", ".")
    return next((one for one in people.filters(turn.content) if one.id == name), None)


def _people(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whom the search finds, the newest first."""
    search = people.kept(turn, member)
    every, found = people.found(turn, member, search)
    shown, around = paged(PEOPLE, found, number(arguments[0]) or 0)
    deed = Deed.PEOPLE_SEARCHED if search.words or search.chosen else Deed.LIST_SEEN
    looked(turn, member, deed, None, f"found {every}")
    rows: list[Row] = [
        (
            Button(
                staff_text(
                    "people.person",
                    who=called(member, one),
                    language=Words(german_name(one.language or SOURCE_LANGUAGE)),
                ),
                go(f"{PERSON}.{one.id}"),
                "" if one.finished else "…",
            ),
        )
        for one in shown
    ]
    rows += around
    rows += _around(member, search, every)
    lines: list[Text | Words] = [staff_text("people.title", every), *_search_lines(turn, search)]
    if every > len(found):
        lines.append(staff_text("people.most", most=people.MOST))
    how: Block = (staff_text("people.how"),)
    return Screen((tuple(lines), how), (*rows, back(HOME)))


def _around(member: Member, search: Search, every: int) -> list[Row]:
    """What can be done with a list."""
    rows: list[Row] = []
    choose = Button(staff_text("people.filter"), go(f"{FILTERS}.0"), "🔎")
    clear = Button(staff_text("people.clear"), CLEAR_VERB, "✖️")
    rows.append((choose, clear) if search.words or search.chosen else (choose,))
    if every and may(member.role, Right.EXPORT_PEOPLE):
        rows.append(
            (
                Button(staff_text("people.xlsx"), f"{FILE_VERB}.xlsx", "📗"),
                Button(staff_text("people.csv"), f"{FILE_VERB}.csv", "📄"),
            )
        )
    if every and not search.words and may(member.role, Right.SEND):
        rows.append((Button(staff_text("people.tell"), TELL_VERB, "📣"),))
    if may(member.role, Right.MERGE_PEOPLE):
        rows.append((Button(staff_text("people.doubles"), go(f"{DOUBLES}.0"), "👯"),))
    return rows


def _search_lines(turn: Turn, search: Search) -> list[Text | Words]:
    """What is looked for: the words, and everything that was chosen."""
    lines: list[Text | Words] = []
    if search.words:
        lines.append(staff_text("people.words", words=Words(search.words)))
    asked = {
        part: {name: ids for name, ids in by.items() if question_of(name) is not None}
        for part, by in search.chosen.items()
    }
    lines += chosen_lines(turn, asked)
    for part in (WITH, WITHOUT):
        for name, ids in search.chosen.get(part, {}).items():
            if question_of(name) is None and (question := filter_of(turn, name)) is not None:
                values = Listing(tuple(_value(turn, question, one) for one in ids))
                label = label_of(turn, question)
                lines.append(staff_text(f"audience.{part}", label=label, values=values))
    return lines


def label_of(turn: Turn, question: Question) -> Text:
    """What can be chosen by, in German."""
    if question.id.startswith(REGISTRATION):
        offer = turn.content.offers[question.id.removeprefix(REGISTRATION)]
        return staff_text("people.seat_at", title=title(offer))
    special = {LANGUAGE: "people.language", FINISHED: "people.finished", DAYS: "people.silent"}
    if question.id in special:
        return staff_text(special[question.id])
    return Text(f"{question.key}.short", language=SOURCE_LANGUAGE)


def _value(turn: Turn, question: Question, option: str) -> Text:
    """A value to choose, in German."""
    if question.id == LANGUAGE:
        return staff_text("button.named", name=Words(german_name(option)))
    if question.id == FINISHED:
        return staff_text(f"people.finished_{option}")
    if question.id == DAYS:
        return staff_text("people.days", int(option) if option.isdecimal() else 0)
    if question.id.startswith(REGISTRATION):
        return staff_text(f"people.seat_{option}")
    known = option_text(turn.content, question, option)
    return Text(known.key, language=SOURCE_LANGUAGE)


def _filters(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Everything there is to choose by."""
    search = people.kept(turn, member)
    shown, around = paged(FILTERS, people.filters(turn.content), number(arguments[0]) or 0)
    rows: list[Row] = [
        (
            Button(
                label_of(turn, one),
                go(f"{FILTER}.{named(one.id)}.0"),
                "✅" if is_chosen(search.chosen, one.id) else "",
            ),
        )
        for one in shown
    ]
    lines: Block = (staff_text("people.choose"), *_search_lines(turn, search))
    return Screen((lines,), (*rows, *around, back(f"{PEOPLE}.0")))


def _filter(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The values of one: a tap goes from nothing to those, to not those, and back."""
    question = filter_of(turn, arguments[0])
    if question is None:
        return None
    chosen: Mapping[str, Any] = people.kept(turn, member).chosen
    name = named(question.id)
    places = list(enumerate(people.options(question)))
    shown, around = paged(f"{FILTER}.{name}", places, number(arguments[1]) or 0)
    page = arguments[1]
    rows: list[Row] = [
        (
            Button(
                _value(turn, question, option),
                f"{PICK_VERB}.{name}.{place}.{page}",
                mark(chosen, question.id, option),
            ),
        )
        for place, option in shown
    ]
    lines: Block = (staff_text("audience.ask", label=label_of(turn, question)), staff_text("audience.how"))
    return Screen((lines,), (*rows, *around, back(f"{FILTERS}.0")))


PAGES: dict[str, Page] = {
    PEOPLE: Page(Right.SEE_PROFILES, _people, 1),
    FILTERS: Page(Right.SEE_PROFILES, _filters, 1),
    FILTER: Page(Right.SEE_PROFILES, _filter, 2),
}
