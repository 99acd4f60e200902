"""A machine's drafts of a broadcast: kept until a member has looked at them and vouches for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.content.glossary_file import SHORTEST
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import ENDED, FAILED, Broadcast, Version
from bot.core.glossary import Glossary, Term
from bot.core.message import Text
from bot.db.broadcasts import broadcasts
from bot.services.openings import interesting
from bot.services.reply import Drafting, Reply
from bot.services.staff.broadcasts.broadcast_pages import WORDING, WORDINGS
from bot.services.staff.broadcasts.watching import drawn_anew
from bot.services.translating import Failed, Outcome
from bot.services.turn import Turn, Visitor

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


def keep(turn: Turn, wanted: Drafting, outcomes: Mapping[str, Outcome]) -> None:
    """Write the drafts, but never over what a human has written or released meanwhile."""
    one = broadcasts.load(turn.connection, wanted.broadcast, lock=True)
    if one is None or one.stage in ENDED:
        return
    versions = broadcasts.versions(turn.connection, one.id)
    source = versions.get(wanted.source)
    if source is None or source.text != wanted.text:
        return  # the German was rewritten meanwhile: this translates a text that is gone
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


def names(content: Content, one: Broadcast) -> Glossary:
    """The names in a broadcast's offer (who offers it, who is told, where it is): a machine leaves them alone."""
    offer = content.offers.get(one.offer_id or "")
    terms = _terms(interesting.partner_of(content, one) or "")
    if offer is not None:
        terms += _terms(offer.provider)
        if offer.place is not None:
            terms += [*_terms(offer.place.address), *_place(content, Text(f"offers.{offer.id}.place"))]
    return tuple(terms)


def _place(content: Content, name: Text) -> list[Term]:
    """The name of a place in each language; German where a language has none."""
    others = [one for one in content.languages if one != SOURCE_LANGUAGE and content.texts.has(one, name.key)]
    fixed = {one: content.texts.label(one, name) for one in others}
    return _terms(content.texts.label(SOURCE_LANGUAGE, name), fixed)


def _terms(name: str, fixed: Mapping[str, str] | None = None) -> list[Term]:
    """A name as it is written, and without what follows in brackets: sentences leave that out."""
    known = dict(fixed or {})
    bare = {language: _REMARK.sub("", said) for language, said in known.items()}
    said = " ".join(name.split())
    short = _REMARK.sub("", said)
    found = {short: Term((short,), bare), said: Term((said,), known)}
    return [term for form, term in found.items() if len(form) >= SHORTEST]


def show(turn: Turn, visitor: Visitor, wanted: Drafting) -> Reply | None:
    """The page on which a member waits for the drafts, as it is now; None where they have gone elsewhere."""
    pages = {f"{WORDINGS}.{wanted.broadcast}", *(f"{WORDING}.{wanted.broadcast}.{one}" for one in wanted.languages)}
    return drawn_anew(turn, visitor, pages)
