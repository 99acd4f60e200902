"""aiogram's FSM with its state in SQLite, in a storage published by others (aiogram has none)."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Dispatcher, F
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_parts import QUESTIONS, bot_at, card
from aiogram_sqlite_storage.sqlitestore import SQLStorage

dispatcher = Dispatcher(storage=SQLStorage("fsm.db", serializing_method="json"))


class Asking(StatesGroup):
    """In the middle, and at the end."""

    question = State()
    done = State()


@dispatcher.message(CommandStart())
async def begin(message: Message, state: FSMContext) -> None:
    """Sends the first card."""
    await state.set_state(Asking.question)
    await state.set_data({"at": 0})
    text, keyboard = card(0)
    await message.answer(text, reply_markup=keyboard)


@dispatcher.callback_query(Asking.question, F.data.contains(".o."))
async def answered(query: CallbackQuery, state: FSMContext) -> None:
    """Keeps the answer, shows the next card."""
    version, _, option = (query.data or "").split(".")
    number = int(version[1:])
    await state.update_data({f"q{number}": int(option), "at": number + 1})
    if number + 1 == QUESTIONS:
        await state.set_state(Asking.done)
    text, keyboard = card(number + 1)
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(text, reply_markup=keyboard)


if __name__ == "__main__":
    asyncio.run(dispatcher.start_polling(bot_at(sys.argv[1])))
