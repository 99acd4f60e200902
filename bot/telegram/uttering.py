"""The calls of the Bot API that a delivery comes to: a message, or one that stands in the chat and is changed."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest

from bot import log
from bot.content.rich import Rich
from bot.db.outbox.deliveries import DELETE, Due
from bot.services import buttons
from bot.telegram import calls
from bot.telegram.calls import Shown
from bot.telegram.judging import UNCHANGED
from bot.telegram.transport import OutcomeUnknown, ServerTrouble


async def utter(bot: Bot, due: Due, rich: Rich, *, paid: bool) -> Shown:
    """Say a delivery.

    Raises:
        TelegramError: as `calls.call` does.
    """
    mark = buttons.of_delivery(due.id)
    if due.edits is not None:
        return await _edit(bot, due.chat_id, due.edits, rich, mark, delete=DELETE in (due.params or {}))
    try:
        return await calls.send(bot, due.chat_id, rich, mark, paid=paid)
    except BadRequest as error:
        if not rich.spans or "entit" not in error.message.lower():
            raise
        log.get().error("entities_refused")  # a mistake of ours: the words must arrive all the same
    return await calls.send(bot, due.chat_id, rich, mark, plain=True, paid=paid)


async def _edit(bot: Bot, chat_id: int, message: int, rich: Rich, mark: str, *, delete: bool) -> Shown:
    """A message that stands in the chat, changed or deleted; twice does no harm."""
    try:
        if not delete:
            return await calls.edit_whole(bot, chat_id, message, rich, mark)
        if await calls.delete(bot, chat_id, message):
            return Shown(message, None)
        return await calls.edit(bot, chat_id, message, rich, mark)  # whatever picture stands there, it stays
    except BadRequest as error:
        if UNCHANGED in error.message.lower():
            return Shown(message, None)
        raise
    except OutcomeUnknown as error:
        raise ServerTrouble(error.message) from None
