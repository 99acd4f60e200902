"""The functions of the phones page, with a bot that does what the test tells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.simulator.server import Simulator
from tests.browser.desk import Desk, Hand, desk_in, hand_of
from tests.ports import free_port
from tests.running import TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROWS = [[{"text": "A1", "callback_data": "a1"}, {"text": "B1", "callback_data": "b1"}]]
KEYBOARD = {"inline_keyboard": ROWS}
ATTACK = '<img src=x onerror="document.body.dataset.harmed=1"><b>Eve</b>'


async def test_a_phone_is_made_and_starts_the_bot_by_its_link_with_the_keyboard_alone(desk: Desk, hand: Hand) -> None:
    keyboard = desk.page.keyboard
    await desk.page.keyboard.press("Tab")
    while not await desk.page.evaluate("document.activeElement.id === 'new-phone'"):
        await keyboard.press("Tab")
    await keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="New phone")
    await expect(dialog.get_by_label("Language of the phone")).to_be_focused()
    await keyboard.type("English")
    await keyboard.press("Tab")
    await expect(dialog.get_by_label("First name")).to_be_focused()
    await keyboard.press("ControlOrMeta+a")
    await keyboard.type("Ben")
    await keyboard.press("Tab")
    await keyboard.type("jobcenter")
    await keyboard.press("Enter")
    ben = desk.phone("Ben")
    await expect(ben.button("Start")).to_be_focused()
    await keyboard.press("Enter")
    await expect(ben.own).to_contain_text("/start jobcenter")
    update = (await hand.call("getUpdates", timeout=20))[0]
    assert update["message"]["text"] == "/start jobcenter"
    assert update["message"]["from"]["language_code"] == "en"


async def test_a_deep_link_can_be_opened_later_and_a_wrong_payload_is_not_sent(desk: Desk) -> None:
    ben = await desk.add("en", "Ben")
    await ben.choose("Start by deep link…")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("Payload").fill("two words")
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Payload").fill("fair-2")
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog).to_have_count(0)
    await expect(ben.own).to_have_count(1)
    await expect(ben.own).to_contain_text("/start fair-2")


async def test_entities_are_shown_as_what_they_are(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    text = "😀 bold and link, see /help"
    entities = [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "text_link", "offset": 12, "length": 4, "url": "https://example.org/a"},
    ]
    await hand.say(ben, text, entities=entities)
    await ben.reads(text)
    bubble = ben.bubbles.last
    await expect(bubble.locator("b")).to_have_text("bold")
    await expect(bubble.get_by_role("link", name="link")).to_have_attribute("href", "https://example.org/a")
    await bubble.get_by_role("button", name="/help").click()
    await expect(ben.own.last).to_contain_text("/help")


async def test_a_button_looks_pressed_until_the_tap_is_answered(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    await hand.say(ben, "Your level?", reply_markup=KEYBOARD)
    await ben.key("B1").click()
    await expect(ben.key("B1")).to_have_attribute("aria-busy", "true")
    query = await hand.tapped()
    assert query["data"] == "b1"
    await hand.call("answerCallbackQuery", callback_query_id=query["id"], text="Saved ✓")
    await expect(ben.toasts).to_have_text("Saved ✓")
    await expect(ben.key("B1")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_has_to_be_closed(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    await hand.say(ben, "Your level?", reply_markup=KEYBOARD)
    await ben.key("A1").click()
    query = await hand.tapped()
    await hand.call("answerCallbackQuery", callback_query_id=query["id"], text="Please mind", show_alert=True)
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Please mind")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_have_count(0)


async def test_an_edited_message_changes_in_its_place_and_says_so(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    message = await hand.say(ben, "Question one", reply_markup=KEYBOARD)
    await hand.say(ben, "Below it")
    chat = await ben.number()
    await hand.call("editMessageText", chat_id=chat, message_id=message, text="Question two")
    first = ben.bubbles.first
    await expect(first).to_contain_text("Question two")
    await expect(first).to_contain_text("edited")
    await expect(ben.bubbles).to_have_count(2)
    await expect(ben.log.locator(".keyboard")).to_have_count(0)


async def test_a_person_changes_an_own_message(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    await ben.write("Barman")
    await expect(ben.own.last).to_contain_text("Barman")
    await ben.field.press("ArrowUp")
    await ben.field.fill("Barber")
    await ben.field.press("Enter")
    await expect(ben.own.last).to_contain_text("Barber")
    await expect(ben.own.last).to_contain_text("edited")
    updates = await hand.call("getUpdates", timeout=20)
    assert updates[-1]["edited_message"]["text"] == "Barber"


async def test_the_commands_of_the_phones_language_are_offered(desk: Desk, hand: Hand) -> None:
    english = [{"command": "help", "description": "How it works"}, {"command": "privacy", "description": "Your data"}]
    await hand.call("setMyCommands", commands=[{"command": "help", "description": "Hilfe"}])
    await hand.call("setMyCommands", commands=english, language_code="en")
    ben = await desk.add("en", "Ben")
    await ben.start()
    await ben.button("Commands").click()
    menu = ben.element.get_by_role("group", name="Commands", exact=True)
    await expect(menu.get_by_role("button")).to_have_text(["/helpHow it works", "/privacyYour data"])
    await menu.get_by_role("button", name="/privacy").click()
    await expect(ben.own.last).to_contain_text("/privacy")
    await ben.field.fill("/h")
    matching = ben.element.get_by_role("group", name="Matching commands")
    await expect(matching.get_by_role("button")).to_have_count(1)


async def test_a_phone_that_blocks_the_bot_reaches_it_no_more_until_it_restarts_it(desk: Desk, hand: Hand) -> None:
    ben = await desk.add("en", "Ben")
    await ben.start()
    await hand.say(ben, "Your level?", reply_markup=KEYBOARD)
    await expect(ben.key("A1")).to_be_enabled()
    await ben.choose("Block the bot")
    await expect(ben.button("Restart bot")).to_be_visible()
    await expect(ben.key("A1")).to_be_disabled()
    await expect(ben.field).to_be_hidden()
    await ben.choose("Unblock the bot")
    await expect(ben.field).to_be_visible()
    await expect(ben.key("A1")).to_be_enabled()
    updates = await hand.call("getUpdates", timeout=20)
    changes = [one["my_chat_member"]["new_chat_member"]["status"] for one in updates if "my_chat_member" in one]
    assert changes == ["kicked", "member"]


async def test_an_arabic_phone_begins_its_lines_at_the_right(desk: Desk, hand: Hand) -> None:
    amal = await desk.add("ar", "أمل")
    await amal.start()
    await hand.say(amal, "سطر أول أطول من السطر الثاني\nGerman alone\nسطر B1", reply_markup=KEYBOARD)
    bubble = amal.bubbles.last
    await amal.reads("German alone")
    # Each paragraph takes its own direction, as in Telegram: Arabic touches the right edge, German the left one.
    edges = await bubble.evaluate(
        """bubble => {
            const box = bubble.getBoundingClientRect();
            return [...bubble.querySelectorAll(".paragraph")].map(line => {
                const range = document.createRange();
                range.selectNodeContents(line.firstChild);
                const at = range.getBoundingClientRect();
                return [Math.round(at.left - box.left), Math.round(box.right - at.right)];
            });
        }"""
    )
    (_, first), (german, german_end), (last_end, last) = edges
    assert first == last == german == 0
    assert german_end > 0
    assert last_end > 0
    # The whole phone is mirrored: the first button of a row stands at the right, the bot's bubble too.
    a1, b1 = await amal.key("A1").bounding_box(), await amal.key("B1").bounding_box()
    assert a1 is not None
    assert b1 is not None
    assert a1["x"] > b1["x"]
    await expect(amal.element.locator(".screen")).to_have_css("direction", "rtl")


async def test_brackets_of_a_broken_arabic_line_open_towards_each_other(desk: Desk, hand: Hand) -> None:
    amal = await desk.add("ar", "أمل")
    await amal.start()
    goal = "هدفك: تعلّم الألمانية وإيجاد عمل وتدريب مهني (Ausbildung). (مارس 2026)"
    await hand.say(amal, f"أهلًا بعودتك!\n\n{goal}\nليست لديك معرفة بالألمانية بعد. (مارس 2026)")
    await amal.reads("Ausbildung")
    wanted = "(Ausbildung)"
    places = await amal.bubbles.last.evaluate(
        """(bubble, wanted) => {
            const text = [...bubble.querySelectorAll(".paragraph")]
                .map(line => line.firstChild).find(node => node.data.includes(wanted));
            const start = text.data.indexOf(wanted);
            return [0, 1, wanted.length - 1].map(at => {
                const range = document.createRange();
                range.setStart(text, start + at);
                range.setEnd(text, start + at + 1);
                return range.getBoundingClientRect().left;
            });
        }""",
        wanted,
    )
    opening, first_letter, closing = places
    assert closing < first_letter < opening, "in a line from right to left the opening bracket stands at the right"


async def test_a_line_takes_its_direction_from_what_is_not_isolated(desk: Desk, hand: Hand) -> None:
    amal = await desk.add("ar", "أمل")
    await amal.start()
    await hand.say(amal, "\u2068Lea\u2069 تكتب إليك\n\u2068أمل\u2069 writes\n10:00")
    await amal.reads("writes")
    lines = amal.bubbles.last.locator(".paragraph")
    for number, direction in enumerate(("rtl", "ltr", "rtl")):
        await expect(lines.nth(number)).to_have_css("direction", direction)


async def test_in_an_arabic_message_a_command_reads_from_its_slash_on_and_the_time_stands_apart(
    desk: Desk, hand: Hand
) -> None:
    amal = await desk.add("ar", "أمل")
    await amal.start()
    await hand.say(amal, "اكتب \u200e/start")  # the mark keeps the slash at the command's left
    command = amal.bubbles.last.get_by_role("button", name="/start")
    edges = await command.evaluate(
        """command => [0, 1].map(start => {
            const range = document.createRange();
            range.setStart(command.firstChild, start);
            range.setEnd(command.firstChild, start + 1);
            return range.getBoundingClientRect().left;
        })"""
    )
    assert edges[0] < edges[1]
    box, time = await command.bounding_box(), await amal.bubbles.last.locator(".small").bounding_box()
    assert box is not None
    assert time is not None
    assert time["x"] + time["width"] + 9 < box["x"]
    await command.press("Enter")
    await expect(amal.own.last).to_contain_text("/start")
    await expect(amal.own).to_have_count(2)


async def test_what_a_person_or_the_bot_writes_is_never_read_as_html(desk: Desk, hand: Hand) -> None:
    eve = await desk.add("en", ATTACK)
    await eve.start()
    await eve.write(ATTACK)
    await expect(eve.own.last).to_contain_text(ATTACK)
    await hand.call("setMyName", name="<i>Bot</i>")
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org/<b>"}]
    keyboard = {"inline_keyboard": [[{"text": ATTACK, "callback_data": "x"}]]}
    await hand.say(eve, ATTACK, entities=entities, reply_markup=keyboard)
    await eve.reads(ATTACK)
    await expect(eve.key(ATTACK)).to_be_visible()
    await eve.key(ATTACK).click()
    query = await hand.tapped()
    await hand.call("answerCallbackQuery", callback_query_id=query["id"], text=ATTACK)
    await expect(eve.toasts).to_have_text(ATTACK)
    assert await desk.page.locator("img").count() == 0
    assert await desk.page.evaluate("document.body.dataset.harmed") is None


async def test_a_screen_reader_finds_the_chat_the_fields_and_the_name_of_every_button(desk: Desk, hand: Hand) -> None:
    await hand.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    ben = await desk.add("en", "Ben")
    await ben.start()
    await ben.write("Hello")
    await hand.say(ben, "Your level?", reply_markup=KEYBOARD)
    await ben.button("Attach").click()
    await expect(ben.element.get_by_role("button", name="Photo")).to_be_visible()
    await expect(ben.log).to_have_attribute("aria-live", "polite")
    await expect(ben.log).to_have_accessible_name("Chat")
    await expect(ben.field).to_be_visible()
    buttons = desk.page.locator("button:visible, a:visible")
    assert await buttons.count() > 10
    for button in await buttons.all():
        await expect(button).to_have_accessible_name(re.compile(r"\S"))


async def test_the_page_comes_back_after_the_server_was_away(browser: Browser, tmp_path: Path) -> None:
    async with desk_in(browser) as desk:
        port = free_port()
        async with Simulator(folder=tmp_path, token=TOKEN, port=port) as first, hand_of(first) as hand:
            await desk.open(first.url)
            ben = await desk.add("en", "Ben")
            await ben.start()
            await hand.say(ben, "Before")
            await ben.reads("Before")
        await expect(desk.connection).to_have_text("Reconnecting…")
        await ben.write("Too early")
        await expect(ben.toasts).to_contain_text("cannot be reached")
        await expect(ben.field).to_have_value("Too early")
        async with Simulator(folder=tmp_path, token=TOKEN, port=port) as second, hand_of(second) as hand:
            await expect(desk.connection).to_have_text("")
            await hand.say(ben, "After")
            await ben.reads("After")
            await expect(ben.bubbles).to_have_count(2)
            await ben.button("Send").click()
            await expect(ben.own.last).to_contain_text("Too early")
