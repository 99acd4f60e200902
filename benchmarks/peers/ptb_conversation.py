"""python-telegram-bot as in its documentation: a ConversationHandler with its state in a PicklePersistence."""

from __future__ import annotations

import sys
import warnings

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)
from telegram.warnings import PTBUserWarning

QUESTIONS, OPTIONS = 20, 6
TOKEN = "1234567890:a-token-for-benchmarks-and-nothing-else"  # noqa: S105 - made up

warnings.filterwarnings("ignore", category=PTBUserWarning)


def card(number: int) -> dict[str, object]:
    """The question with that number, or the last card."""
    if number == QUESTIONS:
        keyboard = [[InlineKeyboardButton("Profil", callback_data=f"v{number}.profile")]]
        return {"text": "Danke!", "reply_markup": InlineKeyboardMarkup(keyboard)}
    keyboard = [
        [InlineKeyboardButton(f"Schule, {n} oder {n + 1} Jahre", callback_data=f"v{number}.o.{n}")]
        for n in range(OPTIONS)
    ]
    text = f"{number + 1} von {QUESTIONS}\n\nWas ist Ihr höchster Abschluss?\nAbschlüsse aus allen Ländern zählen."
    return {"text": text, "reply_markup": InlineKeyboardMarkup(keyboard)}


async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Sends the first card."""
    if context.user_data is not None:
        context.user_data.clear()
    if update.message is not None:
        await update.message.reply_text(**card(0))  # type: ignore[arg-type]
    return 0


async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keeps the answer, shows the next card."""
    query = update.callback_query
    if query is None or query.data is None or context.user_data is None:
        return ConversationHandler.END
    version, _, option = query.data.split(".")
    number = int(version[1:])
    context.user_data[f"q{number}"] = int(option)
    await query.answer()
    await query.edit_message_text(**card(number + 1))  # type: ignore[arg-type]
    return number + 1 if number + 1 < QUESTIONS else ConversationHandler.END


def main(url: str) -> None:
    """Polls until it is killed."""
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{url}/bot")
        .persistence(PicklePersistence("conversation.pickle"))
        .build()
    )
    states = {n: [CallbackQueryHandler(answered, pattern=rf"^v{n}\.o\.")] for n in range(QUESTIONS)}
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", begin)],
            states=states,  # type: ignore[arg-type]
            fallbacks=[],
            name="questionnaire",
            persistent=True,
        )
    )
    application.run_polling(stop_signals=(15,))


if __name__ == "__main__":
    main(sys.argv[1])
