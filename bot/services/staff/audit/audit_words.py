"""What an entry of the audit trail is about, in German: entries themselves are made of the program's ids and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.content.locales import german_name
from bot.core.broadcasts import Subject
from bot.core.folding import number
from bot.core.message import Argument, Text, Words
from bot.core.roles import Role
from bot.db.audit import PARTNER, Entry
from bot.db.openings import partners
from bot.db.staff import staff
from bot.services.audit import Deed, actor_of
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.texts import role_name, staff_text
from bot.services.threads import answers
from bot.services.turn import Turn

FILES = frozenset({"xlsx", "csv"})
"""What lists of people are written as."""
NAMES = {
    "affected {number}": "affected",
    "answer {template} {language}": "answer",
    "attendance {number}": "attendance",
    "audit": "audit",
    "broadcast {number}": "broadcast",
    "broadcast {number} {language}": "broadcast_in",
    "broadcast {number} member {old} {new}": "broadcast_to",
    "contacts": "contacts",
    "doubles {number}": "doubles",
    "fits {subject}": "fits",
    "found {number}": "found",
    "group {group}": "group",
    "interests": "interests",
    "interests {subject}": "leads",
    "lead {subject}": "lead",
    "leads {form} {subject}": "leads_file",
    "leads {subject}": "leads",
    "member {member}": "member",
    "member {member} {before} {role}": "member_role",
    "nearly {subject}": "nearly",
    "needs book": "needs",
    "notes": "notes",
    "opened": "opened",
    "opening {subject}": "opening",
    "pair": "pair",
    "participant {number}": "participant",
    "partner {partner}": "partner",
    "people {form} {number}": "people_file",
    "people {subject} 0": "people",
    "people {subject} {number}": "people_of",
    "profiles": "profiles",
    "registrations": "registrations",
    "registrations {subject}": "people",
    "removed": "removed",
    "report {quarter}": "report",
    "restricted {number}": "restricted",
    "role {role}": "role",
    "said": "said",
    "seats {form} {subject} 0": "seats_file",
    "seats {form} {subject} {number}": "seats_file_of",
    "talk": "talk_over",
    "talk {number}": "talk",
    "talks": "talks",
    "talks over": "talks_over",
}
"""What stands in an entry, with names for what differs, and the text that says it: `about.<name>`."""


def told(turn: Turn, one: Entry) -> Text | Words | None:
    """What an entry is about; None where it does not say, and its own words where no pattern fits."""
    if one.deed == Deed.CUT:
        return staff_text("about.cut", number=Words(one.what.partition(" ")[0]))
    if not one.what:
        return None
    for pattern, name in NAMES.items():
        arguments = _arguments(turn, pattern, one.what)
        if arguments is not None:
            return staff_text(f"about.{name}", None, **arguments)
    return Words(one.what)


def called(turn: Turn, who: str) -> Text:
    """Who did it, as entries call them."""
    if who in {"operator", "person", "clock"}:
        return staff_text(f"audit.{who}")
    key = number(who.partition(":")[2]) or 0
    if who.startswith(PARTNER):
        partner = partners.load(turn.connection, key)
        return staff_text("audit.gone") if partner is None else staff_text("audit.partner", name=Words(partner.name))
    name = staff.name(turn.connection, key)
    return staff_text("audit.gone") if name is None else staff_text("audit.member", name=Words(name))


def _arguments(turn: Turn, pattern: str, what: str) -> dict[str, Argument] | None:
    """What stands at the places of a pattern; None where the pattern does not fit."""
    wanted, given = pattern.split(" "), what.split(" ")
    if len(wanted) != len(given):
        return None
    found: dict[str, Argument] = {}
    for part, word in zip(wanted, given, strict=True):
        if part == word:
            continue
        argument = _READ[part[1:-1]](turn, word) if part.startswith("{") else None
        if argument is None:
            return None
        found[part[1:-1]] = argument
    return found


def _number(_: Turn, word: str) -> Argument | None:
    return Words(word) if word.isdecimal() else None


def _group(_: Turn, word: str) -> Argument | None:
    """A group by the messenger's number, which is negative: its name is not stored."""
    return Words(word) if word.removeprefix("-").isdecimal() else None


def _language(_: Turn, word: str) -> Argument:
    return Words(german_name(word))


def _role(_: Turn, word: str) -> Argument | None:
    return role_name(Role(word)) if word in list(Role) else None


def _member(turn: Turn, word: str) -> Argument | None:
    key = number(word)
    return None if key is None else called(turn, actor_of(key))


def _form(_: Turn, word: str) -> Argument | None:
    return Words(word) if word in FILES else None


def _subject(turn: Turn, word: str) -> Argument:
    """An offer by its title while it is there; a broadcast by its number."""
    subject = Subject.named(word)
    if subject.opening is None:
        return staff_text("about.broadcast", number=Words(word))
    offer = turn.content.offers.get(subject.opening)
    return Words(word) if offer is None else title(offer)


def _partner(turn: Turn, word: str) -> Argument | None:
    one = partners.load(turn.connection, number(word) or 0)
    return None if one is None else Words(one.name)


def _template(turn: Turn, word: str) -> Argument:
    known = answers.everything(turn).get(word)
    return Words(word if known is None else known.title)


_READ: Mapping[str, Callable[[Turn, str], Argument | None]] = {
    "before": _role,
    "form": _form,
    "group": _group,
    "language": _language,
    "member": _member,
    "new": _member,
    "number": _number,
    "old": _member,
    "partner": _partner,
    "quarter": lambda _, word: Words(word),
    "role": _role,
    "subject": _subject,
    "template": _template,
}
