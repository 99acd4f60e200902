"""`lotse demo`: the local Bot API server with the phones page, and the bot against it, in one process."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from pathlib import Path

from pydantic import SecretStr

from bot import app, inviting, log
from bot.core.roles import Role
from bot.db import keys
from bot.refusal import ForOperator
from bot.settings import Settings, key_beside
from bot.simulator.server import Simulator
from bot.travel import Travel

TOKEN = "1000000001:demo-token-for-the-phones-page-only"  # noqa: S105 - opens nothing but the local server


class DemoRefused(ForOperator):
    """The demo cannot start; the text says what to do."""


async def run(settings: Settings, host: str, port: int, stop: asyncio.Event, reload_wanted: asyncio.Event) -> None:
    """Serve the phones page until `stop` is set. Everything is kept in the data folder.

    Whenever `reload_wanted` is set, changed content is taken over.

    Raises:
        DemoRefused: the port is taken or the folder cannot be written.
    """
    content = app.load_content(settings)  # a fault in it is said before anything is promised
    data = settings.data_dir / "demo"
    folder = data / inviting.SIMULATOR
    _writable(folder)
    keys.keep_in(key_beside(data))
    travel = Travel(data, inviting.database_of_demo(data), content)
    try:
        async with Simulator(
            folder=folder, token=TOKEN, host=host, port=port, clock=travel.now, journey=travel
        ) as simulator:
            print(f"Phones: {simulator.url}/  (Ctrl-C stops; the data stays in {data}/)", flush=True)
            own = _of_demo(settings, data, simulator.url)
            # On a phone page that anybody at this machine may open, a secret on the screen is none.
            payload = await inviting.store(own.database_url, Role.ADMIN, travel())
            written = f"press Start on a phone, then write `/start {payload}`"
            print(f"Staff:  {written}: it becomes an admin's, once (then /staff)", flush=True)
            await app.run(own, stop, reload_wanted=reload_wanted, clock=travel, clock_moved=travel.moved)
    except sqlite3.OperationalError:
        raise DemoRefused(f"{folder} is in use by another demo. Stop that one first, or set DATA_DIR.") from None
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
            raise
        raise DemoRefused(
            f"Port {port} cannot be used ({error.strerror}). Try another: make demo PORT=8001"
        ) from None
    log.get().info("demo_ended")


def _of_demo(settings: Settings, data: Path, telegram: str) -> Settings:
    """The operator's settings, but for what leads out of the demo: it talks with itself, and has data of its own.

    Never the database of people: to the simulator they are nobody.
    """
    return settings.model_copy(
        update={
            "bot_token": SecretStr(TOKEN),
            "telegram_api_url": telegram,
            "data_dir": data,
            "database_url": inviting.database_of_demo(data),
            "key_file": key_beside(data),
            "webhook_url": "",
            "https_proxy": "",
            "ca_file": None,
            "backup_dir": None,
            "backup_daily": 0,
        }
    )


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DemoRefused(f"Cannot write to {folder}: {error.strerror}. Check its rights or set DATA_DIR.") from None
