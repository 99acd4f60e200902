"""Whoever says "not for me" to a message has nothing to tap there any more, however often it is corrected."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.core.message import Screen
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.db.schema import delivery
from bot.services.broadcasts import broadcast_taps
from bot.services.broadcasts.broadcast_taps import Tapped
from bot.services.deliveries.sending import Ready, Result
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import load
from tests.services.broadcasts import Office


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 2}


def tap(post: Office, chat: int, verb: str) -> None:
    """A tap on what stands in a chat; its buttons are of the last change."""

    def use_case(turn: Turn) -> None:
        its = (delivery.c.chat_id == chat, delivery.c.text_key.startswith("broadcast."))
        newest = select(delivery.c.id).where(*its).order_by(delivery.c.id.desc()).limit(1)
        due = deliveries.load(turn.connection, turn.connection.execute(newest).scalar_one())
        visit = load(turn, Visitor(chat))
        assert due
        assert visit
        assert isinstance(broadcast_taps.tap(visit, due, verb, ()), Tapped)

    post.run(use_case)


def corrected(post: Office, text: str) -> dict[int, Screen]:
    """What stands in each chat after a correction."""
    drawn: dict[int, Screen] = {}

    def line(ready: Ready) -> Result:
        if ready.due.edits is not None and isinstance(ready.screen, Screen):
            drawn[ready.due.chat_id] = ready.screen
        return Result.SENT

    post.line = line
    assert post.correct(text)
    post.deliver()
    return drawn


@pytest.mark.parametrize("about", [{"offer_id": "warehouse_job"}, {}])
def test_whoever_said_not_for_me_gets_no_buttons_back(post: Office, about: dict[str, Any]) -> None:
    post.send({"de": "Hallo"}, answering="interest", **about)
    post.deliver()
    tap(post, 1, "not_me")
    for text in ("Guten Tag", "Guten Abend"):
        drawn = corrected(post, text)
        assert [line for block in drawn[1].blocks for line in block][1:] == [ui("interest.not_me")]
        assert drawn[1].rows == ()
        assert drawn[2].rows, "who said nothing can still say it"


@pytest.mark.parametrize("about", [{"offer_id": "warehouse_job"}, {}])
def test_not_for_me_on_a_corrected_copy_is_kept_as_well(post: Office, about: dict[str, Any]) -> None:
    post.send({"de": "Hallo"}, answering="interest", **about)
    post.deliver()
    corrected(post, "Guten Tag")
    tap(post, 1, "not_me")
    assert corrected(post, "Guten Abend")[1].rows == ()


def test_whoever_is_interested_after_all_reads_that(post: Office) -> None:
    post.send({"de": "Hallo"}, answering="interest", offer_id="warehouse_job")
    post.deliver()
    tap(post, 1, "not_me")
    tap(post, 1, "interest")
    assert corrected(post, "Guten Tag")[1].rows


def test_a_word_to_one_message_is_none_to_another(post: Office) -> None:
    for text in ("Hallo", "Guten Tag"):
        post.send({"de": text}, answering="interest")
        post.deliver()
    tap(post, 1, "not_me")
    assert corrected(post, "Guten Abend")[1].rows, "the first"
    kept = select(delivery.c.cause).where(delivery.c.params.is_not(None), delivery.c.kind == Kind.BROADCAST.value)
    assert post.run(lambda turn: list(turn.connection.execute(kept).scalars())) == ["broadcast:2"]
