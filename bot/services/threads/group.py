"""The team's group: what is written in the topics, and by whom. The right is looked up at each message and tap."""

from __future__ import annotations

from datetime import timedelta

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.folding import fold
from bot.core.message import Text
from bot.core.roles import Right
from bot.core.threads import NOTE
from bot.db.outbox import thread_deliveries
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.db.threads.threads import Thread
from bot.services.buttons import read
from bot.services.reply import Reply
from bot.services.staff.texts import staff_text
from bot.services.threads import deeds, templates
from bot.services.threads.parts import who_answer
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import first_language
from bot.services.written import Written

USUALLY: dict[str, tuple[str, ...]] = {"take": (), "give": (), "close": ("answered",), "later": ("4",)}
"""Commands in a topic that stand for a tap on its card (`/undo` besides), with the argument each has when alone."""


def is_ours(turn: Turn, visitor: Visitor) -> bool:
    """Whether this is the team's group."""
    return threads.group(turn.connection) == visitor.chat_id


def who_may(turn: Turn, visitor: Visitor) -> Member | None:
    """The member who speaks, where they may talk with people. The person counts, not the group."""
    member = None if visitor.person is None else staff.by_person(turn.connection, visitor.person)
    return member if member is not None and member.may(Right.ANSWER, turn.now) else None


def refusal(turn: Turn, visitor: Visitor, topic: int) -> tuple[Text, timedelta] | None:
    """Why what this person writes in a topic reaches nobody, and for how long that need not be said again.

    None where it is passed on. A topic that the team made for itself belongs to no person.
    """
    if threads.of_topic(turn.connection, visitor.chat_id, topic) is None:
        return staff_text("group.no_talk"), timedelta(days=1)
    return None if who_may(turn, visitor) else (staff_text("group.not_you"), timedelta(minutes=10))


def turned(turn: Turn, visitor: Visitor, topic: int, *, is_open: bool) -> None:
    """Somebody closed or opened a topic by hand: the next word that goes there puts that right."""
    one = threads.of_topic(turn.connection, visitor.chat_id, topic) if is_ours(turn, visitor) else None
    if one is not None:
        threads.change(turn.connection, one.id, topic_open=is_open)


def hear(turn: Turn, visitor: Visitor, topic: int, written: Written) -> Reply | None:
    """A message in a topic: an answer, a note, or a command. Nothing is passed on from members who may not answer."""
    member, one = _both(turn, visitor, topic)
    if member is None or one is None:
        return None
    if written.text.startswith("/") and not written.text.startswith(NOTE) and written.album is None:
        _command(turn, member, one, visitor.chat_id, written)
    else:
        deeds.answer(turn, member, one, visitor.chat_id, written)
    return None


def edited(turn: Turn, visitor: Visitor, topic: int, written: Written) -> Reply | None:
    """A message in a topic was changed by whoever wrote it."""
    member, one = _both(turn, visitor, topic)
    if member is not None and one is not None and deeds.edited(turn, visitor.chat_id, written):
        templates.tell(turn, one, written, {"what": "still_note"})
    return None


def _both(turn: Turn, visitor: Visitor, topic: int) -> tuple[Member | None, Thread | None]:
    if not is_ours(turn, visitor):
        return None, None
    return who_may(turn, visitor), threads.of_topic(turn.connection, visitor.chat_id, topic)


def _command(turn: Turn, member: Member, one: Thread, chat_id: int, written: Written) -> None:
    """A command: its effect shows on the card and in the chat. An unknown one does nothing, and goes to nobody."""
    words = written.text.removeprefix("/").split()
    name = words[0].partition("@")[0].lower() if words else ""
    if name == "undo":
        # In a topic everything replies to the topic's first message, which is not one of ours.
        reply_to = written.reply_to if written.reply_to != one.topic else None
        deeds.undo(turn, member, one, reply_to, chat_id)
    elif name == templates.COMMAND:
        templates.by_command(turn, member, one, written, words[1].lower() if len(words) > 1 else None)
    elif name in USUALLY:
        _do(turn, member, one, written, name, words[1:])


def _do(turn: Turn, member: Member, one: Thread, written: Written, name: str, words: list[str]) -> None:
    """Do what a command says, or tell the topic what it takes."""
    verb, arguments = f"thread_{name}", tuple(words) or USUALLY[name]
    if name == "give" and words:
        verb, arguments = "thread_hand", _called(turn, " ".join(words))
    if deeds.by_verb(turn, member, one, verb, arguments) is None:
        templates.tell(turn, one, written, {"what": f"how_{name}"})


def _called(turn: Turn, words: str) -> tuple[str, ...]:
    """The number of the only member who may answer and has that name, or one that begins so; else empty."""
    wanted, everybody = fold(words.removeprefix("@")), who_answer(turn)
    exactly = [str(each.id) for each in everybody if fold(each.name) == wanted]
    beginning = [str(each.id) for each in everybody if fold(each.name).startswith(wanted)]
    found = exactly or beginning
    return (found[0],) if len(found) == 1 else ("",)


def tap(turn: Turn, visitor: Visitor, data: str) -> Reply:
    """A button of a card in a topic. In any other group a button does nothing."""
    if not is_ours(turn, visitor):
        return Reply(first_language(turn.content, visitor), None, ui("notice.foreign"))
    return Reply(SOURCE_LANGUAGE, None, _tapped(turn, visitor, data))


def _tapped(turn: Turn, visitor: Visitor, data: str) -> Text:
    pressed = read(data)
    member = who_may(turn, visitor)
    if member is None:
        return staff_text("toast.no_right")
    number = pressed.delivery if pressed is not None else None
    one = None if number is None else thread_deliveries.of_delivery(turn.connection, number, visitor.chat_id)
    said = deeds.by_verb(turn, member, one, pressed.verb, pressed.arguments) if pressed is not None and one else None
    return said or staff_text("toast.vanished")
