"""The Bot API calls of the hot path: plain JSON on python-telegram-bot's own request object and errors.

`Bot.edit_message_text` and its like build and parse objects for everything they pass; a card needs two numbers of
the answer. docs/decisions/0008-hot-path.md has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram import Bot, InputFile
from telegram.error import BadRequest
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot import clock
from bot.content.rich import Rich
from bot.core.message import Medium
from bot.services.reply import File
from bot.telegram.intake import LARGEST_ID
from bot.telegram.transport import OutcomeUnknown

KIND = {"bold": "bold", "italic": "italic", "link": "text_link"}
ASIDE_SECONDS = 5.0
"""How long a call may take that is manners only: nobody waits for it."""
MISSING = "message to delete not found"
LARGEST_FILE = 50_000_000
"""Bytes of a file that Telegram takes."""
SENDS = {Medium.PHOTO: "sendPhoto", Medium.DOCUMENT: "sendDocument"}
NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it now stands in the chat, with Telegram's time of its change; None where nothing changed."""

    message: int
    at: datetime | None


async def call(bot: Bot, method: str, values: Mapping[str, Any], *, read_timeout: float | None = None) -> Any:  # noqa: ANN401 - the method's result as JSON
    """Call a method with JSON-able values; its result as JSON.

    Raises:
        TelegramError: as python-telegram-bot raises it, and `NotSent` and `OutcomeUnknown` of the transport.
    """
    request = RequestData([RequestParameter(name, value, []) for name, value in values.items()])
    timeout = BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout
    try:
        return await bot.request.post(f"{bot.base_url}/{method}", request, read_timeout=timeout)
    except (KeyError, TypeError):  # JSON, but no answer of the Bot API
        raise OutcomeUnknown("no result") from None


async def send(
    bot: Bot,
    chat_id: int,
    rich: Rich,
    mark: str = "",
    *,
    plain: bool = False,
    paid: bool = False,
    topic: int | None = None,
) -> Shown:
    """A new message; `mark` goes before the actions of its buttons (`bot.services.buttons`).

    `plain` leaves its bold words and links away, `paid` goes beyond Telegram's free limit, `topic` is one of a group.
    """
    values = {"chat_id": chat_id, **_message(rich, mark)}
    if topic is not None:
        values["message_thread_id"] = topic
    if paid:
        values["allow_paid_broadcast"] = True
    if plain:
        values = {name: value for name, value in values.items() if not name.endswith("entities")}
    if rich.media is None:
        return _shown(await call(bot, "sendMessage", values))
    medium = rich.media.medium
    return _shown(await call(bot, SENDS[medium], {**values, medium.value: rich.media.file}))


async def send_file(bot: Bot, file: File, content: bytes, caption: Rich) -> Shown:
    """A document with a line below it."""
    values = {
        "chat_id": file.chat_id,
        "document": InputFile(content, filename=file.name),
        "caption": caption.text,
        "caption_entities": _entities(caption),
    }
    request = RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])
    return _shown(await bot.request.post(f"{bot.base_url}/sendDocument", request))


async def edit(bot: Bot, chat_id: int, message: int, rich: Rich, mark: str) -> Shown:
    """A message changed in place; of one with a picture or file what stands below it."""
    values = {"chat_id": chat_id, "message_id": message, **_message(rich, mark)}
    changed = await call(bot, "editMessageText" if rich.media is None else "editMessageCaption", values)
    # Telegram says so of messages without a chat only, other servers of any.
    return Shown(message, None) if changed is True else _shown(changed)


async def edit_whole(bot: Bot, chat_id: int, message: int, rich: Rich, mark: str) -> Shown:
    """A message changed in place with its picture or file, which may be another than the one that stands there."""
    if rich.media is None:
        return await edit(bot, chat_id, message, rich, mark)
    said = _message(rich, mark)
    words = {name: said.pop(name) for name in ("caption", "caption_entities")}
    media = {"type": rich.media.medium.value, "media": rich.media.file, **words}
    values = {"chat_id": chat_id, "message_id": message, "media": media, **said}
    changed = await call(bot, "editMessageMedia", values)
    return Shown(message, None) if changed is True else _shown(changed)


async def edit_caption(bot: Bot, chat_id: int, message: int, rich: Rich) -> None:
    """The words below a picture or a file changed in place."""
    values = {"chat_id": chat_id, "message_id": message, "caption": rich.text, "caption_entities": _entities(rich)}
    await call(bot, "editMessageCaption", values)


async def delete(bot: Bot, chat_id: int, message: int) -> bool:
    """A message taken away for everybody; whether it is gone. Telegram does that for 48 hours, then it stays."""
    try:
        await call(bot, "deleteMessage", {"chat_id": chat_id, "message_id": message})
    except BadRequest as error:
        return MISSING in error.message.lower()
    return True


async def strip(bot: Bot, chat_id: int, message: int) -> None:
    """A message without its buttons."""
    values = {"chat_id": chat_id, "message_id": message}
    await call(bot, "editMessageReplyMarkup", values, read_timeout=ASIDE_SECONDS)


async def answer(bot: Bot, query: str, text: str | None) -> None:
    """A tap answered, with a short word or without."""
    values = {"callback_query_id": query} if text is None else {"callback_query_id": query, "text": text}
    await call(bot, "answerCallbackQuery", values, read_timeout=ASIDE_SECONDS)


def number_in(answer: Any, name: str) -> int:  # noqa: ANN401 - JSON
    """The number of what a call has made.

    Raises:
        OutcomeUnknown: there is none, or none that the database can hold.
    """
    match answer:
        case dict() if type(number := answer.get(name)) is int and abs(number) < LARGEST_ID:
            return number
    raise OutcomeUnknown("no number")


def _shown(message: Any) -> Shown:  # noqa: ANN401 - JSON
    number = number_in(message, "message_id")
    for at in (message.get("edit_date"), message.get("date")):
        with suppress(TypeError, ValueError, OverflowError, OSError):  # no time, or none that a calendar has
            return Shown(number, datetime.fromtimestamp(at, UTC))
    return Shown(number, clock.now())  # it is there all the same: sent again, it would be there twice


def _message(rich: Rich, mark: str) -> dict[str, Any]:
    entities = _entities(rich)
    message: dict[str, Any] = {"text": rich.text, "link_preview_options": NO_PREVIEW, "entities": entities}
    if rich.media is not None:
        message = {"caption": rich.text, "caption_entities": entities}
    if rich.rows:
        message["reply_markup"] = {"inline_keyboard": _keyboard(rich, mark)}
    return message


def _entities(rich: Rich) -> list[dict[str, Any]]:
    return [
        {
            "type": KIND[span.kind],
            "offset": span.offset,
            "length": span.length,
            **({"url": span.url} if span.url else {}),
        }
        for span in rich.spans
    ]


def _keyboard(rich: Rich, mark: str) -> Sequence[Sequence[dict[str, str]]]:
    return [
        [
            {"text": one.label, "url": one.url or ""}
            if one.action is None
            else {"text": one.label, "callback_data": mark + one.action}
            for one in row
        ]
        for row in rich.rows
    ]
