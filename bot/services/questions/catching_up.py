"""After the first pass: old answers are shown again, and new questions are offered, each once.

Whoever has finished is asked nothing by surprise. At their next contact a card shows the answers that have expired,
or that are due for a refresh (one tap says that all of them are still true); else it says that there are
new questions. A person who says "later" is not asked about the same again; an answer that gets old anew is a new
reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

from bot.core import engine
from bot.services import places
from bot.services.questions import rounds
from bot.services.reply import Reply
from bot.services.view import ui
from bot.services.visit import Visit


def offer(visit: Visit) -> None:
    """Lay the card that says what there is to answer over the end of the conversation, where that is new."""
    person = visit.participant
    if person is None or person.finished_at is None or visit.place != places.DONE:
        return
    said = {name: date.fromisoformat(day) for name, day in (person.offered or {}).items()}
    questionnaire = visit.turn.content.questionnaire
    old = [
        name
        for name in visit.again()
        if said.get(name, date.min) < rounds.old_since(questionnaire, name, visit.given_at[name])
    ]
    open_now = visit.news()
    new = [name for name in open_now if name not in said]
    # What has been answered since is no longer open: should it open again, that is something new.
    still = {name: day for name, day in (person.offered or {}).items() if name in {*open_now, *visit.again()}}
    if old or new:
        visit.look_at(places.AGAIN if old else places.MORE)
        still |= dict.fromkeys(old or new, _today(visit))
    if still != (person.offered or {}):
        visit.set_rounds(offered=still)


def mention(visit: Visit) -> None:
    """The conversation's last card has said what there is to answer: no other card will say so again."""
    person = visit.participant
    if person is not None and (news := visit.news()):
        visit.set_rounds(offered={**(person.offered or {}), **dict.fromkeys(news, _today(visit))})


def _today(visit: Visit) -> str:
    return visit.turn.now.astimezone(UTC).date().isoformat()


def not_now(visit: Visit, tapped: int | None) -> Reply:
    """Later: the card goes, and is not shown again for the same reason."""
    visit.look_at(None)
    return visit.reply(tapped=tapped)


def still_true(visit: Visit, tapped: int | None) -> Reply:
    """Everything on the card is still true: the same answers, given today."""
    visit.renew(visit.again())
    visit.look_at(None)
    return visit.reply(toast=ui("again.thanks"), tapped=tapped)


def go_through(visit: Visit, tapped: int | None) -> Reply:
    """The old answers are asked one after the other."""
    visit.set_rounds(refreshing=True)
    return _ask(visit, tapped)


def tell_more(visit: Visit, tapped: int | None) -> Reply:
    """On to the questions that follow the first pass."""
    visit.set_rounds(more=True)
    return _ask(visit, tapped)


def _ask(visit: Visit, tapped: int | None) -> Reply:
    """Put the card on the next open question."""
    if visit.state is not None:
        visit.state = engine.resume(visit.questionnaire, replace(visit.state, at=None))
    visit.go(places.QUESTIONS)
    return visit.reply(tapped=tapped)
