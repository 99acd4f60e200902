"""The driver of conversation tests, against a bot of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

import tests.phones
from tests.phones import Phone, Phones
from tests.simulator.conftest import Api

CARD = {"inline_keyboard": [[{"text": "Ja", "callback_data": "j"}, {"text": "Nein", "callback_data": "n"}]]}


async def small_bot(api: Api) -> None:
    """Asks after each text whether it is true; a tap changes the question into the answer, and gives a toast."""
    offset = 0
    while True:
        for update in await api.call("getUpdates", offset=offset, timeout=50):
            offset = update["update_id"] + 1
            if message := update.get("message"):
                text = f"\u2068{message.get('text', '?')}\u2069, stimmt das?"
                await api.call("sendMessage", chat_id=message["chat"]["id"], text=text, reply_markup=CARD)
            if query := update.get("callback_query"):
                place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
                await api.call("editMessageText", **place, text=f"Antwort: {query['data']}")
                await api.call("answerCallbackQuery", callback_query_id=query["id"], text="Gespeichert")


@pytest.fixture
async def _small_bot(api: Api) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(small_bot(api))
    yield
    task.cancel()


@pytest.mark.usefixtures("_small_bot")
async def test_a_conversation_and_its_transcript(phones: Phones) -> None:
    olena = await phones.new("Olena", "uk")
    await olena.start("plakat")
    await olena.reads("/start plakat, stimmt")
    assert olena.buttons == ["Ja", "Nein"]
    await olena.tap("Nei")
    await olena.reads("Antwort: n")
    await olena.reads_toast("Gespeichert")
    assert olena.buttons == []
    await olena.send_thing("voice")
    await olena.reads("?, stimmt das?")
    assert (await olena.transcript()).translate(tests.phones.ISOLATES) == (
        "Olena: /start plakat\n\n"
        "Bot: /start plakat, stimmt das?\n    [Ja] [Nein]\n\n"
        "Olena taps [Nein]\n\n"
        "(toast) Gespeichert\n\n"
        "(changed) Bot: Antwort: n\n\n"
        "Olena: <voice>\n\n"
        "Bot: ?, stimmt das?\n    [Ja] [Nein]\n"
    )


async def test_a_failure_says_what_the_person_sees(
    api: Api, phones: Phones, amal: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.phones, "LIMIT", 0.01)
    await api.call("sendMessage", chat_id=amal.id, text="Frage", reply_markup=CARD)
    with pytest.raises(AssertionError, match=r"in vain and sees:\nAmal: /start\nBot: Frage\n    \[Ja\] \[Nein\]"):
        await amal.reads("Antwort")
    with pytest.raises(AssertionError, match="sees no button with 'Vielleicht':\nAmal: /start\nBot: Frage"):
        await amal.tap("Vielleicht")
    await amal.tap("Ja")
    with pytest.raises(AssertionError, match="the answer to a tap in vain"):
        await amal.send("Hallo?")
    with pytest.raises(AssertionError, match="an empty chat"):
        await (await phones.new("Olena", "uk")).reads("Hallo")
