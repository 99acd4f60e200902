"""Which update calls which use case: each module offers its handlers, and each handler calls one use case."""

from __future__ import annotations

from typing import Any

from telegram.ext import BaseHandler

from bot.telegram.desk import Desk
from handlers import elsewhere, reactions
from handlers.participant import card, commands, membership, other
from handlers.staff import commands as staff_commands
from handlers.staff import files, group, media


def all_handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Every handler in the order of trying: the first that fits takes the update. Most updates are taps."""
    return [
        *card.taps(desk),
        *membership.handlers(desk),
        *reactions.handlers(desk),
        *group.handlers(desk),
        *elsewhere.handlers(desk),
        *files.handlers(desk),
        *media.handlers(desk),
        *other.handlers(desk),
        *staff_commands.handlers(desk),
        *commands.handlers(desk),
        *card.words(desk),
    ]
