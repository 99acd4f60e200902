"""The pages on which the team looks for participants: the list, and what can be chosen to make it shorter."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.questionnaire import Kind
from bot.core.roles import Right, may
from bot.db.audience.finding import Person
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.profiles import people
from bot.services.profiles.people import Search
from bot.services.staff import choosing
from bot.services.staff.choosing import as_argument, filter_of, label_of
from bot.services.staff.looking import called, looked
from bot.services.staff.page import HOME, Entry, Page, back, files, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

PEOPLE, FILTERS, FILTER, PERSON, DOUBLES, RESTRICTED = "found", "filters", "filter", "person", "doubles", "restricted"
FILTER_WORDS = "filter_words"
ENTRY = Entry("people.entry", f"{PEOPLE}.0", Right.SEE_PROFILES, "🧑")
PICK_VERB, CLEAR_VERB, FILE_VERB, TELL_VERB = "found_pick", "found_clear", "found_file", "found_tell"


def _people(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whom the search finds, the newest first."""
    search = people.kept(turn, member)
    every, found = people.found(turn, member, search)
    shown, around = paged(PEOPLE, found, number(arguments[0]) or 0)
    deed = Deed.PEOPLE_SEARCHED if search.words or search.chosen else Deed.LIST_SEEN
    looked(turn, member, deed, None, f"found {every}")
    rows: list[Row] = [person_row(member, one) for one in shown]
    rows += around
    rows += _around(member, search, every)
    lines: list[Text | Words] = [staff_text("people.title", every), *_search_lines(turn, search)]
    if every > len(found):
        lines.append(staff_text("people.most", most=people.MOST))
    how: Block = (staff_text("people.how"),)
    about = frozenset(one.id for one in shown)
    return Screen((tuple(lines), how), (*rows, back(HOME)), about=about)


def person_row(member: Member, one: Person) -> Row:
    """Somebody on a list, with the way to their page."""
    language = Words(german_name(one.language or SOURCE_LANGUAGE))
    label = staff_text("people.person", who=called(member, one), language=language)
    return (Button(label, go(f"{PERSON}.{one.id}"), "" if one.finished else "…"),)


def _around(member: Member, search: Search, every: int) -> list[Row]:
    """What can be done with a list."""
    rows: list[Row] = []
    choose = Button(staff_text("people.filter"), go(f"{FILTERS}.0"), "🔎")
    clear = Button(staff_text("people.clear"), CLEAR_VERB, "✖️")
    rows.append((choose, clear) if search.words or search.chosen else (choose,))
    if every and may(member.role, Right.EXPORT_PEOPLE):
        rows.append(files(FILE_VERB))
    if every and not search.words and may(member.role, Right.SEND):
        rows.append((Button(staff_text("people.tell"), TELL_VERB, "📣"),))
    if may(member.role, Right.MERGE_PEOPLE):
        rows.append((Button(staff_text("people.doubles"), go(f"{DOUBLES}.0"), "👯"),))
    if may(member.role, Right.ERASE_PEOPLE):
        rows.append((Button(staff_text("restrict.entry"), go(f"{RESTRICTED}.0"), "🔒"),))
    return rows


def _search_lines(turn: Turn, search: Search) -> list[Text | Words]:
    """What is searched for: the words, and the filters."""
    lines: list[Text | Words] = []
    if search.words:
        lines.append(staff_text("people.words", words=Words(search.words)))
    return [*lines, *choosing.chosen_lines(turn, search.chosen)]


def _filters(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Every filter there is."""
    search = people.kept(turn, member)
    shown, around = paged(FILTERS, people.filters(turn.content), number(arguments[0]) or 0)
    rows = choosing.filter_rows(turn, shown, search.chosen, FILTER)
    lines: Block = (staff_text("people.choose"), *_search_lines(turn, search))
    return Screen((lines,), (*rows, *around, back(f"{PEOPLE}.0")))


def _filter(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The values of one filter: a tap goes from "never mind" to "these", to "not these", and back."""
    question = filter_of(turn, arguments[0])
    if question is None:
        return None
    name = as_argument(question.id)
    shown, around = paged(f"{FILTER}.{name}", people.options(question), number(arguments[1]) or 0)
    rows = choosing.value_rows(turn, question, shown, people.kept(turn, member).chosen, f"{PICK_VERB}.{name}")
    lines: list[Text] = [staff_text("audience.ask", label=label_of(turn, question)), choosing.how(question)]
    if question.kind is Kind.LIST:
        lines.append(staff_text("audience.search"))
    return Screen((tuple(lines),), (*rows, *around, back(f"{FILTERS}.0")))


def _filter_words(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The values of a long list that words mean."""
    question, words = filter_of(turn, arguments[0]), arguments[1]
    if question is None or question.kind is not Kind.LIST:
        return None
    name, found = as_argument(question.id), choosing.meant(turn, question, words)
    rows = choosing.value_rows(turn, question, found, people.kept(turn, member).chosen, f"{PICK_VERB}.{name}")
    lines: Block = (choosing.found_said(found, words), staff_text("audience.search"))
    return Screen((lines,), (*rows, back(f"{FILTER}.{name}.0")))


PAGES: dict[str, Page] = {
    PEOPLE: Page(Right.SEE_PROFILES, _people, 1),
    FILTERS: Page(Right.SEE_PROFILES, _filters, 1),
    FILTER: Page(Right.SEE_PROFILES, _filter, 2),
    FILTER_WORDS: Page(Right.SEE_PROFILES, _filter_words, 2),
}
