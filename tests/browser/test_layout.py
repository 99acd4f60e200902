"""What people see: nothing is cut off on a small phone, in any language, and texts stand in their direction."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.content.loader import Content
from bot.core.message import Button, LinkButton, Text
from bot.services.day_rows import NOTHING
from bot.services.staff.pages import PAGES
from tests.browser.desk import Desk, Hand
from tests.browser.screens import Cut, all_screens, cut_labels, small_phone
from tests.browser.staff_desk import staff_screens

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMES = {"title", "name", "who", "role", "section"}
"""What a label may be filled with that is as long as people or the town make it: the words before it come first."""


OF_A_MONTH = ("d.", "go.day.", NOTHING)
"""What buttons of a calendar do: their numbers are short, and seven share a row."""


def has_to_fit(button: Button | LinkButton) -> bool:
    """Whether the label is the bot's own words, which lead through the conversation; or says yes or no, or a day."""
    label = button.label
    if isinstance(button, Button) and button.action.startswith(OF_A_MONTH):
        return True
    if not isinstance(label, Text):
        return True
    own = label.key.startswith(("ui.", "staff."))
    return own and not label.args.keys() & NAMES


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


def unreadable(found: list[Cut]) -> list[tuple[str, str]]:
    """Of what is cut off, the labels that have to fit, each with its screen."""
    return [(one.screen, one.label) for one in found if has_to_fit(one.button)]


@pytest.mark.parametrize("language", ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"])
async def test_no_button_that_leads_through_the_conversation_is_cut_off(
    browser: Browser, content: Content, language: str
) -> None:
    async with small_phone(browser, language) as (bot, phone):
        found = await cut_labels(bot, phone, content, language, all_screens(content, language))
    assert unreadable(found) == []


async def test_no_button_of_the_team_is_cut_off(browser: Browser, content: Content, tmp_path: Path) -> None:
    said, desk = staff_screens(content, tmp_path)
    assert {name for name, _ in desk} >= {"home", *PAGES} - {"form"} | {"form day"}
    async with small_phone(browser, "de") as (bot, phone):
        found = await cut_labels(bot, phone, said, "de", desk)
    assert unreadable(found) == []
