"""The wire breaks in every way it can while the whole bot runs: nothing is lost, and people hear how it stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import app, clock
from bot.simulator.server import Simulator
from bot.telegram import intake, polling, transport, wakes
from bot.telegram.polling import Refused
from tests.faults.machine import OWED, PARKED, WAITING, ask
from tests.faults.walking import SECOND, THIRD, at_second_question
from tests.phones import Phone, Phones
from tests.ports import free_port
from tests.running import TOKEN, Lotse, running, settings_for
from tests.waiting import until

pytestmark = pytest.mark.faults
BROKEN = ["500", "502_html", "reset_before", "hang_before"]
DONE_BUT_BROKEN = ["empty", "cut_json", "reset_after", "hang_after"]
ANSWERS = "SELECT question_id, value FROM answer WHERE status = 'given' ORDER BY question_id"


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits as always, only shorter."""
    monkeypatch.setattr(transport, "READ_SECONDS", 1.0)
    monkeypatch.setattr(polling, "PAUSES", (0.1, 0.2))
    monkeypatch.setattr(wakes, "OWED_SECONDS", 0.3)
    monkeypatch.setattr(intake, "DRAIN_SECONDS", 0.5)


@pytest.fixture
async def later(simulator: Simulator, phones: Phones, tmp_path: Path) -> AsyncIterator[Lotse]:
    """A bot whose clock is a minute ahead of every person's last word, so that owed cards are due at once."""
    moments = iter(range(10**9))

    def now() -> datetime:
        return clock.now() + timedelta(minutes=next(moments))

    settings = settings_for(simulator, tmp_path)
    async with running(settings, now):
        yield Lotse(settings, phones, simulator)


def stored(lotse: Lotse, sql: str) -> list[tuple[object, ...]]:
    return ask(lotse.settings.data_dir / "lotse.db", sql)


@pytest.mark.row(6, 7, 9)
@pytest.mark.parametrize("kind", [*BROKEN, *DONE_BUT_BROKEN])
async def test_a_card_that_did_not_arrive_comes_by_itself(later: Lotse, kind: str) -> None:
    person = await at_second_question(later.phones)
    await later.phones.fault(kind, method="editMessageText", times=1)
    before = len(person.state["messages"])
    await person.tap("A1")
    await person.settled(
        lambda phone: len(phone.state["messages"]) > before and THIRD in phone.last, "the card again"
    )
    assert stored(later, ANSWERS) == [("german_level", '"A1"'), ("goals", '["german"]')]
    await until(lambda: stored(later, OWED) == [(0,)], "the note that the card was shown")


@pytest.mark.row(6, 7, 9)
@pytest.mark.parametrize("kind", [*BROKEN, *DONE_BUT_BROKEN])
async def test_who_taps_again_after_a_broken_answer_goes_on(lotse: Lotse, kind: str) -> None:
    person = await at_second_question(lotse.phones)
    card = person.last_message
    await lotse.phones.fault(kind, method="editMessageText", times=1)
    await person.tap("A1")
    await person.tap_data(
        card["reply_markup"]["inline_keyboard"][1][0]["callback_data"], message_id=card["message_id"]
    )
    await person.reads(THIRD)
    assert stored(lotse, ANSWERS) == [("german_level", '"A1"'), ("goals", '["german"]')]


@pytest.mark.row(6, 7, 9)
@pytest.mark.parametrize("kind", [*BROKEN, *DONE_BUT_BROKEN, "429"])
async def test_updates_that_got_lost_on_the_way_are_fetched_again(lotse: Lotse, kind: str) -> None:
    person = await at_second_question(lotse.phones)
    await lotse.phones.fault(kind, method="getUpdates", times=3)
    lotse.simulator.world.updates.arrived.beat()
    await person.tap("A1")
    await person.reads(THIRD)
    assert stored(lotse, WAITING) == stored(lotse, PARKED) == [(0,)]


@pytest.mark.row(8)
async def test_after_429_the_whole_bot_is_silent_until_the_time_is_over(lotse: Lotse) -> None:
    anna = await at_second_question(lotse.phones)
    omar = await at_second_question(lotse.phones)
    before = len(await lotse.phones.calls())
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await lotse.phones.fault("429", method="editMessageText", chat_id=anna.id, times=1, retry_after=2)
    await anna.tap("A1")
    while not any(call["error_code"] == 429 for call in (await lotse.phones.calls())[before:]):
        await anna.look()
    await omar.tap("A1", answered=False)
    await omar.reads(THIRD)
    assert loop.time() - begin >= 2
    await anna.reads(THIRD)
    spoken = [call for call in (await lotse.phones.calls())[before:] if call["method"] != "getUpdates"]
    silent = next(number for number, call in enumerate(spoken) if call["error_code"] == 429)
    early = spoken[silent + 1 : silent + 2]
    assert [call["method"] for call in early] in (["answerCallbackQuery"], ["editMessageText"])
    assert stored(lotse, WAITING) == [(0,)]


@pytest.mark.row(7)
async def test_one_hanging_call_holds_nobody_else_up(lotse: Lotse, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await at_second_question(lotse.phones)
    omar = await at_second_question(lotse.phones)
    monkeypatch.setattr(transport, "READ_SECONDS", 3600.0)
    await lotse.phones.fault("hang_before", method="editMessageText", chat_id=anna.id)
    await anna.tap("A1", answered=False)
    await until(lambda: stored(lotse, OWED) == [(1,)], "the first person's answer to be stored")
    await omar.tap("A1")
    await omar.reads(THIRD)
    assert SECOND in anna.last


@pytest.mark.row(5)
async def test_a_telegram_that_is_away_for_a_while_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "telegram"
    port = free_port()
    async with Simulator(folder=folder, token=TOKEN, port=port) as first:
        settings = settings_for(first, tmp_path / "bot")
    async with running(settings):
        async with Simulator(folder=folder, token=TOKEN, port=port), Phones(settings.telegram_api_url) as phones:
            person = await at_second_question(phones)
        async with Simulator(folder=folder, token=TOKEN, port=port), Phones(settings.telegram_api_url) as phones:
            again = Phone(phones, person.id, person.name)
            await again.tap("A1")
            await again.reads(THIRD)


@pytest.mark.row(10)
@pytest.mark.parametrize(
    ("kind", "method", "text"),
    [
        ("401", "getUpdates", "Telegram does not know this BOT_TOKEN"),
        ("409", "getUpdates", "Another process fetches updates with this BOT_TOKEN"),
    ],
)
async def test_a_refused_bot_stops_says_why_and_goes_on_where_it_was_once_that_is_mended(
    simulator: Simulator, phones: Phones, tmp_path: Path, kind: str, method: str, text: str
) -> None:
    settings = settings_for(simulator, tmp_path)
    async with running(settings):
        person = await at_second_question(phones)
    await phones.fault(kind, method=method)
    await person.tap("A1", answered=False)
    with pytest.raises(Refused, match=text):
        await app.run(settings, asyncio.Event())
    await phones.calm()
    async with running(settings):
        await person.reads(THIRD)


@pytest.mark.row(11)
async def test_a_person_who_blocked_the_bot_is_known_and_welcome_back(lotse: Lotse) -> None:
    person = await at_second_question(lotse.phones)
    await lotse.phones.fault("403", method="editMessageText", chat_id=person.id, times=1)
    blocked = "SELECT count(*) FROM chat WHERE blocked_at IS NOT NULL"
    await person.tap("A1")
    await until(lambda: stored(lotse, blocked) == [(1,)], "the block to be noted")
    await person.start()
    await person.reads(THIRD)
    await until(lambda: stored(lotse, blocked) == [(0,)], "the end of the block to be noted")
