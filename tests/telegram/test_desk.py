"""An update becomes a use case once and for all; what cannot be handled is tried, parked, and told to the person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs
from telegram import Update

from bot.content.loader import Content
from bot.content.texts import Texts
from bot.db import chats, keys
from bot.db.engine import DatabaseAway, UseCase
from bot.services import welcome
from bot.services.reply import Reply
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.telegram import desk as desk_module
from bot.telegram.common import Common
from bot.telegram.intake import Attempt, Intake
from bot.telegram.wakes import Wakes
from tests.telegram.office import CALM, NOW, Office, tap, words
from tests.telegram.test_drawing import shown


async def test_an_update_is_handled_shown_and_gone(office: Office) -> None:
    office.handle(lambda update: office.desk.reply(update, welcome.start))
    await office.work(words(1))
    assert office.telegram.methods() == ["sendMessage"]
    assert (await office.waiting(), await office.parked()) == ([], [])
    found = await office.database.run(lambda tx: chats.load(tx, 5))
    assert found is not None
    assert found[0].shown_version == found[0].card_version == 1


async def test_an_update_that_was_handled_before_has_no_second_effect(office: Office) -> None:
    def use_case(turn: Turn, visitor: Visitor) -> Reply:
        office.ran.append(visitor.chat_id)
        return welcome.start(turn, visitor)

    office.handle(lambda update: office.desk.reply(update, use_case))
    await office.work(tap(1))
    await office.work(tap(1))
    assert office.ran == [5]
    assert office.telegram.methods() == ["answerCallbackQuery", "answerCallbackQuery", "sendMessage"]


async def test_an_update_the_library_cannot_read_is_parked_without_its_words(office: Office) -> None:
    office.handle(lambda update: office.desk.reply(update, welcome.start))
    with capture_logs() as logged:
        await office.work({"update_id": 1, "message": {"message_id": 1, "text": "canary", "chat": "canary"}})
    (reason,) = await office.parked()
    assert reason.startswith("unreadable: ")
    assert "canary" not in reason
    assert "canary" not in str([{**one, "error": None} for one in logged])
    assert await office.waiting() == []
    assert office.telegram.calls == []


async def test_an_update_nobody_is_interested_in_is_done(office: Office) -> None:
    await office.work(words(1))
    assert (await office.waiting(), await office.parked(), office.telegram.calls) == ([], [], [])


@pytest.mark.row(16)
async def test_a_use_case_that_breaks_is_tried_three_times_parked_and_told(office: Office) -> None:
    def broken(_turn: Turn, _visitor: Visitor) -> Reply:
        office.ran.append(1)
        raise KeyError("canary words")

    office.handle(lambda update: office.desk.reply(update, broken))
    await office.work(words(1))
    assert len(office.ran) == desk_module.TRIES
    assert await office.parked() == ["KeyError"]
    assert [one["chat_id"] for one in office.telegram.of("sendMessage")] == [5]
    assert CALM in office.telegram.of("sendMessage")[0]["text"]


async def test_what_breaks_only_once_is_done_at_the_second_try(office: Office) -> None:
    def once(turn: Turn, visitor: Visitor) -> Reply:
        office.ran.append(1)
        if len(office.ran) == 1:
            raise KeyError
        return welcome.start(turn, visitor)

    office.handle(lambda update: office.desk.reply(update, once))
    await office.work(words(1))
    assert (len(office.ran), await office.parked()) == (2, [])
    assert len(office.telegram.of("sendMessage")) == 1


async def test_who_broke_with_a_tap_is_told_by_its_toast_in_the_chosen_language(office: Office) -> None:
    def broken(_turn: Turn, _visitor: Visitor) -> Reply:
        raise KeyError

    await office.database.run(lambda tx: welcome.start(Turn(tx, office.shelf.content, NOW), Visitor(5)))
    await office.database.run(lambda tx: chats.save(tx, 5, {"language": "de"}))
    office.handle(lambda update: office.desk.reply(update, broken))
    await office.work(tap(1))
    (answer,) = office.telegram.of("answerCallbackQuery")
    assert "Ihre Antworten sind sicher" in answer["text"]
    assert office.telegram.of("sendMessage") == []


async def test_an_error_after_the_commit_repeats_nothing(office: Office) -> None:
    async def handler(update: Update) -> None:
        await office.desk.reply(update, welcome.start)
        office.ran.append(1)
        raise KeyError

    office.handle(handler)
    await office.work(words(1))
    assert (office.ran, await office.parked()) == ([1], [])


async def test_a_dead_database_is_no_fault_of_the_update_and_told_once(office: Office) -> None:
    def away(_turn: Turn, _visitor: Visitor) -> Reply:
        raise DatabaseAway

    office.handle(lambda update: office.desk.reply(update, away))
    for tries in (0, 1, 2):
        with pytest.raises(DatabaseAway):
            await office.work(words(1), tries)
    assert (await office.waiting(), await office.parked()) == ([1], [])
    (told,) = office.telegram.of("sendMessage")
    assert CALM in told["text"]


async def test_words_whose_key_is_not_here_yet_are_waited_for_but_not_for_ever(office: Office) -> None:
    former = keys.Keyring.new()
    sealed = former.with_new_key().seal("words", "answer")

    def opens(_turn: Turn, _visitor: Visitor) -> Reply:
        former.open(sealed, "answer")
        raise AssertionError

    office.handle(lambda update: office.desk.reply(update, opens))
    for tries in (0, 1, desk_module.KEY_TRIES - 1):
        with pytest.raises(DatabaseAway):
            await office.work(words(1), tries)
    assert (await office.waiting(), await office.parked()) == ([1], [])
    (told,) = office.telegram.of("sendMessage")
    assert CALM in told["text"]
    await office.work(words(1), desk_module.KEY_TRIES)
    assert await office.parked() == ["MissingKey"]


async def test_a_plain_word_needs_no_database_row(office: Office) -> None:
    office.handle(lambda update: office.desk.say(update, ui("group.text")))
    await office.work(words(1))
    assert "private" in office.telegram.of("sendMessage")[0]["text"]
    assert await office.waiting() == []


async def test_a_reply_is_drawn_with_the_content_it_was_decided_with(office: Office) -> None:
    """New content comes between the commit and the drawing, and has none of the card's texts."""
    without = replace(office.shelf.content, texts=Texts(("de",), {}, {}), languages=("de",))
    commit = office.database.run

    async def then_changed(use_case: UseCase[Any]) -> Any:
        answer = await commit(use_case)
        office.shelf.put(without)
        return answer

    async def handler(update: Update) -> None:
        office.database.run = then_changed  # type: ignore[method-assign]
        await office.desk.reply(update, welcome.start)

    drawn = office.texts
    office.handle(handler)
    await office.work(words(1))
    (sent,) = office.telegram.of("sendMessage")
    assert office.texts is without.texts
    assert drawn.label("en", ui("language.ask")) in sent["text"]
    assert await shown(office) == (1, 101)


async def test_a_card_that_is_owed_is_drawn_with_the_content_it_was_decided_with(office: Office) -> None:
    await office.database.run(lambda tx: welcome.start(Turn(tx, office.shelf.content, NOW), Visitor(5)))
    without = replace(office.shelf.content, texts=Texts(("de",), {}, {}), languages=("de",))
    commit = office.database.run

    async def then_changed(use_case: UseCase[Any]) -> Any:
        answer = await commit(use_case)
        office.shelf.put(without)
        return answer

    office.database.run = then_changed  # type: ignore[method-assign]
    wakes = Wakes(Common(office.database, office.shelf, lambda: NOW), office.presenter, cast("Intake", None))
    await wakes._show_again(5, Attempt())
    assert len(office.telegram.of("sendMessage")) == 1
    assert office.texts is without.texts


async def test_the_next_update_sees_the_new_content(office: Office) -> None:
    seen: list[Content] = []

    def use_case(turn: Turn, _visitor: Visitor) -> None:
        seen.append(turn.content)

    office.handle(lambda update: office.desk.reply(update, use_case))
    former = office.shelf.content
    await office.work(words(1))
    office.shelf.put(replace(former, revision="new"))
    await office.work(words(2))
    assert [one.revision for one in seen] == [former.revision, "new"]
