"""What the buttons and words of the pages about participants do. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from dataclasses import replace

from bot.core.folding import lines, number, one_line, whole_number
from bot.core.roles import Right, may
from bot.db.people import merging as merged
from bot.db.people import notes
from bot.db.rights import desk_pages
from bot.db.rights.desk_pages import Page
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience
from bot.services.profiles import merging, people
from bot.services.profiles.people import Search
from bot.services.reply import Reply
from bot.services.staff.broadcasts import composing, value_words
from bot.services.staff.choosing import as_argument, filter_of
from bot.services.staff.looking import unrestricted
from bot.services.staff.next_page import at_page, page_before
from bot.services.staff.people import person_pages, twin_pages
from bot.services.staff.people.people_pages import FILTER, FILTER_WORDS, PEOPLE, PERSON
from bot.services.staff.people.person_pages import LONGEST_NOTE, NOTES, TWINS
from bot.services.staff.texts import staff_text
from bot.services.view import ui
from bot.services.visit import Visit


def pick(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Turn a value of a filter: chosen, ruled out, never mind."""
    turn, question, place = visit.turn, filter_of(visit.turn, arguments[0]), number(arguments[1])
    every = () if question is None else people.options(question)
    if question is None or place is None or place >= len(every):
        return visit.only(ui("notice.use_buttons"))
    search = people.kept(turn, member)
    chosen = audience.turned(search.chosen, question.id, every[place])
    people.keep(turn, member, replace(search, chosen=chosen))
    return at_page(visit, f"{FILTER}.{as_argument(question.id)}.{number(arguments[2]) or 0}", tapped)


def clear(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Clear the search."""
    people.keep(visit.turn, member, Search())
    return at_page(visit, f"{PEOPLE}.0", tapped)


def tell(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """A new broadcast to the people that the filters choose."""
    search = people.kept(visit.turn, member)
    if search.words:  # names cannot be part of an audience
        return visit.reply(toast=staff_text("toast.vanished"), tapped=tapped)
    return composing.compose_to(visit, member, audience.condition(visit.turn.content, search.chosen), tapped)


def drop_note(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Throw away one of the member's own notes."""
    key = number(arguments[0])
    one = None if key is None else notes.load(visit.turn.connection, key)
    if one is None or one.author_id != member.id or unrestricted(visit.turn, str(one.participant_id)) is None:
        return at_page(visit, f"{PEOPLE}.0" if one is None else f"{NOTES}.{one.participant_id}.0", tapped, _VANISHED)
    notes.remove(visit.turn.connection, one.id)
    audit.note(visit.turn, Deed.NOTE_WRITTEN, by=member, about=one.participant_id, what="removed")
    return at_page(visit, f"{NOTES}.{one.participant_id}.0", tapped, staff_text("toast.discarded"))


def join(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Put two profiles together; the first stays."""
    kept, gone = (number(one) for one in arguments)
    if kept is None or gone is None or kept == gone:
        return visit.only(ui("notice.use_buttons"))
    done = merging.merge(visit.turn, kept, gone, member)
    said = staff_text("toast.unchanged") if done is None else staff_text("twins.joined")
    return at_page(visit, f"{PERSON}.{kept}", tapped, said)


def split(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Take two profiles apart again."""
    key = number(arguments[0])
    one = None if key is None else merged.load(visit.turn.connection, key)
    if one is None or unrestricted(visit.turn, str(one.kept_id)) is None:
        return at_page(visit, f"{PEOPLE}.0", tapped, _VANISHED)
    merging.take_apart(visit.turn, one, member)
    return at_page(visit, f"{PERSON}.{one.kept_id}", tapped, staff_text("twins.split"))


def write(visit: Visit, member: Member, text: str) -> Reply | None:
    """Words on a page about participants: a search, a note, or a number. None where the page takes none."""
    name, *arguments = page_before(visit)
    if name == PEOPLE and may(member.role, Right.SEE_PROFILES):
        search = people.kept(visit.turn, member)
        people.keep(visit.turn, member, replace(search, words=one_line(text)[: people.LONGEST]))
        reply = at_page(visit, f"{PEOPLE}.0", None)
        if reply.card is not None:  # a name that finds somebody is about them
            _wrote(visit, reply.card.screen.about)
        return reply
    if name in {FILTER, FILTER_WORDS} and may(member.role, Right.SEE_PROFILES) and len(arguments) > 1:
        return value_words.search(visit, FILTER_WORDS, arguments[0], text)
    if name == NOTES and may(member.role, Right.SEE_PROFILES):
        return _write_note(visit, member, text)
    if name == TWINS and may(member.role, Right.MERGE_PEOPLE) and arguments:
        other = whole_number(people.without_mark(text))
        page = f"{twin_pages.PAIR}.{arguments[0]}.{other}"
        if other is None or _nobody(visit, (arguments[0], str(other))):
            return visit.reply(staff_text("twins.nobody"))
        return at_page(visit, page, None)
    return None


def _nobody(visit: Visit, words: tuple[str, ...]) -> bool:
    """Whether one of these participants is gone, or not to be shown, or both are the same."""
    return len(set(words)) < len(words) or any(unrestricted(visit.turn, one) is None for one in words)


def _write_note(visit: Visit, member: Member, text: str) -> Reply:
    about = person_pages.notes_before(visit.turn, visit.chat.focus or "")
    words = lines(text)
    if about is None:
        return visit.reply(_VANISHED)
    if not words or len(words) > LONGEST_NOTE:
        return visit.reply(staff_text("problem.too_long", most=LONGEST_NOTE))
    notes.write(visit.turn.connection, about, member.id, words, visit.turn.now)
    audit.note(visit.turn, Deed.NOTE_WRITTEN, by=member, about=about)
    _wrote(visit, frozenset({about}))
    return at_page(visit, f"{NOTES}.{about}.0", None)


def _wrote(visit: Visit, people: frozenset[int] | None) -> None:
    """Note that the words just read are about these people."""
    if visit.heard is not None and people:
        desk_pages.wrote(visit.turn.connection, visit.chat.id, visit.heard, Page(people, visit.turn.now))


_VANISHED = staff_text("toast.vanished")
