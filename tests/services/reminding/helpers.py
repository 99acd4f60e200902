"""What happens in the small town, and what its outbox holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.core.message import Button, Text
from bot.db.offers.registrations import Target
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import State
from bot.db.schema import consent, delivery
from bot.services import taps
from bot.services.deliveries import saying
from bot.services.offers import joining, meetings, registration
from bot.services.offers.meetings import Change
from bot.services.reminders import reminding, seeking
from bot.services.reply import Reply
from bot.services.taps import Tap
from bot.services.turn import Turn, Visitor
from tests.services.seating.town import Town

WEEK, DAY_BEFORE, HOURS = (f"reminders.event_{name}" for name in ("week", "day", "hours"))
CHANGE, OUTDATED = "change.info", "ui.change.outdated"


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def come(town: Town, *people: int, target: Target | None = None) -> list[int]:
    """People register by button. Returns their registrations."""

    def use_case(turn: Turn, person: int) -> int:
        outcome = registration.register(turn, town.terms, person, target or town.evening)
        joining.settle(turn, outcome.news, by=person)
        assert outcome.registration_id is not None
        return outcome.registration_id

    return [await town.do(use_case, person) for person in people]


async def rows(town: Town, **where: Any) -> list[Any]:
    """The outbox by due times and people. Within one course the order is left to the database."""
    asked = select(delivery).where(*(delivery.c[name] == value for name, value in where.items()))
    asked = asked.order_by(delivery.c.due_at, delivery.c.participant_id, delivery.c.id)
    return await town.database.run(lambda tx: list(tx.execute(asked)))


async def stand(town: Town) -> list[tuple[str, str, str | None]]:
    """Text, state and reason of everything."""
    return [(one.text_key, one.state, one.reason) for one in await rows(town)]


async def change(town: Town, use_case: Any, *args: Any, meeting: int | None = None) -> Change:
    """Staff change a meeting, by default the evening, with all consequences."""

    def whole(turn: Turn) -> Change:
        terms = (town.terms,) if use_case is meetings.move else ()
        found: Change | None = use_case(turn, *terms, meeting or town.evening.meeting_id, *args)
        assert found is not None
        reminding.meeting_changed(turn, found.old, found.new)
        return found

    return await town.do(whole)


async def said(town: Town, number: int = 0, **where: Any) -> saying.Said:
    """What one of the deliveries says now."""
    key = (await rows(town, **where))[number].id

    def use_case(turn: Turn) -> saying.Said:
        due = deliveries.load(turn.connection, key)
        assert due is not None
        return saying.prepared(turn, [due])[key]

    return await town.do(use_case)


async def sent(town: Town, message: int = 77, **where: Any) -> int:
    """Sends the first such delivery now, as this message. Returns its id."""
    key: int = (await rows(town, **where))[0].id

    def use_case(connection: Connection) -> None:
        mine = update(delivery).where(delivery.c.id == key)
        connection.execute(mine.values(state=State.SENT.value, message_id=message, sent_at=town.now))

    await town.database.run(use_case)
    return key


async def seek(town: Town) -> int:
    """Looks at everybody, as the clock does. Returns how many pages that took."""
    round_, pages = await town.do(seeking.begin), 0
    while round_ is not None:
        round_, pages = await town.do(seeking.step, round_), pages + 1
    return pages


async def press(town: Town, chat_id: int, delivery_id: int, action: str, message: int = 77) -> Reply:
    """A person presses a button of a delivery."""
    return await town.do(taps.tap, Visitor(chat_id, "de", chat_id), Tap(f"d{delivery_id}.{action}", message))


def lines(reply: Reply) -> list[str]:
    """The text keys of the message after a press."""
    assert reply.letter is not None
    return [one.key for block in reply.letter.screen.blocks for one in block if isinstance(one, Text)]


def actions(screen: Any) -> list[str]:
    """The actions of a message's buttons."""
    return [one.action for row in screen.rows for one in row if isinstance(one, Button)]


async def agree(town: Town, *people: int) -> None:
    """They agree to reminders."""
    given = {"purpose": "reminders", "language": "de", "text_version": "1", "given_at": town.now}
    await town.database.run(
        lambda tx: tx.execute(insert(consent), [{"participant_id": one, **given} for one in people])
    )
