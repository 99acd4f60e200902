"""A picture or file that staff send while they compose a broadcast goes out with it. Its bytes are never fetched."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.bidi import cleaned
from bot.core.broadcasts import Attachment, Broadcast, Stage
from bot.core.message import Medium, Text
from bot.core.roles import Right
from bot.db.broadcasts import broadcasts, reviews
from bot.services import audit, messages, places
from bot.services.audit import Deed
from bot.services.broadcasts import correcting
from bot.services.reply import Reply
from bot.services.staff.broadcasts.media_pages import MEDIA, changeable
from bot.services.staff.next_page import page_before
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn, Visitor
from bot.services.visit import Visit, load
from bot.services.written import Written

LARGEST = 20 << 20
"""Bytes: Telegram gives a bot no larger file."""
LONGEST_NAME = 80
PAGES = frozenset({MEDIA, "broadcast", "wording"})
"""Where a picture or file is taken; their first argument is the broadcast."""
TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
"""Files that phones open: the type they claim has to fit the end of their name."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What came: a picture, a file (`mime`: what it says it is), or (`medium` None) something else.

    `size` is the messenger's own count of its bytes, `group` the album it is part of.
    """

    medium: Medium | None
    file: str = ""
    unique: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    group: str | None = None


def wanted(turn: Turn, visitor: Visitor) -> bool:
    """Whether this visitor is composing a broadcast: what anybody else sends is not even looked at."""
    visit = load(turn, visitor)
    return visit is not None and _composing(visit) is not None


def receive(turn: Turn, visitor: Visitor, offered: Offered, written: Written) -> Reply:
    """Something without words has come; what can go with the broadcast does."""
    visit = load(turn, visitor)
    one = None if visit is None else _composing(visit)
    if visit is None or one is None:
        return messages.unreadable(turn, visitor, "only_words", written)
    if offered.group is not None and one.media is not None and one.media.group == offered.group:
        return visit.only()  # the rest of an album whose first picture was taken, which was said
    if (problem := fault(offered)) is not None or offered.medium is None:
        return visit.reply(staff_text(f"media.fault_{problem}"))
    kept = Attachment(
        offered.medium, offered.file, offered.unique, shown_name(offered.name), offered.size, offered.group
    )
    said: tuple[Text, ...] = () if offered.group is None else (staff_text("media.album"),)
    if one.stage is Stage.DRAFT:
        broadcasts.attach(turn.connection, one.id, kept)
        reviews.take_back(turn.connection, one.id)
    elif correcting.exchange(turn, one, kept):
        audit.note(turn, Deed.CORRECTED, by=visit.member, what=f"broadcast {one.id}")
        said = (staff_text("toast.corrected"), *said)
    visit.look_at(places.STAFF, f"{MEDIA}.{one.id}")
    return visit.reply(*said)


FAULTS = ("kind", "type", "empty", "size")


def fault(offered: Offered) -> str | None:
    """Why something cannot go with a broadcast, as a code."""
    if offered.medium is None:
        return "kind"
    if offered.medium is Medium.DOCUMENT:
        end = offered.name.rpartition(".")[2].lower()
        if TYPES.get(end) != offered.mime.partition(";")[0].strip().lower():
            return "type"
    if offered.size <= 0:
        return "empty"
    return "size" if offered.size > LARGEST else None


def shown_name(name: str) -> str:
    """A file's name as one short line; the end, which says what it is, is kept."""
    whole = " ".join(cleaned(name).split())
    return whole if len(whole) <= LONGEST_NAME else f"{whole[: LONGEST_NAME - 8]}…{whole[-7:]}"


def _composing(visit: Visit) -> Broadcast | None:
    """The broadcast before a member who may send: a draft, or, on the page of its picture, one that has gone out."""
    member, (page, *arguments) = visit.member, page_before(visit)
    if visit.place != places.STAFF or page not in PAGES or not arguments or member is None:
        return None
    one = changeable(visit.turn, arguments[0]) if member.may(Right.SEND, visit.turn.now) else None
    return one if one is not None and (one.stage is Stage.DRAFT or page == MEDIA) else None
