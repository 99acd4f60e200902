"""Telegram's limits as the simulator enforces them; the time is given."""

from __future__ import annotations

import pytest

from bot.simulator.limits import IN_A_GROUP, OVERALL, Limits
from bot.simulator.server import Simulator
from tests.phones import Phones
from tests.running import TOKEN


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_thirty_messages_in_any_second_and_no_more(clock: Clock) -> None:
    limits = Limits(clock)
    for number in range(OVERALL):
        clock.now = 1000 + number / 100
        assert limits.of_call(("sendMessage", "editMessageText")[number % 2], str(number)) is None
    clock.now = 1000.99
    assert limits.of_call("sendMessage", "100") == 1
    assert (limits.messages, limits.refused) == (OVERALL, 1)


def test_whoever_pays_has_more_in_a_second(clock: Clock) -> None:
    limits = Limits(clock, 2 * OVERALL)
    assert [limits.of_call("sendMessage", str(number)) for number in range(2 * OVERALL + 1)] == [None] * 60 + [1]


def test_a_place_is_free_a_second_after_it_was_taken(clock: Clock) -> None:
    limits = Limits(clock)
    for number in range(3 * OVERALL):
        clock.now = 1000 + number / OVERALL
        assert limits.of_call("SENDMESSAGE", str(number)) is None


def test_answers_to_taps_fetching_and_the_profile_are_free(clock: Clock) -> None:
    limits = Limits(clock)
    for method in ("answerCallbackQuery", "getUpdates", "setMyCommands", "sendChatAction"):
        assert [limits.of_call(method, "1") for _ in range(100)] == [None] * 100
    assert limits.messages == 0


def test_a_chat_hears_once_a_second_and_what_is_changed_there_is_nothing_new(clock: Clock) -> None:
    limits = Limits(clock)
    assert limits.of_call("sendMessage", "1") is None
    assert [limits.of_call("editMessageText", "1") for _ in range(5)] == [None] * 5
    assert limits.of_call("sendMessage", "2") is None
    clock.now += 0.99
    assert limits.of_call("sendMessage", "1") == 1
    clock.now += 1
    assert limits.of_call("sendMessage", "1") is None


def test_a_group_hears_twenty_times_a_minute(clock: Clock) -> None:
    limits = Limits(clock)
    for number in range(IN_A_GROUP):
        clock.now = 1000 + 2 * number
        assert limits.of_call("sendMessage", "-100") is None
    clock.now = 1040
    assert limits.of_call("sendMessage", "-100") == 20
    clock.now = 1060
    assert limits.of_call("sendMessage", "-100") is None


def test_who_was_told_to_wait_is_refused_everything_but_updates_until_then(clock: Clock) -> None:
    limits = Limits(clock)
    limits.of_call("sendMessage", "1")
    assert limits.of_call("sendMessage", "1") == 1
    assert limits.of_call("answerCallbackQuery", "") == 1
    assert limits.of_call("getUpdates", "") is None
    assert limits.refused == 2
    clock.now += 1
    assert limits.of_call("answerCallbackQuery", "") is None


async def test_over_http_it_is_a_429_with_the_seconds_in_body_and_header() -> None:
    async with Simulator(token=TOKEN, limits=Limits(Clock())) as simulator, Phones(simulator.url) as phones:
        person = await phones.new("Anna", "de")
        await person.start()
        said = {"chat_id": person.id, "text": "Hallo"}
        path = f"/bot{TOKEN}/sendMessage"
        assert (await phones.ask("POST", path, **said))["ok"]
        async with phones._session.post(path, json=said) as answer:
            refused = await answer.json()
            assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert refused["parameters"] == {"retry_after": 1}
        assert refused["description"] == "Too Many Requests: retry after 1"
        assert [call["error_code"] for call in await phones.calls()] == [None, 429]
        await person.look()
        assert len(person.state["messages"]) == 2
