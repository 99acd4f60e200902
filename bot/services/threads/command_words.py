"""What is said in a topic about a command: the templates there are, what became of one, what a command takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.locales import german_name
from bot.core.message import Screen, Words
from bot.services.staff.texts import staff_text
from bot.services.threads import answers
from bot.services.threads.parts import LONGEST_LATER, who_answer
from bot.services.turn import Turn
from bot.services.view import Block

MOST = 40
"""Answers that are listed in one message."""
HOW = ("how_later", "how_give", "how_close", "still_note")
"""What stands behind a command, for whoever wrote something else there; and that a note stays a note."""


def told(turn: Turn, given: Mapping[str, Any]) -> Screen:
    """What is said in the topic."""
    if given["what"] in HOW:
        return _how(turn, given["what"])
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


def _how(turn: Turn, what: str) -> Screen:
    """What can stand behind a command."""
    if what == "how_later":
        return Screen(((staff_text("thread.how_later", most=LONGEST_LATER),),))
    if what == "how_close":
        return Screen(((staff_text("thread.how_close"),),))
    if what == "still_note":
        return Screen(((staff_text("thread.still_note"),),))
    names: Block = tuple(staff_text("person.named", name=Words(each.name)) for each in who_answer(turn))
    return Screen(((staff_text("thread.how_give"),), names))
