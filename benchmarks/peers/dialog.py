"""aiogram-dialog: a window for each question, answers in the dialog's data, kept in memory as in its examples."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Column
from aiogram_dialog.widgets.text import Const
from aiogram_parts import ASK, OPTIONS, QUESTIONS, bot_at

STATES = [State(f"q{number}") for number in range(QUESTIONS + 1)]
Asking = type("Asking", (StatesGroup,), {f"q{number}": one for number, one in enumerate(STATES)})
dispatcher = Dispatcher(storage=MemoryStorage())


async def answered(_: CallbackQuery, button: Button, manager: DialogManager) -> None:
    """Keeps the answer, shows the next card."""
    version, _, option = (button.widget_id or "").split(".")
    manager.dialog_data[version] = int(option)
    await manager.next()


def window(number: int) -> Window:
    """The question with that number."""
    options = (
        Button(Const(f"Schule, {n} oder {n + 1} Jahre"), id=f"v{number}.o.{n}", on_click=answered)
        for n in range(OPTIONS)
    )
    return Window(Const(f"{number + 1} von {QUESTIONS}\n\n{ASK}"), Column(*options), state=STATES[number])


@dispatcher.message(CommandStart())
async def begin(_: Message, dialog_manager: DialogManager) -> None:
    """Sends the first card."""
    await dialog_manager.start(STATES[0], mode=StartMode.RESET_STACK)


last = Window(Const("Danke!"), Button(Const("Profil"), id="v.profile"), state=STATES[QUESTIONS])
dispatcher.include_router(Dialog(*map(window, range(QUESTIONS)), last))
setup_dialogs(dispatcher)

if __name__ == "__main__":
    asyncio.run(dispatcher.start_polling(bot_at(sys.argv[1])))
