"""What is said in a topic about answers that are ready: which there are, or what became of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.locales import german_name
from bot.core.message import Screen, Words
from bot.services.staff.texts import staff_text
from bot.services.threads import answers
from bot.services.turn import Turn
from bot.services.view import Block

MOST = 40
"""Answers that are listed in one message."""


def told(turn: Turn, given: Mapping[str, Any]) -> Screen:
    """What is said in the topic."""
    known = answers.everything(turn)
    if given["what"] == "list":
        lines: Block = tuple(
            staff_text("templates.line", id=Words(one.id), title=Words(one.title))
            for one in list(known.values())[:MOST]
        )
        return Screen(((staff_text("templates.title", len(known)),), lines, (staff_text("templates.how"),)))
    wanted = str(given["template"])
    title = Words(known[wanted].title if wanted in known else wanted)
    if given["what"] == "unknown":
        return Screen(((staff_text("templates.unknown", title=title),),))
    language = Words(german_name(str(given["language"])))
    return Screen(((staff_text(f"templates.{given['what']}", title=title, language=language),),))
