"""Drafts that a machine makes of a broadcast: kept until somebody has looked at them and stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.broadcasts import ENDED, FAILED, Broadcast, Version
from bot.db.broadcasts import broadcasts
from bot.services.reply import Drafting, Reply
from bot.services.staff.broadcasts.broadcast_pages import WORDING, WORDINGS
from bot.services.staff.broadcasts.watching import drawn_anew
from bot.services.translating import Failed, Outcome
from bot.services.turn import Turn, Visitor


def keep(turn: Turn, wanted: Drafting, outcomes: Mapping[str, Outcome]) -> None:
    """Write the drafts, but over nothing that a human wrote or released meanwhile."""
    one = broadcasts.load(turn.connection, wanted.broadcast, lock=True)
    if one is None or one.stage in ENDED:
        return
    versions = broadcasts.versions(turn.connection, one.id)
    source = versions.get(wanted.source)
    if source is None or source.text != wanted.text:
        return  # it was written anew meanwhile: this is the translation of another text
    for language, outcome in outcomes.items():
        known = versions.get(language)
        if known is None or known.can_be_redrafted:
            broadcasts.write(turn.connection, one.id, _version(language, known, outcome), turn.now)


def _version(language: str, known: Version | None, outcome: Outcome) -> Version:
    before = known or Version(language, "")
    if isinstance(outcome, Failed):
        return replace(before, machine=True, doubts=(f"{FAILED}{outcome.failure}",))
    doubts = tuple(one.value for one in outcome.doubts)
    return replace(before, text=outcome.texts[0], machine=True, doubts=doubts)


def missing(turn: Turn, one: Broadcast, source: str) -> tuple[str, ...]:
    """The languages that a machine could draft now."""
    versions = broadcasts.versions(turn.connection, one.id)
    return tuple(
        name
        for name in turn.content.languages
        if name != source and (name not in versions or versions[name].can_be_redrafted)
    )


def show(turn: Turn, visitor: Visitor, wanted: Drafting) -> Reply | None:
    """The page on which somebody waits for the drafts, as it is now; None where they are elsewhere by now."""
    pages = {f"{WORDINGS}.{wanted.broadcast}", *(f"{WORDING}.{wanted.broadcast}.{one}" for one in wanted.languages)}
    return drawn_anew(turn, visitor, pages)
