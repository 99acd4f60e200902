"""What an error from Telegram says: whether the message was sent, and whether anybody is there."""

from __future__ import annotations

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.services.deliveries.sending import Result
from bot.telegram.transport import NotSent, OutcomeUnknown, ServerTrouble

GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
"""How Telegram says that nobody is there, in small letters."""
TOO_BIG = "file is too big"
"""What Telegram says of a file that is too large for bots."""
UNCHANGED = "message is not modified"
TOPICS = {
    "message thread not found": "no_topic",
    "topic_deleted": "no_topic",
    "topic_id_invalid": "no_topic",
    "not a forum": "no_forum",
    "not enough rights": "no_rights",
    "chat_admin_required": "no_rights",
}
"""How Telegram says that a topic, a group's topics or a right are missing, each with our code."""


def unreachable(error: TelegramError) -> bool:
    """Whether nothing can reach this chat: blocked, deactivated, or gone."""
    return isinstance(error, Forbidden) or (
        isinstance(error, BadRequest) and any(one in error.message.lower() for one in GONE)
    )


def judged(error: TelegramError) -> tuple[Result, str]:
    """What an error says about a send, with a code: the one table for all deliveries."""
    if isinstance(error, ServerTrouble | NotSent):
        return Result.NOT_SENT, error.message[:32]
    if isinstance(error, OutcomeUnknown):
        return Result.UNKNOWN, error.message[:32]
    if unreachable(error):
        gone = "deactivated" if "deactivated" in error.message.lower() else "gone"
        return Result.UNREACHABLE, "blocked" if isinstance(error, Forbidden) and gone == "gone" else gone
    if isinstance(error, BadRequest):
        words = error.message.lower()
        return Result.REFUSED, next((code for sign, code in TOPICS.items() if sign in words), "BadRequest")
    if isinstance(error, NetworkError):  # the library's own: something broke on the way, where is not known
        return Result.UNKNOWN, type(error).__name__[:32]
    return Result.REFUSED, "migrated" if isinstance(error, ChatMigrated) else type(error).__name__[:32]
