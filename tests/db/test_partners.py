"""Partners and of whom they were told, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.core.broadcasts import Interest, Subject
from bot.db import audit
from bot.db.engine import Database
from bot.db.openings import interests, partners
from bot.db.openings.interests import Interested
from bot.db.openings.partners import CAUSE, Standing
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned, State
from bot.db.rights import erasure
from bot.db.schema import chat, partner, partner_lead
from tests.db.rows import HOUR, NOW, new_chat, new_participant

HOME = 500
DAY = timedelta(days=1)
SUBJECT = Subject(opening="care")


def living(connection: Connection, name: str = "Muster", hashed: str = "a", **columns: Any) -> int:
    """A partner whose chat lives."""
    number = partners.invite(connection, name, hashed, NOW, DAY, None)
    given = {"person_id": HOME, "person_name": "Petra", "opened_at": NOW, "confirmed_at": NOW, **columns}
    partners.change(connection, number, **given)
    return number


def told(connection: Connection, chat_id: int = 1, since: datetime = NOW) -> int:
    """Somebody agreed, and the partner is told of it; the number of that."""
    person = new_participant(connection, chat_id)
    interests.give(connection, Interested(0, person, SUBJECT, "Muster", Interest.OPEN, since), "ar", "v1")
    one, to = interests.of_person(connection, person, SUBJECT), partners.living(connection, "Muster")
    assert one is not None
    assert to is not None
    number = partners.tell(connection, to, one)
    planned = Planned(f"{CAUSE}{number}", Kind.NOTICE, NOW, deliveries.ONCE, {"lead": number})
    deliveries.plan(connection, [(HOME, planned)])
    return number


async def begin(database: Database) -> None:
    """A partner with a chat, and somebody it is told of."""
    await database.run(lambda tx: new_chat(tx, HOME))
    await database.run(living)
    await database.run(told)


async def untrue(database: Database, before: datetime = NOW - DAY) -> list[int]:
    return [one.id for one in await database.run(lambda tx: partners.untrue(tx, before))]


async def test_one_chat_lives_for_a_name(database: Database) -> None:
    await database.run(living)
    await database.run(lambda tx: living(tx, "Another", "b"))
    await database.run(lambda tx: living(tx, hashed="c", confirmed_at=None))
    await database.run(lambda tx: living(tx, hashed="d", ended_at=NOW))
    with pytest.raises(IntegrityError):
        await database.run(lambda tx: living(tx, hashed="e"))


async def test_how_it_stands(database: Database) -> None:
    number = await database.run(lambda tx: partners.invite(tx, "Muster", "a", NOW, DAY, None))

    async def stands(at: datetime = NOW) -> Standing:
        found = await database.run(lambda tx: partners.load(tx, number))
        assert found is not None
        return found.standing(at)

    assert (await stands(), await stands(NOW + DAY)) == (Standing.INVITED, Standing.ENDED)
    await database.run(lambda tx: partners.change(tx, number, opened_at=NOW, person_id=HOME))
    assert await stands(NOW + DAY) is Standing.WAITING
    assert await database.run(lambda tx: partners.living(tx, "Muster")) is None
    await database.run(lambda tx: partners.change(tx, number, confirmed_at=NOW))
    assert await stands(NOW + 900 * DAY) is Standing.LIVING
    await database.run(lambda tx: partners.end_of_person(tx, HOME, NOW))
    assert await stands() is Standing.ENDED


async def test_what_is_true_stays(database: Database) -> None:
    await begin(database)
    assert await untrue(database) == []
    await database.run(lambda tx: interests.change(tx, 1, Interest.LOST, None, NOW))
    assert await untrue(database) == []


async def test_withdrawn_given_again_too_old_and_ended_is_untrue(database: Database) -> None:
    await begin(database)
    assert await untrue(database, NOW + HOUR) == [1]
    await database.run(lambda tx: interests.change(tx, 1, Interest.WITHDRAWN, None, NOW))
    assert await untrue(database) == [1]
    again = Interested(0, 1, SUBJECT, "Muster", Interest.OPEN, NOW + HOUR)
    await database.run(lambda tx: interests.give(tx, again, "ar", "v1"))
    assert await untrue(database) == [1], "another yes is another consent"
    await database.run(lambda tx: partners.change_lead(tx, 1, since=NOW + HOUR))
    assert await untrue(database) == []
    await database.run(lambda tx: partners.end_of_person(tx, HOME, NOW))
    assert await untrue(database) == [1]


async def test_whose_person_is_erased_is_untrue_and_the_row_is_there_to_say_so(database: Database) -> None:
    await begin(database)
    await database.run(lambda tx: erasure.erase_chat(tx, 1))
    assert await untrue(database) == [1]
    lead = await database.run(lambda tx: partners.lead(tx, 1))
    assert lead is not None
    assert await database.run(lambda tx: partners.about(tx, lead)) is None


async def test_what_became_of_a_message_is_known_once_it_has_ended(database: Database) -> None:
    await begin(database)
    assert await database.run(partners.ended) == []
    await database.run(lambda tx: deliveries.claim(tx, "me", NOW, 10))
    assert await database.run(partners.ended) == []
    done = deliveries.Outcome(1, State.SENT, message_id=77, sent_at=NOW, tried=True)
    await database.run(lambda tx: deliveries.record(tx, "me", [done]))
    (ended,) = await database.run(partners.ended)
    assert (ended.lead.id, ended.state, ended.message_id, ended.why) == (1, State.SENT, 77, None)
    await database.run(lambda tx: partners.change_lead(tx, 1, settled_at=NOW))
    assert await database.run(partners.ended) == []


async def test_whose_chat_is_gone_has_ended_too(database: Database) -> None:
    await begin(database)
    await database.run(lambda tx: erasure.erase_chat(tx, HOME))
    (ended,) = await database.run(partners.ended)
    assert (ended.lead.id, ended.state) == (1, State.SKIPPED)


async def test_what_a_killed_process_had_in_hand_is_not_said_again(database: Database) -> None:
    await begin(database)
    await database.run(lambda tx: deliveries.claim(tx, "me", NOW, 10))
    await database.run(lambda tx: deliveries.abandon(tx, "other", NOW + HOUR, lambda _: True))
    (ended,) = await database.run(partners.ended)
    assert ended.state is State.UNKNOWN


async def test_the_chat_of_a_partner_stays_without_a_consent(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, HOME))
    await database.run(living)
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + DAY)) == 0
    await database.run(lambda tx: partners.end_of_person(tx, HOME, NOW))
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + DAY)) == 1
    assert await database.run(lambda tx: tx.execute(select(chat.c.id)).all()) == []


async def test_rows_go_when_nobody_needs_them(database: Database) -> None:
    await begin(database)
    long_after = NOW + partners.KEPT + DAY
    assert await database.run(lambda tx: partners.forget_old(tx, long_after)) == 0
    await database.run(lambda tx: partners.end_of_person(tx, HOME, NOW))
    await database.run(lambda tx: partners.change_lead(tx, 1, ended_at=NOW))
    await database.run(lambda tx: audit.append(tx, NOW, "partner_said", "partner:1", None, ""))
    await database.run(lambda tx: partners.forget_old(tx, long_after))
    assert await database.run(lambda tx: tx.execute(select(partner_lead.c.id)).all()) == []
    assert len(await database.run(lambda tx: tx.execute(select(partner.c.id)).all())) == 1, "the trail names it"
    await database.run(lambda tx: audit.cut(tx, long_after, long_after))
    await database.run(lambda tx: partners.forget_old(tx, long_after))
    assert await database.run(lambda tx: tx.execute(select(partner.c.id)).all()) == []


async def test_who_never_came_or_was_never_confirmed_goes(database: Database) -> None:
    await database.run(lambda tx: partners.invite(tx, "Muster", "a", NOW, DAY, None))
    await database.run(lambda tx: living(tx, hashed="b", confirmed_at=None))
    assert await database.run(lambda tx: partners.forget_old(tx, NOW + partners.PATIENCE)) == 0
    assert await database.run(lambda tx: partners.forget_old(tx, NOW + partners.PATIENCE + HOUR)) == 1
    assert await database.run(lambda tx: partners.forget_old(tx, NOW + partners.KEPT + 2 * DAY)) == 1
