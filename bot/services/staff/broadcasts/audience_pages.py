"""The pages on which staff choose whom a broadcast is for, with how many that are at every tap."""

from __future__ import annotations

from bot.core.broadcasts import Broadcast, Stage
from bot.core.folding import number
from bot.core.message import Button, Screen
from bot.core.questionnaire import Kind
from bot.core.roles import Right
from bot.db.broadcasts import broadcasts
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience
from bot.services.broadcasts.audience import EITHER
from bot.services.profiles import people
from bot.services.staff import choosing
from bot.services.staff.broadcasts.reach_words import around_a_count, some_of, tells_too_much
from bot.services.staff.choosing import as_argument, filter_of, label_of
from bot.services.staff.page import AT_ONCE, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

AUDIENCE, PICK, JOINT = "audience", "pick", "joint"


def draft_named(turn: Turn, word: str) -> Broadcast | None:
    """The broadcast whose audience can still be chosen."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return one if one is not None and one.stage is Stage.DRAFT else None


def _audience(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What is chosen, how many that are, and the questions to choose by."""
    one = draft_named(turn, arguments[0])
    if one is None:
        return None
    closed = is_closed(turn, member, one)
    offered = [] if closed else people.filters(turn.content)
    shown, around = paged(f"{AUDIENCE}.{one.id}", offered, number(arguments[1]) or 0)
    rows = choosing.filter_rows(turn, shown, one.audience, f"{PICK}.{one.id}")
    lines: Block = (staff_text("audience.title", number=one.id), *choosing.chosen(turn, one.audience))
    counts, about = _counts(turn, member, one)
    return Screen(
        (lines, counts, (staff_text("audience.paste"),)),
        (*rows, *around, *_below(one, closed=closed), back(f"broadcast.{one.id}")),
        about=about,
    )


def _below(one: Broadcast, *, closed: bool) -> list[Row]:
    """What can be done with all that is chosen."""
    groups = Button(staff_text("button.groups"), go(f"groups.{one.id}.0"), "📂")
    if not one.audience:
        return [(groups,)]
    rows: list[Row] = [(groups, Button(staff_text("button.keep_group"), go(f"keep.{one.id}"), "💾"))]
    if len(audience.names_in(one.audience)) > 1 and not closed:
        rows.insert(0, (Button(staff_text("button.joint"), go(f"{JOINT}.{one.id}.0"), "🔀"),))
    return [*rows, (Button(staff_text("button.everybody"), f"everybody.{one.id}", "✖️"),)]


def _counts(turn: Turn, member: Member, one: Broadcast) -> tuple[Block, frozenset[int]]:
    """How many it would reach, by language, who is left out, who lacks one thing only, and some of them by name."""
    who = audience.condition(turn.content, one.audience)
    if tells_too_much(turn, member, who):
        return (staff_text("audience.closed"),), frozenset()
    found = audience.reach(turn, one)
    some, about = some_of(turn, member, who, found, f"broadcast {one.id}")
    return (staff_text("broadcast.reached", found.reached), *around_a_count(turn, member, who, found), *some), about


def is_closed(turn: Turn, member: Member, one: Broadcast) -> bool:
    """Whether the circle of a broadcast's people gives away answers that the member's role may not see.

    Then nobody is named, and the choice cannot be narrowed: a smaller circle would give single people away.
    """
    return tells_too_much(turn, member, audience.condition(turn.content, one.audience))


def _pick(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The values of one filter: a tap goes from "never mind" to "these", to "not these", and back."""
    one, question = draft_named(turn, arguments[0]), filter_of(turn, arguments[1])
    if one is None or question is None or is_closed(turn, member, one):
        return None
    at = f"{one.id}.{as_argument(question.id)}"
    shown, around = paged(f"{PICK}.{at}", people.options(question), number(arguments[2]) or 0)
    rows = choosing.value_rows(turn, question, shown, one.audience, f"tick.{at}")
    lines: Block = (
        staff_text("audience.title", number=one.id),
        staff_text("audience.ask", label=label_of(turn, question)),
        choosing.how(question),
        *((staff_text("audience.search"),) if question.kind is Kind.LIST else ()),
    )
    counts, about = _counts(turn, member, one)
    page = [other.id for other in people.filters(turn.content)].index(question.id) // AT_ONCE
    return Screen((lines, counts), (*rows, *around, back(f"{AUDIENCE}.{one.id}.{page}")), about=about)


def _joint(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whether everything chosen must hold, or one of several is enough: a tap on a question switches it."""
    one = draft_named(turn, arguments[0])
    if one is None or is_closed(turn, member, one):
        return None
    asked = [name for name in audience.names_in(one.audience) if filter_of(turn, name) is not None]
    page, enough = number(arguments[1]) or 0, one.audience.get(EITHER, ())
    shown, around = paged(f"{JOINT}.{one.id}", asked, page)
    rows: list[Row] = [
        (
            Button(
                label_of(turn, question),
                f"either.{one.id}.{as_argument(name)}.{page}",
                "🔀" if name in enough else "➕",
            ),
        )
        for name in shown
        if (question := filter_of(turn, name)) is not None
    ]
    every = set(asked) <= set(enough)
    whole = staff_text("button.all_must" if every else "button.one_is_enough")
    rows.append((Button(whole, f"either.{one.id}.-.{page}"),))
    lines: Block = (staff_text("audience.title", number=one.id), *choosing.chosen(turn, one.audience))
    counts, about = _counts(turn, member, one)
    how: Block = (staff_text("audience.how_joint"),)
    return Screen((lines, counts, how), (*rows, *around, back(f"{AUDIENCE}.{one.id}.0")), about=about)


PAGES: dict[str, Page] = {
    AUDIENCE: Page(Right.SEND, _audience, 2),
    PICK: Page(Right.SEND, _pick, 3),
    JOINT: Page(Right.SEND, _joint, 2),
}
