"""What people see: nothing is cut off on a small phone, in any language, and texts stand in their direction."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from bot.content.loader import Content
from bot.content.rich import DrawnButton
from tests.browser.desk import Desk, Hand
from tests.browser.screens import cut_labels, small_phone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VERBS = {
    "back",
    "skip",
    "forward",
    "pause",
    "done",
    "next",
    "resume",
    "confirm",
    "decline",
    "age",
    "storage",
    "forget",
}
"""What the buttons do that have to be readable as a whole: people find their way by them."""


def has_to_fit(button: DrawnButton) -> bool:
    """Whether the button leads through the conversation or says yes or no."""
    verb, *arguments = (button.action or "link").split(".")
    return verb in VERBS or (verb == "o" and arguments[0] in {"yes", "no"})


async def test_a_phone_fits_a_small_screen_and_the_others_are_behind_their_tabs(
    narrow_desk: Desk, hand: Hand
) -> None:
    ben = await narrow_desk.add("en", "Ben")
    await ben.start()
    amal = await narrow_desk.add("ar", "أمل")
    await amal.start()
    tabs = narrow_desk.page.get_by_role("navigation", name="Phones").get_by_role("button")
    await expect(tabs).to_have_count(2)
    await expect(amal.element).to_be_visible()
    await expect(ben.element).to_be_hidden()
    unbroken = {"inline_keyboard": [[{"text": "label" * 20, "callback_data": "x"}] * 3]}
    await hand.say(ben, "word" * 200, reply_markup=unbroken)
    await tabs.filter(has_text="Ben").click()
    await expect(ben.element).to_be_visible()
    await expect(amal.element).to_be_hidden()
    await ben.reads("word")
    for element in (narrow_desk.page.locator("html"), ben.log):
        assert await element.evaluate("one => one.scrollWidth <= one.clientWidth")
    await expect(ben.field).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"])
async def test_no_button_that_leads_through_the_conversation_is_cut_off(
    browser: Browser, content: Content, language: str
) -> None:
    async with small_phone(browser, language) as (bot, phone):
        labels = [found async for found in cut_labels(bot, phone, content, language)]
    assert [(name, one.label) for name, one in labels if has_to_fit(one)] == []
