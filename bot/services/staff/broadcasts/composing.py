"""What buttons and words do to a broadcast. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.content.audience_file import Unread
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import MarkupError, parse, plain
from bot.content.rich import utf16
from bot.core.broadcasts import Broadcast, Stage
from bot.core.conditions import Condition
from bot.core.folding import number
from bot.core.roles import Right, may
from bot.db.broadcasts import broadcasts, reviews
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.broadcasts import audience, broadcasting, captions
from bot.services.broadcasts.audience import EITHER
from bot.services.openings import openings
from bot.services.profiles import people
from bot.services.reply import Drafting, Reply
from bot.services.staff.broadcasts import conditions, drafting, releasing, ticking
from bot.services.staff.broadcasts.audience_pages import AUDIENCE, JOINT, PICK, draft_named, is_closed
from bot.services.staff.broadcasts.broadcast_pages import (
    BROADCAST,
    BROADCASTS,
    WORDING,
    broadcast_named,
    may_write,
    stands_in,
)
from bot.services.staff.broadcasts.media_pages import MEDIA
from bot.services.staff.choosing import as_argument, filter_of
from bot.services.staff.next_page import Perform, at_page, page_before
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import ui
from bot.services.visit import Visit

LONGEST = 3000
"""Letters of a broadcast, as Telegram counts them; what is said above and below a text has to fit as well."""


def compose(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A new broadcast, about an offer where the button says so; its text is asked for first."""
    offer_id = None if arguments[0] == "-" else arguments[0]
    key = broadcasting.compose(visit.turn, member, offer_id)
    return at_page(visit, f"{WORDING}.{key}.{SOURCE_LANGUAGE}", tapped, changed=True)


def compose_to(visit: Visit, member: Member, who: Condition, tapped: int | None) -> Reply:
    """A new broadcast to the people for whom a condition holds."""
    key = broadcasting.compose(visit.turn, member, None)
    broadcasts.change(visit.turn.connection, key, audience=ticking.audience_of(visit.turn.content, who))
    return at_page(visit, f"{WORDING}.{key}.{SOURCE_LANGUAGE}", tapped, changed=True)


def write(visit: Visit, member: Member, text: str, marked: str) -> Reply | None:
    """Words on a page that takes some: a text in its language, a condition. None where it takes none."""
    if not may(member.role, Right.SEND):
        return None
    one, language = _wording(visit)
    if one is not None and may_write(one):
        return _write_wording(visit, one, language, marked)
    chosen = _choosing(visit)
    return None if chosen is None else _paste(visit, member, chosen, text)


def _choosing(visit: Visit) -> Broadcast | None:
    """The broadcast whose audience is chosen on the page before the member."""
    name, *arguments = page_before(visit)
    return draft_named(visit.turn, arguments[0]) if name == AUDIENCE and arguments else None


def _paste(visit: Visit, member: Member, one: Broadcast, text: str) -> Reply:
    """A pasted condition replaces all that was chosen; it can be changed by taps where taps can express it."""
    found = audience.pasted(visit.turn.content, text, sensitive=may(member.role, Right.SEE_SENSITIVE))
    if isinstance(found, Unread):
        return visit.reply(*conditions.fault_texts(found))
    broadcasting.choose(visit.turn, one, ticking.audience_of(visit.turn.content, found))
    return at_page(visit, f"{AUDIENCE}.{one.id}.0", None)


def _write_wording(visit: Visit, one: Broadcast, language: str, text: str) -> Reply:
    """Words, with their markup, become the text in that language."""
    try:
        words = plain(parse(text)).strip()
    except MarkupError:
        return visit.reply(ui("notice.use_buttons"))
    if not words or utf16(text) > LONGEST:
        return visit.reply(staff_text("problem.too_long", most=LONGEST))
    broadcasting.write(visit.turn, one, language, text.strip())
    return at_page(visit, f"{WORDING}.{one.id}.{language}", None, changed=True)


def _wording(visit: Visit) -> tuple[Broadcast | None, str]:
    name, *arguments = page_before(visit)
    if visit.place != places.STAFF or name != WORDING or len(arguments) != 2:  # noqa: PLR2004 - number, language
        return None, ""
    return locked_broadcast(visit, arguments[0]), arguments[1]


def tick(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Turn a value of the audience: chosen, ruled out, never mind."""
    one, place = draft_named(visit.turn, arguments[0]), number(arguments[2])
    question = filter_of(visit.turn, arguments[1])
    every = () if question is None else people.options(question)
    if one is None or question is None or place is None or place >= len(every):
        return visit.only(ui("notice.use_buttons"))
    if is_closed(visit.turn, member, one):
        return visit.only(staff_text("audience.closed"))
    broadcasting.choose(visit.turn, one, audience.turned(one.audience, question.id, every[place]))
    return at_page(visit, f"{PICK}.{one.id}.{as_argument(question.id)}.{number(arguments[3]) or 0}", tapped)


def either(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Turn a question between "one of these is enough" and "this must hold"; `-`: turn all of them."""
    one, turn = draft_named(visit.turn, arguments[0]), visit.turn
    if one is None:
        return broadcast_gone(visit, tapped)
    if is_closed(turn, member, one):
        return visit.only(staff_text("audience.closed"))
    every, enough = set(audience.names_in(one.audience)), set(one.audience.get(EITHER, ()))
    turned = {arguments[1].replace(":", ".")} & every if arguments[1] != "-" else every - enough or every
    broadcasting.choose(turn, one, audience.joined(one.audience, enough ^ turned))
    return at_page(visit, f"{JOINT}.{one.id}.{number(arguments[2]) or 0}", tapped)


def everybody(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Nothing is chosen any more: the message is for everybody."""
    one = draft_named(visit.turn, arguments[0])
    if one is None:
        return broadcast_gone(visit, tapped)
    broadcasting.choose(visit.turn, one, {})
    return at_page(visit, f"{AUDIENCE}.{one.id}.0", tapped)


def detach(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The picture or file is taken off."""
    one = draft_named(visit.turn, arguments[0])
    if one is None or one.media is None:
        return broadcast_gone(visit, tapped)
    broadcasts.attach(visit.turn.connection, one.id, None)
    reviews.take_back(visit.turn.connection, one.id)
    return at_page(visit, f"{MEDIA}.{one.id}", tapped, staff_text("toast.detached"))


def release(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The member vouches for a version."""
    one = locked_broadcast(visit, arguments[0])
    if one is None:
        return broadcast_gone(visit, tapped)
    done = broadcasting.release(visit.turn, one, arguments[1], member)
    long = arguments[1] in captions.excess(visit.turn, one, broadcasts.versions(visit.turn.connection, one.id))
    if done:
        said = Deed.RELEASED if one.stage is Stage.DRAFT else Deed.CORRECTED
        audit.note(visit.turn, said, by=member, what=f"broadcast {one.id} {arguments[1]}")
    toast = staff_text("toast.released" if done else "toast.unchanged")
    if long:
        toast = staff_text("toast.too_long")
    german = arguments[1] == SOURCE_LANGUAGE and not long
    page = f"{BROADCAST}.{one.id}" if german else f"{WORDING}.{one.id}.{arguments[1]}"
    return at_page(visit, page, tapped, toast, changed=done)


def to_me(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The version as its people will see it, as a message below."""
    one = broadcast_named(visit.turn, arguments[0])
    if one is None or arguments[1] not in broadcasts.versions(visit.turn.connection, one.id):
        return broadcast_gone(visit, tapped)
    broadcasting.say_to(visit.turn, one, arguments[1], member.person_id)
    return visit.reply(toast=staff_text("toast.to_you"), tapped=tapped)


def to_me_as_now(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """What people of a language that is not released get now, as a message below: German under a mark."""
    one = broadcast_named(visit.turn, arguments[0])
    if one is None or not stands_in(visit.turn, one, arguments[1]):
        return broadcast_gone(visit, tapped)
    broadcasting.say_to(visit.turn, one, arguments[1], member.person_id, as_now=True)
    return visit.reply(toast=staff_text("toast.to_you"), tapped=tapped)


def draft_by_machine(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A machine drafts one language, or (`-`) all that are missing; the page is drawn anew when it is there."""
    one, turn = broadcast_named(visit.turn, arguments[0]), visit.turn
    source = None if one is None else broadcasts.versions(turn.connection, one.id).get(SOURCE_LANGUAGE)
    if one is None or source is None or not turn.translates:
        return broadcast_gone(visit, tapped)
    open_ = drafting.missing(turn, one, SOURCE_LANGUAGE)
    wanted = open_ if arguments[1] == "-" else tuple(name for name in open_ if name == arguments[1])
    if not wanted:
        return visit.reply(toast=staff_text("toast.unchanged"), tapped=tapped)
    names = drafting.names(turn.content, one)
    ordered = Drafting(member.person_id, one.id, SOURCE_LANGUAGE, source.text, wanted, names)
    return replace(visit.reply(toast=staff_text("toast.drafting"), tapped=tapped), drafting=ordered)


def send(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Send it, now or when its settings say; or hand it in for another's yes, where the town asks for that."""
    one, turn = locked_broadcast(visit, arguments[0]), visit.turn
    if one is None:
        return broadcast_gone(visit, tapped)
    if releasing.needed(turn, one, member):
        done = bool(releasing.others(turn, one, member)) and releasing.hand_in(turn, one, member)
        toast = staff_text("toast.handed_in" if done else "toast.unchanged")
        return at_page(visit, f"{BROADCAST}.{one.id}", tapped, toast)
    at = max(one.starts_at or turn.now, turn.now)
    done = broadcasting.send(turn, one, member, at)
    if done:
        audit.note(turn, Deed.SENT, by=member, what=f"broadcast {one.id}")
    toast = staff_text("toast.sending" if done else "toast.unchanged")
    return at_page(visit, f"{BROADCAST}.{one.id}", tapped, toast, changed=done)


Do = Callable[[Turn, Broadcast, Member], bool]


def deed(do: Do, toast: str, noted: Deed | None = None) -> Perform:
    """The function of a button that does one thing to a broadcast, where that can still be done."""

    def perform(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        one = locked_broadcast(visit, arguments[0])
        if one is None:
            return broadcast_gone(visit, tapped)
        done = do(visit.turn, one, member)
        if done and noted is not None:
            audit.note(visit.turn, noted, by=member, what=f"broadcast {one.id}")
        page = f"{BROADCASTS}.0" if one.stage is Stage.DRAFT else f"{BROADCAST}.{one.id}"
        return at_page(visit, page, tapped, staff_text(f"toast.{toast}" if done else "toast.unchanged"), changed=done)

    return perform


discard = deed(lambda turn, one, _: broadcasting.discard(turn, one), "discarded")
hold = deed(lambda turn, one, _: broadcasting.hold(turn, one), "held")
go_on = deed(lambda turn, one, _: broadcasting.go_on(turn, one), "goes_on")
stop = deed(lambda turn, one, _: broadcasting.stop(turn, one), "stopped", Deed.STOPPED)
recall = deed(lambda turn, one, _: broadcasting.recall(turn, one), "recalled", Deed.RECALLED)
say_again = deed(lambda turn, one, _: broadcasting.say_again(turn, one) > 0, "goes_on", Deed.SENT)
fill = deed(openings.fill_with, "filled", Deed.FILLED)


def locked_broadcast(visit: Visit, word: str) -> Broadcast | None:
    """The broadcast, locked until the commit: two members who press at once do it once."""
    key = number(word)
    one = None if key is None else broadcasts.load(visit.turn.connection, key, lock=True)
    return None if one is None or one.stage is Stage.DISCARDED else one


def broadcast_gone(visit: Visit, tapped: int | None) -> Reply:
    """The list of broadcasts, where what the button is about is gone."""
    return at_page(visit, f"{BROADCASTS}.0", tapped, staff_text("toast.vanished"))
