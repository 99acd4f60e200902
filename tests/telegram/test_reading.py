"""A tap read by hand is what the library would read."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from bot.telegram.intake import lean
from bot.telegram.reading import read

PERSON = {"id": 5_000_000_001, "is_bot": False, "first_name": "Amal", "language_code": "ar"}
CHAT = {"id": 5_000_000_001, "type": "private", "first_name": "Amal"}
CARD = {"message_id": 7, "date": 1_700_000_000, "chat": CHAT, "text": "Frage", "from": {**PERSON, "is_bot": True}}
TAP: dict[str, Any] = {"id": "42", "from": PERSON, "chat_instance": "1", "data": "v3.o.B1", "message": CARD}


@pytest.fixture
def bot() -> Bot:
    return Bot("1234567890:test-token-of-the-reading-and-no-other")


def test_a_tap_is_read_as_the_library_reads_it(bot: Bot) -> None:
    raw = {"update_id": 9, "callback_query": TAP}
    by_hand, whole = read(lean(raw), bot), read(raw, bot)
    assert by_hand.update_id == whole.update_id == 9
    assert by_hand.effective_user == whole.effective_user
    assert by_hand.effective_chat == whole.effective_chat
    for query in (by_hand.callback_query, whole.callback_query):
        assert query is not None
        assert query.message is not None
        assert (query.id, query.data, query.message.message_id) == ("42", "v3.o.B1", 7)


@pytest.mark.parametrize("missing", ["data", "message", "chat_instance"])
def test_a_tap_of_another_shape_is_left_to_the_library(bot: Bot, missing: str) -> None:
    odd = {name: value for name, value in TAP.items() if name != missing}
    if missing == "chat_instance":
        with pytest.raises(TypeError):
            read(lean({"update_id": 9, "callback_query": odd}), bot)
    else:
        query = read(lean({"update_id": 9, "callback_query": odd}), bot).callback_query
        assert query is not None
        assert query.id == "42"
