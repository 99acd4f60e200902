"""Calls that go wrong on request, and whether they had an effect."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import telegram

from tests.phones import Phone, Phones
from tests.simulator.conftest import TOKEN, Api, called
from tests.waiting import LIMIT

PATH = f"/bot{TOKEN}/sendMessage"


async def arrived(phone: Phone) -> bool:
    await phone.look()
    return phone.last == "Hallo"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("500", "Internal Server Error"),
        ("401", "Unauthorized"),
        ("409", "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
        ("403", "Forbidden: bot was blocked by the user"),
        ("400", "Bad Request: chat not found"),
    ],
)
async def test_a_refusal_has_no_effect(api: Api, phones: Phones, amal: Phone, kind: str, words: str) -> None:
    await phones.fault(kind, method="sendmessage", times=1)
    assert await api.refused("sendMessage", chat_id=amal.id, text="Hallo") == (int(kind), words)
    assert not await arrived(amal)
    await api.call("sendMessage", chat_id=amal.id, text="Hallo")


async def test_429_says_when_to_come_again(bot: telegram.Bot, api: Api, phones: Phones, amal: Phone) -> None:
    await phones.fault("429", retry_after=7)
    with pytest.raises(telegram.error.RetryAfter) as raised:
        await bot.send_message(amal.id, "Hallo")
    assert raised.value.retry_after.total_seconds() == 7  # type: ignore[union-attr]
    async with api.session.post(PATH, json={}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert not await arrived(amal)


@pytest.mark.parametrize(
    ("kind", "status", "begins", "done"),
    [("502_html", 502, "<html>", False), ("empty", 200, "", True), ("cut_json", 200, '{"ok":true,"result":', True)],
)
async def test_an_answer_that_cannot_be_read(
    api: Api, phones: Phones, amal: Phone, kind: str, status: int, begins: str, done: bool
) -> None:
    await phones.fault(kind)
    async with api.session.post(PATH, json={"chat_id": amal.id, "text": "Hallo"}) as answer:
        body = await answer.text()
    assert answer.status == status
    assert body.startswith(begins)
    assert not body.endswith("}")
    assert await arrived(amal) is done


@pytest.mark.parametrize(("kind", "done"), [("reset_before", False), ("reset_after", True)])
async def test_a_connection_that_breaks(api: Api, phones: Phones, amal: Phone, kind: str, done: bool) -> None:
    await phones.fault(kind, times=1)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await api.session.post(PATH, json={"chat_id": amal.id, "text": "Hallo"})
    assert await arrived(amal) is done
    await api.call("sendMessage", chat_id=amal.id, text="Hallo")


@pytest.mark.parametrize(("kind", "error_code", "done"), [("hang_before", 0, False), ("hang_after", None, True)])
async def test_an_answer_that_does_not_come(
    api: Api, phones: Phones, amal: Phone, kind: str, error_code: int | None, done: bool
) -> None:
    await phones.fault(kind)
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as group:
        hanging = group.create_task(api.call("sendMessage", chat_id=amal.id, text="Hallo"))
        [call] = await called(phones)
        assert not hanging.done()
        hanging.cancel()
    assert call["error_code"] == error_code
    assert await arrived(amal) is done


async def test_an_answer_that_comes_late_and_one_that_never_does(api: Api, phones: Phones, amal: Phone) -> None:
    await phones.fault("hang_after", seconds=0.01, times=1)
    await phones.fault("hang_before", seconds=0.01, times=1)
    assert (await api.call("sendMessage", chat_id=amal.id, text="Hallo"))["text"] == "Hallo"
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await api.session.post(PATH, json={"chat_id": amal.id, "text": "Hallo"})


async def test_a_rule_hits_its_method_its_chat_and_each_nth_call(api: Api, phones: Phones, amal: Phone) -> None:
    other = await phones.new("Olena", "uk")
    await other.start()
    await phones.fault("500", method="sendMessage", chat_id=amal.id, every=3, times=2)

    async def hits(number: int, chat_id: int) -> list[bool]:
        return [not (await api.answer("sendMessage", chat_id=chat_id, text="x"))["ok"] for _ in range(number)]

    assert await hits(4, other.id) == [False] * 4
    assert await hits(9, amal.id) == [False, False, True, False, False, True, False, False, False]
    assert (await api.answer("getMe"))["ok"]


async def test_calm_after_the_storm(api: Api, phones: Phones) -> None:
    await phones.fault("500")
    assert not (await api.answer("getMe"))["ok"]
    await phones.calm()
    assert (await api.answer("getMe"))["ok"]


@pytest.mark.parametrize("rule", [{"kind": "earthquake"}, {"kind": "500", "often": 1}, {"kind": "500", "every": 0}])
async def test_a_rule_that_means_nothing_is_refused(phones: Phones, rule: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="422"):
        await phones.ask("POST", "/api/faults", **rule)


async def test_every_batch_twice_although_it_was_confirmed(api: Api, phones: Phones, amal: Phone) -> None:
    await amal.send("a")
    await phones.fault("twice", times=1)
    batch = await api.call("getUpdates")
    after = batch[-1]["update_id"] + 1
    assert [update["message"]["text"] for update in batch] == ["/start", "a"]
    assert await api.call("getUpdates", offset=after) == batch
    assert await api.call("getUpdates", offset=after) == []


async def test_a_batch_out_of_order(api: Api, phones: Phones, amal: Phone) -> None:
    for text in "abcdef":
        await amal.send(text)
    straight = await api.call("getUpdates")
    await phones.fault("shuffle")
    mixed = await api.call("getUpdates")
    assert mixed != straight
    assert sorted(mixed, key=lambda update: update["update_id"]) == straight
