"""Updates nobody can read, between good ones: they are set aside with a code, and everybody else goes on."""

from __future__ import annotations

import json
import random  # noqa: TID251 - seeded, so that a failure comes again
from pathlib import Path
from typing import Any

import pytest

from bot.content.loader import Content
from tests.amounts import amount
from tests.catalogue import count
from tests.faults import audit
from tests.faults.canary import HEALTH, NAME
from tests.faults.machine import PARKED, Machine
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.sums import note
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
STRANGER = {"id": 6_000_000_001, "is_bot": False, "first_name": NAME, "language_code": "de"}
CHAT = {"id": 6_000_000_001, "type": "private", "first_name": NAME}
MESSAGE = {"message_id": 7, "from": STRANGER, "chat": CHAT, "date": 1_780_000_000, "text": HEALTH}


def message(**more: Any) -> str:
    return f',"message":{json.dumps({**MESSAGE, **more})}'


def without(*names: str) -> str:
    return f',"message":{json.dumps({name: value for name, value in MESSAGE.items() if name not in names})}'


def tap(**more: Any) -> str:
    return f',"callback_query":{json.dumps({"id": "1", "from": STRANGER, "chat_instance": "1", **more})}'


UNREADABLE = {
    # aiogram#1840: a message of 2015, forwarded: the name that the documentation promises is missing
    "an old forwarded message": message(forward_origin={"type": "hidden_user", "date": 1422450181}),
    # aiogram#1587: an answer to a story that is gone
    "a reply to a story": message(
        external_reply={
            "origin": {"type": "user", "date": 1_780_000_000, "sender_user": STRANGER},
            "chat": CHAT,
            "story": {},
        }
    ),
    "no chat": without("chat"),
    "no number": without("message_id"),
    "a chat that is a word": message(chat=HEALTH),
    "a message that is a word": f',"message":{json.dumps(HEALTH)}',
    "a message that is a list": f',"message":[{json.dumps(MESSAGE)}]',
    "a date that is a word": message(date=HEALTH),
}
"""What python-telegram-bot cannot read; the JSON behind the update's number."""
HANDLED = {
    "an unknown kind": f',"telepathy":{json.dumps({"from": STRANGER, "text": HEALTH})}',
    "nothing at all": "",
    "a megabyte of text": message(text=f"{HEALTH} " * 40_000),
    "half letters": message(text=f"\ud83d {HEALTH} \udc00"),
    "half letters in a name": message(chat={**CHAT, "first_name": f"\ud83d{NAME}"}),
    "a letter of nothing": message(text=f"{HEALTH}\0"),
    "no text": without("text"),
    "nobody": without("from"),
    "an odd language": message(**{"from": {**STRANGER, "language_code": "x" * 300}}),
    "unknown fields": message(mood={"of": [HEALTH]}),
    "a start with a payload of words": message(
        text=f"/start {HEALTH}", entities=[{"type": "bot_command", "offset": 0, "length": 6}]
    ),
    "an entity beyond the end": message(
        text="/start", entities=[{"type": "bot_command", "offset": 3, "length": 4_000}]
    ),
    "a tap that is old, on nothing": tap(data=HEALTH),
    "a tap without a person": f',"callback_query":{{"id":"1","chat_instance":"1","data":"{HEALTH}"}}',
    "a tap of made-up data": tap(data="v999.o.A1", message=MESSAGE),
}
"""What can be read in some way, and must be answered or left without harm."""


@pytest.mark.row(15)
async def test_strange_updates_are_set_aside_and_everybody_else_goes_on(
    telegram: Telegram, tmp_path: Path, town: Content
) -> None:
    crowd = Crowd(telegram, town, random.Random(1840))  # noqa: S311
    times = amount("STRANGE")
    people = [crowd.person(number) for number in range(5)]
    machine = Machine(telegram, tmp_path)
    await machine.ready()
    async with answering(people):
        for strange in [*UNREADABLE.values(), *HANDLED.values()] * times:
            telegram.put_raw(strange)
            await more_answers(crowd)
    await machine.quiet()
    parked = machine.ask(PARKED)[0][0]
    assert await machine.stop() == 0
    note("strange updates between good ones", times * (len(UNREADABLE) + len(HANDLED)))
    note("strange updates set aside", parked)
    machine.scan()
    assert parked == times * len(UNREADABLE), machine.last_words()
    assert crowd.faults + audit.differences(audit.stored_in(machine.database, town), people) == []
    count("strange updates between good ones", times * (len(UNREADABLE) + len(HANDLED)))
