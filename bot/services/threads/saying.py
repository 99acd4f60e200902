"""What a delivery of a talk does at the moment it is sent: the talk is looked at once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.content.markup import parse, plain
from bot.content.rich import Rich, utf16
from bot.core.message import Button, Marked, Screen, Words
from bot.core.threads import TEXT, Author, Job
from bot.core.timing import local_time
from bot.db.outbox.deliveries import Due
from bot.db.people import persons
from bot.db.staff import staff
from bot.db.threads import reactions, threads
from bot.db.threads.threads import Message, Thread
from bot.services.deliveries.acts import Act, Away, Caption, Copy, Deed, NewTopic, React, Revisions, Say, TopicIs
from bot.services.phones import phone
from bot.services.staff.texts import staff_text
from bot.services.threads import command_words, leavers
from bot.services.threads.parts import card, reads_foreign, spoken
from bot.services.turn import Turn
from bot.services.view import Block, Row, town, ui

LONGEST, LONGEST_BELOW = 4096, 1024
"""Letters of a message, and of the words below a picture or a file."""
ROOM_FOR_HEAD = 300
"""Letters that may stand around words and a machine's translation of them."""
OF_NO_TALK = (Job.GONE, Job.OUT, Job.STILL_IN)
ANSWER: tuple[Row, ...] = ((Button(ui("button.talk_answer"), "talk", "💬"),),)


def act(turn: Turn, due: Due) -> Act | str:
    """What is done now, or why nothing is."""
    given, job = due.params or {}, Job.of(due.text_key)
    if job in OF_NO_TALK:
        return _of_no_talk(turn, due, job, given)
    one = threads.load(turn.connection, given.get("thread", 0))
    if one is None:
        return "thread_gone"
    match job:
        case Job.TOPIC:
            return NewTopic(topic_name(one))
        case Job.CARD:
            return Say(_rich(turn, card(turn, one)), one.topic, pinned=due.edits is None)
        case Job.OPEN | Job.CLOSE if one.topic is not None:
            return TopicIs(one.topic, Deed.REOPEN if job is Job.OPEN else Deed.CLOSE)
        case Job.NAME if one.topic is not None:
            return TopicIs(one.topic, Deed.NAME, topic_name(one))
        case Job.SHOW | Job.REACT | Job.TELL:
            return _aside(turn, one, job, given)
        case Job.CHANGE:
            return _change(turn, one, given.get("message", 0), due)
        case Job.SAY | Job.COPY:
            several = [each for each in threads.of_job(turn.connection, due.id) if each.taken_back_at is None]
            return _pass_on(turn, one, several, due) if several else "taken_back"
    return "topic_gone"


def _aside(turn: Turn, one: Thread, job: Job, given: Mapping[str, Any]) -> Act | str:
    """What is no word of the talk itself: something shown at the desk, an emoji, a word to the team."""
    if job is Job.TELL:
        told = command_words.told(turn, given)
        return "topic_gone" if one.topic is None else Say(_rich(turn, told), one.topic)
    if job is Job.REACT:
        reacted = reactions.load(turn.connection, given.get("message", 0))
        return "message_gone" if reacted is None else React(reacted.reaction)
    shown = threads.message(turn.connection, given.get("message", 0))
    return "taken_back" if shown is None or shown.taken_back_at is not None else _copy(shown, None)


def topic_name(one: Thread) -> str:
    """The name of a person's topic, which everybody in the group sees: a number, and their language."""
    return f"Nr. {one.participant_id} · {german_name(one.language or SOURCE_LANGUAGE)}"


def _of_no_talk(turn: Turn, due: Due, job: Job, given: Mapping[str, Any]) -> Act | str:
    """What is done about talks that were erased, and about members who are to leave the group."""
    if job is Job.GONE:
        return _gone(turn, due, given)
    if job is Job.OUT:
        return leavers.act(turn, given)
    stays = leavers.told(turn, given)
    return stays if isinstance(stays, str) else Say(_rich(turn, stays))


def _gone(turn: Turn, due: Due, given: object) -> Act | str:
    """Clear away what the team has in its group of somebody who was erased, or merged into another profile."""
    match given:
        case {"topic": int(topic), "close": True}:
            return TopicIs(topic, Deed.CLOSE)
        case {"topic": int(topic)}:
            return TopicIs(topic, Deed.DELETE)
    if due.edits is not None:
        return Away(_rich(turn, Screen(((staff_text("thread.erased"),),))))
    return "topic_gone"


def _pass_on(turn: Turn, one: Thread, several: Sequence[Message], due: Due) -> Act | str:
    first = several[0]
    to_staff = first.author is not Author.STAFF
    topic = one.topic if to_staff else None
    below = None
    if first.kind == TEXT or first.author is Author.EVENT:
        rich = _words(turn, one, several, doubted=due.doubted)
        if rich is not None:
            return Say(rich, topic, says=revisions(several))
    elif first.text and not to_staff:
        below = _words(turn, one, several, doubted=due.doubted)
    above = None if below is not None else _above(turn, one, first, doubted=due.doubted)
    return _copy(first, topic, below, above)


def _copy(one: Message, topic: int | None, below: Rich | None = None, above: Rich | None = None) -> Act | str:
    if one.chat_id is None or one.message_id is None:
        return "nothing_to_copy"
    return Copy(one.chat_id, one.message_id, topic, revisions([one]), below, above)


def _above(turn: Turn, one: Thread, first: Message, *, doubted: bool) -> Rich | None:
    """What is said before a copy: that it may come twice, and who says it where the caption has no room for that."""
    blocks = _doubt(first) if doubted else []
    if first.author is Author.STAFF and first.text:
        blocks += _head(turn, one, first, translated=False)
    return _rich(turn, Screen(tuple(blocks)), one, first) if blocks else None


def _change(turn: Turn, one: Thread, number: int, due: Due) -> Act | str:
    """A message that was passed on and has changed since, on its own or as one of several in one."""
    changed = threads.message(turn.connection, number)
    if changed is None or due.edits is None:
        return "message_gone"
    several = threads.sharing(turn.connection, changed)
    left = [each for each in several if each.taken_back_at is None]
    if not left:
        source = (changed.chat_id, changed.message_id)
        word = staff_text("thread.taken_back") if changed.author is Author.PERSON else ui("talk.taken_back")
        where = None if None in source else source
        said = _rich(turn, Screen(((word,),)), one, changed)
        return Away(said, where, revisions(several), picture=changed.kind != TEXT)  # type: ignore[arg-type]
    rich = _words(turn, one, left, doubted=False) if any(each.text for each in left) else None
    if rich is None:  # who says it stands above it already
        rich = _rich(turn, Screen(tuple((Marked(each.text or ""),) for each in left)), one, changed)
    if changed.kind == TEXT:
        return Say(rich, says=revisions(several))
    return Caption(rich, revisions(several), None if changed.file is None else (changed.kind, changed.file))


def has_room(kind: str, words: str) -> bool:
    """Whether a machine's translation, about as long as the words, will find room below them."""
    return 2 * utf16(words) + ROOM_FOR_HEAD <= _room(kind)


def _room(kind: str) -> int:
    return LONGEST if kind == TEXT else LONGEST_BELOW


def _words(turn: Turn, one: Thread, several: Sequence[Message], *, doubted: bool) -> Rich | None:
    """Words as the other side reads them, with a machine's translation below where there is room.

    None where there is no room even for who says it.
    """
    first = several[0]
    if first.author is Author.EVENT:
        at = local_time(first.at, turn.content.town.clock)
        return _rich(turn, Screen(((staff_text(f"thread.event_{first.kind}", when=at),),)))
    said: list[Block] = [(Marked(each.text or ""),) for each in several]
    to_staff = first.author is not Author.STAFF
    machine: list[Block] = []
    if words := "\n\n".join(each.machine for each in several if each.machine):
        machine = [(staff_text("thread.machine") if to_staff else ui("talk.machine"), Words(words))]
    rows = ANSWER if first.kind == TEXT and not to_staff else ()
    for translation in [machine, []] if machine else [[]]:
        head = [] if to_staff else _head(turn, one, first, translated=bool(translation))
        blocks = [*(_doubt(first) if doubted else ()), *head, *said, *translation]
        rich = _rich(turn, Screen(tuple(blocks), rows), one, first)
        if utf16(rich.text) <= _room(first.kind):
            return rich
    return None


def _doubt(first: Message) -> list[Block]:
    """That it may come for the second time."""
    return [(ui("talk.doubted") if first.author is Author.STAFF else staff_text("thread.doubted"),)]


def _head(turn: Turn, one: Thread, first: Message, *, translated: bool) -> list[Block]:
    """For whom it is where several share the phone, which member says it, and that it is not translated."""
    people = persons.on_phones(turn.connection, [one.chat_id]).get(one.chat_id, {})
    whose = phone.whose(people, one.participant_id)
    said: Block = (ui("talk.from", who=signature(turn, first.staff_id)),)
    head = [said] if whose is None else [(whose,), said]
    if first.language is not None:
        return head if first.language == one.language else [(ui("language.missing"),), *head]
    # We do not know in which language a member wrote, only that it stands here as it was written.
    return head if translated or not reads_foreign(turn, one) else [(ui("talk.untranslated"),), *head]


def signature(turn: Turn, staff_id: int | None) -> Words:
    """What people read as a member's name: the first name, or the team's where the member wants that."""
    member = None if staff_id is None else staff.by_id(turn.connection, staff_id)
    if member is None or member.signs_as_team:
        return Words(plain(parse(turn.content.texts.source(town("next.who").key))))
    return Words(member.name.split()[0])


def revisions(several: Sequence[Message]) -> Revisions:
    """The revisions in which messages are said."""
    return tuple((each.id, each.revision) for each in several)


def _rich(turn: Turn, screen: Screen, one: Thread | None = None, about: Message | None = None) -> Rich:
    """A screen in German for the team, in the person's language for them."""
    language = SOURCE_LANGUAGE
    if one is not None and about is not None and about.author is Author.STAFF:
        language = spoken(turn, one)
    return turn.content.texts.render(language, screen)
