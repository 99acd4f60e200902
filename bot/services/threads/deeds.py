"""What the team does with a talk: answers, takes over, puts off, closes. The caller has checked the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import escaped
from bot.core.folding import number
from bot.core.message import Text, Words
from bot.core.threads import NOTE, PREFIX, TEXT, Author, Event, Passing, Reason
from bot.core.timing import local_time
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.db.threads.threads import Message, Thread
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.threads import lines, talking, waiting
from bot.services.threads.parts import LONGEST_LATER, who_answer
from bot.services.turn import Turn
from bot.services.written import Written


@dataclass(frozen=True, slots=True)
class Ready:
    """A template, with the words and the language in which it goes."""

    template: str
    text: str
    language: str


def answer(
    turn: Turn, member: Member, one: Thread, chat_id: int, written: Written | None, ready: Ready | None = None
) -> bool:
    """A word of the team: to the person, or for the team alone where it begins with `//`. Whether it is new.

    `ready`: this goes instead of what was written. Whoever answers first has taken the talk over, also from
    somebody who may not answer any more.
    """
    album = [] if written is None else _album(turn, chat_id, written.album)
    note = ready is None and written is not None and (_for_the_team(written) or any(map(_kept_back, album)))
    author = Author.NOTE if note else Author.STAFF
    columns: dict[str, object] = {"staff_id": member.id}
    if written is not None:
        columns |= {"text": written.markup, "chat_id": chat_id, "message_id": written.message, "album": written.album}
    if ready is not None:
        columns |= {"text": escaped(ready.text), "template": ready.template, "language": ready.language}
    german = ready is None or ready.language == SOURCE_LANGUAGE
    state = {"state": Passing.DESK.value} if note else {"interpret": turn.translates and german}
    kind = TEXT if ready is not None or written is None else written.kind
    waited = None  # seconds of the office's hours for which the person had been waiting
    if not note and one.waiting_since is not None:
        waited = int(waiting.waited(turn, one.waiting_since).total_seconds())
    if not threads.add(turn.connection, one.id, author, kind, turn.now, waited=waited, **columns, **state):
        return False
    staff.change(turn.connection, member.id, seen_at=turn.now)
    if note:
        _keep_back(turn, album)
    else:
        _answered(turn, member, one)
    return True


def _answered(turn: Turn, member: Member, one: Thread) -> None:
    """The talk has an answer: nobody waits, it is open, and somebody looks after it."""
    answered = dict.fromkeys(("waiting_since", "closed_at", "close_reason", "snoozed_until"))
    taken = one.assigned_to if one.assigned_to in {each.id for each in lines.answering(turn, one)} else member.id
    threads.change(
        turn.connection, one.id, **answered, nudged=0, changed_at=turn.now, assigned_to=taken, card_outdated=True
    )
    if one.closed_at is not None:
        lines.note(turn, one.id, Event.REOPENED)
    audit.note(turn, Deed.ANSWERED, by=member, about=one.participant_id, what=f"talk {one.id}")
    lines.move(turn, one.id)


def _for_the_team(written: Written) -> bool:
    """Whether it is a note; below a picture of an album a command is one as well, since it is not for the person."""
    return written.text.startswith(NOTE) or (written.album is not None and written.text.startswith("/"))


def _album(turn: Turn, chat_id: int, name: str | None) -> list[Message]:
    """The pictures that were sent together."""
    return [] if name is None else threads.album(turn.connection, chat_id, name)


def _kept_back(one: Message) -> bool:
    """Whether a picture is not for the person, and then neither are the others of its album."""
    return one.author is Author.NOTE or one.taken_back_at is not None


def _keep_back(turn: Turn, album: list[Message]) -> None:
    """The album turned out to be a note: what was not passed on stays with the team, the rest is taken away."""
    answers = [each for each in album if not _kept_back(each)]
    for each in answers:
        if each.said_revision is None:
            kept = {"author": Author.NOTE.value, "state": Passing.DESK.value, "interpret": False, "waited": None}
            threads.change_messages(turn.connection, [each.id], **kept, job=None)
        else:
            talking.unsay(turn, each)
    if answers:
        _waits_again(turn, answers[0].thread_id)


def _waits_again(turn: Turn, key: int) -> None:
    """What was an answer no longer is one: the person waits as before, unless the talk was closed since."""
    one = threads.load(turn.connection, key)
    since = None if one is None or one.closed_at is not None else threads.unanswered(turn.connection, key)
    if since is not None:
        threads.change(turn.connection, key, waiting_since=since, card_outdated=True)
        lines.move(turn, key)


def edited(turn: Turn, chat_id: int, written: Written) -> bool:
    """A member edited what they had written. A note stays a note and an answer an answer: editing unsays nothing.

    Whether the member has to be told that it stays a note, since it does not look like one any more.
    """
    one = threads.said_as(turn.connection, chat_id, written.message)
    if one is None or one.author not in {Author.STAFF, Author.NOTE} or one.taken_back_at is not None:
        return False
    if one.template is not None:
        return False  # what was edited is the command
    if one.author is Author.STAFF and _for_the_team(written):
        talking.unsay(turn, one)  # the person must not read a note
        _keep_back(turn, _album(turn, chat_id, one.album))
        _waits_again(turn, one.thread_id)
    else:
        talking.change(turn, one, written)
    return one.author is Author.NOTE and (one.text or "").startswith(NOTE) and not _for_the_team(written)


def undo(turn: Turn, member: Member, one: Thread, reply_to: int | None, chat_id: int) -> Text:
    """Take back an answer of the member's own: the one they replied to, else the last."""
    found = None if reply_to is None else threads.said_as(turn.connection, chat_id, reply_to)
    if reply_to is None:
        found = threads.last_of(turn.connection, one.id, Author.STAFF, member.id)
    mine = found is not None and (found.author, found.staff_id) == (Author.STAFF, member.id)
    if found is None or not mine or found.taken_back_at is not None:
        return staff_text("toast.nothing_to_undo")
    talking.unsay(turn, found)
    talking.let_go(turn, found)
    _waits_again(turn, one.id)
    audit.note(turn, Deed.RECALLED, by=member, about=one.participant_id, what=f"talk {one.id}")
    return staff_text("toast.taken_back")


def take(turn: Turn, member: Member, one: Thread) -> Text:
    """This member looks after the talk from now on."""
    threads.change(turn.connection, one.id, assigned_to=member.id, card_outdated=True)
    lines.move(turn, one.id)
    return staff_text("toast.thread_taken")


def give(turn: Turn, _: Member, one: Thread) -> Text:
    """Let go of a talk: nobody in particular looks after it."""
    threads.change(turn.connection, one.id, assigned_to=None, card_outdated=True)
    lines.move(turn, one.id)
    return staff_text("toast.thread_given")


def hand(turn: Turn, member: Member, one: Thread, to: str) -> Text | None:
    """Hand a talk to another member, who is told so. None where `to` may not answer."""
    heir = next((each for each in who_answer(turn) if each.id == number(to)), None)
    if heir is None:
        return None
    threads.change(turn.connection, one.id, assigned_to=heir.id, card_outdated=True)
    lines.move(turn, one.id)
    if heir.id not in {member.id, one.assigned_to}:
        cause = f"{PREFIX}{one.id}.handed.{turn.now.timestamp():.0f}"
        text = staff_text("thread.handed", number=one.participant_id)
        notices.tell(turn, [heir], text, cause, about=one.participant_id)
    return staff_text("toast.thread_handed", name=Words(heir.name))


def later(turn: Turn, one: Thread, hours: str) -> Text | None:
    """Put a talk off: nobody is reminded of it until then."""
    many = number(hours)
    if many is None or not 1 <= many <= LONGEST_LATER:
        return None
    until = turn.now + timedelta(hours=many)
    threads.change(turn.connection, one.id, snoozed_until=until, card_outdated=True)
    lines.move(turn, one.id)
    return staff_text("toast.thread_later", until=local_time(until, turn.content.town.clock))


def close(turn: Turn, one: Thread, reason: str) -> Text | None:
    """The talk is over until the person writes again."""
    if reason not in list(Reason):
        return None
    closed = {"closed_at": turn.now, "close_reason": reason, "waiting_since": None, "snoozed_until": None}
    threads.change(turn.connection, one.id, **closed, card_outdated=True)
    lines.move(turn, one.id)
    return staff_text("toast.thread_closed")


def by_verb(turn: Turn, member: Member, one: Thread, verb: str, arguments: tuple[str, ...]) -> Text | None:
    """What a button of a talk's card does; None for any other."""
    match verb, arguments:
        case "thread_take", ():
            return take(turn, member, one)
        case "thread_give", ():
            return give(turn, member, one)
        case "thread_hand", (to,):
            return hand(turn, member, one, to)
        case "thread_later", (hours,):
            return later(turn, one, hours)
        case "thread_close", (reason,):
            return close(turn, one, reason)
    return None
