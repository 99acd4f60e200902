"""When it goes wrong on our side: the person is told, the others notice nothing, the log is silent on people."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.db import schema
from bot.services import messages, taps
from bot.telegram import desk
from tests.conversations.people import (
    CERTIFICATE,
    HOURS,
    PAPER,
    SUPPORT,
    Time,
    answers_of,
    asked,
    calls_so_far,
    known,
    newcomer,
    rows,
    said,
    say,
    tap,
    town,
)
from tests.phones import Phone
from tests.running import TOKEN, Lotse
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

WENT_WRONG = "Bei uns ist etwas schiefgegangen. Ihre Antworten sind sicher."


def fails_for(use_case: Callable[..., Any], phone: Phone, times: int = 1000) -> Callable[..., Any]:
    """The use case, raising so many times for this person: after its work, which must not stay."""
    left = times

    def failing(turn: Any, visitor: Any, *more: Any) -> Any:
        nonlocal left
        answer = use_case(turn, visitor, *more)
        if visitor.chat_id == phone.id and left:
            left -= 1
            raise RuntimeError(f"{phone.name} wrote {more}")
        return answer

    return failing


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other without a pause."""
    monkeypatch.setattr(desk, "PAUSE", 0.0)


def parked_of(lotse: Lotse, phone: Phone) -> list[dict[str, Any]]:
    return [one for one in rows(lotse.settings, schema.inbox, chat_id=phone.id) if one["parked"]]


@pytest.mark.row(16)
async def test_a_tap_that_fails_three_times_is_parked_and_the_person_told(
    lotse: Lotse, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris = await asked(lotse, CERTIFICATE, "Anna"), await asked(lotse, CERTIFICATE, "Boris")
    before = known(lotse, anna)
    with monkeypatch.context() as patch:
        patch.setattr(taps, "tap", fails_for(taps.tap, anna))
        await anna.tap("Ja")
        await anna.reads_toast(WENT_WRONG)
        await tap(boris, "Ja", PAPER)
    assert known(lotse, anna) == before
    (parked,) = parked_of(lotse, anna)
    assert (parked["parked"], parked["attempts"]) == ("RuntimeError", 3)
    await tap(anna, "Ja", PAPER)


@pytest.mark.row(16)
async def test_words_that_fail_three_times_are_parked_and_the_person_told(
    lotse: Lotse, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await asked(lotse, HOURS, "Anna")
    before = known(lotse, anna)
    with monkeypatch.context() as patch:
        patch.setattr(messages, "write", fails_for(messages.write, anna))
        await say(anna, "10", WENT_WRONG)
    assert known(lotse, anna) == before
    await say(anna, "12", SUPPORT)
    assert answers_of(lotse, anna)["hours"] == 12


async def test_a_failure_that_passes_is_not_noticed(lotse: Lotse, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await asked(lotse, CERTIFICATE, "Anna")
    calls = await calls_so_far(lotse, anna)
    with monkeypatch.context() as patch:
        patch.setattr(taps, "tap", fails_for(taps.tap, anna, times=2))
        await tap(anna, "Ja", PAPER)
        await anna.transcript()
    assert not any("schiefgegangen" in one["text"] for one in anna.state["toasts"])
    assert not parked_of(lotse, anna)
    made = [one["method"] for one in await lotse.phones.calls(calls) if one["method"] != "getUpdates"]
    assert sorted(made) == ["answerCallbackQuery", "editMessageText"]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_person_is_told_in_the_chosen_language(
    lotse: Lotse, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    anna = await newcomer(lotse)
    await tap(anna, said(language, "language.name"), said(language, "age.ask"))
    with monkeypatch.context() as patch:
        patch.setattr(messages, "write", fails_for(messages.write, anna))
        await say(anna, "10", said(language, "trouble.text"))


@pytest.mark.row(16)
async def test_what_comes_behind_a_failing_one_is_worked_through(
    lotse: Lotse, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await asked(lotse, CERTIFICATE, "Anna")
    card = anna.last_message["message_id"]
    with monkeypatch.context() as patch:
        patch.setattr(taps, "tap", fails_for(taps.tap, anna, times=3))
        await anna.tap_data("v1.first", message_id=card)
        await tap(anna, "Ja", PAPER)
    assert len(parked_of(lotse, anna)) == 1


@pytest.mark.parametrize("kind", ["500", "502_html", "reset_before"])
async def test_a_card_the_messenger_did_not_take_is_shown_by_the_next_word(lotse: Lotse, kind: str) -> None:
    anna = await asked(lotse, HOURS)
    await lotse.phones.fault(kind, method="sendMessage", chat_id=anna.id, times=1)
    await anna.send("10")
    await until(lambda: answers_of(lotse, anna).get("hours") == 10, "the answer to be stored")
    await lotse.phones.calm()
    await say(anna, "/start", SUPPORT)
    assert answers_of(lotse, anna)["hours"] == 10


async def test_an_update_nobody_can_read_stops_nobody(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    own = {"message": {"chat": {"id": anna.id}}}
    updates: tuple[object, ...] = (own, {"callback_query": 7}, {"message": None}, {}, [], "x", None)
    for rubbish in updates:
        await lotse.phones.inject(rubbish)
    await tap(anna, "Ja", PAPER)


@pytest.mark.row(40)
async def test_the_log_tells_nothing_of_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_lines: io.StringIO
) -> None:
    names, words = ["Zarathustra", "Quittenbaum", "zara_quitte"], ["Xylologie", "Rhabarberkuchen"]
    secrets = [*names, *words, TOKEN, TOKEN.split(":")[1]]
    async with town(tmp_path, Time()) as lotse:
        zara = await lotse.phones.new("Zarathustra", "de", last_name="Quittenbaum", username="zara_quitte")
        await say(zara, "Rhabarberkuchen", "Bitte wählen Sie Ihre Sprache")
        await tap(zara, "Deutsch", "16 Jahre")
        await tap(zara, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
        await tap(zara, "Ja, ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
        await tap(zara, "Weiter", "Was möchten Sie erreichen?")
        await say(zara, "Xylologie", "Das habe ich nicht verstanden")
        with monkeypatch.context() as patch:
            patch.setattr(messages, "write", fails_for(messages.write, zara))
            await say(zara, "Rhabarberkuchen und Xylologie", WENT_WRONG)
        await zara._act("messages", kind="photo", caption="Rhabarberkuchen")
        await zara.reads("Ich kann nur Text lesen")
        await lotse.phones.fault("403", method="sendMessage", chat_id=zara.id, times=1)
        await zara.send("Rhabarberkuchen")
        await until(lambda: "send_failed" in log_lines.getvalue(), "the refused card")
        await lotse.phones.fault("500", method="sendMessage", chat_id=zara.id, times=1)
        await zara.send("/start Xylologie")
        await until(lambda: log_lines.getvalue().count("send_failed") > 1, "the lost card")
        await lotse.phones.inject({"message": {"text": "Rhabarberkuchen", "chat": {"id": zara.id}}})
        await say(zara, "/forget", "Möchten Sie wirklich alles löschen?")
        await tap(zara, "Ja, alles löschen", "Alles ist gelöscht.")
    text = log_lines.getvalue()
    assert [secret for secret in secrets if secret in text] == []
    lines = [json.loads(line) for line in text.splitlines()]
    events = {one["event"] for one in lines}
    assert {"started", "handler_failed", "update_parked", "send_failed", "stopped"} <= events
    failed = next(one for one in lines if one["event"] == "handler_failed")
    assert failed["update"] > 0, "one structured line with an id"
    assert failed["error"].startswith("RuntimeError at ")
