"""Passing on: each talk has one delivery on its way in each direction, so the order stays; short words share one.

Whatever is said is stored first (`received`). `move` plans what comes next; when a delivery has come to its end,
`settle` writes down what became of it, and moves on. A kill in between loses nothing: both look at rows.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.content.rich import utf16
from bot.core.roles import Right, Role
from bot.core.threads import PREFIX, TEXT, Author, Event, Job, Passing, bundle
from bot.db import chats
from bot.db.apart import apart
from bot.db.outbox import thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned, State
from bot.db.outbox.thread_deliveries import Ended
from bot.db.people.merging import HELD_BACK
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import reactions, threads
from bot.db.threads.threads import Message, Thread
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.threads.saying import revisions
from bot.services.turn import Turn

AT_ONCE = 40
"""Messages of a talk that are looked at in one go."""
WITHOUT_GROUP = frozenset({"no_forum", "no_rights", "migrated", "gone", "blocked", "deactivated"})
"""Codes of refusals that concern the group as a whole, not one message."""
NO_TOPIC, TAKEN_BACK = "no_topic", "taken_back"
NO_CARD = 0
"""The number of a card that could not be sent."""


def move(turn: Turn, number: int) -> None:
    """Plan what is passed on next, in each direction in which nothing is on its way."""
    one = threads.load(turn.connection, number)
    if one is not None:
        if one.staff_job is None:
            _to_staff(turn, one)
        if one.person_job is None:
            _to_person(turn, one)


def settle(turn: Turn) -> None:
    """Write down what became of deliveries that ended, and plan the next. A talk that fails holds up no other."""
    for to_staff in (True, False):
        for ended in thread_deliveries.ended(turn.connection, to_staff=to_staff):
            one = threads.load(turn.connection, ended.thread_id)
            # Another process may have seen it a moment ago.
            if one is None or ended.delivery != (one.staff_job if to_staff else one.person_job):
                continue
            settled = partial(_settled, turn, one, ended, to_staff=to_staff)
            if apart(turn.connection, settled, thread=one.id):
                _move_apart(turn, one.id)


def look_around(turn: Turn) -> None:
    """Settle what has ended, and go on with every talk that was left lying."""
    settle(turn)
    for number in threads.idle(turn.connection):
        _move_apart(turn, number)


def _move_apart(turn: Turn, number: int) -> None:
    """Go on with a talk; one that fails is tried again at the next `look_around`."""
    apart(turn.connection, partial(move, turn, number), thread=number)


def _reaction(turn: Turn, one: Thread, *, to_staff: bool) -> bool:
    """Pass an emoji on to where the message was written; whether there was one."""
    tx, author = turn.connection, Author.STAFF if to_staff else Author.PERSON
    changed = reactions.outdated(tx, one.id, author)
    while changed is not None and chats.load(tx, changed.chat_id) is None:  # who wrote there has left, chat and all
        reactions.note_said(tx, changed.id, changed.revision)
        changed = reactions.outdated(tx, one.id, author)
    if changed is None:
        return False
    params = {"message": changed.id, "reaction": changed.revision}
    _plan(turn, one, Job.REACT, changed.chat_id, edits=changed.message_id, params=params, to_staff=to_staff)
    return True


def _to_staff(turn: Turn, one: Thread) -> None:
    if _reaction(turn, one, to_staff=True):
        return
    tx, group = turn.connection, threads.group(turn.connection)
    waiting = threads.to_pass_on(tx, one.id, to_staff=True, most=AT_ONCE)
    if group is None:
        if waiting:
            _at_desk(turn, one)
        return
    here = one.group_id == group
    if not here or one.topic is None:
        if waiting:
            if not here:
                thread_deliveries.keep_topic(tx, one.participant_id, one.group_id, one.topic)
            threads.change(tx, one.id, group_id=group, topic=None, card_message=None, topic_open=True)
            _plan(turn, one, Job.TOPIC, group)
        return
    if one.card_message is None:
        threads.change(tx, one.id, card_outdated=False)
        _plan(turn, one, Job.CARD, group)
    elif one.closed_at is None and not one.topic_open:
        _plan(turn, one, Job.OPEN, group)
    else:
        _into_topic(turn, one, group, waiting)


def _into_topic(turn: Turn, one: Thread, group: int, waiting: list[Message]) -> None:
    """The topic is there: what has changed goes first, then what is new, then the card."""
    changed = _outdated(turn, one, group, to_staff=True)
    if changed is not None:
        _plan(turn, one, Job.CHANGE, group, edits=changed.copy_message, params={"message": changed.id})
    elif waiting:
        _pass_on(turn, one, group, waiting)
    elif one.card_outdated and one.card_message != NO_CARD:
        threads.change(turn.connection, one.id, card_outdated=False)
        _plan(turn, one, Job.CARD, group, edits=one.card_message)
    elif one.closed_at is not None and one.topic_open:
        _plan(turn, one, Job.CLOSE, group)


def _outdated(turn: Turn, one: Thread, chat_id: int, *, to_staff: bool) -> Message | None:
    """The next message to be changed there. What stands in a former group or on another account stays as it is."""
    changed = threads.outdated(turn.connection, one.id, to_staff=to_staff)
    while changed is not None and changed.copy_chat != chat_id:
        drop(turn, threads.sharing(turn.connection, changed))
        changed = threads.outdated(turn.connection, one.id, to_staff=to_staff)
    return changed


def _to_person(turn: Turn, one: Thread) -> None:
    tx = turn.connection
    changed = _outdated(turn, one, one.chat_id, to_staff=False)
    if changed is not None:
        params = {"message": changed.id}
        _plan(turn, one, Job.CHANGE, one.chat_id, edits=changed.copy_message, params=params, to_staff=False)
    elif waiting := threads.to_pass_on(tx, one.id, to_staff=False, most=AT_ONCE):
        _pass_on(turn, one, one.chat_id, waiting, to_staff=False)
    else:
        _reaction(turn, one, to_staff=False)


def _pass_on(turn: Turn, one: Thread, chat_id: int, waiting: list[Message], *, to_staff: bool = True) -> None:
    """Pass on the first that waits, with those after it that fit into the same message."""
    first = waiting[0]
    words = first.kind == TEXT or first.author is Author.EVENT
    together = []
    for each in waiting:
        if (each.kind, each.author, each.staff_id, each.template) != (TEXT, first.author, first.staff_id, None):
            break
        together.append(each)
    several = together[: bundle([utf16(each.text or "") for each in together])] or [first]
    job = _plan(turn, one, Job.SAY if words else Job.COPY, chat_id, to_staff=to_staff)
    threads.change_messages(turn.connection, [each.id for each in several], job=job)


def _plan(
    turn: Turn,
    one: Thread,
    job: Job,
    chat_id: int,
    *,
    to_staff: bool = True,
    edits: int | None = None,
    params: dict[str, Any] | None = None,
) -> int:
    """Plan a delivery of a talk, and remember that it is on its way."""
    current = threads.load(turn.connection, one.id) or one
    planned = Planned(
        f"{PREFIX}{one.id}.{current.jobs + 1}",
        Kind.TALK,
        turn.now,
        job.text_key,
        {"thread": one.id, **(params or {})},
        edits=edits,
        urgent=True,
        participant_id=one.participant_id,
    )
    number = thread_deliveries.plan(turn.connection, chat_id, planned)
    column = "staff_job" if to_staff else "person_job"
    threads.change(turn.connection, one.id, jobs=current.jobs + 1, **{column: number})
    return number


# -- what became of it


def _settled(turn: Turn, one: Thread, ended: Ended, *, to_staff: bool) -> None:
    tx = turn.connection
    threads.change(tx, one.id, **{"staff_job" if to_staff else "person_job": None})
    if ended.job is Job.REACT:
        if ended.why != HELD_BACK:  # what cannot be put there is not tried again: it is a light receipt
            reactions.note_said(tx, ended.message or 0, ended.reaction)
    elif ended.state is State.SENT:
        _done(turn, one, ended)
    elif ended.why == TAKEN_BACK:
        drop(turn, threads.of_job(tx, ended.delivery))
    elif ended.why == HELD_BACK:
        _again(turn, ended)
    elif to_staff and ended.why in WITHOUT_GROUP:
        _again(turn, ended)
        lose_group(turn, one.group_id or 0, ended.why or "gone")
    elif to_staff and ended.why == NO_TOPIC:
        _again(turn, ended)
        threads.change(tx, one.id, topic=None, card_message=None, topic_open=True)
    elif ended.job in {Job.SAY, Job.COPY}:
        _failed(turn, one, ended, to_staff=to_staff)
    else:
        _given_up(turn, one, ended)


def _given_up(turn: Turn, one: Thread, ended: Ended) -> None:
    """Something other than words was refused: the talk goes on without it."""
    match ended.job:
        case Job.TOPIC if ended.state is not State.UNKNOWN:
            lose_group(turn, one.group_id or 0, "no_rights")
        case Job.CARD if not ended.changes:
            threads.change(turn.connection, one.id, card_message=NO_CARD)
        case Job.OPEN | Job.CLOSE:
            threads.change(turn.connection, one.id, topic_open=ended.job is Job.OPEN)
        case Job.CHANGE:
            stuck = threads.message(turn.connection, ended.message or 0)
            drop(turn, [] if stuck is None else threads.sharing(turn.connection, stuck))
            if stuck is not None and (stuck.taken_back_at is not None or stuck.file is not None):
                note(turn, one.id, Event.STAYS)


def drop(turn: Turn, several: list[Message]) -> None:
    """Leave these as they are where they stand, and pass them on no further."""
    threads.note_said(turn.connection, revisions(several))
    numbers = [each.id for each in several]
    threads.change_messages(turn.connection, numbers, state=Passing.SENT.value)


def _done(turn: Turn, one: Thread, ended: Ended) -> None:
    tx = turn.connection
    match ended.job:
        case Job.TOPIC:
            threads.change(tx, one.id, topic=ended.message_id, topic_open=True)
        case Job.CARD:
            threads.change(tx, one.id, card_message=ended.message_id)
        case Job.OPEN | Job.CLOSE:
            threads.change(tx, one.id, topic_open=ended.job is Job.OPEN)
        case Job.SAY | Job.COPY:
            passed = [each.id for each in threads.of_job(tx, ended.delivery)]
            copy = {"copy_chat": ended.chat_id, "copy_message": ended.message_id, "state": Passing.SENT.value}
            threads.change_messages(tx, passed, **copy)


def _again(turn: Turn, ended: Ended) -> None:
    """What this delivery was to pass on waits once more."""
    waiting = [each.id for each in threads.of_job(turn.connection, ended.delivery)]
    threads.change_messages(turn.connection, waiting, job=None)


def _failed(turn: Turn, one: Thread, ended: Ended, *, to_staff: bool) -> None:
    """It never arrived, or perhaps not: show that to the team."""
    tx = turn.connection
    state = {State.BLOCKED: Passing.BLOCKED, State.UNKNOWN: Passing.UNKNOWN}.get(ended.state, Passing.FAILED)
    found = [each for each in threads.of_job(tx, ended.delivery) if each.taken_back_at is None]
    if ended.why == State.BLOCKED.value:
        state = Passing.BLOCKED
    threads.change_messages(tx, [each.id for each in threads.of_job(tx, ended.delivery)], state=state.value)
    if not found or found[0].author is Author.EVENT:
        return
    event = {Passing.BLOCKED: Event.BLOCKED, Passing.UNKNOWN: Event.UNKNOWN}.get(state, Event.FAILED)
    if to_staff:
        threads.change_messages(tx, [each.id for each in found], state=Passing.DESK.value)
        event = Event.LEFT_AT_DESK
    note(turn, one.id, event)


def note(turn: Turn, number: int, event: Event) -> None:
    """Note that something happened in a talk, for the team to see."""
    threads.add(turn.connection, number, Author.EVENT, event.value, turn.now)
    threads.change(turn.connection, number, card_outdated=True)


# -- without a group


def lose_group(turn: Turn, chat_id: int, why: str) -> None:
    """The group can no longer be written to: tell those who lead the team; talks go on at the desk."""
    if threads.lose(turn.connection, chat_id, why, turn.now):
        chats.blocked(turn.connection, chat_id, turn.now)
        key = why if why in {"no_forum", "no_rights"} else "gone"
        notices.tell(
            turn, coordinators(turn), staff_text(f"group.lost_{key}"), f"{PREFIX}lost.{turn.now:%Y%m%d%H%M%S}"
        )


def _at_desk(turn: Turn, one: Thread) -> None:
    """Without a group a talk stands at the desk, and whoever may answer hears that somebody waits."""
    threads.to_desk(turn.connection, one.id)
    if one.waiting_since is not None:
        cause = f"{PREFIX}{one.id}.waits.{int(one.waiting_since.timestamp())}"
        notices.tell(turn, answering(turn, one), staff_text("thread.somebody"), cause, about=one.participant_id)


def answering(turn: Turn, one: Thread) -> list[Member]:
    """Who answers: whoever has taken the talk over, as long as they may, else everybody who may."""
    everybody = staff.who_may(turn.connection, Right.ANSWER, turn.now)
    return [each for each in everybody if each.id == one.assigned_to] or everybody


def coordinators(turn: Turn) -> list[Member]:
    """The members who lead the team."""
    leads = {Role.ADMIN, Role.COORDINATOR}
    return [each for each in staff.active(turn.connection, turn.now) if each.role in leads]
