"""The sender: every delivery ends in one known state, whatever Telegram does. In jumping time: nothing is timed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from sqlalchemy import Connection, update
from structlog.testing import capture_logs

from bot.content.loader import Content
from bot.content.texts import Texts
from bot.core.message import LinkButton, Screen, Text
from bot.db import chats
from bot.db.engine import DatabaseAway
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.rights import erasure
from bot.db.schema import delivery
from bot.services.deliveries.sending import MOST_TRIES, Hand
from bot.services.openings.partners import LEAD
from bot.telegram import calls
from bot.telegram.pace import CHAT_SECONDS
from bot.telegram.sender import BATCH, LARGE_BATCH, TROUBLES
from bot.telegram.transport import NotSent, OutcomeUnknown, ServerTrouble
from tests.telegram import fake_time
from tests.telegram.fake_time import now
from tests.telegram.post_office import TEXT, PostOffice, clock, post_office
from tests.telegram.test_pace import most_in

BLOCKED = (403, "Forbidden: bot was blocked by the user")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def play(content: Content) -> Callable[..., None]:
    def run(scene: Callable[[PostOffice], Awaitable[None]], **more: Any) -> None:
        async def main() -> None:
            async with post_office(content, **more) as office:
                await scene(office)

        fake_time.run(main())

    return run


def test_what_is_due_is_said_in_each_persons_language_and_recorded(play: Any, content: Content) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(3)
        await office.database.run(lambda tx: chats.save(tx, 2, {"language": "uk"}))
        await office.database.run(lambda tx: chats.save(tx, 3, {"language": None}))
        await office.plan([1, 2, 3])
        await office.pass_time(2)
        said = {one["chat_id"]: one["text"] for one in office.line.of("sendMessage")}
        assert said == {
            1: content.texts.label("de", TEXT),
            2: content.texts.label("uk", TEXT),
            3: content.texts.label(content.languages[0], TEXT),
        }
        found = await office.rows()
        assert [(row["state"], row["tries"], row["code"]) for row in found] == [("sent", 1, None)] * 3
        assert sorted(row["message_id"] for row in found) == [101, 102, 103]
        assert all(row["due_at"] <= row["sent_at"] <= row["due_at"] + timedelta(seconds=1) for row in found)

    play(scene)


def test_a_thousand_go_out_at_telegrams_pace_in_few_transactions(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(1000)
        before = office.database.runs
        await office.plan(range(1, 1001))
        await office.pass_time(1000 / 30 * 1.03 + 1)
        assert set(await office.states()) == {"sent"}
        assert len({chat_id for _, chat_id in office.line.came}) == len(office.line.came) == 1000
        assert most_in(office.line.times, 1.0) <= 30
        assert max(office.line.times) <= 1000 / 30 * 1.03
        assert office.database.runs - before <= 1000 / (BATCH // 2) + 12

    play(scene)


def test_never_more_than_a_batch_is_in_hand(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(300)
        await office.plan(range(1, 301))
        most = 0
        for _ in range(100):
            await office.pass_time(0.1)
            most = max(most, (await office.states()).count("claimed"))
        assert BATCH // 2 <= most <= BATCH

    play(scene)


def test_a_delivery_that_cannot_be_prepared_ends_as_failed_and_holds_nobody(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(3)
        odd = Planned("lead:1", Kind.NOTICE, clock(), LEAD, {"lead": "no number"})
        with capture_logs() as logged:
            await office.database.run(lambda tx: deliveries.plan(tx, [(1, odd)]))
            await office.plan([2, 3])
            await office.pass_time(5)
        found = [(row["state"], row["code"], row["tries"]) for row in await office.rows()]
        assert found == [("failed", "error", 1), ("sent", None, 1), ("sent", None, 1)]
        assert [one["event"] for one in logged if one["log_level"] == "error"] == ["row_failed"]

    play(scene)


def test_without_a_limit_a_larger_batch_is_in_hand_and_all_go_at_once(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(500)
        await office.plan(range(1, 501))
        await office.pass_time(0.5)
        assert len(office.line.came) == 500
        assert most_in(office.line.times, 0.001) <= LARGE_BATCH

    play(scene, rate=0)


def test_urgent_ones_overtake(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(400)
        await office.plan(range(1, 301), kind=Kind.BROADCAST)
        await office.pass_time(3)
        before = len(office.line.came)
        await office.plan(range(301, 401), kind=Kind.NOTICE)
        await office.pass_time(5)
        after = [chat_id > 300 for _, chat_id in office.line.came[before:]]
        assert after.index(True) <= BATCH
        assert sum(after) == 100
        await office.pass_time(10)
        assert set(await office.states()) == {"sent"}

    play(scene)


@pytest.mark.row(8)
def test_after_429_everybody_waits_and_nothing_counts_as_a_try(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        told = [(429, "Too Many Requests: retry after 5")] * 3
        office.line.judge = lambda given: told.pop() if given["chat_id"] == 10 and told else None
        office.line.refuse = partial(_with_retry_after, office, 40)  # type: ignore[method-assign]
        await office.people(60)
        await office.plan(range(1, 61))
        await office.pass_time(300)
        assert set(await office.states()) == {"sent"}
        assert {row["tries"] for row in await office.rows()} == {1}
        gaps = [later - earlier for earlier, later in pairwise(office.line.times)]
        assert len([gap for gap in gaps if gap >= 39.9]) == 3
        assert len(office.line.came) == 63

    play(scene)


def _with_retry_after(office: PostOffice, seconds: int, method: str, _: object) -> None:
    from telegram.error import RetryAfter  # noqa: PLC0415

    office.line._refusals[method].append(RetryAfter(timedelta(seconds=seconds)))


@pytest.mark.row(8)
def test_a_429_of_a_reply_stops_the_deliveries_and_the_reply_goes_first(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(100)
        office.gate.shut(20)
        await office.plan(range(1, 101))
        replied: list[float] = []

        async def reply() -> None:
            async def call() -> None:
                replied.append(now())

            await office.gate.send(call, 7)

        await asyncio.gather(reply(), reply(), reply())
        await office.pass_time(5)
        assert max(replied) <= min(office.line.times)
        assert min(office.line.times) >= 20

    play(scene)


@pytest.mark.row(9)
def test_a_server_in_trouble_is_asked_again_later_and_later_then_given_up(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: ServerTrouble("HTTP 500") if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2])
        await office.pass_time(7200)
        first, second = await office.rows()
        assert (first["state"], first["code"], first["tries"]) == ("failed", "HTTP 500", MOST_TRIES)
        assert (second["state"], second["tries"]) == ("sent", 1)
        times = [at for at, chat_id in office.line.came if chat_id == 1]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert len(times) == MOST_TRIES
        assert all(later > earlier * 1.2 for earlier, later in pairwise(gaps[:8]))

    play(scene)


@pytest.mark.row(5)
def test_ten_minutes_without_a_network_lose_nothing_and_double_nothing(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: NotSent("refused") if now() < 600 else None
        await office.people(200)
        await office.plan(range(1, 201), kind=Kind.BROADCAST)
        await office.pass_time(600)
        in_vain = len(office.line.came)
        assert in_vain <= BATCH + 600 / 15
        assert set(await office.states()) == {"planned"}
        await office.pass_time(900)
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) - in_vain == 200

    play(scene)


@pytest.mark.row(9)
def test_a_fifth_of_errors_does_not_hold_the_others_up(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        chance = Random(5)  # noqa: S311
        office.line.judge = lambda _: ServerTrouble("HTTP 500") if chance.random() < 0.2 else None
        await office.people(1000)
        await office.plan(range(1, 1001), kind=Kind.BROADCAST)
        await office.pass_time(120)
        assert set(await office.states()) == {"sent"}

    play(scene)


@pytest.mark.row(6)
@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.NOTICE])
def test_a_reminder_nobody_knows_of_is_marked_and_said_once_more(play: Any, kind: Kind) -> None:
    async def scene(office: PostOffice) -> None:
        lost = [OutcomeUnknown("reset")]
        office.line.judge = lambda given: lost.pop() if given["chat_id"] == 1 and lost else None
        await office.people(2)
        await office.plan([1, 2], kind=kind)
        await office.pass_time(5)
        marked, other = await office.rows()
        assert (marked["state"], marked["code"], marked["tries"]) == ("planned", "reset", 1)
        assert marked["unknown_at"] is not None
        assert other["unknown_at"] is None
        await office.pass_time(130)
        sent, _ = await office.rows()
        assert (sent["state"], sent["tries"], sent["code"]) == ("sent", 2, None)
        assert sent["unknown_at"] == marked["unknown_at"], "the mark stays"
        first, again = [at for at, chat_id in office.line.came if chat_id == 1]
        assert 60 <= again - first <= 121

    play(scene)


@pytest.mark.row(6)
def test_a_second_doubt_is_the_last(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: OutcomeUnknown("ServerDisconnectedError")
        await office.people(1)
        await office.plan([1])
        await office.pass_time(3600)
        (row,) = await office.rows()
        assert (row["state"], row["tries"]) == ("unknown", 2)
        assert len(office.line.came) == 2

    play(scene)


@pytest.mark.row(6)
def test_a_broadcast_nobody_knows_of_waits_for_a_human(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: OutcomeUnknown("HTTP 502") if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2], kind=Kind.BROADCAST)
        await office.pass_time(86400)
        assert [(row["state"], row["code"]) for row in await office.rows()] == [
            ("unknown", "HTTP 502"),
            ("sent", None),
        ]
        assert len(office.line.came) == 2

    play(scene)


@pytest.mark.row(6)
def test_a_line_that_swallows_everything_leaves_few_in_doubt(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: OutcomeUnknown("timeout") if now() < 600 else None
        await office.people(300)
        await office.plan(range(1, 301), kind=Kind.BROADCAST)
        await office.pass_time(700)
        found = await office.states()
        assert found.count("unknown") <= TROUBLES + 600 / 15
        assert found.count("unknown") + found.count("sent") == 300

    play(scene)


@pytest.mark.row(11)
def test_who_has_blocked_us_is_left_alone_until_they_return(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: BLOCKED if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2])
        await office.plan([1], "later", due_at=clock() + MINUTE)
        await office.plan([1], "after they return", due_at=clock() + 3 * MINUTE)
        await office.pass_time(100)
        found = await office.rows()
        assert [(row["state"], row["code"], row["reason"]) for row in found] == [
            ("blocked", "blocked", None),
            ("sent", None, None),
            ("skipped", None, "blocked"),
            ("planned", None, None),
        ]
        row = await office.database.run(lambda tx: chats.load(tx, 1))
        assert row is not None
        assert row[0].blocked_at is not None
        office.line.judge = lambda _: None
        await office.database.run(lambda tx: chats.blocked(tx, 1, None))
        await office.pass_time(200)
        assert (await office.states())[-1] == "sent"
        assert [chat_id for _, chat_id in office.line.came] == [1, 2, 1]

    play(scene)


@pytest.mark.parametrize(
    ("why", "state", "code"),
    [
        ((403, "Forbidden: user is deactivated"), "blocked", "deactivated"),
        ((403, "Forbidden: bot can't initiate conversation with a user"), "blocked", "blocked"),
        ((400, "Bad Request: chat not found"), "blocked", "gone"),
        ((400, "Bad Request: message is too long"), "failed", "BadRequest"),
        ((404, "Not Found"), "failed", "InvalidToken"),
    ],
)
def test_what_telegram_never_takes_has_its_code(play: Any, why: tuple[int, str], state: str, code: str) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: why if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2])
        await office.pass_time(3600)
        first, second = await office.rows()
        if code == "InvalidToken":
            assert (first["state"], first["tries"]) == ("planned", 0)
            assert office.sender._refused.is_set()
        else:
            assert (first["state"], first["code"], first["tries"]) == (state, code, 1)
            assert second["state"] == "sent"

    play(scene)


def test_what_no_longer_helps_is_skipped(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(2)
        await office.plan([1], last_useful_at=clock() - timedelta(seconds=1))
        await office.plan([2], last_useful_at=clock() + MINUTE)
        await office.pass_time(5)
        assert [(row["state"], row["reason"]) for row in await office.rows()] == [
            ("skipped", "too_late"),
            ("sent", None),
        ]

    play(scene)


@pytest.mark.parametrize(
    "screen",
    [
        Screen(((Text("ui.gone.key"),),)),
        Screen(((TEXT, Text("ui.consent.purpose", {"title": Text("ui.gone.key"), "text": TEXT})),)),
        Screen(((Text("ui.consent.purpose"),),)),
        Screen(((TEXT,),), ((LinkButton(Text("ui.gone.key"), "https://example.org"),),)),
    ],
    ids=["whole", "inside", "argument", "link"],
)
def test_a_text_that_is_gone_skips_its_delivery_only(play: Any, screen: Screen) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(2)
        await office.plan([1], screen=screen)
        await office.plan([2])
        await office.pass_time(5)
        assert [(row["state"], row["reason"]) for row in await office.rows()] == [
            ("skipped", "text_gone"),
            ("sent", None),
        ]

    play(scene)


def test_new_content_is_used_at_the_next_claim(play: Any, content: Content) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(1)
        await office.plan([1], due_at=clock() + MINUTE)
        office.shelf.put(replace(content, texts=Texts(("de",), {}, {}), languages=("de",)))
        await office.pass_time(70)
        assert await office.states() == ["skipped"]

    play(scene)


@pytest.mark.row(12)
def test_links_and_bold_words_arrive_or_at_least_the_words(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        bold = Screen(((Text("ui.consent.ask"),),), ((LinkButton(TEXT, "https://example.org"),),))
        refused = [(400, "Bad Request: can't parse entities: unsupported")]
        office.line.judge = lambda given: refused.pop() if given["chat_id"] == 1 and refused else None
        await office.people(2)
        await office.plan([1, 2], screen=bold)
        await office.pass_time(5)
        sent = office.line.of("sendMessage")
        assert sorted(bool(one.get("entities")) for one in sent) == [False, True, True]
        assert all(one["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org" for one in sent)
        assert await office.states() == ["sent", "sent"]

    play(scene)


def test_one_chat_hears_one_after_the_other_and_holds_nobody_up(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(20)
        for number in range(80):
            await office.plan([1], f"cause {number}")
        await office.plan(range(2, 21))
        await office.pass_time(3)
        assert {chat_id for _, chat_id in office.line.came} == set(range(1, 21))
        await office.pass_time(120)
        own = [at for at, chat_id in office.line.came if chat_id == 1]
        assert len(own) == 80
        assert min(later - earlier for earlier, later in pairwise(own)) >= CHAT_SECONDS - 0.006
        assert {row["tries"] for row in await office.rows()} == {1}

    play(scene)


def test_the_next_due_decides_when_the_sender_wakes(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(3)
        hour = clock() + 60 * MINUTE
        await office.plan([1], due_at=hour)
        await office.pass_time(1)
        runs = office.database.runs
        assert office.alarms[-1] == hour
        await office.pass_time(3000)
        assert office.database.runs == runs, "nobody looks while nothing is due"
        await office.plan([2], due_at=clock())
        await office.pass_time(1)
        assert [chat_id for _, chat_id in office.line.came] == [2]
        await office.pass_time(700)
        assert [chat_id for _, chat_id in office.line.came] == [2, 1]
        assert office.line.times[-1] == pytest.approx((hour - clock()).total_seconds() + now(), abs=0.1)

    play(scene)


@pytest.mark.row(31)
def test_who_changes_something_is_looked_at_again_before_they_are_written_to(play: Any, content: Content) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(30)
        await office.plan(range(1, 31))
        await office.pass_time(0.2)
        assert (await office.states()).count("claimed") > 20
        await office.database.run(lambda tx: chats.save(tx, 30, {"language": "tr"}))
        office.sender.touched(30)
        await office.database.run(lambda tx: erasure.erase_chat(tx, 29))
        office.sender.touched(29)
        office.sender.touched(999)
        await office.pass_time(5)
        said = {one["chat_id"]: one["text"] for one in office.line.of("sendMessage")}
        assert said[30] == content.texts.label("tr", TEXT)
        assert 29 not in said
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) == 29

    play(scene)


@pytest.mark.row(4)
def test_a_stopping_sender_finishes_what_is_on_its_way_and_gives_the_rest_back(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.takes = 3.0
        await office.people(100)
        await office.plan(range(1, 101), kind=Kind.BROADCAST)
        await office.pass_time(0.5)
        begin = now()
        await office.sender.drain()
        assert now() - begin <= 3.1
        found = await office.states()
        assert (found.count("sent"), found.count("planned")) == (len(office.line.came), 100 - len(office.line.came))
        assert 10 < found.count("sent") < 30
        await office.pass_time(60)
        assert await office.states() == found

    play(scene)


@pytest.mark.row(4, 7)
def test_what_hangs_longer_than_a_stop_may_take_is_in_doubt(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.takes = 3600.0
        await office.people(5)
        await office.plan([1], kind=Kind.BROADCAST)
        await office.plan([2])
        await office.pass_time(1)
        begin = now()
        await office.sender.drain()
        assert now() - begin <= 10
        assert [(row["state"], row["code"]) for row in await office.rows()] == [
            ("unknown", "stopped"),
            ("planned", "stopped"),
        ]

    play(scene)


def test_a_sender_that_is_cancelled_records_what_it_knows(content: Content) -> None:
    async def main() -> None:
        async with post_office(content) as office:
            await office.people(60)
            second = asyncio.get_running_loop().create_task(_nothing())
            await second
            await office.plan(range(1, 61), kind=Kind.BROADCAST)
            await office.pass_time(0.6)
            office.sender._refused.set()
            await office.sender.drain()
            found = await office.states()
            assert set(found) == {"sent", "planned"}

    fake_time.run(main())


async def _nothing() -> None:
    """A moment."""


@pytest.mark.row(21, 23)
def test_a_database_that_is_away_is_waited_for_and_nothing_is_said_twice(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(50)
        await office.plan(range(1, 51), kind=Kind.BROADCAST)
        await office.pass_time(0.3)
        office.database.away = 5
        await office.pass_time(60)
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) == 50

    play(scene)


@pytest.mark.row(23)
def test_a_claim_whose_answer_got_lost_is_let_go(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        commit, lost = office.database.run, [1]

        async def run(use_case: Any) -> Any:
            answer = await commit(use_case)
            if lost and isinstance(answer, Hand) and answer.ready:
                lost.pop()
                raise DatabaseAway
            return answer

        office.database.run = run  # type: ignore[method-assign]
        await office.people(10)
        await office.plan(range(1, 11), kind=Kind.BROADCAST)
        await office.pass_time(30)
        assert not lost
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) == 10

    play(scene)


@pytest.mark.row(23)
def test_a_claim_that_became_known_after_it_was_looked_for_is_let_go_at_the_next_look(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        planned = [(1, Planned("late", Kind.BROADCAST, clock(), TEXT.key))]
        row = {"state": "claimed", "claimed_by": office.sender._me, "claimed_at": clock()}

        def late(connection: Connection) -> None:
            deliveries.plan(connection, planned)
            connection.execute(update(delivery).values(**row))

        await office.people(1)
        await office.database.run(late)
        office.sender.look_after()
        await office.pass_time(5)
        assert await office.states() == ["sent"]

    play(scene)


def test_a_mistake_of_ours_is_logged_and_the_others_go_on(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    send = calls.send

    async def broken(bot: Any, chat_id: int, *more: Any, **others: Any) -> Any:
        if chat_id == 1:
            raise KeyError("canary words")
        return await send(bot, chat_id, *more, **others)

    monkeypatch.setattr(calls, "send", broken)

    async def scene(office: PostOffice) -> None:
        await office.people(3)
        await office.plan([1, 2, 3], kind=Kind.BROADCAST)
        with capture_logs() as logged:
            await office.pass_time(5)
        assert await office.states() == ["unknown", "sent", "sent"]
        assert "delivery_failed" in [one["event"] for one in logged]

    play(scene)


def test_paid_messages_say_so_and_others_do_not(play: Any) -> None:
    async def scene(office: PostOffice, paid: object) -> None:
        await office.people(1)
        await office.plan([1])
        await office.pass_time(1)
        assert [one.get("allow_paid_broadcast") for one in office.line.of("sendMessage")] == [paid]

    play(partial(scene, paid=True), paid=True, rate=1000)
    play(partial(scene, paid=None))
