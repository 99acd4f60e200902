"""Whom something reaches, in words: how many, in which languages, who is left out, and some of them by name.

Of people whose answers the member may not see nothing is said.
"""

from __future__ import annotations

from bot.content.locales import german_name
from bot.core.conditions import Condition
from bot.core.message import Listing, Text, Words
from bot.core.roles import Right, may
from bot.db.audience import finding
from bot.db.audience.counting import Counted, Reason
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience
from bot.services.offers import reasons
from bot.services.staff.looking import called
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

MOST_MISSED = 3
"""Missing things that are named, the commonest first."""


def tells_too_much(turn: Turn, member: Member, who: Condition) -> bool:
    """Whether naming the people of a condition would give away answers that the member's role may not see."""
    return not may(member.role, Right.SEE_SENSITIVE) and bool(audience.asked_sensitively(turn.content, who))


def around_a_count(turn: Turn, member: Member, who: Condition, found: Counted) -> Block:
    """In which languages people are reached, who is left out, and who lacks one thing only.

    Nothing where that would give too much away.
    """
    if tells_too_much(turn, member, who):
        return ()
    lines: list[Text | Words] = []
    if found.reached:
        lines.append(languages_said(found))
    if later := found.excluded.get(Reason.CAP):
        lines.append(staff_text("audience.cap", number=later))
    lines += left_out(found)
    near = [(what, miss.people) for miss in found.missed if (what := reasons.wanted(turn.content, miss.part))]
    lines += [staff_text("audience.near_miss", what=Listing(what), number=many) for what, many in near[:MOST_MISSED]]
    return tuple(lines)


def some_of(turn: Turn, member: Member, who: Condition, found: Counted, what: str) -> tuple[Block, frozenset[int]]:
    """Ten of those who are reached, as words and numbers; nobody, with a word for it, where that gives away too much.

    Whoever may see names sees theirs, and then that is a look at them (`what`).
    """
    if tells_too_much(turn, member, who):
        return (staff_text("audience.closed"),), frozenset()
    known = finding.some(turn.connection, found.sample)
    names = tuple(called(member, known[one]) for one in found.sample if one in known)
    if not names:
        return (), frozenset()
    if may(member.role, Right.SEE_PEOPLE):
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=what)
    return (staff_text("audience.some", people=Listing(names)),), frozenset(found.sample)


def left_out(found: Counted) -> tuple[Text, ...]:
    """Who fits and still gets nothing, and why. People whose week is full get it later, and are not listed."""
    return tuple(
        staff_text("audience.excluded", what=staff_text(f"reason.{reason}"), number=count)
        for reason, count in found.excluded.items()
        if count and reason is not Reason.CAP
    )


def languages_said(found: Counted) -> Text:
    """How many speak each language."""
    each = tuple(
        staff_text("audience.language", name=Words(german_name(language)), number=count)
        for language, count in found.languages.items()
        if language and count
    )
    return staff_text("audience.languages", each=Listing(each))
