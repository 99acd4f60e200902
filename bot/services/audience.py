"""Whom a broadcast is for: what staff ticked in the chat, or pasted as a condition, as one condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.loader import Content
from bot.content.own_offers import condition_of
from bot.core.conditions import All, Condition, Not
from bot.core.offers import Offer
from bot.core.questionnaire import Kind, Question

WITH, WITHOUT = "with", "without"
"""The parts of an audience as it is stored: chosen options by question, those it is for and those it is not for."""
ASKED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO, Kind.COMPUTED})
"""Kinds of questions whose answers can be ticked."""


def condition(content: Content, audience: Mapping[str, Any]) -> Condition | None:
    """Who belongs to it; None: everybody. What the questionnaire has no more is left out."""
    whole = content.questionnaire
    chosen = (condition_of(whole, name, value) for name, value in audience.get(WITH, {}).items())
    banned = (condition_of(whole, name, value) for name, value in audience.get(WITHOUT, {}).items())
    parts = [one for one in chosen if one is not None] + [Not(one) for one in banned if one is not None]
    return None if not parts else parts[0] if len(parts) == 1 else All(tuple(parts))


def questions(content: Content) -> list[Question]:
    """The questions one can choose people by; what is sensitive is not among them."""
    return [one for one in content.questionnaire.questions if one.kind in ASKED and not one.sensitive and one.options]


def turned(audience: Mapping[str, Any], question: str, option: str) -> dict[str, Any]:
    """The audience after a tap on an option: for those, not for those, never mind."""
    found = {part: {name: list(ids) for name, ids in audience.get(part, {}).items()} for part in (WITH, WITHOUT)}
    chosen, banned = (found[part].setdefault(question, []) for part in (WITH, WITHOUT))
    if option in chosen:
        chosen.remove(option)
        banned.append(option)
    elif option in banned:
        banned.remove(option)
    else:
        chosen.append(option)
    return {part: {name: ids for name, ids in by.items() if ids} for part, by in found.items()}


def of_offer(offer: Offer) -> Condition | None:
    """Whom an offer is recommended to."""
    return offer.recommended if offer.needs or offer.suits is not None else None
