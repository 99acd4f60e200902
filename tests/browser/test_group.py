"""The team's group on the phones page: made by a button, topics as tabs, written and tapped in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk, Hand

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
KEYBOARD = {"inline_keyboard": [[{"text": "Take", "callback_data": "d1.take"}]]}


async def test_a_group_with_topics_is_made_written_in_and_tapped(desk: Desk, hand: Hand) -> None:
    await desk.add("de", "Lea")
    await desk.page.get_by_role("button", name="Team group").click()
    window = desk.page.get_by_role("region", name="Team group")
    await expect(window.get_by_role("button", name="General")).to_be_visible()
    member = (await hand.call("getUpdates", timeout=20, offset=0))[0]["my_chat_member"]
    group = member["chat"]["id"]
    made = await hand.call("createForumTopic", chat_id=group, name="Nr. 7 · Arabisch")
    topic = made["message_thread_id"]
    await hand.call("sendMessage", chat_id=group, message_thread_id=topic, text="Wer hilft?", reply_markup=KEYBOARD)
    await window.get_by_role("button", name="Nr. 7").click()
    await expect(window.get_by_role("log")).to_contain_text("Wer hilft?")
    await window.get_by_role("textbox").fill("Ich helfe")
    await window.get_by_role("textbox").press("Enter")
    await expect(window.get_by_role("log")).to_contain_text("Ich helfe")
    await window.get_by_role("button", name="Take").click()
    updates = await hand.call("getUpdates", timeout=20)
    said = next(one["message"] for one in updates if "message" in one)
    assert (said["text"], said["message_thread_id"], said["chat"]["is_forum"]) == ("Ich helfe", topic, True)
    pressed = next((one["callback_query"] for one in updates if "callback_query" in one), None)
    if pressed is None:
        last = updates[-1]["update_id"] + 1
        pressed = (await hand.call("getUpdates", timeout=20, offset=last))[0]["callback_query"]
    assert (pressed["data"], pressed["message"]["chat"]["id"]) == ("d1.take", group)


async def test_an_emoji_is_put_in_the_group_and_on_a_phone_and_the_bots_is_seen(desk: Desk, hand: Hand) -> None:
    kinds = ["message", "my_chat_member", "message_reaction"]
    await hand.call("getUpdates", offset=-1, allowed_updates=kinds)
    await desk.add("de", "Lea")
    await desk.page.get_by_role("button", name="Team group").click()
    window = desk.page.get_by_role("region", name="Team group")
    await expect(window.get_by_role("button", name="General")).to_be_visible()
    group = (await hand.call("getUpdates", timeout=20))[-1]["my_chat_member"]["chat"]["id"]
    sent = (await hand.call("sendMessage", chat_id=group, text="Wer hilft?"))["message_id"]
    await window.get_by_text("Wer hilft?").hover()
    await window.get_by_role("button", name="React to this message").click()
    await window.get_by_role("button", name="👍").click()
    await expect(window.get_by_role("group", name="Reactions")).to_have_text("👍")
    told = (await hand.call("getUpdates", timeout=20))[-1]["message_reaction"]
    assert (told["message_id"], told["new_reaction"]) == (sent, [{"type": "emoji", "emoji": "👍"}])
    mine = [{"type": "emoji", "emoji": "👍"}]
    await hand.call("setMessageReaction", chat_id=group, message_id=sent, reaction=mine)
    await expect(window.get_by_role("group", name="Reactions")).to_have_text("👍 2")


async def test_on_a_small_screen_the_group_is_behind_a_tab_like_a_phone(narrow_desk: Desk, hand: Hand) -> None:
    lea = await narrow_desk.add("de", "Lea")
    await narrow_desk.page.get_by_role("banner").get_by_role("button", name="Team group").click()
    window = narrow_desk.page.get_by_role("region", name="Team group")
    await expect(window.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    await expect(lea.element).to_be_hidden()
    tabs = narrow_desk.page.get_by_role("navigation", name="Phones").get_by_role("button")
    await tabs.filter(has_text="Lea").click()
    await expect(lea.element).to_be_visible()
    await expect(window).to_be_hidden()
    group = (await hand.call("getUpdates", timeout=20, offset=0))[0]["my_chat_member"]["chat"]["id"]
    await hand.call("sendMessage", chat_id=group, text="Wer hilft?")
    await expect(tabs.filter(has_text="Team group")).to_contain_text("new messages")
    await tabs.filter(has_text="Team group").click()
    await expect(window.get_by_role("log")).to_contain_text("Wer hilft?")
    await narrow_desk.page.reload()
    await expect(window).to_be_visible()
