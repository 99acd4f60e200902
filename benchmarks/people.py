"""People who answer every card at once. They have a next step on every kind of card, up to the last one.

They know the form of a button's data (`v<version>.<verb>.<argument>...`) and what each verb does, but no questions.
So the same people work with an echo (no buttons: they write) and with a bot that only edits cards.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

WORDS = "10"
"""What they write. It is a number where a number is asked for, and words where words are."""
AROUND = frozenset({"back", "skip", "forward", "pause", "decline", "talk"})
"""Verbs of buttons around an answer. A card with no other buttons asks for words."""
BOT: Json = {"id": 1234567890, "is_bot": True, "first_name": "Bot", "username": "benchmark_bot"}

encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Step:
    """What a person does with a card: tap a button (its data) or write WORDS (None). An answer must be stored."""

    data: str | None = None
    is_answer: bool = False


def choose(buttons: Sequence[str], turn: int) -> Step | None:
    """The step on a card with these buttons' data. `turn` varies the option. None: this card was the last."""
    verbs: dict[str, list[str]] = {}
    for data in buttons:
        verbs.setdefault(data.split(".")[1], []).append(data)
    for verb, is_answer in (("o", True), ("lang", False)):
        if verb in verbs:
            return Step(verbs[verb][turn % len(verbs[verb])], is_answer)
    for verb, close, is_answer in (("t", "done", True), ("agree", "next", False)):
        if verb in verbs:
            ticked = any(data.endswith(".0") for data in verbs[verb])  # the button would remove the tick
            return Step(verbs[close][0], is_answer) if ticked else Step(verbs[verb][turn % len(verbs[verb])])
    if "done" in verbs:
        return Step(verbs["done"][0], is_answer=True)  # a card that is only read, which is also stored
    for verb in ("age", "storage", "next", "confirm"):
        if verb in verbs:
            return Step(next((data for data in verbs[verb] if data.endswith(".yes")), verbs[verb][0]))
    return Step(is_answer=bool(verbs)) if verbs.keys() <= AROUND else None


@dataclass(slots=True)
class Person:
    """A person in a private chat, and what they wait for. Times are the event loop's seconds."""

    chat_id: int
    language: str
    messages: int = 0
    turns: int = 0
    answers: int = 0
    card: str = ""
    reads: str = ""
    waiting: bool = False
    step: Step = field(default_factory=Step)
    sent_at: float = 0.0
    handed_at: float = 0.0
    _chat: Json = field(init=False)
    _self: Json = field(init=False)

    def __post_init__(self) -> None:
        self._chat = {"id": self.chat_id, "type": "private", "first_name": "Sam"}
        self._self = {"id": self.chat_id, "is_bot": False, "first_name": "Sam", "language_code": self.language}

    def writes(self, update_id: int, text: str, date: int) -> bytes:
        """The update of a text from this person."""
        self.messages += 1
        message = {"message_id": self.messages, "from": self._self, "chat": self._chat, "date": date, "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        return encode({"update_id": update_id, "message": message}).encode()

    def taps(self, update_id: int, data: str) -> bytes:
        """The update of a tap on the card they see. It contains the card, as Telegram's does."""
        who = encode(self._self)
        return (
            f'{{"update_id":{update_id},"callback_query":{{"id":"{update_id}","from":{who},"message":{self.card},'
            f'"chat_instance":"{self.chat_id}","data":{encode(data)}}}}}'
        ).encode()

    def sees(self, sent: Json, date: int) -> list[str]:
        """The card that the bot sent or edited becomes the one they see. Returns the data of its buttons."""
        message_id = sent.get("message_id")
        edited = {"edit_date": date} if message_id else {}
        if not message_id:
            self.messages += 1
            message_id = self.messages
        card = {"message_id": message_id, "from": BOT, "chat": self._chat, "date": date, **edited}
        card |= {name: sent[name] for name in ("text", "entities", "reply_markup") if sent.get(name)}
        self.card, self.reads = encode(card), sent.get("text", "")
        rows = (sent.get("reply_markup") or {}).get("inline_keyboard", ())
        return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
