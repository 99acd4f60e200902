"""Keeping up: the long poll of one phone and the server-sent events of all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from tests.phones import Phone, Phones
from tests.simulator.conftest import Api
from tests.waiting import LIMIT


async def events(stream: aiohttp.ClientResponse, number: int) -> list[tuple[str, dict[str, Any], str]]:
    """The next events of a stream: name, data and id."""
    found: list[tuple[str, dict[str, Any], str]] = []
    event: dict[str, str] = {}
    async with asyncio.timeout(LIMIT):
        while len(found) < number:
            field, _, value = (await stream.content.readline()).decode().rstrip("\n").partition(": ")
            if "data" in event and not field:
                found.append((event["event"], json.loads(event["data"]), event["id"]))
            event = event | {field: value} if field else {}
    return found


async def test_waiting_ends_with_the_next_change(api: Api, amal: Phone, phones: Phones) -> None:
    await amal.look()
    version = amal.state["version"]
    assert (await phones.ask("GET", f"/api/phones/{amal.id}/wait?after={version - 1}"))["version"] == version
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(phones.ask("GET", f"/api/phones/{amal.id}/wait?after={version}&timeout=50"))
        await api.call("sendMessage", chat_id=amal.id, text="Hallo")
    assert waiting.result()["version"] > version
    assert waiting.result()["messages"][-1]["text"] == "Hallo"


async def test_waiting_in_vain_ends_with_what_is_there(phones: Phones, amal: Phone) -> None:
    await amal.look()
    same = await phones.ask("GET", f"/api/phones/{amal.id}/wait?after={amal.state['version']}&timeout=0.01")
    assert same == amal.state


async def test_every_change_of_a_phone_is_an_event(api: Api, phones: Phones, amal: Phone) -> None:
    async with api.session.get("/api/events") as stream:
        assert stream.content_type == "text/event-stream"
        await api.call("sendMessage", chat_id=amal.id, text="Hallo")
        [(name, data, number)] = await events(stream, 1)
        await amal.look()
        assert (name, data) == ("phone", {"id": amal.id, "version": amal.state["version"]})
        await phones.new("Olena", "uk")
        assert [name for name, _, _ in await events(stream, 2)] == ["phones", "phone"]

    async with api.session.get("/api/events", headers={"Last-Event-ID": number}) as stream:
        assert [name for name, _, _ in await events(stream, 2)] == ["phones", "phone"]


async def test_versions_grow_only_where_something_changed(api: Api, phones: Phones, amal: Phone) -> None:
    other = await phones.new("Olena", "uk")
    await other.look()
    await api.call("sendMessage", chat_id=amal.id, text="Hallo")
    before = other.state
    await other.look()
    assert other.state == before
