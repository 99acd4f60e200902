"""Emoji on messages, as Telegram lets people and bots put them."""

from __future__ import annotations

import pytest

from bot.simulator.server import Simulator
from tests.phones import Phone, Phones
from tests.simulator.conftest import Api

KINDS = ["message", "message_reaction"]


async def changes(api: Api) -> list[tuple[list[str], list[str]]]:
    """What the bot is told: before and after, of each change that waits."""
    told = [one["message_reaction"] for one in await api.call("getUpdates") if "message_reaction" in one]
    return [
        (
            [was.get("emoji", was["type"]) for was in one["old_reaction"]],
            [is_.get("emoji", is_["type"]) for is_ in one["new_reaction"]],
        )
        for one in told
    ]


async def test_a_bot_that_asks_for_them_is_told_of_each_change_with_before_and_after(api: Api, amal: Phone) -> None:
    await api.call("getUpdates", offset=-1, allowed_updates=KINDS)
    sent = (await api.call("sendMessage", chat_id=amal.id, text="Hallo"))["message_id"]
    for emoji in ("👍", "👍", "❤", "custom", ""):
        await amal.react(sent, emoji)
    assert await changes(api) == [
        ([], ["👍"]),
        (["👍"], ["❤"]),
        (["❤"], ["custom_emoji"]),
        (["custom_emoji"], []),
    ]


async def test_a_bot_that_does_not_ask_for_them_hears_nothing(api: Api, amal: Phone) -> None:
    sent = (await api.call("sendMessage", chat_id=amal.id, text="Hallo"))["message_id"]
    await amal.react(sent, "👍")
    assert await changes(api) == []


async def test_a_bot_puts_one_changes_it_and_takes_it_away_and_is_not_told(api: Api, amal: Phone) -> None:
    await api.call("getUpdates", offset=-1, allowed_updates=KINDS)
    said = (await amal.send("Hallo"))["message_id"]
    for emoji in ("👍", "👍", "🙏"):
        assert await api.call(
            "setMessageReaction", chat_id=amal.id, message_id=said, reaction=[{"type": "emoji", "emoji": emoji}]
        )
    await amal.look()
    assert list(amal.state["messages"][-1]["reactions"].values()) == [["🙏"]]
    await api.call("setMessageReaction", chat_id=amal.id, message_id=said, reaction=[])
    await amal.look()
    assert "reactions" not in amal.state["messages"][-1]
    assert await changes(api) == []


@pytest.mark.parametrize(
    ("message", "reaction", "words"),
    [
        (0, [{"type": "emoji", "emoji": "👍"}], "message to react not found"),
        (1, [{"type": "emoji", "emoji": "🧭"}], "REACTION_INVALID"),
        (1, [{"type": "custom_emoji", "custom_emoji_id": "7"}], "REACTION_INVALID"),
        (1, [{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "👎"}], "REACTION_INVALID"),
    ],
)
async def test_what_no_bot_may_put_is_refused(
    api: Api, amal: Phone, message: int, reaction: list[dict[str, str]], words: str
) -> None:
    said = (await amal.send("Hallo"))["message_id"]
    number = said if message else said + 1000
    code, refusal = await api.refused("setMessageReaction", chat_id=amal.id, message_id=number, reaction=reaction)
    assert code == 400
    assert words in refusal


async def test_in_a_group_with_topics_the_bot_is_told_who_it_was_and_an_edit_keeps_them(
    api: Api, phones: Phones, amal: Phone
) -> None:
    await api.call("getUpdates", offset=-1, allowed_updates=KINDS)
    group = await phones.ask("POST", "/api/groups", phone=amal.id, title="Team", forum=True)
    sent = (await api.call("sendMessage", chat_id=group["id"], text="Hallo"))["message_id"]
    path = f"/api/groups/{group['id']}"
    await phones.ask("POST", f"{path}/reactions", phone=amal.id, message_id=sent, emoji="👍")
    told = (await api.call("getUpdates"))[-1]["message_reaction"]
    assert (told["user"]["id"], told["chat"]["id"], told["message_id"]) == (amal.id, group["id"], sent)
    await api.call("editMessageText", chat_id=group["id"], message_id=sent, text="Guten Tag")
    assert (await phones.ask("GET", path))["messages"][-1]["reactions"] == {str(amal.id): ["👍"]}
    plain = await phones.ask("POST", "/api/groups", phone=amal.id, title="Ohne Themen")
    sent = (await api.call("sendMessage", chat_id=plain["id"], text="Hallo"))["message_id"]
    await phones.ask("POST", f"/api/groups/{plain['id']}/reactions", phone=amal.id, message_id=sent, emoji="👍")
    assert (await api.call("getUpdates"))[-1]["message_reaction"] == told, "there the bot is no admin"


async def test_a_phone_puts_no_emoji_that_is_none_and_on_no_message_that_is_none(
    simulator: Simulator, amal: Phone
) -> None:
    del simulator
    said = (await amal.send("Hallo"))["message_id"]
    for message, emoji in ((said, "x"), (said + 1000, "👍")):
        with pytest.raises(AssertionError, match=r"422|404"):
            await amal.react(message, emoji)
