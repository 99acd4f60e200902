"""Whose turn an update is and what of it is stored, whatever it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.intake import chat_of, lean, whole
from tests.telegram.taking_in import update

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("chat", "from", "id", "message", "x")), inner, max_size=3),
    ),
    max_leaves=12,
)


UPDATES = st.dictionaries(
    st.sampled_from(("update_id", "message", "callback_query", "my_chat_member", "edited_message", "x")), JSON
)


FAST = settings(max_examples=300)


@FAST
@given(raw=UPDATES)
def test_whose_turn_an_update_is_can_be_asked_of_any_json(raw: dict[str, Any]) -> None:
    found = chat_of(raw)
    assert found is None or type(found) is int


@FAST
@given(raw=UPDATES)
def test_any_json_can_be_made_lean_and_keeps_its_chat(raw: dict[str, Any]) -> None:
    before = json.dumps(raw)
    assert chat_of(lean(raw)) == chat_of(raw)
    assert json.dumps(raw) == before, "what came in is not changed"


@pytest.mark.parametrize(
    ("raw", "chat_id"),
    [
        ({"update_id": 1, "message": {"from": {"id": 5}, "chat": {"id": 6}}}, 6),
        ({"update_id": 1, "edited_message": {"chat": {"id": -1_000_000_000_007}}}, -1_000_000_000_007),
        ({"update_id": 1, "callback_query": {"from": {"id": 5}, "message": {"chat": {"id": 6}}}}, 6),
        ({"update_id": 1, "callback_query": {"from": {"id": 5}, "inline_message_id": "x"}}, 5),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}, "from": {"id": 5}}}, 7),
        ({"update_id": 1, "channel_post": {"chat": {"id": -7}}}, -7),
        ({"update_id": 1, "poll": {"id": "5", "question": "?"}}, None),
        ({"update_id": 1, "message": {"chat": {"id": "6"}}}, None),
        ({"update_id": 1, "message": {"chat": {"id": True}}}, None),
        ({"update_id": 1, "message": None}, None),
        ({"update_id": 1}, None),
    ],
)
def test_whose_turn_an_update_is(raw: dict[str, Any], chat_id: int | None) -> None:
    assert chat_of(raw) == chat_id


def test_a_tapped_cards_own_words_are_not_stored() -> None:
    query = {
        "id": "9",
        "from": {"id": 5},
        "data": "v1.next",
        "message": {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 99, "text": "canary"},
    }
    slim = lean({"update_id": 1, "callback_query": query})
    assert "canary" not in json.dumps(slim)
    assert slim["callback_query"]["data"] == "v1.next"
    assert slim["callback_query"]["message"]["message_id"] == 3
    assert slim["callback_query"]["message"]["chat"] == {"id": 5, "type": "private"}


def test_half_letters_become_signs_of_their_length_and_whole_ones_stay() -> None:
    words = "\ud83d a \U0001f600 \udc00\ud83d"
    raw = update(1, text=words, entities=[{"offset": 2, "length": 1}])
    assert whole(raw) == update(1, text="\ufffd a \U0001f600 \ufffd\ufffd", entities=[{"offset": 2, "length": 1}])
    assert whole(update(1, text="\U0001f600")) == update(1, text="\U0001f600")
