"""The phones page as a person sees it: phones, chats, buttons, the field to write in."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from playwright.async_api import Browser, Locator, Page, expect

from bot.simulator.server import Simulator
from tests.browser.chromium import PATIENCE_MS
from tests.running import TOKEN

BROAD = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


class Desk:
    """The page in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.connection = page.locator("#connection")

    async def open(self, url: str) -> None:
        """Opens the page and waits until it has reached the server."""
        await self.page.goto(url)
        await expect(self.page.locator("#about")).not_to_be_empty()

    async def add(self, language: str, name: str) -> PhoneView:
        """Adds a phone with the dialog."""
        await self.page.locator("#new-phone").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Language of the phone").select_option(language)
        await dialog.get_by_label("First name").fill(name)
        await dialog.get_by_role("button", name="Add phone").click()
        await expect(dialog).to_have_count(0)
        return self.phone(name)

    def phone(self, name: str) -> PhoneView:
        """The phone of that person."""
        region = self.page.get_by_role("region", name=f"{name}’s phone", include_hidden=True)  # behind its tab
        return PhoneView(region)


class PhoneView:
    """One phone on the page."""

    def __init__(self, element: Locator) -> None:
        self.element = element
        self.log = element.get_by_role("log")
        self.field = element.get_by_role("textbox", name="Message")
        self.bubbles = self.log.locator(".bot .text")
        self.own = self.log.locator(".own .text")
        self.toasts = element.get_by_role("status")

    def button(self, label: str) -> Locator:
        """A button of the phone by its whole name."""
        return self.element.get_by_role("button", name=label, exact=True)

    def key(self, label: str) -> Locator:
        """A button under the newest message that has buttons. A sign may precede its label."""
        named = re.compile(rf"^(\S+ )?{re.escape(label)}$")
        return self.log.locator(".keyboard").last.locator(".key").filter(has_text=named)

    async def start(self) -> None:
        """Presses the big button of an empty chat, and waits until the server knows that it was started."""
        await self.button("Start").click()
        await expect(self.field).to_be_visible()

    async def write(self, text: str) -> None:
        """Writes a message and sends it."""
        await self.field.fill(text)
        await self.button("Send").click()

    async def choose(self, item: str) -> None:
        """Chooses an item from the phone's menu."""
        await self.button("Phone menu").click()
        await self.element.get_by_role("button", name=item).click()

    async def reads(self, text: str) -> None:
        """Waits until the bot's newest message contains this text."""
        await expect(self.bubbles.last).to_contain_text(text)

    async def number(self) -> int:
        """The person's id, which is also the chat's."""
        return int(await self.element.get_attribute("data-phone") or 0)


class Hand:
    """A bot that does only what the test tells it: single calls of the Bot API."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a call. AssertionError with the reason if it is refused."""
        async with self._session.post(f"/bot{TOKEN}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, phone: PhoneView, text: str, **more: Any) -> int:
        """Sends a message to a phone that has started the bot. Returns its id."""
        sent = await self.call("sendMessage", chat_id=await phone.number(), text=text, **more)
        return int(sent["message_id"])

    async def tapped(self) -> Any:
        """The next tap among the updates. Updates before it are skipped."""
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self.call("getUpdates", offset=offset)
                    return update["callback_query"]


@contextlib.asynccontextmanager
async def hand_of(simulator: Simulator) -> AsyncIterator[Hand]:
    """The bot of that simulator, controlled by the test."""
    async with aiohttp.ClientSession(simulator.url) as session:
        yield Hand(session)


@contextlib.asynccontextmanager
async def desk_in(browser: Browser, *, narrow: bool = False, **more: Any) -> AsyncIterator[Desk]:
    """An empty page in its own window, in a desktop browser or on a real phone. Script errors fail the test."""
    window = {"viewport": NARROW, "has_touch": True, "is_mobile": True} if narrow else {"viewport": BROAD}
    common = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
    context = await browser.new_context(**(common | window | more))
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    try:
        yield Desk(page)
    finally:
        await context.close()
    assert not mistakes, mistakes
