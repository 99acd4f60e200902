"""Long polling with our own confirmation: the next getUpdates confirms only what the inbox holds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from pydantic import SecretStr
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot import failpoints, log
from bot.db.engine import DatabaseAway
from bot.db.replica import Replica
from bot.refusal import ForOperator
from bot.telegram.calls import call
from bot.telegram.intake import Intake, is_update
from bot.telegram.transport import NO_ANSWER, NotSent, OutcomeUnknown, ServerTrouble, Unreadable

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "message_reaction")
"""Kinds of update we ask for."""
BATCH = 100
"""Updates fetched at once."""
LONG_POLL = 30
"""Seconds the messenger may hold an empty answer."""
BREATH = 0.2
"""Seconds before the next question, where an empty answer came at once."""
PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds to wait after the first, second ... failure in a row."""
CONFLICTS = 5
"""So often in a row a process that has just begun to lead is told that another fetches, before it believes it."""
BEAT = 1.0
"""Seconds between two looks whether this process leads."""
OTHER_FETCHER = "Another process fetches updates with this BOT_TOKEN. Stop it first; each bot has one fetcher."
UNKNOWN_BOT = "Telegram does not know this BOT_TOKEN. Check it with @BotFather."
UNREACHABLE = "Telegram cannot be reached from here: look at the network, HTTPS_PROXY, CA_FILE and TELEGRAM_API_URL"
STRANGE = "What answers is no Bot API, or one in trouble: where it stays so, look at TELEGRAM_API_URL and HTTPS_PROXY"


class Refused(ForOperator):
    """Telegram will not talk to this bot; the text says what to do."""


class RefusedForNow(Refused):
    """So it is now, but it may pass by itself: another try in a while may do."""

    passes = True


async def poll(bot: Bot, intake: Intake, lead: Replica | None = None) -> None:
    """Take updates in for ever; of several processes of ours (`lead`) only while this one certainly leads.

    Raises:
        Refused: wrong token, or another process polls with the same token.
    """
    offset, failures, limit, unread = 0, 0, BATCH, b""
    time = asyncio.get_running_loop().time
    while True:
        if lead is not None and not lead.may_send:  # cut off from the database: another may fetch by now
            failures = 0
            await asyncio.sleep(BEAT)
            continue
        await intake.room()
        asked_at = time()
        try:
            updates = await _get_updates(bot, offset, limit)
            if updates:
                await intake.accept(updates)
        except InvalidToken:
            raise Refused(UNKNOWN_BOT) from None
        except Conflict as error:
            _bear(lead, failures)
            await pause_after(error, failures)
            failures += 1
            continue
        except (TelegramError, DatabaseAway) as error:
            if isinstance(error, Unreadable):
                # One update spoils the batch: fetch it alone, and step over it where it comes the same once more.
                offset = (_spoilt(error.payload) or offset) if error.payload == unread else offset
                limit, unread, failures = 1, error.payload, 0
            await pause_after(error, failures)
            failures += 1
            continue
        if updates:
            failpoints.reached("before_confirm")
            offset = max(raw["update_id"] for raw in updates) + 1
        elif time() - asked_at < BREATH:  # a server that does not hold it
            await asyncio.sleep(BREATH)
        failures, limit = 0, min(2 * limit, BATCH)


def _bear(lead: Replica | None, failures: int) -> None:
    """Another process fetches: one of ours may be about to stop.

    Raises:
        Refused: it is none of ours, or has not stopped after so many tries.
    """
    if lead is None:
        raise Refused(OTHER_FETCHER) from None
    if failures >= CONFLICTS:
        raise RefusedForNow(OTHER_FETCHER) from None


async def pause_after(error: Exception, failures: int) -> None:
    """Wait before the next try, as long as the error and the failures in a row before it ask for."""
    seconds = PAUSES[min(failures, len(PAUSES) - 1)]
    if isinstance(error, RetryAfter):
        seconds = max(seconds, error.retry_after.total_seconds())  # type: ignore[union-attr]
    more = {}
    if isinstance(error, NotSent):
        more["advice"] = UNREACHABLE
    elif isinstance(error, (OutcomeUnknown, *NO_ANSWER)) and not isinstance(error, ServerTrouble):
        more["advice"] = STRANGE
    log.get().warning("telegram_paused", error=type(error).__name__, seconds=seconds, **more)
    await asyncio.sleep(seconds)


async def patiently(what: Callable[[], Awaitable[object]]) -> None:
    """Something the bot cannot start without: tried until Telegram answers.

    Raises:
        Refused: Telegram does not know the token, or will not have it so (an address it cannot find yet).
    """
    failures = 0
    while True:
        try:
            await what()
        except InvalidToken:
            raise Refused(UNKNOWN_BOT) from None
        except BadRequest as error:
            raise RefusedForNow(f"Telegram refuses to start: {error.message}. Check WEBHOOK_URL.") from None
        except (TelegramError, *NO_ANSWER) as error:
            await pause_after(error, failures)
            failures += 1
        else:
            return


async def _get_updates(bot: Bot, offset: int, limit: int) -> list[dict[str, Any]]:
    asked = {"offset": offset, "timeout": LONG_POLL, "limit": limit, "allowed_updates": list(ALLOWED)}
    answer = await call(bot, "getUpdates", asked, read_timeout=LONG_POLL + 10)
    if not isinstance(answer, list):
        raise OutcomeUnknown("no list")
    # What has no usable id can be neither stored nor asked for again.
    updates = [raw for raw in answer if is_update(raw)]
    if answer and not updates:
        raise OutcomeUnknown("no update")
    return updates


def _spoilt(payload: bytes) -> int | None:
    """The offset behind the one update in an answer that cannot be read; None where that cannot be told for certain.

    Words of a person cannot look like this: quotation marks in them are escaped.
    """
    found = re.findall(rb'"update_id"\s*:\s*(\d{1,18})\b', payload)
    if len(found) != 1:
        return None
    log.get().error("update_stepped_over", update=int(found[0]))
    return int(found[0]) + 1


async def stop_webhook(bot: Bot) -> None:
    """An earlier run may have asked for a webhook; with one set, Telegram hands out no updates."""

    async def without() -> None:
        with suppress(BadRequest):  # of a server that knows no webhooks
            await bot.delete_webhook()

    await patiently(without)


async def set_webhook(bot: Bot, url: str, secret: SecretStr) -> None:
    """Tell Telegram where to deliver updates, and what they must bring to be believed."""
    await patiently(
        lambda: bot.set_webhook(url, secret_token=secret.get_secret_value(), allowed_updates=list(ALLOWED))
    )
