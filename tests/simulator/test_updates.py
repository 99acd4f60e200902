"""getUpdates: confirming, waiting, choosing, expiring, and the conflicts."""

from __future__ import annotations

import asyncio

import pytest

from bot.simulator.server import Simulator, Wire
from bot.simulator.updates import FIRST_ID, OTHER_POLLER, WEBHOOK_ACTIVE, WEBHOOK_SET
from tests.phones import Phone, Phones
from tests.simulator.conftest import Api, Clock


async def texts(api: Api, **parameters: object) -> list[str]:
    return [update["message"]["text"] for update in await api.call("getUpdates", **parameters)]


async def say(phone: Phone, *said: str) -> None:
    for text in said:
        await phone.send(text)


async def test_confirming_is_cumulative_and_what_is_not_confirmed_comes_again(api: Api, amal: Phone) -> None:
    await say(amal, "a", "b", "c")
    assert await texts(api) == await texts(api) == ["/start", "a", "b", "c"]
    assert await texts(api, offset=FIRST_ID + 2) == ["b", "c"]
    assert await texts(api, limit=1) == ["b"]
    assert await texts(api, offset=FIRST_ID + 4) == []
    assert await texts(api) == []


async def test_a_negative_offset_leaves_the_last_ones_only(api: Api, amal: Phone) -> None:
    await say(amal, "a", "b", "c")
    assert await texts(api, offset=-2) == ["b", "c"]
    assert await texts(api) == ["b", "c"]


async def test_an_offset_of_the_future_confirms_nothing(api: Api, phones: Phones, amal: Phone) -> None:
    await api.call("deleteWebhook", drop_pending_updates=True)
    await phones.ask("POST", "/api/updates", next_id=500)
    await say(amal, "a")
    assert await texts(api, offset=FIRST_ID + 1) == ["a"]
    assert [update["update_id"] for update in await api.call("getUpdates")] == [500]


async def test_a_hundred_at_most(api: Api, amal: Phone) -> None:
    await say(amal, *["a"] * 101)
    assert len(await texts(api)) == len(await texts(api, limit=1000)) == 100


async def test_a_waiting_call_gets_what_arrives(api: Api, simulator: Simulator, amal: Phone) -> None:
    await api.call("getUpdates", offset=-1)
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(texts(api, offset=FIRST_ID + 1, timeout=50))
        await simulator.world.updates.arrived.wait(10)
        await say(amal, "endlich")
    assert poll.result() == ["endlich"]


async def test_a_newer_call_ends_the_one_that_waits(api: Api, simulator: Simulator, phones: Phones) -> None:
    amal = await phones.new("Amal", "ar")
    arrived = simulator.world.updates.arrived
    async with asyncio.TaskGroup() as group:
        older = group.create_task(api.refused("getUpdates", timeout=50))
        await arrived.wait(10)
        newer = group.create_task(texts(api, timeout=50))
        await arrived.wait(10)
        await say(amal, "für die neue")
    assert older.result() == (409, OTHER_POLLER)
    assert newer.result() == ["für die neue"]


async def test_a_bot_that_hung_up_takes_nothing(
    api: Api, simulator: Simulator, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    amal = await phones.new("Amal", "ar")
    updates, gone = simulator.world.updates, asyncio.Event()
    lost = Wire.connection_lost

    def connection_lost(wire: Wire, error: Exception | None) -> None:
        lost(wire, error)
        gone.set()

    monkeypatch.setattr(Wire, "connection_lost", connection_lost)
    await phones.fault("twice", times=1)
    async with asyncio.TaskGroup() as group:
        dead = group.create_task(api.call("getUpdates", timeout=50))
        await updates.arrived.wait(10)
        dead.cancel()
    await gone.wait()
    await say(amal, "a")
    assert await texts(api) == ["a"]
    assert await texts(api, offset=FIRST_ID + 1) == ["a"]


async def test_polling_and_a_webhook_exclude_each_other(api: Api, simulator: Simulator) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.refused("getUpdates", timeout=50))
        await simulator.world.updates.arrived.wait(10)
        group.create_task(api.call("setWebhook", url="http://127.0.0.1:9/"))
    assert poll.result() == (409, WEBHOOK_SET)
    assert await api.refused("getUpdates") == (409, WEBHOOK_ACTIVE)
    await api.call("deleteWebhook")
    assert await api.call("getUpdates") == []


async def test_a_call_that_waits_in_vain_ends_with_nothing(api: Api) -> None:
    assert await api.call("getUpdates", timeout=1) == []


async def test_only_the_kinds_that_were_named_come_and_the_choice_stays(api: Api, amal: Phone) -> None:
    await api.call("getUpdates", offset=-1, allowed_updates=["my_chat_member"])
    await say(amal, "ungehört")
    await amal.block()
    await amal.block(blocked=False)
    updates = await api.call("getUpdates", offset=FIRST_ID + 1)
    assert [set(update) - {"update_id"} for update in updates] == [{"my_chat_member"}] * 2
    await api.call("getUpdates", allowed_updates=[])
    await say(amal, "gehört")
    assert (await api.call("getUpdates"))[-1]["message"]["text"] == "gehört"


@pytest.mark.parametrize(
    ("seconds", "left"), [(149, ["message", "callback_query"]), (150, ["message"]), (86_400, [])]
)
async def test_taps_are_kept_for_a_moment_and_messages_for_a_day(
    api: Api, amal: Phone, clock: Clock, seconds: int, left: list[str]
) -> None:
    await amal.tap_data("anything", answered=False)
    clock.now += seconds
    updates = await api.call("getUpdates")
    assert [kind for update in updates for kind in update if kind != "update_id"] == left


async def test_any_json_can_come_as_an_update(api: Api, phones: Phones) -> None:
    strange = [{"update_id": 5, "message": {"text": "\ud800"}}, {"poem": 1}, [1], "word", None]
    for update in strange:
        await phones.inject(update)
    first, *rest = await api.call("getUpdates")
    assert first == strange[0]
    assert rest == [{"update_id": FIRST_ID, "poem": 1}, *strange[2:]]


@pytest.mark.usefixtures("amal")
async def test_pending_updates_can_be_dropped(api: Api) -> None:
    assert (await api.call("getWebhookInfo"))["pending_update_count"] == 1
    await api.call("deleteWebhook", drop_pending_updates=True)
    assert await api.call("getUpdates") == []
