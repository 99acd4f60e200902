"""Members with a second factor: their app, their paper, and what the desk asks of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.core.dangers import Danger, SecondFactor
from bot.db import audit
from bot.db.audit import Filter
from bot.db.rights import leaving
from bot.db.staff import second_factors
from bot.db.staff.second_factors import Factor
from bot.services.audit import Deed
from bot.services.buttons import of_card
from bot.services.reply import Reply
from bot.services.staff.factor import codes
from tests.services.staff.people import number, shown
from tests.services.talk import Talk

EVERYTHING = SecondFactor(frozenset(Danger))
CODE = re.compile(r"[2-9A-Z]{5}-[2-9A-Z]{5}")
SOON, LATER = timedelta(minutes=9), timedelta(minutes=11)


def strict(talk: Talk, rule: SecondFactor = EVERYTHING) -> Talk:
    """The same member in a town that requires a second factor for everything dangerous."""
    talk.content = replace(talk.content, town=replace(talk.content.town, second_factor=rule))
    return talk


def stored(talk: Talk) -> Factor | None:
    """The member's second factor, if there is one."""
    key = number(talk)
    return talk.table.run(lambda tx: second_factors.load(tx, key))


def factor(talk: Talk) -> Factor:
    """The member's second factor."""
    found = stored(talk)
    assert found is not None
    return found


def code(talk: Talk, steps: int = 0) -> str:
    """What the app shows when the member's next words arrive, or this many steps of 30 seconds before or after."""
    at = int((talk.now + timedelta(seconds=1)).timestamp()) // codes.SECONDS
    return codes.at(factor(talk).secret, at + steps)


def wrong_code(talk: Talk) -> str:
    """Six digits that the app does not show now."""
    right = {code(talk, steps) for steps in range(-3, 4)}
    return next(one for one in map("{:06}".format, range(10)) if one not in right)


def with_factor(talk: Talk) -> Talk:
    """The member sets one up. No code is asked for during some minutes, so these pass."""
    talk.command("staff")
    talk.tap("go.factor")
    talk.tap("factor_begin")
    talk.write(code(talk))
    assert "eingerichtet" in shown(talk)
    talk.tap("factor_written")
    talk.now += LATER
    return talk


def press(talk: Talk, action: str) -> Reply:
    """Presses a button of the desk, whether or not it is there."""
    newest = talk.drawn[-1]
    return talk.tap_data(of_card(newest.card.version) + action, newest.message)


def on_paper(talk: Talk) -> list[str]:
    """The codes on paper that the newest card shows."""
    return CODE.findall(shown(talk))


def going(talk: Talk) -> set[int]:
    """The messages in the member's chat that are to be deleted."""
    rows = talk.table.run(lambda tx: leaving.going(tx, 1000))
    return {one.message_id for one in rows if one.chat_id == talk.chat_id}


def deeds(talk: Talk) -> list[str]:
    """The entries about all this in the audit trail, the oldest first."""
    found = talk.table.run(lambda tx: audit.entries(tx, Filter(), 0, 1000))[::-1]
    return [one.deed for one in found if one.deed.startswith("factor") or one.deed == Deed.INVITED]
