"""Long polling with our own confirmation: the next getUpdates confirms only what the inbox holds."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import failpoints, log
from bot.db.engine import DatabaseAway
from bot.telegram.calls import call
from bot.telegram.intake import Intake

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
"""Kinds of update we ask for."""
LONG_POLL = 30
"""Seconds the messenger may hold an empty answer."""
PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds to wait after the first, second ... failure in a row."""
UNKNOWN_BOT = "Telegram does not know this BOT_TOKEN. Check it with @BotFather."


class Refused(Exception):
    """Telegram will not talk to this bot; the text says what to do."""


async def poll(bot: Bot, intake: Intake) -> None:
    """Take updates in for ever.

    Raises:
        Refused: wrong token, or another process polls with the same token.
    """
    offset, failures = 0, 0
    while True:
        await intake.room()
        try:
            updates = await _get_updates(bot, offset)
            await intake.accept(updates)
        except InvalidToken:
            raise Refused(UNKNOWN_BOT) from None
        except Conflict:
            raise Refused(
                "Another process fetches updates with this BOT_TOKEN. Stop it first; each bot has one fetcher."
            ) from None
        except (TelegramError, DatabaseAway) as error:
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            if isinstance(error, RetryAfter):
                pause = max(pause, error.retry_after.total_seconds())  # type: ignore[union-attr]
            log.get().warning("polling_paused", error=error, seconds=pause)
            failures += 1
            await asyncio.sleep(pause)
            continue
        failures = 0
        if updates:
            failpoints.reached("before_confirm")
            offset = max(raw["update_id"] for raw in updates) + 1


async def _get_updates(bot: Bot, offset: int) -> list[dict[str, Any]]:
    asked = {"offset": offset, "timeout": LONG_POLL, "limit": 100, "allowed_updates": list(ALLOWED)}
    answer = await call(bot, "getUpdates", asked, read_timeout=LONG_POLL + 10)
    # Anything that is no update at all cannot be stored under an id, nor asked for again: step over it.
    return [raw for raw in answer if isinstance(raw, dict) and type(raw.get("update_id")) is int]


async def stop_webhook(bot: Bot) -> None:
    """An earlier run may have asked for a webhook; with one set, Telegram hands out no updates."""
    try:
        await bot.delete_webhook()
    except InvalidToken:
        raise Refused(UNKNOWN_BOT) from None
