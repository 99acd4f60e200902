"""What people can do who lack something that an offer needs: change an answer, or ask us. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.loader import Content
from bot.core.message import Button, Text, Words
from bot.core.offers import Kind
from bot.services.offers.shown import Shown
from bot.services.packing import packed
from bot.services.view import Block, Row, View, town, ui

MOST_ADVICE = 2
"""Offers of advice that are named."""
MOST_TESTS = 1
"""Offers that find out what is missing."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Paragraphs, and the buttons for them."""

    blocks: tuple[Block, ...] = ()
    rows: tuple[Row, ...] = ()


def next_steps(view: View, shown: Shown) -> Steps:
    """The answers that decide, each with a button to change it; and what finds them out, such as a level test.

    And whom to ask: opening hours, else the office.
    """
    by_id = view.whole.by_id
    answers = [Button(Text(f"{by_id[name].key}.short"), f"change.{name}", "✏️") for name in shown.decisive]
    texts, others = view.content.texts, (one for one in view.content.offers.values() if one.id != shown.offer.id)
    offered = [one for one in others if not one.withdrawn and texts.has(view.language, f"offers.{one.id}.title")]
    advice = [one for one in offered if one.kind is Kind.ADVICE][:MOST_ADVICE]
    tests = [one for one in offered if shown.match.lacking.intersection(one.finds_out)][:MOST_TESTS]
    words: Block = (
        *((ui("offers.change_answer"),) if answers else ()),
        *((ui("offers.find_out"),) if tests else ()),
        ui("offers.advice"),
    )
    rows: list[Row] = packed(view, answers)
    rows += [(Button(Text(f"offers.{one.id}.title"), f"offer.{one.id}", "🔎"),) for one in tests]
    rows += [(Button(Text(f"offers.{one.id}.title"), f"offer.{one.id}", "💬"),) for one in advice]
    return Steps((words,) if advice else (words, office(view.content)), tuple(rows))


def office(content: Content) -> Block:
    """Where the team is found, and when."""
    found = content.town.office
    return (
        ui("done.office", name=town("office.name")),
        ui("contact.address", address=Words(found.address)),
        ui("contact.hours", hours=town("office.hours")),
        ui("contact.phone", phone=Words(found.phone)),
        ui("contact.email", email=Words(found.email)),
    )
