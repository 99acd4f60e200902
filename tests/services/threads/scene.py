"""Talks in tests: people who ask, a team that answers, and deliveries that are sent without a messenger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, delete

from bot.core.roles import Role
from bot.db.schema import answer_template, answer_wording, delivery, staff_group, thread, thread_message
from bot.db.threads import threads
from bot.db.threads.threads import Message, Thread
from bot.services.deliveries import sending
from bot.services.deliveries.acts import NewTopic, Say
from bot.services.deliveries.sending import Ready, Result, Tried
from bot.services.threads import binding, group
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import member
from tests.services.talk import Talk

NewTalk = Callable[[], Talk]
GROUP = -1_002_000_000_777
OTHER = -1_002_000_000_888
"""Another group."""


@dataclass
class Office:
    """The team's group, and the sender for both directions. `sent`: what went out, in order."""

    talk: Talk
    sent: list[Ready] = field(default_factory=list)
    fate: Callable[[Ready], tuple[Result, str | None]] = lambda _: (Result.SENT, None)
    _numbers: int = 500

    def send(self, most: int = 50) -> list[Ready]:
        """Sends whatever is due, batch by batch, until nothing is. Returns what went out."""
        before, tried = len(self.sent), list[Tried]()
        for _ in range(most):
            hand = self.talk.turn(sending.step, "me", tried, 30, lambda _: 0.0, lambda: 0.5)
            if not hand.ready and not tried:
                break
            tried = [self._tried(one) for one in hand.ready]
        return self.sent[before:]

    def _tried(self, ready: Ready) -> Tried:
        self.sent.append(ready)
        result, code = self.fate(ready)
        self._numbers += 1
        made = self._numbers if result is Result.SENT else None
        return Tried(ready.due, result, self.talk.now, code, made, said=ready.content.said)

    def texts(self, chat_id: int) -> list[str]:
        """The words of everything that went to a chat."""
        acts = [one.act for one in self.sent if one.due.chat_id == chat_id]
        return [one.rich.text for one in acts if isinstance(one, Say)]

    def topics(self) -> list[str]:
        """The names of all topics that were created."""
        return [one.act.name for one in self.sent if isinstance(one.act, NewTopic)]


def asking(new_talk: NewTalk, language: str = "de") -> Talk:
    """A person with a profile who is on the card of a talk."""
    talk = new_talk()
    talk.start()
    talk.tap(f"lang.{language}")
    talk.finish()
    talk.command("ask")
    return talk


def thread_of(talk: Talk) -> Thread:
    """The person's talk, which must exist."""
    found = talk.table.run(lambda tx: threads.of_chat(tx, talk.chat_id))
    assert found is not None
    return found


def said(talk: Talk) -> list[Message]:
    """Everything that was said in the person's talk."""
    return talk.table.run(lambda tx: threads.newest(tx, thread_of_in(tx, talk).id, 100))


def thread_of_in(tx: Connection, talk: Talk) -> Thread:
    found = threads.of_chat(tx, talk.chat_id)
    assert found is not None
    return found


def bound(boss: Talk, chat_id: int = GROUP) -> None:
    """An admin makes a group the team's."""
    boss.turn(binding.bind, Visitor(chat_id, "de", boss.chat_id, boss.name), forum=True, leads=True)


def in_topic(member: Talk, person: Talk, text: str, **more: object) -> None:
    """A member writes in the person's topic."""
    one = thread_of(person)
    assert one.topic is not None
    visitor = Visitor(one.group_id or 0, "de", member.chat_id, member.name)
    given = Written(text, member._next_message() + 100_000 + member.chat_id * 1000, member.now, marked=text, **more)  # type: ignore[arg-type]
    member.turn(group.hear, visitor, one.topic, given)


def clear(talk: Talk) -> None:
    """No group, no talks, no answers of staff, nothing to send, in a database that other tests use, too."""
    for one in (staff_group, thread_message, thread, delivery, answer_wording, answer_template):
        talk.table.run(partial(lambda table, tx: tx.execute(delete(table)), one))


def states(talk: Talk) -> list[str]:
    """What became of each message, in order."""
    return [one.state.value for one in said(talk)]


def a_group(new_talk: NewTalk, language: str = "ar") -> tuple[Talk, Talk, Office]:
    """A counsellor, a person who asks, and the sender. The group is bound."""
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk, language)
    return lea, person, Office(person)


def kinds(office: Office) -> list[str]:
    """What was done, in order."""
    return [type(one.act).__name__ for one in office.sent]
