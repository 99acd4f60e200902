"""The clock of the phones page: where its buttons and its field go, and what a person sees on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.content.loader import Content
from bot.core.message import Argument, Text, Words
from bot.simulator.clock import Moment
from bot.simulator.server import Simulator
from tests.browser.desk import desk_in
from tests.browser.test_demo import AMAL, ENDING, WELCOME, Person
from tests.demo.travelling import demo
from tests.running import TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MINDEN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 11, 25, 18, 30, tzinfo=MINDEN)
PLACE = Words("\N{FULL BLOCK}")
ELSEWHERE = "Pacific/Auckland"
"""Where the browser is: the page shows the town's time all the same."""


class Road:
    """A clock that stands still, notes where one goes, and lets nobody arrive while `open` is not set."""

    zone = "Europe/Berlin"

    def __init__(self) -> None:
        self.time = EVENING
        self.going_to: float | None = None
        self.asked: list[datetime] = []
        self.open = asyncio.Event()
        self.open.set()

    def now(self) -> float:
        return self.time.timestamp()

    async def moments(self) -> Sequence[Moment]:
        return [Moment("Info-Abend", EVENING.timestamp() + 86_400)]

    async def go(self, to: float) -> None:
        if to <= self.now():
            raise ValueError("That is past, and this clock only goes forward.")
        self.asked.append(datetime.fromtimestamp(to, MINDEN))
        self.going_to = to
        await self.open.wait()
        self.going_to = None
        self.time = self.asked[-1]


class Clock:
    """The clock as a person at the page sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.get_by_role("region", name="Clock")
        self.field = self.element.get_by_label("Go to")
        self.said = self.element.get_by_role("status")

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    async def shows(self, words: str) -> None:
        await expect(self.element.locator("time")).to_have_text(words)


def as_shown(moment: datetime) -> str:
    """A local time as the clock writes it."""
    return f"{moment:%a}, {moment.day} {moment:%b %Y}, {moment:%H:%M}"


@pytest.fixture
def road() -> Road:
    return Road()


@pytest_asyncio.fixture(loop_scope="session")
async def clock(browser: Browser, road: Road) -> AsyncIterator[Clock]:
    """The page with that clock, in a browser whose own time stands still, far away."""
    async with (
        Simulator(token=TOKEN, clock=road.now, journey=road) as simulator,
        desk_in(browser, timezone_id=ELSEWHERE) as desk,
    ):
        await desk.page.clock.set_fixed_time(datetime(2026, 11, 25, 3, tzinfo=UTC))
        await desk.open(simulator.url)
        seen = Clock(desk.page)
        await expect(seen.element).to_be_visible()
        yield seen


@pytest.mark.parametrize(
    ("start", "button", "arrival"),
    [
        ("2026-11-25T18:30", "+1 hour", "2026-11-25T19:30+01:00"),
        ("2026-11-25T18:30", "+1 day", "2026-11-26T18:30+01:00"),
        ("2026-11-25T18:30", "+1 week", "2026-12-02T18:30+01:00"),
        ("2026-11-25T18:30", "Tomorrow 8:00", "2026-11-26T08:00+01:00"),
        ("2026-12-31T23:59", "Tomorrow 18:00", "2027-01-01T18:00+01:00"),
        # In March a day has 23 hours, and 2:00 to 3:00 is not there.
        ("2027-03-27T18:30", "+1 day", "2027-03-28T18:30+02:00"),
        ("2027-03-27T23:30", "Tomorrow 18:00", "2027-03-28T18:00+02:00"),
        ("2027-03-27T02:30", "+1 day", "2027-03-28T03:30+02:00"),
        ("2027-03-28T01:30", "+1 hour", "2027-03-28T03:30+02:00"),
        ("2027-03-22T12:00", "+1 week", "2027-03-29T12:00+02:00"),
        # In October one has 25, and 2:00 to 3:00 comes twice.
        ("2027-10-30T18:30", "+1 day", "2027-10-31T18:30+01:00"),
        ("2027-10-30T02:30", "+1 day", "2027-10-31T02:30+02:00"),
        ("2027-10-31T00:30", "Tomorrow 8:00", "2027-11-01T08:00+01:00"),
        ("2027-10-31T00:30", "+1 day", "2027-11-01T00:30+01:00"),
        ("2027-10-25T12:00", "+1 week", "2027-11-01T12:00+01:00"),
    ],
)
async def test_a_button_goes_by_the_clocks_on_the_walls_of_the_town(
    browser: Browser, start: str, button: str, arrival: str
) -> None:
    road = Road()
    road.time = datetime.fromisoformat(start).replace(tzinfo=MINDEN)
    async with (
        Simulator(token=TOKEN, clock=road.now, journey=road) as simulator,
        desk_in(browser, timezone_id=ELSEWHERE) as desk,
    ):
        await desk.page.clock.set_fixed_time(datetime(2026, 11, 25, 3, tzinfo=UTC))
        await desk.open(simulator.url)
        seen = Clock(desk.page)
        await seen.button(button).click()
        there = datetime.fromisoformat(arrival)
        await seen.shows(as_shown(there))
    assert [one.isoformat(timespec="minutes") for one in road.asked] == [arrival]


async def test_the_field_goes_by_enter_and_not_while_one_types(clock: Clock, road: Road) -> None:
    await clock.field.fill("2027-05-10T08:15")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "1", "1"):  # each makes another whole date
        await clock.page.keyboard.press(key)
    await clock.button("+1 day").focus()
    typed = await clock.field.input_value()
    assert typed != "2027-05-10T08:15"
    await clock.shows("Wed, 25 Nov 2026, 18:30")
    assert road.asked == []
    await clock.field.press("Enter")
    there = datetime.fromisoformat(typed).replace(tzinfo=MINDEN)
    await clock.shows(as_shown(there))
    assert road.asked == [there]
    await expect(clock.field).to_have_value("")


async def test_the_field_goes_by_its_button_and_asks_for_what_is_missing(clock: Clock, road: Road) -> None:
    await clock.button("Go").click()
    await expect(clock.said).to_have_text("Choose a day and a time first.")
    await clock.field.fill("2026-12-01T09:00")
    await expect(clock.said).to_have_text("")
    await clock.button("Go").click()
    await clock.shows("Tue, 1 Dec 2026, 09:00")
    assert road.asked == [datetime(2026, 12, 1, 9, tzinfo=MINDEN)]


async def test_back_in_time_is_explained_until_one_chooses_anew(clock: Clock, road: Road) -> None:
    await clock.field.fill("2026-11-25T18:29")
    await clock.field.press("Enter")
    await expect(clock.said).to_have_text("That is past, and this clock only goes forward.")
    await expect(clock.field).to_have_value("2026-11-25T18:29")
    await expect(clock.field).to_be_focused()
    await clock.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # everything is asked anew
    await expect(clock.said).to_have_text("That is past, and this clock only goes forward.")
    assert road.asked == []
    await expect(clock.field).to_have_attribute("min", "2026-11-25T18:30")  # the calendar does not offer it
    await clock.button("+1 hour").click()
    await clock.shows("Wed, 25 Nov 2026, 19:30")
    await expect(clock.said).to_have_text("")


async def test_on_the_way_the_buttons_rest_and_the_page_says_where_it_goes(clock: Clock, road: Road) -> None:
    road.open.clear()
    day = clock.button("+1 day")
    await day.click()
    way = "On the way to Thu 26 Nov, 18:30: what is due until then is sent …"
    await expect(clock.said).to_have_text(way)
    for control in (*await clock.element.get_by_role("button").all(), clock.field):
        await expect(control).to_be_disabled()
    road.time = EVENING.replace(hour=23)  # it walks
    await clock.shows("Wed, 25 Nov 2026, 23:30")
    await clock.page.reload()  # as people do where something takes long
    await expect(clock.said).to_have_text(way)
    await expect(day).to_be_disabled()
    await expect(clock.page.locator("#new-phone")).to_be_enabled()
    road.open.set()
    await clock.shows("Thu, 26 Nov 2026, 18:30")
    await expect(day).to_be_enabled()
    await expect(clock.said).to_have_text("")
    assert len(road.asked) == 1


async def test_after_the_way_the_button_that_was_pressed_has_the_focus(clock: Clock, road: Road) -> None:
    road.open.clear()
    hour = clock.button("+1 hour")
    await hour.press("Enter")
    await expect(hour).to_be_disabled()
    road.open.set()
    await expect(hour).to_be_focused()


async def test_a_server_that_is_away_is_said(clock: Clock) -> None:
    await clock.page.route("**/api/clock", lambda route: route.abort())
    await clock.button("+1 hour").click()
    await expect(clock.said).to_have_text("The server cannot be reached.")
    await expect(clock.button("+1 hour")).to_be_enabled()


async def test_a_narrow_page_has_all_of_the_clock(browser: Browser, road: Road) -> None:
    async with (
        Simulator(token=TOKEN, clock=road.now, journey=road) as simulator,
        desk_in(browser, narrow=True) as desk,
    ):
        await desk.open(simulator.url)
        seen = Clock(desk.page)
        await seen.button("The day before my event").click()
        evening = seen.element.get_by_role("button", name="Info-Abend")
        await expect(evening).to_be_in_viewport(ratio=1)
        await desk.page.keyboard.press("Escape")
        await expect(evening).to_be_hidden()
        await seen.field.scroll_into_view_if_needed()
        await expect(seen.field).to_be_in_viewport(ratio=0.99)
        assert await desk.page.locator("html").evaluate("one => one.scrollWidth <= one.clientWidth")


async def test_the_day_before_ones_event_the_reminder_is_on_the_phone(
    browser: Browser, content: Content, tmp_path: Path
) -> None:
    def label(key: str) -> str:
        """The words of a text in Arabic, as far as its first place for something."""
        args: dict[str, Argument] = {"title": PLACE, "when": PLACE, "where": PLACE}
        return content.texts.label("ar", Text(key, args)).split(PLACE.text)[0].strip("\u2066\u2067\u2068\u2069 ")

    began = datetime(2026, 11, 25, 9, tzinfo=MINDEN)
    async with demo(tmp_path, began) as (lotse, _), desk_in(browser) as desk:
        await desk.open(lotse.simulator.url)
        clock = Clock(desk.page)
        await expect(clock.button("The day before my event")).to_be_hidden()
        amal = Person(await desk.add("ar", "أمل"), content, "ar")
        phone = amal.phone
        await phone.start()
        await amal.walk([*WELCOME, *AMAL, *ENDING])
        await phone.write("/events")
        await phone.log.locator(".key").filter(has_text=label("offers.placement.title")).last.click()
        await phone.log.locator(".key").filter(has_text=label("ui.button.join_at")).first.click()
        await phone.reads(amal.says("ui.standing.registered"))
        await phone.key(f"⬜ {amal.says('town.consents.reminders.title')}").click()
        await expect(phone.key(f"⬜ {amal.says('town.consents.reminders.title')}")).to_have_count(0)
        await clock.button("The day before my event").click()
        await clock.element.get_by_role("button", name="Einstufungstest").click()
        await expect(phone.bubbles.filter(has_text=label("reminders.event_day"))).to_be_in_viewport()
        await expect(phone.element.locator(".screen")).to_have_css("direction", "rtl")
        await clock.shows("Mon, 7 Dec 2026, 18:00")  # the test is on the morning of the 8th
        await expect(clock.button("The day before my event")).to_be_hidden()
