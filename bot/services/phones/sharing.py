"""Several people on one phone: one gives it to another, or to somebody new."""

from __future__ import annotations

from bot.core.folding import number
from bot.services.phones import phone
from bot.services.reply import Reply
from bot.services.view import ui
from bot.services.visit import Visit


def speak(visit: Visit, key: str, tapped: int | None) -> Reply:
    """Let this person on the phone speak, where they were when they last did."""
    found = phone.find(visit.people, number(key))
    if found is None:
        return visit.only(ui("notice.use_buttons"))
    if visit.participant is not None and visit.participant.id == found.id:
        visit.look_at(None)
    else:
        visit.become(found)
    return visit.reply(toast=phone.not_theirs(visit.people, found), tapped=tapped)


def add(visit: Visit, tapped: int | None) -> Reply:
    """Somebody new begins: language, age, consent, as on a phone of their own."""
    if len(visit.people) >= phone.MOST:
        return visit.only(ui("people.full"))
    visit.become(None)
    return visit.reply(tapped=tapped)
