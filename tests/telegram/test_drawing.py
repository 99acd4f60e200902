"""How replies are drawn: what each costs, and what becomes of those that do not arrive."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.message import Screen, Text
from bot.db import chats
from bot.services import welcome
from bot.services.reply import Card, File, Reply
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.telegram import calls
from bot.telegram.common import Common
from bot.telegram.flood import Flood
from bot.telegram.intake import Intake
from bot.telegram.transport import NotSent, OutcomeUnknown
from bot.telegram.wakes import Wakes
from tests.telegram.office import NOW, Office, words
from tests.waiting import until


async def card(office: Office, **more: Any) -> Card:
    """The first card of somebody, as a use case answers it."""
    reply = await office.database.run(lambda tx: welcome.start(Turn(tx, office.shelf.content, NOW), Visitor(5)))
    assert reply.card is not None
    given = {name: getattr(reply.card, name) for name in Card.__dataclass_fields__}
    return Card(**(given | more))


async def shown(office: Office) -> tuple[int, int | None]:
    """The version that stands in the chat, and its message."""
    found = await office.database.run(lambda tx: chats.load(tx, 5))
    assert found is not None
    return found[0].shown_version, found[0].card_message


async def test_a_tap_costs_one_edit_and_one_answer(office: Office) -> None:
    await office.presenter.present(office.texts, Reply("de", await card(office, edit=40), ui("consent.given")), "77")
    assert office.telegram.methods() == ["answerCallbackQuery", "editMessageText"]
    assert office.telegram.of("answerCallbackQuery")[0]["text"]
    assert await shown(office) == (1, 40)


async def test_words_cost_one_message_and_one_strip(office: Office) -> None:
    await office.presenter.present(office.texts, Reply("de", await card(office, strip=(40,))))
    assert office.telegram.methods() == ["editMessageReplyMarkup", "sendMessage"]
    assert await shown(office) == (1, 101)


async def test_a_card_that_stands_there_already_is_shown(office: Office) -> None:
    office.telegram.refuse("editMessageText", (400, "Bad Request: message is not modified: specified new message"))
    await office.presenter.present(office.texts, Reply("de", await card(office, edit=40)))
    assert (office.telegram.methods(), await shown(office)) == (["editMessageText"], (1, 40))


async def test_a_new_message_takes_the_place_of_one_that_was_deleted(office: Office) -> None:
    office.telegram.refuse("editMessageText", (400, "Bad Request: message to edit not found"))
    await office.presenter.present(office.texts, Reply("de", await card(office, edit=40)))
    assert await shown(office) == (1, 101)


async def test_words_arrive_although_their_links_are_refused(office: Office) -> None:
    office.telegram.refuse("sendMessage", (400, "Bad Request: can't parse entities: unsupported"))
    first = await card(office)
    bold = Card(5, "de", first.version, Screen(((Text("town.privacy.notice"),),)))
    await office.presenter.present(office.texts, Reply("de", bold))
    tries = office.telegram.of("sendMessage")
    assert [bool(one.get("entities")) for one in tries] == [True, False]
    assert tries[0]["text"] == tries[1]["text"]
    assert await shown(office) == (1, 101)


@pytest.mark.parametrize(
    ("why", "outcome", "blocked"),
    [
        ((403, "Forbidden: bot was blocked by the user"), "refused", True),
        ((400, "Bad Request: chat not found"), "refused", True),
        (OutcomeUnknown("reset"), "unknown", False),
        ((500, "Internal Server Error"), "refused", False),
    ],
    ids=str,
)
async def test_a_card_that_did_not_arrive_stays_owed(office: Office, why: Any, outcome: str, blocked: bool) -> None:
    office.telegram.refuse("sendMessage", why)
    with capture_logs() as logged:
        await office.presenter.present(office.texts, Reply("de", await card(office)))
    found = await office.database.run(lambda tx: chats.load(tx, 5))
    assert found is not None
    assert (found[0].shown_version, found[0].blocked_at is not None) == (0, blocked)
    assert [one["outcome"] for one in logged] == [outcome]
    owed = await office.database.run(lambda tx: chats.owed(tx, NOW, timedelta(0)))
    assert owed == ([] if blocked else [5])


async def test_a_lost_toast_or_strip_does_not_hold_up_the_card(office: Office) -> None:
    office.telegram.refuse("answerCallbackQuery", (400, "Bad Request: query is too old"))
    office.telegram.refuse("editMessageReplyMarkup", OutcomeUnknown("reset"))
    await office.presenter.present(office.texts, Reply("de", await card(office, strip=(40,))), "77")
    assert await shown(office) == (1, 101)


async def test_a_last_word_leaves_no_trace(office: Office) -> None:
    await office.presenter.present(office.texts, Reply("de", await card(office, kept=False)))
    assert await shown(office) == (0, None)


async def test_a_call_that_never_left_is_made_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.gate.PAUSES", (0, 0))
    office.telegram.refuse("sendMessage", NotSent("refused"))
    await office.presenter.present(office.texts, Reply("de", await card(office)))
    assert len(office.telegram.of("sendMessage")) == 2
    assert await shown(office) == (1, 101)


async def test_a_card_that_is_not_ours_to_show_stays_owed_and_is_shown_in_the_chats_next_turn(office: Office) -> None:
    held = False
    office.handle(lambda update: office.desk.reply(update, welcome.start))
    async with asyncio.TaskGroup() as nursery:
        intake = Intake(office.database, None, nursery, clock=lambda: NOW, flood=Flood(0))  # type: ignore[arg-type]
        wakes = Wakes(Common(office.database, office.shelf, lambda: NOW), office.presenter, intake)
        left: list[int] = []
        office.presenter.may_show, office.presenter.left_owed = lambda: held, left.append
        await office.work(words(1))
        assert (left, office.telegram.calls) == ([5], [])
        held = True
        for _ in range(2):  # what was shown is owed no more
            wakes.show_in_turn(5)
            await until(lambda: not intake.serves(5), "the end of the turn")
            assert office.telegram.methods() == ["sendMessage"]


@pytest.mark.parametrize(("size", "methods"), [(10, ["sendDocument"]), (11, ["sendMessage"])])
async def test_of_a_file_that_telegram_would_not_take_a_word_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch, size: int, methods: list[str]
) -> None:
    monkeypatch.setattr(calls, "LARGEST_FILE", 10)
    await card(office)
    file = File(5, "de", "all.zip", "application/zip", b"x" * size, ui("calendar.caption"))
    await office.presenter.present(office.texts, Reply("de", None, file=file))
    assert office.telegram.methods() == methods
    assert all("50 MB" in str(one["text"]) for one in office.telegram.of("sendMessage"))
