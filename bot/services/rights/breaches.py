"""A breach (Art. 33 and 34 GDPR): telling the people it affects, in their language, through the outbox.

It comes whatever they agreed to and however full their week is, as the law demands. It waits for the end of
their quiet hours unless it is urgent. There is one row for each person, under the incident's name: calling it
twice, or again after a kill halfway, tells nobody twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.content.loader import Content
from bot.core.message import Listing, Screen, Words
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned
from bot.db.rights import breaches
from bot.db.rights.breaches import Who
from bot.services import audit
from bot.services.audit import Deed
from bot.services.turn import Turn
from bot.services.view import Block, ui

TITLE = "ui.breach.title"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""The form of an incident's name, which stands in the cause of each delivery."""
EVERYBODYS = "people"
"""Chat and settings: there for everybody."""
PARTS = {
    EVERYBODYS: "part_person",
    "answers": "part_answers",
    "former_answers": "part_former",
    "consents": "part_consents",
    "seats": "part_seats",
    "unwanted_offers": "part_unwanted",
    "interests": "part_interests",
    "path": "part_path",
    "messages": "part_messages",
    "talks": "part_talks",
    "talk_messages": "part_talks",
    "notes": "part_notes",
}
"""The names of classes of data, as in /mydata."""


class Happened(StrEnum):
    """What has become of the data."""

    READ = "read"
    LOST = "lost"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told: the incident's name, what happened to which data, and when."""

    name: str
    happened: Happened
    on: date
    data: tuple[str, ...]
    urgent: bool = False

    def params(self) -> dict[str, Any]:
        """What a delivery keeps of it: keys and a day, no words."""
        return {"happened": self.happened.value, "on": self.on.isoformat(), "data": list(self.data)}


def causes(name: str) -> str:
    """What the causes of an incident's deliveries begin with."""
    return f"breach:{name}:"


def plan(turn: Turn, notice: Notice, who: Who, after: int) -> tuple[int, int | None]:
    """Plan a page of people behind the number `after`; how many they are, and where to go on (None: that was all)."""
    found = breaches.numbers(turn.connection, who, after)
    planned = [
        (
            chat_id,
            Planned(
                f"{causes(notice.name)}p{person}",
                Kind.NOTICE,
                turn.now,
                TITLE,
                notice.params(),
                urgent=notice.urgent,
                participant_id=person,
            ),
        )
        for person, chat_id in found
    ]
    deliveries.plan(turn.connection, planned)
    return len(found), found[-1][0] if len(found) == breaches.PAGE else None


def note(turn: Turn, number: int) -> None:
    """Write down how many people are told."""
    audit.note(turn, Deed.BREACH_TOLD, by=None, what=f"affected {number}")


def said(turn: Turn, due: Due) -> Screen:
    """What somebody is told."""
    return screen(turn.content, due.params or {})


def screen(content: Content, params: Mapping[str, Any]) -> Screen:
    """The message: what happened, to which data, what it may mean, what we do, and whom to ask."""
    happened, on = Happened(params["happened"]), date.fromisoformat(params["on"])
    named = dict.fromkeys(PARTS[one] for one in params["data"])
    data: Block = (ui("breach.data", what=Listing(tuple(ui(f"mydata.{one}") for one in named))),) if named else ()
    officer = content.town.privacy.officer
    blocks: tuple[Block, ...] = (
        (ui("breach.title"),),
        (ui(f"breach.{happened}", day=on), *data),
        (ui(f"breach.means_{happened}"),),
        (ui("breach.done"),),
        (ui("breach.ask", officer=Words(officer)),),
    )
    return Screen(blocks)
