"""An update becomes a use case once and for all; what cannot be handled is tried, parked, and told to the person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from telegram import Update
from telegram.ext import TypeHandler

from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.content.texts import Texts
from bot.core.message import Screen, Text
from bot.db import chats, inbox, keys
from bot.db.engine import Database, DatabaseAway, UseCase, open_database
from bot.db.schema import inbox as inbox_table
from bot.services import welcome
from bot.services.reply import Card, Reply
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.telegram import desk as desk_module
from bot.telegram.desk import Desk, note_error
from bot.telegram.flood import Flood
from bot.telegram.intake import Attempt, Delivered, Intake, chat_of
from bot.telegram.presenter import Presenter
from bot.telegram.transport import NotSent, OutcomeUnknown
from bot.telegram.wakes import Wakes
from tests import databases
from tests.telegram.fake_telegram import AnyApplication, FakeTelegram, application
from tests.waiting import until

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PERSON = {"id": 5, "is_bot": False, "first_name": "canary", "language_code": "en"}
CHAT = {"id": 5, "type": "private"}
CALM = "Your answers are safe"


def words(number: int, text: str = "canary words") -> dict[str, Any]:
    message = {"message_id": 50, "date": 1_795_600_000, "chat": CHAT, "from": PERSON, "text": text}
    return {"update_id": number, "message": message}


def tap(number: int) -> dict[str, Any]:
    message = {"message_id": 40, "date": 0, "chat": CHAT}
    query = {"id": "77", "from": PERSON, "chat_instance": "1", "data": "v1.next", "message": message}
    return {"update_id": number, "callback_query": query}


@dataclass
class Office:
    """A desk, with everything around it."""

    desk: Desk
    shelf: Shelf
    presenter: Presenter
    database: Database
    telegram: FakeTelegram
    application: AnyApplication
    ran: list[int] = field(default_factory=list)

    @property
    def texts(self) -> Texts:
        """The texts that are used now."""
        return self.shelf.content.texts

    def handle(self, handler: Callable[[Update], Any]) -> None:
        """From now on every update goes to this handler."""

        async def callback(update: Update, _: object) -> None:
            await handler(update)

        self.application.add_handler(TypeHandler(Update, callback))

    async def work(self, raw: dict[str, Any], tries: int = 0) -> None:
        """An update arrives and is worked on."""
        arrived = inbox.Arrived(raw["update_id"], chat_of(raw), json.dumps(raw))
        await self.database.run(lambda tx: inbox.store(tx, [arrived], NOW))
        await self.desk.work(self.application, Delivered(arrived, raw), Attempt(tries))

    async def parked(self) -> list[str]:
        """Why updates were set aside."""
        reasons = select(inbox_table.c.parked).where(inbox_table.c.parked.is_not(None))
        return [str(one) for one in await self.database.run(lambda tx: tx.execute(reasons).scalars().all())]

    async def waiting(self) -> list[int]:
        """What is still to do."""
        return [one.update_id for one in await self.database.run(inbox.waiting)]


@pytest.fixture
async def office(tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(desk_module, "PAUSE", 0)
    database = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))
    telegram = FakeTelegram()
    async with application(telegram) as made:
        shelf = Shelf(content)
        presenter = Presenter(made.bot, database, lambda: NOW)
        desk = Desk(database, shelf, presenter, lambda: NOW)
        made.add_error_handler(note_error)
        yield Office(desk, shelf, presenter, database, telegram, made)
    await database.close()


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
    wakes = Wakes(office.database, office.shelf, office.presenter, cast("Intake", None), lambda: NOW)
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


# ---- how replies are drawn


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
        wakes = Wakes(office.database, office.shelf, office.presenter, intake, lambda: NOW)
        left: list[int] = []
        office.presenter.may_show, office.presenter.left_owed = lambda: held, left.append
        await office.work(words(1))
        assert (left, office.telegram.calls) == ([5], [])
        held = True
        for _ in range(2):  # what was shown is owed no more
            wakes.show_in_turn(5)
            await until(lambda: not intake.serves(5), "the end of the turn")
            assert office.telegram.methods() == ["sendMessage"]
