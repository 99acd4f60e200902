"""The pages about talks: who waits, and one talk with its last messages. Words typed there are an answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import words as words_of
from bot.core.folding import number
from bot.core.message import Button, Screen, Short, Text, Words
from bot.core.roles import Right, may
from bot.core.threads import TEXT, Author, Passing
from bot.core.timing import local_time
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.db.threads.threads import Message, Thread
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.people.people_pages import PERSON
from bot.services.staff.texts import staff_text
from bot.services.threads import answers
from bot.services.threads.parts import deeds, facts, who, who_answer
from bot.services.turn import Turn
from bot.services.view import Block, Row, shortened

THREADS, THREAD, GROUP_HOW, CLOSED = "threads", "thread", "group_how", "closed"
TALK_WITH = "talk_with"
"""The talk of a participant, by whose page it was opened."""
HAND = "thread_to"
"""To whom a talk can be given."""
MOST_CLOSED = 200
"""Closed talks that their page lists; an older one is found on the person's page."""
ENTRY = Entry("button.threads", f"{THREADS}.0", Right.ANSWER, "💬")
SHOWN = 8
MOST_WORDS = 300
"""Letters of a message on the page."""
SAID_THERE = (Deed.ANSWERED, Deed.RECALLED)
"""Deeds on a talk's page are entries of their own: the page that follows is not another look."""
STATES = {Passing.BLOCKED: "🚫", Passing.FAILED: "⚠️", Passing.UNKNOWN: "❔"}


def _threads(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = threads.open_ones(turn.connection)
    shown, around = paged(THREADS, every, number(arguments[0]) or 0)
    if shown:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what="talks")
    rows: list[Row] = [
        (Button(who(one), go(f"{THREAD}.{one.id}"), "💬" if one.waiting_since is None else "⏳"),) for one in shown
    ]
    bound = threads.group(turn.connection) is not None
    lines: Block = (
        staff_text("threads.title", len(every)) if every else staff_text("threads.none"),
        staff_text("threads.in_group" if bound else "threads.no_group"),
    )
    sign = "team" if member.signs_as_team else "name"
    more: list[Row] = [(Button(staff_text("button.templates"), go("templates.0"), "📄"),)]
    more.append((Button(staff_text("button.closed"), go(f"{CLOSED}.0"), "🗄"),))
    more.append((Button(staff_text(f"button.sign_{sign}"), "thread_sign", "✍️"),))
    if may(member.role, Right.INVITE):
        more.append((Button(staff_text("button.group_how"), go(GROUP_HOW), "👥"),))
    return Screen((lines,), (*rows, *around, *more, back(HOME)), about=_people_in(shown))


def _closed(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen:
    """Talks that are over."""
    every = threads.closed_ones(turn.connection, MOST_CLOSED)
    shown, around = paged(CLOSED, every, number(arguments[0]) or 0)
    if shown:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what="talks over")
    rows: list[Row] = [(Button(who(one), go(f"{THREAD}.{one.id}"), "✔️"),) for one in shown]
    lines: Block = (staff_text("threads.closed", len(every)), staff_text("threads.older"))
    return Screen((lines,), (*rows, *around, back(f"{THREADS}.0")), about=_people_in(shown))


def _people_in(several: Sequence[Thread]) -> frozenset[int]:
    return frozenset(one.participant_id for one in several)


def thread_named(turn: Turn, word: str) -> Thread | None:
    """The talk that a page or a button is about."""
    key = number(word)
    return None if key is None else threads.load(turn.connection, key)


def with_person(turn: Turn, word: str) -> Thread | None:
    """The talk of a participant."""
    key = number(word)
    return None if key is None else threads.of_person(turn.connection, key)


def thread_before(turn: Turn, focus: str) -> Thread | None:
    """The talk on the page that a focus names."""
    match focus.split("."):
        case [name, word] if name == THREAD:
            return thread_named(turn, word)
        case [name, word] if name == TALK_WITH:
            return with_person(turn, word)
    return None


def _thread(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = thread_named(turn, arguments[0])
    return None if one is None else _talk(turn, member, one, f"{THREADS}.0")


def _talk_with(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = with_person(turn, arguments[0])
    return None if one is None else _talk(turn, member, one, f"{PERSON}.{one.participant_id}")


def _talk(turn: Turn, member: Member, one: Thread, came_from: str) -> Screen:
    """A talk with its last messages, and the way back to where it was opened. The look is written down."""
    audit.looked(turn, Deed.PROFILE_SEEN, by=member, about=one.participant_id, what=_called(one), within=SAID_THERE)
    last = threads.newest(turn.connection, one.id, SHOWN)
    blocks: list[Block] = [facts(turn, one, begun=bool(last)), *((_line(turn, each),) for each in last)]
    blocks.append((staff_text("thread.write"),))
    things = [each for each in last if each.kind != TEXT and each.author is Author.PERSON and _stands(each)]
    rows: list[Row] = [
        (Button(staff_text("button.thread_show", what=staff_text(_kind(each))), f"thread_show.{each.id}", "📎"),)
        for each in things
    ]
    if answers.everything(turn):
        rows.append((Button(staff_text("button.template"), go(f"t_choose.{one.id}.0"), "📄"),))
    if any(each.author is Author.STAFF and _stands(each) for each in last):
        rows.append((Button(staff_text("button.thread_undo"), f"thread_undo.{one.id}", "↩️"),))
    take, *rest = deeds(one, f".{one.id}", begun=bool(last))
    hand = (Button(staff_text("button.thread_hand"), go(f"{HAND}.{one.id}.0"), "🤝"),)
    rows += (take, hand, *rest)
    return Screen(tuple(blocks), (*rows, back(came_from)), about=_people_in([one]))


def _hand(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """To whom a talk can be given: everybody who may answer."""
    one = thread_named(turn, arguments[0])
    if one is None:
        return None
    audit.looked(turn, Deed.PROFILE_SEEN, by=member, about=one.participant_id, what=_called(one), within=SAID_THERE)
    everybody = who_answer(turn)
    shown, around = paged(f"{HAND}.{one.id}", everybody, number(arguments[1]) or 0)
    rows: list[Row] = [
        (
            Button(
                staff_text("person.named", name=Words(each.name)),
                f"thread_hand.{one.id}.{each.id}",
                "🙋" if each.id == one.assigned_to else "",
            ),
        )
        for each in shown
    ]
    ask = staff_text("thread.ask_hand", who=who(one))
    return Screen(((ask,),), (*rows, *around, back(f"{THREAD}.{one.id}")), about=_people_in([one]))


def _called(one: Thread) -> str:
    """What entries of the audit trail call a talk."""
    return f"talk {one.id}" if one.closed_at is None else "talk"


def _stands(one: Message) -> bool:
    return one.taken_back_at is None


def _kind(one: Message) -> str:
    return f"thread.kind_{one.kind if one.kind in KINDS else 'other'}"


KINDS = ("photo", "voice", "document", "location")
"""What is named on the page; everything else is something else."""


def _line(turn: Turn, one: Message) -> Text:
    at = local_time(one.at, turn.content.town.clock)
    if one.author is Author.EVENT:
        return staff_text(f"thread.event_{one.kind}", when=at)
    when = Short(at)
    if not _stands(one):
        return staff_text("thread.line_taken_back", when=when)
    words = shortened(words_of(one.text or ""), MOST_WORDS)
    thing = [] if one.kind == TEXT else [turn.content.texts.label(SOURCE_LANGUAGE, staff_text(_kind(one)))]
    mark = STATES.get(one.state, "")
    machine = f"🤖 {shortened(one.machine, MOST_WORDS)}" if one.machine else ""
    if one.template is not None:
        known = answers.everything(turn).get(one.template)
        thing = [f"📄 {known.title if known is not None else one.template}:"]
    said = Words(" ".join(filter(None, [mark, *thing, words, machine, one.reaction])))
    return staff_text(f"thread.line_{one.author}", when=when, words=said)


def _group_how(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen:
    bound = threads.group(turn.connection) is not None
    now = staff_text("group.is_bound" if bound else "group.is_none")
    return Screen(((staff_text("group.how"),), (now,)), (back(f"{THREADS}.0"),))


PAGES: dict[str, Page] = {
    THREADS: Page(Right.ANSWER, _threads, 1),
    THREAD: Page(Right.ANSWER, _thread, 1),
    TALK_WITH: Page(Right.ANSWER, _talk_with, 1),
    CLOSED: Page(Right.ANSWER, _closed, 1),
    HAND: Page(Right.ANSWER, _hand, 2),
    GROUP_HOW: Page(Right.INVITE, _group_how),
}
