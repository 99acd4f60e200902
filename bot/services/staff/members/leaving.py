"""When somebody leaves the team, their work passes on to another member or ends, in the same step."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.message import Text, Words
from bot.db.broadcasts import broadcasts
from bot.db.staff import drafts, invitations, staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.forms.known_forms import FORMS
from bot.services.staff.texts import staff_text
from bot.services.threads import lines
from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Legacy:
    """What somebody leaves.

    Broadcasts that are not over, forms they began, talks they look after, invitations that were never opened.
    """

    broadcasts: tuple[int, ...]
    forms: int
    talks: int
    invitations: int


def left_by(turn: Turn, one: Member) -> Legacy:
    """What a member would leave now."""
    connection = turn.connection
    return Legacy(
        tuple(broadcasts.open_of(connection, one.id)),
        sum(draft.form in FORMS for draft in drafts.of_member(connection, one.id)),
        threads.number_of(connection, one.id),
        invitations.open_of(connection, one.id, turn.now),
    )


def heir(turn: Turn, one: Member, me: Member) -> Member:
    """Who takes it over: whoever removes them; if they remove themselves, the admin who joined first."""
    if one.id != me.id:
        return me
    return next((other for other in staff.active_admins(turn.connection, turn.now) if other.id != one.id), me)


def told(turn: Turn, one: Member, me: Member) -> tuple[Text, ...]:
    """What passes on to whom and what ends, in words, before it happens."""
    legacy = left_by(turn, one)
    said = []
    name = Words(heir(turn, one, me).name)
    if legacy.broadcasts:
        said.append(staff_text("leaving.broadcasts", len(legacy.broadcasts), name=name))
    if legacy.forms:
        said.append(staff_text("leaving.forms", legacy.forms, name=name))
    if legacy.talks:
        said.append(staff_text("leaving.talks", legacy.talks))
    if legacy.invitations:
        said.append(staff_text("leaving.invitations", legacy.invitations))
    return tuple(said)


def pass_on(turn: Turn, one: Member, me: Member) -> None:
    """Hand over what goes on, and end the rest. Pages that redraw themselves stop with the right to see them.

    Talks are everybody's again: whoever answers next takes them.
    """
    connection, legacy, to = turn.connection, left_by(turn, one), heir(turn, one, me)
    broadcasts.hand_over(connection, legacy.broadcasts, to.id)
    drafts.hand_over(connection, one.id, to.id, FORMS)
    invitations.end_of(connection, one.id, turn.now)
    free = threads.let_go(connection, one.id)
    for number, _ in free:
        lines.move(turn, number)
    for key in legacy.broadcasts:  # entries come last: writing one holds up everybody else who writes one
        audit.note(turn, Deed.PASSED_ON, by=me, what=f"broadcast {key} member {one.id} {to.id}")
    for number, person in free:
        audit.note(turn, Deed.PASSED_ON, by=me, about=person, what=f"talk {number}")
