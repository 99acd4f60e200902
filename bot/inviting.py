"""`lotse invite`: an invitation to the team, as a link and a QR code. It is stored first, and then shown once."""

from __future__ import annotations

import asyncio
import io
import os
import re
from pathlib import Path
from typing import TextIO

import segno
from telegram import Bot
from telegram.error import TelegramError

from bot import clock, run_file
from bot.core.roles import Role
from bot.db import beside
from bot.services.staff import inviting
from bot.settings import Settings
from bot.telegram.desk import address_of
from bot.telegram.transport import Transport

SCALE = 8
"""Pixels of a QR code's square."""
OWNER_ONLY = 0o600


class InviteRefused(Exception):
    """No invitation was made; the text says what to do."""


async def invite(settings: Settings, role: Role, out: Path | None, screen: TextIO) -> None:
    """Make an invitation and show its link and QR code; the bot may run meanwhile or not.

    Raises:
        InviteRefused, SettingsRefused, DatabaseRefused: with a text for the operator, and nothing was stored.
    """
    if out is not None and await asyncio.to_thread(out.exists):
        raise InviteRefused(f"{out} is there already. Name another file, or remove it.")
    name = run_file.username(settings.data_dir) or await _asked(settings)
    payload = await store(settings.database_url, role)
    link = address_of(name) + payload
    code = segno.make(link, micro=False)
    screen.write(f"Invitation for the role {role}, good once and for 24 hours:\n\n{link}\n\n")
    code.terminal(out=screen, compact=True)
    screen.write("\nSend it to one person only. Whoever opens it in Telegram has the role at once.\n")
    if out is not None:
        _save(code, out)
        screen.write(f"The QR code is in {out}: remove it when it was used.\n")


async def store(database_url: str, role: Role) -> str:
    """An invitation of the command line's; what its link carries."""
    return await beside.write(database_url, lambda tx: inviting.create(tx, role, clock.now()))


async def _asked(settings: Settings) -> str:
    """What Telegram calls the bot."""
    token, transport = settings.require_token(), Transport.of(settings, 1)
    bot = Bot(token, base_url=f"{settings.telegram_api_url}/bot", request=transport, get_updates_request=transport)
    try:
        await transport.initialize()
        return (await bot.get_me()).username or ""
    except TelegramError as error:
        why = re.sub(r"\W+", " ", type(error).__name__)
        raise InviteRefused(
            f"Telegram does not say what the bot is called ({why}). Check the network and BOT_TOKEN, or start the"
            " bot first: it writes its name down."
        ) from None
    finally:
        await transport.shutdown()


def _save(code: segno.QRCode, out: Path) -> None:
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=SCALE)
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(picture.getvalue())
    except OSError as error:
        raise InviteRefused(f"The link above is good, but {out} cannot be written: {error.strerror}.") from None
