"""`lotse invite`: an invitation to the team, or for a partner, as a link and a QR code.

It is stored first, and then shown once.
"""

from __future__ import annotations

import asyncio
import os
import re
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import TelegramError

from bot import clock, run_file
from bot.core.roles import Role
from bot.db import beside, keys
from bot.export import scan
from bot.refusal import ForOperator
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.members import inviting
from bot.services.staff.openings import partner_inviting
from bot.settings import Settings, SettingsRefused, key_beside
from bot.telegram.desk import address_of
from bot.telegram.transport import Transport

OWNER_ONLY = 0o600
SIMULATOR = "simulator"
"""What the data folder of a demo holds, and no other."""


LONGEST_NAME = 80
"""Letters of a partner's name."""


class InviteRefused(ForOperator):
    """No invitation was made; the text says what to do."""


def whom(role: str | None, partner: str | None) -> Role | str:
    """Whom an invitation is for: a role in the team, or a partner by its name.

    Raises:
        InviteRefused: no partner can be called so.
    """
    name = " ".join((partner or "").split())
    if role is not None:
        return Role(role)
    if not 0 < len(name) <= LONGEST_NAME:
        raise InviteRefused(f"A partner is called as the openings name it, by {LONGEST_NAME} letters at most.")
    return name


def _called(role: Role | str) -> str:
    return f"the role {role}" if isinstance(role, Role) else f"the partner {role}"


async def invite(settings: Settings, role: Role | str, out: Path | None, screen: TextIO) -> None:
    """Make an invitation and show its link and QR code; the bot may run meanwhile or not.

    Raises:
        InviteRefused, SettingsRefused, DatabaseRefused: with a text for the operator, and nothing was stored.
    """
    if out is not None and await asyncio.to_thread(out.exists):
        raise InviteRefused(f"{out} is there already. Name another file, or remove it.")
    if (settings.data_dir / SIMULATOR).is_dir():
        keys.keep_in(key_beside(settings.data_dir))
        await _invite_in_demo(settings.data_dir, role, out, screen)
        return
    keys.keep_in(settings.key_path)
    name = run_file.username(settings.data_dir) or await _asked(settings)
    payload = await store(settings.database_url, role)
    link = address_of(name) + payload
    screen.write(f"Invitation for {_called(role)}, good once and for 24 hours:\n\n{link}\n\n")
    scan.code(link).terminal(out=screen, compact=True)
    at_once = "has the role" if isinstance(role, Role) else "speaks for the partner"
    screen.write(f"\nSend it to one person only. Whoever opens it in Telegram {at_once} at once.\n")
    if out is not None:
        _save(scan.png(link), out)
        screen.write(f"The QR code is in {out}: remove it when it was used.\n")


async def store(database_url: str, role: Role | str, now: datetime | None = None) -> str:
    """An invitation of the command line's, from now on (by the clock of the bot); what its link carries."""
    at = now or clock.now()

    def create(connection: Connection) -> str:
        if isinstance(role, Role):
            audit.note_operator(connection, at, Deed.INVITED, f"role {role}")
            return inviting.create(connection, role, at)
        number, payload = partner_inviting.create(connection, role, at)
        audit.note_operator(connection, at, Deed.INVITED, f"partner {number}")
        return payload

    return await beside.write(database_url, create)


async def _invite_in_demo(data: Path, role: Role | str, out: Path | None, screen: TextIO) -> None:
    """There is no Telegram that opens a link: its phones write what it would carry. The demo's clock counts."""
    from bot import travel  # noqa: PLC0415 - the demo is not installed everywhere

    if out is not None:
        raise InviteRefused("In the demo no link is opened, so there is no QR code: leave --out away.")
    payload = await store(database_of_demo(data), role, travel.time_in(data))
    screen.write(
        f"Invitation for {_called(role)} in the demo, good once and for 24 hours of its clock."
        f" Write this on one of its phones:\n\n/start {payload}\n"
    )


def database_of_demo(data: Path) -> str:
    """Where the demo of a data folder keeps its people: never among those of a real bot."""
    return f"sqlite:///{data / 'lotse.db'}"


async def _asked(settings: Settings) -> str:
    """What Telegram calls the bot."""
    token, transport = _token(settings), Transport.of(settings, 1)
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


def _token(settings: Settings) -> str:
    try:
        return settings.require_token()
    except SettingsRefused as refused:
        demo = settings.data_dir / run_file.DEMO
        if not (demo / SIMULATOR).is_dir():
            raise
        raise InviteRefused(f"{refused} To invite somebody into the demo, set DATA_DIR={demo}.") from None


def _save(picture: bytes, out: Path) -> None:
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(picture)
    except OSError as error:
        raise InviteRefused(f"The link above is good, but {out} cannot be written: {error.strerror}.") from None
