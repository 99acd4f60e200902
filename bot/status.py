"""`lotse status`: how the bot is, for people and for programs."""

from __future__ import annotations

import json
from typing import TextIO

from bot import clock, watch
from bot.db import beside, keys
from bot.services.deliveries import outbox
from bot.services.health import vitals
from bot.settings import Settings


def status(settings: Settings, screen: TextIO, *, as_json: bool) -> bool:
    """Print it; whether the bot runs and nothing is wrong.

    Raises:
        DatabaseRefused: the database cannot be read, or is of another revision.
    """
    keys.keep_in(settings.key_path)
    now = clock.now()
    found, waiting = beside.read(
        settings.database_url,
        lambda tx: (vitals.look(tx, now, watch.from_outside(settings)), outbox.status(tx, now)),
    )
    if as_json:
        print(json.dumps(vitals.as_json(found, waiting), indent=1), file=screen)
    else:
        print(*vitals.lines(found), "", *outbox.lines(waiting), sep="\n", file=screen)
    return found.well
