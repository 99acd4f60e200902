"""Partners in tests: a town in the morning, a partner with a chat, and people who agree that it is told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.content.loader import Content
from bot.core.broadcasts import Subject
from bot.core.engine import Answer, Status
from bot.db.people import participants
from bot.db.schema import delivery, interest
from bot.services.deliveries.acts import Away, Say
from bot.services.deliveries.sending import Ready, Result, Tried
from bot.services.openings import interest_taps, interesting, partners
from bot.services.reply import Reply
from bot.services.staff.members import inviting
from bot.services.staff.openings import partner_inviting
from bot.services.taps import Tap, tap
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.db.rows import new_chat, new_participant
from tests.services.broadcasts import BEGIN, BOSS, Office, team

HOME = 500
"""The partner's chat."""


HOURS = timedelta(hours=1)


ANSWERS: dict[str, Any] = {
    "goals": ("job",),
    "german_level": "B1",
    "profession": "health",
    "paper": "no",
    "support": ("childcare",),
    "anything": "I sleep badly",
}


class Desk(Office):
    """The office, whose sender also does acts. `stands`: what is in each chat, by message."""

    def __init__(self, engine: Any, content: Content) -> None:
        super().__init__(engine, content)
        self.content = content
        self.stands: dict[int, dict[int, str]] = {}
        self.buttons: dict[int, str] = {}

    def _tried(self, ready: Ready) -> Tried:
        act, due = ready.act, ready.due
        if act is None:
            return super()._tried(ready)
        assert isinstance(act, Say | Away)
        result, message = self.line(ready), due.edits or 1000 + due.id
        if result is Result.SENT:
            there = self.stands.setdefault(due.chat_id, {})
            if isinstance(act, Away):
                there.pop(message, None)
            else:
                there[message] = act.rich.text
        return Tried(due, result, self.now, message_id=message if result is Result.SENT else None)

    def visit(self, chat_id: int, do: Any) -> Any:
        """A person does something in their chat."""

        def use_case(turn: Turn) -> Any:
            visit = load(turn, Visitor(chat_id, "de", chat_id))
            assert visit is not None
            return do(visit)

        return self.run(use_case)

    def taps(self, chat_id: int, data: str, message: int) -> Reply:
        """A person presses a button, real or made up."""
        return self.run(lambda turn: tap(turn, Visitor(chat_id, "de", chat_id), Tap(data, message)))

    def told(self) -> dict[int, str]:
        """What is in the partner's chat."""
        return self.stands.get(HOME, {})

    def of(self, table: Any, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table."""
        asked = select(*(table.c[one] for one in columns)).order_by(table.c.id)
        return [tuple(row) for row in self.run(lambda turn: turn.connection.execute(asked).all())]


def name_of(content: Content) -> str:
    """The partner that Minden's opening names."""
    return next(one.partner for one in content.offers.values() if one.partner)


def offer_of(content: Content) -> str:
    return next(one.id for one in content.offers.values() if one.partner)


def begin(turn: Turn) -> None:
    new_chat(turn.connection, BOSS, language="de")
    team(turn.connection)
    _, payload = partner_inviting.create(turn.connection, name_of(turn.content), turn.now)
    reply = inviting.start(turn, Visitor(HOME, "de", HOME, "Petra"), payload)
    assert reply.card is not None


def person(turn: Turn, chat_id: int = 1, name: str | None = "Samir") -> int:
    """A person with answers, some of them sensitive."""
    key = new_participant(turn.connection, chat_id, language="ar", shown_version=1)
    participants.give_consent(turn.connection, key, "storage", language="ar", text_version="v1", now=BEGIN)
    given = {one: Answer(Status.GIVEN, value) for one, value in ANSWERS.items()}
    participants.save_answers(turn.connection, key, given, turn.content.questionnaire.revision, BEGIN)
    participants.set_preferences(turn.connection, key, name=name)
    return key


def agree(desk: Desk, chat_id: int = 1) -> None:
    """They agree to what the opening's card asks."""
    offer = interesting.opening(desk.content, offer_of(desk.content))
    assert offer is not None
    desk.visit(chat_id, lambda visit: interest_taps.give(visit, Subject(opening=offer.id), offer.partner))


def comes(desk: Desk, chat_id: int = 1, name: str | None = "Samir") -> None:
    desk.run(partial(person, chat_id=chat_id, name=name))
    agree(desk, chat_id)
    desk.deliver()


def button(desk: Desk, verb: str) -> str:
    """The data of a button on the newest message to the partner."""
    number = desk.of(delivery, "id", "text_key")
    return f"d{max(key for key, text in number if text == partners.LEAD)}.{verb}"


def states(desk: Desk) -> list[str]:
    return [state for (state,) in desk.of(interest, "state")]


def drawn(reply: Reply, content: Content) -> str:
    assert reply.letter is not None
    return content.texts.render("de", reply.letter.screen).text


def lost(desk: Desk) -> list[int]:
    """Who was told that nothing arrives at the partner."""
    found = desk.of(delivery, "chat_id", "text_key")
    return [chat_id for chat_id, text in found if text == "staff.notice.partner_lost"]
