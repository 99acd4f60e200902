"""What the buttons of the staff desk do: one table, verb -> (right, function). Here alone the right is checked.

It is looked up at each press, in the press's own transaction: whoever was removed or has another role now cannot do
with an old card what they could when it was drawn. A subject adds its verbs to `VERBS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.dangers import Danger
from bot.core.roles import Right, may
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import day_rows
from bot.services.reply import Reply
from bot.services.staff import trying, trying_pages
from bot.services.staff.audit import audit_book
from bot.services.staff.broadcasts import composing, doubt_deeds, doubt_pages, saving, second_look, value_words
from bot.services.staff.factor import factor_deeds, factor_pages, stepping
from bot.services.staff.figures import figures, needs_pages
from bot.services.staff.forms import filling
from bot.services.staff.forms.ends import ENDS
from bot.services.staff.forms.forms import FORM
from bot.services.staff.forms.known_forms import (
    ANSWER,
    ANSWER_IN,
    BROADCAST,
    CHANGE,
    GUEST,
    MEETINGS,
    OFFER,
    OPENING,
    TRANSLATION,
)
from bot.services.staff.members import changing
from bot.services.staff.next_page import Perform, at_page, page_before
from bot.services.staff.offers import importing, offer_pages, running
from bot.services.staff.openings import leads, noting_deeds, noting_pages, opening_deeds, partner_deeds
from bot.services.staff.page import GO, HOME
from bot.services.staff.pages import PAGES
from bot.services.staff.people import (
    erasing_deeds,
    erasing_pages,
    people_deeds,
    people_files,
    people_pages,
    person_pages,
    restricting_deeds,
    restricting_pages,
    twin_pages,
    young_deeds,
    young_pages,
)
from bot.services.staff.texts import staff_text
from bot.services.staff.threads import desk_talk, template_deeds
from bot.services.staff.trial_language import TRIAL
from bot.services.view import ui
from bot.services.visit import Visit


@dataclass(frozen=True, slots=True)
class StaffVerb:
    """A verb: the right it needs, what it does, how many arguments it has, and the danger that asks for a code."""

    right: Right | None
    perform: Perform
    arguments: int = 0
    danger: Danger | None = None


def _begin(name: str) -> Perform:
    """Open a form about what the button says."""
    return lambda visit, member, arguments, tapped: filling.begin(visit, member, name, ".".join(arguments), tapped)


def _course(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The form for a new offer, with what the people of a line of the needs board need."""
    known = needs_pages.known_of(visit.turn, arguments)
    return _home(visit, tapped) if known is None else filling.begin(visit, member, OFFER, "", tapped, known)


def _tell(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A new broadcast to the people of a line of the needs board."""
    who = needs_pages.people_of(visit.turn, arguments)
    return _home(visit, tapped) if who is None else composing.compose_to(visit, member, who, tapped)


def _fill(do: filling.Perform) -> Perform:
    def perform(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        one = filling.form_before(visit, member)
        return _home(visit, tapped) if one is None else do(visit, one, arguments, tapped)

    return perform


def _hand_in(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    one = filling.form_before(visit, member)
    if one is None:
        return _home(visit, tapped)
    return filling.hand_in(visit, member, one, ENDS[one.draft.form], tapped)


def _home(visit: Visit, tapped: int | None) -> Reply:
    """Back to the home page: what the button is about is gone, or no longer this member's to do."""
    return at_page(visit, HOME, tapped, staff_text("toast.vanished"))


VERBS: dict[str, StaffVerb] = {
    "invite": StaffVerb(Right.INVITE, changing.invite, 1, Danger.RIGHTS),
    "confirm": StaffVerb(Right.INVITE, changing.confirm, 1, Danger.RIGHTS),
    "refuse": StaffVerb(Right.INVITE, changing.refuse, 1),
    "role": StaffVerb(Right.INVITE, changing.change_role, 2, Danger.RIGHTS),
    "remove": StaffVerb(Right.INVITE, changing.remove, 1, Danger.RIGHTS),
    factor_pages.BEGIN_VERB: StaffVerb(Right.SEND, factor_deeds.begin),
    factor_pages.PICTURE_VERB: StaffVerb(Right.SEND, factor_deeds.picture),
    factor_pages.CODES_VERB: StaffVerb(Right.SEND, factor_deeds.make_codes, 0, Danger.RIGHTS),
    factor_pages.WRITTEN_VERB: StaffVerb(Right.SEND, factor_deeds.written_down),
    factor_pages.DROP_VERB: StaffVerb(Right.SEND, factor_deeds.drop, 0, Danger.RIGHTS),
    factor_pages.RESET_VERB: StaffVerb(Right.INVITE, factor_deeds.reset, 1, Danger.RIGHTS),
    "move": StaffVerb(Right.CHANGE_OFFERS, running.move, 2),
    "cancel": StaffVerb(Right.CHANGE_OFFERS, running.cancel, 1),
    "reinstate": StaffVerb(Right.CHANGE_OFFERS, running.reinstate, 1),
    "room": StaffVerb(Right.CHANGE_OFFERS, running.room, 2),
    "approve": StaffVerb(Right.APPROVE, running.approve, 1),
    "decline": StaffVerb(Right.APPROVE, running.decline, 1),
    "guest": StaffVerb(Right.CHANGE_REGISTRATIONS, _begin(GUEST), 2),
    "new": StaffVerb(Right.CHANGE_OFFERS, _begin(OFFER)),
    "edit": StaffVerb(Right.CHANGE_OFFERS, _begin(OFFER), 1),
    "dates": StaffVerb(Right.CHANGE_OFFERS, _begin(MEETINGS), 1),
    "redate": StaffVerb(Right.CHANGE_OFFERS, _begin(CHANGE), 1),
    "translate": StaffVerb(Right.CHANGE_OFFERS, _begin(TRANSLATION), 2),
    "withdraw": StaffVerb(Right.CHANGE_OFFERS, running.withdraw, 1),
    "offer_again": StaffVerb(Right.CHANGE_OFFERS, running.offer_again, 1),
    "take_dates": StaffVerb(Right.CHANGE_OFFERS, importing.take, 1),
    "compose": StaffVerb(Right.SEND, composing.compose, 1),
    "facts": StaffVerb(Right.SEND, _begin(BROADCAST), 1),
    "tick": StaffVerb(Right.SEND, composing.tick, 4),
    "either": StaffVerb(Right.SEND, composing.either, 3),
    "everybody": StaffVerb(Right.SEND, composing.everybody, 1),
    "release": StaffVerb(Right.SEND, composing.release, 2),
    "draft": StaffVerb(Right.SEND, composing.draft_by_machine, 2),
    "to_me": StaffVerb(Right.SEND, composing.to_me, 2),
    "to_me_as_now": StaffVerb(Right.SEND, composing.to_me_as_now, 2),
    "send": StaffVerb(Right.SEND, composing.send, 1, Danger.BROADCAST),
    "second_yes": StaffVerb(Right.SEND, second_look.release, 1, Danger.BROADCAST),
    "take_back": StaffVerb(Right.SEND, second_look.take_back, 1),
    "use_group": StaffVerb(Right.SEND, saving.use, 2),
    "drop_group": StaffVerb(Right.SEND, saving.drop, 2),
    "detach": StaffVerb(Right.SEND, composing.detach, 1),
    "hold_broadcast": StaffVerb(Right.SEND, composing.hold, 1),
    "go_on_broadcast": StaffVerb(Right.SEND, composing.go_on, 1),
    "stop_broadcast": StaffVerb(Right.SEND, composing.stop, 1),
    "fill_broadcast": StaffVerb(Right.SEND, composing.fill, 1),
    "recall_broadcast": StaffVerb(Right.SEND, composing.recall, 1),
    "say_again": StaffVerb(Right.SEND, composing.say_again, 1),
    doubt_pages.SAY_VERB: StaffVerb(Right.SEND, doubt_deeds.say, 3),
    doubt_pages.LEAVE_VERB: StaffVerb(Right.SEND, doubt_deeds.leave, 3),
    "discard_broadcast": StaffVerb(Right.SEND, composing.discard, 1),
    "lead_is": StaffVerb(Right.SEND, noting_deeds.became, 2),
    "new_opening": StaffVerb(Right.CHANGE_OFFERS, _begin(OPENING)),
    "edit_opening": StaffVerb(Right.CHANGE_OFFERS, _begin(OPENING), 1),
    "fill_opening": StaffVerb(Right.CHANGE_OFFERS, opening_deeds.fill, 1),
    "free_again": StaffVerb(Right.CHANGE_OFFERS, opening_deeds.free_again, 1),
    "tell_opening": StaffVerb(Right.SEND, opening_deeds.tell, 1),
    noting_pages.VERB: StaffVerb(Right.SEND, noting_deeds.note, 3),
    "partner_invite": StaffVerb(Right.SEND, partner_deeds.invite, 1, Danger.RIGHTS),
    "partner_confirm": StaffVerb(Right.SEND, partner_deeds.confirm, 1, Danger.RIGHTS),
    "partner_end": StaffVerb(Right.SEND, partner_deeds.end, 1),
    "attend": StaffVerb(Right.TAKE_ATTENDANCE, running.attend, 2),
    needs_pages.TELL_VERB: StaffVerb(Right.SEND, _tell, 3),
    needs_pages.COURSE_VERB: StaffVerb(Right.CHANGE_OFFERS, _course, 3),
    "needs_chart": StaffVerb(Right.SEE_FIGURES, figures.chart),
    "needs_book": StaffVerb(Right.SEE_FIGURES, figures.book),
    **{name: StaffVerb(Right.ANSWER, do, number) for name, (do, number) in desk_talk.VERBS.items()},
    **{name: StaffVerb(Right.ANSWER, do, number) for name, (do, number) in template_deeds.VERBS.items()},
    young_pages.OPEN_VERB: StaffVerb(Right.SEE_PROFILES, young_deeds.open_),
    "template_new": StaffVerb(Right.ANSWER, _begin(ANSWER)),
    "template_edit": StaffVerb(Right.ANSWER, _begin(ANSWER), 1),
    "template_word": StaffVerb(Right.ANSWER, _begin(ANSWER_IN), 2),
    "audit_book": StaffVerb(Right.SEE_AUDIT, audit_book.book, 0, Danger.EXPORT),
    "report": StaffVerb(Right.SEE_FIGURES, figures.report, 1),
    people_pages.PICK_VERB: StaffVerb(Right.SEE_PROFILES, people_deeds.pick, 3),
    people_pages.CLEAR_VERB: StaffVerb(Right.SEE_PROFILES, people_deeds.clear),
    people_pages.FILE_VERB: StaffVerb(Right.EXPORT_PEOPLE, people_files.hand_over, 1, Danger.EXPORT),
    offer_pages.FILE_VERB: StaffVerb(Right.EXPORT_PEOPLE, people_files.seats, 3, Danger.EXPORT),
    leads.FILE_VERB: StaffVerb(Right.EXPORT_PEOPLE, people_files.interested, 2, Danger.EXPORT),
    people_pages.TELL_VERB: StaffVerb(Right.SEND, people_deeds.tell),
    person_pages.DROP_VERB: StaffVerb(Right.SEE_PROFILES, people_deeds.drop_note, 1),
    person_pages.SPLIT_VERB: StaffVerb(Right.MERGE_PEOPLE, people_deeds.split, 1),
    erasing_pages.VERB: StaffVerb(Right.ERASE_PEOPLE, erasing_deeds.erase, 1, Danger.ERASE),
    restricting_pages.RESTRICT_VERB: StaffVerb(Right.ERASE_PEOPLE, restricting_deeds.restrict, 1),
    person_pages.LIFT_VERB: StaffVerb(Right.ERASE_PEOPLE, restricting_deeds.lift, 1),
    twin_pages.JOIN_VERB: StaffVerb(Right.MERGE_PEOPLE, people_deeds.join, 2),
    trying_pages.BEGIN_VERB: StaffVerb(Right.SEE_OFFERS, trying.begin, 1),
    day_rows.NOTHING: StaffVerb(None, lambda visit, *_: visit.only()),
}
"""Every verb but `go`, which opens a page and needs the page's right."""
FORM_VERBS: dict[str, StaffVerb] = {
    **{name: StaffVerb(None, _fill(do), number) for name, (do, number) in filling.VERBS.items()},
    "hand_in": StaffVerb(None, _hand_in),
}
"""The verbs on the card of a form, whose own right is looked up with its draft."""


WRITERS: tuple[tuple[Right | None, Callable[[Visit, Member, str], Reply | None]], ...] = (
    (Right.SEND, lambda visit, member, text: stepping.write(visit, member, text, press)),
    (Right.SEND, saving.write),
    (Right.SEND, second_look.write),
    (Right.SEND, value_words.write),
    (None, people_deeds.write),
    (Right.SEE_PROFILES, young_deeds.write),
    (None, trying.write),
)
"""What takes words on a page that asks for some, with the right each needs; it answers None on any other page."""


def press(visit: Visit, verb: str, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Do what a living button of the staff desk says, if the member may do it now."""
    member, turn = visit.member, visit.turn
    if member is None:
        return refuse(visit, tapped)
    if not member.is_active(turn.now):
        return visit.reply(toast=staff_text("toast.no_right"), tapped=tapped)
    found = _verb(visit, verb, arguments)
    if found is None or len(arguments) != found.arguments:
        return visit.only(ui("notice.use_buttons"))
    staff.change(turn.connection, member.id, seen_at=turn.now)
    if not may(member.role, found.right):
        return at_page(visit, HOME, tapped, staff_text("toast.no_right"))
    if (asked := stepping.in_the_way(visit, member, found.danger, (verb, *arguments), tapped)) is not None:
        return asked
    return found.perform(visit, member, arguments, tapped)


def write(visit: Visit, text: str, marked: str) -> Reply:
    """Words at the desk: the answer to a form's question, or (`marked`: with their markup) a broadcast's text."""
    member = visit.member
    if member is None or not member.is_active(visit.turn.now):
        return visit.reply(ui("notice.use_buttons"))
    if (reply := composing.write(visit, member, text, marked)) is not None:
        return reply
    for right, taken in WRITERS:
        if may(member.role, right) and (reply := taken(visit, member, text)) is not None:
            return reply
    one = filling.form_before(visit, member)
    if one is None:
        return visit.reply(ui("notice.use_buttons"))
    staff.change(visit.turn.connection, member.id, seen_at=visit.turn.now)
    return filling.write(visit, one, text)


def refuse(visit: Visit, tapped: int | None = None) -> Reply:
    """Somebody who does not belong to the team presses a button of the desk: they see what everybody sees."""
    return visit.reply(toast=staff_text("toast.not_staff"), tapped=tapped)


def _verb(visit: Visit, verb: str, arguments: tuple[str, ...]) -> StaffVerb | None:
    page = page_before(visit)[0]
    if page == FORM:
        return FORM_VERBS.get(verb)
    if verb != GO and page == TRIAL:
        return StaffVerb(Right.SEE_OFFERS, trying.press(verb), len(arguments))
    if verb != GO:
        return VERBS.get(verb)
    wanted = PAGES.get(arguments[0]) if arguments else None
    return None if wanted is None else StaffVerb(wanted.right, _go, wanted.arguments + 1)


def _go(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return at_page(visit, ".".join(arguments), tapped)
