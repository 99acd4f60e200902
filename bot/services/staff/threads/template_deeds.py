"""What buttons and forms do to templates. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.folding import number
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.services.reply import Reply
from bot.services.staff.forms.filling import Ended, Given
from bot.services.staff.next_page import Perform, at_page
from bot.services.staff.texts import staff_text
from bot.services.staff.threads import template_forms
from bot.services.staff.threads.template_pages import TEMPLATE, TEMPLATE_IN, TEMPLATES, THREAD, THREADS
from bot.services.threads import answers, deeds, templates
from bot.services.visit import Visit


def _release(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The member vouches for a translation."""
    one = answers.everything(visit.turn).get(arguments[0])
    done = one is not None and answers.release(visit.turn, one, arguments[1], member)
    toast = staff_text("toast.released" if done else "toast.unchanged")
    return at_page(visit, f"{TEMPLATE_IN}.{arguments[0]}.{arguments[1]}", tapped, toast)


def _drop(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Withdraw a template."""
    one = answers.everything(visit.turn).get(arguments[0])
    if one is not None:
        answers.withdraw(visit.turn, one, member)
    toast = staff_text("toast.vanished" if one is None else "toast.discarded")
    return at_page(visit, f"{TEMPLATES}.0", tapped, toast)


def _send(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Send a template that was looked at to the person."""
    key = number(arguments[0])
    one = None if key is None else threads.load(visit.turn.connection, key)
    ready = None if one is None else templates.ready_for(visit.turn, one, arguments[1])
    if one is None or ready is None:
        return at_page(visit, f"{THREADS}.0", tapped, staff_text("toast.vanished"))
    deeds.answer(visit.turn, member, one, visit.chat.id, None, ready)
    return at_page(visit, f"{THREAD}.{one.id}", tapped, staff_text("toast.template_sent"))


VERBS: Mapping[str, tuple[Perform, int]] = {
    "template_release": (_release, 2),
    "template_drop": (_drop, 1),
    "template_send": (_send, 2),
}
"""By verb: what it does, and how many arguments it has."""


def said(visit: Visit, member: Member, subject: str, given: Given) -> Ended:
    """A new template, or new German of one."""
    if subject and subject not in answers.everything(visit.turn):
        return Ended(f"{TEMPLATES}.0", staff_text("toast.vanished"))
    made = answers.say(visit.turn, subject or None, str(given["title"]), str(given["text"]), member)
    return Ended(f"{TEMPLATE}.{made}", staff_text("toast.saved"))


def said_in(visit: Visit, _: Member, subject: str, given: Given) -> Ended:
    """A template in another language."""
    key, language = subject.split(".")
    one = answers.everything(visit.turn).get(key)
    if one is None or language not in visit.turn.content.languages:
        return Ended(f"{TEMPLATES}.0", staff_text("toast.vanished"))
    answers.translate(visit.turn, one, language, str(given["text"]))
    return Ended(template_forms.page(subject), staff_text("toast.saved"))
