"""An audience becomes deliveries: each chat once, however often it is done, and from wherever it goes on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from bot.core.conditions import All, Fact, Test
from bot.db.audience.counting import Terms, count
from bot.db.audience.sending import fan_out, recipients
from bot.db.engine import Database
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.db.schema import delivery
from tests.db.audience.crowds import DAY
from tests.db.audience.test_counting import ASKED, B1, PEOPLE, crowd
from tests.db.rows import NOW, START, given

TERMS = Terms("openings", "offers", 3)
PLANNED = Planned(
    "broadcast:77",
    Kind.BROADCAST,
    NOW + DAY,
    "broadcasts.text",
    {"args": {"broadcast": 77}},
    last_useful_at=NOW + 5 * DAY,
    topic="offers",
)


def planned(connection: Connection) -> list[tuple[int, int]]:
    rows = select(delivery.c.chat_id, delivery.c.participant_id).where(delivery.c.cause == PLANNED.cause)
    return [tuple(row) for row in connection.execute(rows.order_by(delivery.c.chat_id))]


def whole(connection: Connection, most: int) -> list[int]:
    """Range after range; how many deliveries were new in each."""
    after, new = 0, list[int]()
    while True:
        one = fan_out(connection, ASKED, B1, TERMS, PLANNED, NOW, after=after, most=most)
        if one.after is None:
            return new
        after = one.after
        new.append(one.new)


async def test_everybody_reached_gets_one_delivery_and_nobody_else(database: Database) -> None:
    await database.run(crowd)
    found = await database.run(lambda tx: list(tx.execute(recipients(tx, ASKED, B1, TERMS, NOW))))
    counted = await database.run(lambda tx: count(tx, ASKED, B1, TERMS, NOW))
    assert len(found) == counted.reached > 5
    assert {row.language for row in found} == {None, "de", "ar"}
    new = await database.run(lambda tx: whole(tx, 40))
    assert len(new) == -(-PEOPLE // 40)
    assert sum(new) == counted.reached
    assert await database.run(planned) == sorted((row.chat_id, row.participant_id) for row in found)
    row = (
        await database.run(lambda tx: tx.execute(select(delivery).where(delivery.c.cause == PLANNED.cause)).first())
    )._asdict()  # type: ignore[union-attr]
    assert {name: row[name] for name in PLANNED.row()} == {**PLANNED.row(), "participant_id": row["participant_id"]}


async def test_what_was_done_is_not_done_twice_and_goes_on_where_it_stopped(database: Database) -> None:
    await database.run(crowd)
    first = await database.run(lambda tx: fan_out(tx, ASKED, B1, TERMS, PLANNED, NOW, most=30))
    assert first.after == 30
    again = await database.run(lambda tx: fan_out(tx, ASKED, B1, TERMS, PLANNED, NOW, most=30))
    assert (again.new, again.after) == (0, 30)
    rest = await database.run(lambda tx: whole(tx, 30))
    assert rest[0] == 0
    assert first.new + sum(rest) == len(await database.run(planned))
    assert sum(await database.run(lambda tx: whole(tx, 1000))) == 0


async def test_who_came_into_the_audience_meanwhile_gets_it_too(database: Database) -> None:
    await database.run(crowd)
    await database.run(lambda tx: whole(tx, 1000))
    before = await database.run(planned)
    free = [one for one in range(1, PEOPLE) if one % 8 and one % 9 and one % 13 and one % 4 < 2 and one % 10]
    key = next(one for one in free if (one, one) not in before)
    await database.run(lambda tx: participants.save_answers(tx, key, {"level": given("B2")}, "r2", NOW))
    assert sum(await database.run(lambda tx: whole(tx, 1000))) == 1
    assert len(await database.run(planned)) == len(before) + 1


async def test_two_people_on_one_phone_get_it_once(database: Database) -> None:
    await database.run(crowd)
    new = await database.run(lambda tx: participants.create(tx, 1, START, NOW))
    await database.run(lambda tx: participants.save_answers(tx, new, {"level": given("B2")}, "r2", NOW))
    everybody = All((Fact("profile.finished", Test.IS, "no"),))
    one = await database.run(lambda tx: fan_out(tx, ASKED, everybody, Terms(), PLANNED, NOW))
    chats = [chat for chat, _ in await database.run(planned)]
    assert one.new == len(chats) == len(set(chats))
    assert 1 in chats


async def test_nobody_left_is_the_end(database: Database) -> None:
    other = replace(PLANNED, cause="broadcast:78")
    assert (await database.run(lambda tx: fan_out(tx, ASKED, B1, TERMS, other, NOW))).after is None
