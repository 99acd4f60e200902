"""Servers that speak the Bot API and are not Telegram: older ones, proxies, fakes. The bot lives with their ways."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter
from telegram.request import RequestData

from bot.content.loader import Content
from bot.content.rich import Rich
from bot.content.shelf import Shelf
from bot.db.outbox.deliveries import Due
from bot.services.deliveries.acts import Copy
from bot.services.deliveries.sending import Result
from bot.telegram import acting, calls
from bot.telegram.calls import Shown
from bot.telegram.intake import Intake
from bot.telegram.judging import judged
from bot.telegram.leading import leads_in
from bot.telegram.menu import AGAIN, Menu
from bot.telegram.polling import BREATH, patiently, poll, stop_webhook
from bot.telegram.transport import OutcomeUnknown, Transport
from tests.telegram import fake_time
from tests.telegram.fake_telegram import FakeTelegram, application

MENU = "setMyCommands"


class Odd(FakeTelegram):
    """Answers some methods in its own way."""

    def __init__(self, **ways: Any) -> None:
        super().__init__()
        self.ways = ways

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *more: object, **others: object
    ) -> tuple[int, bytes]:
        """One call."""
        status, body = await super().do_request(url, method, request_data, *more, **others)
        name = url.rpartition("/")[2]
        return (
            (status, json.dumps({"ok": True, "result": self.ways[name]}).encode())
            if name in self.ways
            else (status, body)
        )


def played(telegram: FakeTelegram, scene: Callable[[Bot], Awaitable[None]]) -> None:
    """A scene with a bot that talks to that server, in jumping time."""

    async def main() -> None:
        async with application(telegram) as made:
            await scene(made.bot)

    fake_time.run(main())


class Taken:
    """An intake that notes what it is given."""

    def __init__(self) -> None:
        self.came: list[object] = []

    async def room(self) -> None:
        """There is."""

    async def accept(self, updates: list[object]) -> None:
        """Note them."""
        self.came.append(updates)


def test_a_server_that_does_not_hold_an_empty_answer_is_asked_a_few_times_a_second() -> None:
    telegram, intake = Odd(getUpdates=[]), Taken()

    async def scene(bot: Bot) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(20):
                await poll(bot, cast("Intake", intake))

    played(telegram, scene)
    assert 20 / BREATH * 0.9 <= len(telegram.of("getUpdates")) <= 20 / BREATH + 1
    assert intake.came == [], "nothing is not stored"


class Keeping(FakeTelegram):
    """Keeps updates until they are confirmed; one of them breaks every answer it is in, and some answers are cut."""

    def __init__(self, numbers: Iterable[int], broken: int = 0, cut: int = 0, ends: str = "") -> None:
        super().__init__()
        self.kept = list(numbers)
        self.broken = broken
        self.cut = cut
        self.ends = ends
        self.limits: list[int] = []

    parse_json_payload = staticmethod(Transport.parse_json_payload)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *more: object, **others: object
    ) -> tuple[int, bytes]:
        """One call."""
        if not url.endswith("getUpdates") or request_data is None:
            return await super().do_request(url, method, request_data, *more, **others)
        asked = cast("dict[str, int]", request_data.parameters)
        self.limits.append(asked["limit"])
        self.kept = [one for one in self.kept if one >= asked["offset"]]
        batch = self.kept[: asked["limit"]]
        deep = {one: "[" * 9_999 if one == self.broken else "{}" for one in batch}
        said = ",".join(f'{{"update_id":{one},"message":{deep[one]}}}' for one in batch)
        if batch and self.cut:
            self.cut -= 1
            return 200, f'{{"ok":true,"result":[{{"update_id":{batch[0]},"message":{{"text":"{self.ends}'.encode()
        if not batch:
            await asyncio.sleep(30)
        return 200, f'{{"ok":true,"result":[{said}]}}'.encode()


def taken_from(telegram: Keeping) -> list[int]:
    """The updates that are taken in until nothing comes any more."""
    intake = Taken()

    async def scene(bot: Bot) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await poll(bot, cast("Intake", intake))

    played(telegram, scene)
    return [cast("dict[str, int]", one)["update_id"] for batch in intake.came for one in cast("list[object]", batch)]


@pytest.mark.row(9)
@pytest.mark.parametrize("ends", ['a"}', "a {b}"], ids=["between two words", "within a word"])
def test_an_answer_that_was_cut_takes_no_update_along_however_often_it_is(ends: str) -> None:
    assert taken_from(Keeping((5, 6), cut=7, ends=ends)) == [5, 6]


@pytest.mark.row(15)
def test_an_update_that_breaks_every_answer_is_stepped_over_and_those_before_it_wait_for_a_few_calls() -> None:
    telegram = Keeping(range(1, 151), broken=99)
    assert taken_from(telegram) == [one for one in range(1, 151) if one != 99]
    assert sum(limit == 1 for limit in telegram.limits) < 20, "those before it do not come one by one"


def test_an_edit_that_is_answered_with_true_stands() -> None:
    shown: list[Shown] = []

    async def scene(bot: Bot) -> None:
        shown.append(await calls.edit(bot, 7, 30, Rich("words", (), ()), ""))

    played(Odd(editMessageText=True), scene)
    assert shown == [Shown(30, None)]


@pytest.mark.parametrize(
    "odd",
    [{}, {"date": 1_795_600_000_123}, {"date": "now"}, {"date": None}, {"date": 1e300}, {"edit_date": None}],
    ids=str,
)
def test_a_message_without_a_time_that_a_calendar_has_was_sent_all_the_same(odd: dict[str, object]) -> None:
    shown: list[Shown] = []

    async def scene(bot: Bot) -> None:
        shown.append(await calls.send(bot, 7, Rich("words", (), ())))

    played(Odd(sendMessage={"message_id": 30, **odd}), scene)
    assert [one.message for one in shown] == [30]
    assert all(one.at is not None and one.at.year < 3000 for one in shown)


@pytest.mark.parametrize("odd", [True, {}, {"status": "administrator"}, []], ids=str)
def test_who_cannot_say_how_the_bot_stands_in_a_group_does_not_let_it_lead_there(odd: object) -> None:
    found: list[bool] = []

    async def scene(bot: Bot) -> None:
        found.append(await leads_in(bot, -7))

    played(Odd(getChatMember=odd), scene)
    assert found == [False]


@pytest.mark.parametrize("number", [None, "30", 2**63, 10**30, True], ids=str)
def test_a_number_that_no_database_holds_is_no_message(number: object) -> None:
    async def scene(bot: Bot) -> None:
        with pytest.raises(OutcomeUnknown):
            await calls.send(bot, 7, Rich("words", (), ()))
        with pytest.raises(OutcomeUnknown):
            await acting.do(bot, cast("Due", SimpleNamespace(chat_id=7, edits=None)), Copy(8, 3))

    played(Odd(sendMessage={"message_id": number, "date": 1}, copyMessage={"message_id": number}), scene)


def test_a_server_that_knows_no_webhooks_has_none() -> None:
    telegram = FakeTelegram()
    telegram.refuse("deleteWebhook", (400, "Not Found: method not found"))
    played(telegram, stop_webhook)
    assert len(telegram.of("deleteWebhook")) == 1


def test_a_result_of_another_shape_is_asked_for_again() -> None:
    telegram = Odd(getMe=True)
    met: list[str] = []

    async def scene() -> None:
        bot = Bot("123456789:test-token-of-nobody-0123456789", request=telegram, get_updates_request=telegram)
        asyncio.get_running_loop().call_later(60, telegram.ways.clear)
        await patiently(bot.initialize)
        met.append(bot.username)

    fake_time.run(scene())
    assert met == ["lotse_bot"]


def test_what_the_library_cannot_tell_is_neither_sent_nor_refused() -> None:
    assert judged(NetworkError("Unknown error in HTTP implementation")) == (Result.UNKNOWN, "NetworkError")


# -- the menu


def languages_of(telegram: FakeTelegram) -> list[str]:
    """For which phones a menu was published."""
    return [one.get("language_code", "") for one in telegram.of(MENU)]


def kept(telegram: FakeTelegram, content: Content, seconds: float) -> None:
    """The menu is kept for so long."""

    async def scene(bot: Bot) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await Menu(bot).keep(Shelf(content))

    played(telegram, scene)


def test_a_language_without_a_code_of_two_letters_takes_the_menu_from_nobody(content: Content) -> None:
    telegram = FakeTelegram()
    kept(telegram, replace(content, languages=("de", "prs", "uk")), 1)
    assert languages_of(telegram) == ["", "uk"]


def test_a_language_that_is_refused_takes_the_menu_from_nobody(content: Content) -> None:
    telegram = FakeTelegram()
    telegram.refuse(MENU, (400, "Bad Request: invalid language code specified"))
    kept(telegram, replace(content, languages=("de", "uk")), 10 * AGAIN)
    assert languages_of(telegram) == ["", "uk"]


def test_a_menu_that_could_not_be_published_is_tried_again(content: Content) -> None:
    telegram = FakeTelegram()
    telegram.refuse(MENU, OutcomeUnknown("HTTP 502"))
    kept(telegram, replace(content, languages=("de", "uk")), 3 * AGAIN)
    assert languages_of(telegram) == ["", "uk", ""]


def test_who_is_told_to_wait_publishes_nothing_before(content: Content) -> None:
    telegram = FakeTelegram()
    telegram.refuse(MENU, RetryAfter(int(3 * AGAIN)))
    kept(telegram, replace(content, languages=("de", "uk")), 2 * AGAIN)
    assert languages_of(telegram) == [""]
    telegram.refuse(MENU, RetryAfter(int(3 * AGAIN)))
    kept(telegram, replace(content, languages=("de", "uk")), 4 * AGAIN)
    assert languages_of(telegram) == ["", "", "", "uk"]
