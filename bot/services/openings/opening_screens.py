"""The card of an opening. Pure.

What a button does: `interest.<id>`, `interest_yes.<id>` and `interest_no.<id>` where a partner would be told,
`no_interest.<id>`; on a piece of information `unwanted.<id>`.
"""

from __future__ import annotations

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import UNDECIDED
from bot.core.message import Button, LinkButton, Screen, Text, Words
from bot.services.offers.next_steps import Steps
from bot.services.offers.offer_screens import around, place, title, why
from bot.services.offers.shown import Shown
from bot.services.openings import interesting
from bot.services.view import RESUME, Block, Row, ui

ASK = "ask"
"""Behind the offer's id in a card's focus: whether a partner may be told is asked."""
OPENINGS = "openings"


def opening_card(shown: Shown, *, registers: bool, steps: Steps | None = None) -> Screen:
    """An opening with all there is to know, where the person stands with it, and what they can do."""
    offer = shown.offer
    blocks: list[Block] = [(ui("offers.entry", title=title(offer)),), (Text(f"offers.{offer.id}.text"),)]
    blocks.append(_facts(shown))
    blocks += [lines] if (lines := why(shown.match)) else []
    blocks += [(line,)] if (line := standing(shown)) is not None else []
    rows: list[Row] = []
    if steps is not None and shown.to_be_had:
        blocks += steps.blocks
        rows += steps.rows
    elif registers:
        rows += _moves(shown)
    elif offer.takes_interest:
        blocks.append((ui("openings.first_profile"),))
        rows.append(RESUME)
    if offer.link:
        rows.append((LinkButton(ui("button.link"), offer.link),))
    return Screen(tuple(blocks), (*rows, *around(shown)))


def asking_card(content: Content, language: str, shown: Shown) -> Screen:
    """Whether a partner may be told: in the person's language, also where the opening has no words in it."""
    name = title(shown.offer)
    known = content.texts.has(language, name.key)
    named = name if known else Words(content.texts.label(SOURCE_LANGUAGE, name))
    blocks = (ui("offers.entry", title=named),), (interesting.ask(content, shown.offer.partner),)
    return Screen(blocks, (*_answers(shown.offer.id), *around(shown)))


def can_be_asked(shown: Shown) -> bool:
    """Whether there is still anything to say yes to."""
    if shown.interest is None:
        return shown.to_be_had and shown.offer.takes_interest and shown.match.open
    return _can_be_shared(shown)


def _can_be_shared(shown: Shown) -> bool:
    """Whether only the team knows of an interest that a partner could be told of."""
    alone = shown.interest in UNDECIDED and shown.partner is None
    return alone and shown.to_be_had and bool(shown.offer.partner)


def standing(shown: Shown) -> Text | None:
    """What became of the person's interest, or why the opening is no longer available."""
    if shown.interest is not None:
        return interesting.standing(shown.interest, shown.partner, end=interesting.end_of(shown.offer))
    if shown.offer.filled:
        return ui("openings.filled")
    if shown.unwanted:
        return ui("interest.not_me")
    return None if shown.to_be_had else ui("openings.over")


def _facts(shown: Shown) -> Block:
    """What is offered, by whom, where, and until when."""
    offer = shown.offer
    lines: list[Text | Words] = [ui("openings.sort", sort=ui(f"openings.{offer.sort}"))]
    if offer.provider:
        lines.append(ui("offers.provider", provider=Words(offer.provider)))
    lines += place(offer)
    if offer.until is not None:
        lines.append(ui("openings.until", day=offer.until))
    return tuple(lines)


def _answers(offer_id: str) -> tuple[Row, ...]:
    return (
        (Button(ui("button.interest_yes"), f"interest_yes.{offer_id}", "✅"),),
        (Button(ui("button.interest_no"), f"interest_no.{offer_id}", "🚫"),),
    )


def _moves(shown: Shown) -> list[Row]:
    """Say that they are interested, take that back until something comes of it, or say that it is not for them."""
    if shown.interest is None and not shown.offer.takes_interest:
        unwanted = Button(ui("button.unwanted"), f"unwanted.{shown.offer.id}", "🚫")
        return [(unwanted,)] if shown.to_be_had and not shown.unwanted else []
    if shown.interest is None:
        return [(Button(ui("button.interest"), f"interest.{shown.offer.id}", "✋"),)] if shown.to_be_had else []
    if shown.interest in UNDECIDED and interesting.end_of(shown.offer) is None:
        back: Row = (Button(ui("button.interest_back"), f"no_interest.{shown.offer.id}", "↩️"),)
        share: Row = (Button(ui("button.interest_share"), f"interest.{shown.offer.id}", "🤝"),)
        return [share, back] if _can_be_shared(shown) else [back]
    return []
