"""The sender: every delivery ends in one known state, whatever Telegram does. In jumping time: nothing is timed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.content.loader import Content
from bot.content.texts import Texts
from bot.core.message import LinkButton, Screen, Text
from bot.db import chats
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.rights import erasure
from bot.services.openings.partners import LEAD
from bot.telegram.pace import CHAT_SECONDS
from bot.telegram.sender import BATCH, LARGE_BATCH
from tests.telegram.fake_time import now
from tests.telegram.post_office import TEXT, PostOffice, clock
from tests.telegram.test_pace import most_in

BLOCKED = (403, "Forbidden: bot was blocked by the user")


MINUTE = timedelta(minutes=1)


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


def test_paid_messages_say_so_and_others_do_not(play: Any) -> None:
    async def scene(office: PostOffice, paid: object) -> None:
        await office.people(1)
        await office.plan([1])
        await office.pass_time(1)
        assert [one.get("allow_paid_broadcast") for one in office.line.of("sendMessage")] == [paid]

    play(partial(scene, paid=True), paid=True, rate=1000)
    play(partial(scene, paid=None))
