"""What happens by the clock: forgetting what may not stay, and showing cards that are owed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.core.spans import length_of
from bot.core.timing import local_time
from bot.db import chats, inbox
from bot.db.broadcasts import translations
from bot.db.openings import interests, partners
from bot.db.people import paper_codes, persons
from bot.db.rights import desk_pages, erasure, leaving, old_answers, retention
from bot.db.staff import drafts, invitations, second_factors, staff
from bot.services import audit, places
from bot.services.phones.carrying import AN_HOUR
from bot.services.profiles import merging
from bot.services.reply import Reply
from bot.services.rights import accompanying, expiring
from bot.services.staff.factor.factor_pages import TIME_TO_SET_UP
from bot.services.turn import Turn, Visitor
from bot.services.visit import load

P = ParamSpec("P")
T = TypeVar("T")
WITHOUT_CONSENT = timedelta(hours=24)
"""How long language and source of somebody who has not consented may stay."""
LATELY = timedelta(days=2)
"""Chats without consent that came earlier are looked for at night: to find them takes a look at everybody's."""
PROVEN = length_of("3 years")
"""How long the proof stays that somebody agreed and was erased: until nobody can claim anything any more."""
NIGHT = timedelta(hours=3)
PAGE = 10_000
"""Deliveries looked at in one transaction: others wait for it on SQLite, some milliseconds."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    chats: int
    answers: int
    inbox_ids: int


def forget_what_is_due(turn: Turn) -> Forgotten:
    """Forget chats without consent, answers older than their question keeps them, and old inbox rows.

    Answers under a former id of a question go with it.
    """
    before = turn.now - WITHOUT_CONSENT
    chats_gone = erasure.erase_without_consent(turn.connection, before, before - LATELY)
    chats_gone += accompanying.forget(turn)
    persons.forget_begun(turn.connection, before, places.BEFORE_CONSENT, places.DONE)
    answers = old_answers.forget(turn.connection, _periods(turn))
    if answers:
        erasure.scrub(turn.connection, erasure.ALL)
    audit.forget_old(turn)
    of_staff = staff.forget_old(turn.connection, turn.now) + invitations.forget_old(turn.connection, turn.now)
    if drafts.forget_old(turn.connection, turn.now - turn.content.town.retention.drafts) + of_staff:
        erasure.scrub(turn.connection, erasure.ALL)
    if translations.forget_old(turn.connection, turn.now - turn.content.town.retention.broadcasts):
        erasure.scrub(turn.connection, erasure.LOG)
    partner_rows = partners.forget_old(turn.connection, turn.now)
    if partner_rows + interests.forget_old(turn.connection, turn.now - turn.content.town.retention.interests):
        erasure.scrub(turn.connection, erasure.ALL)
    leaving.forget_shown(turn.connection, turn.now)
    desk_pages.fade(turn.connection, turn.now)
    second_factors.drop_unconfirmed(turn.connection, turn.now - TIME_TO_SET_UP)
    paper_codes.forget_tries(turn.connection, turn.now - AN_HOUR)
    leaving.forget_proofs(turn.connection, turn.now - PROVEN)
    merging.settle(turn)
    return Forgotten(chats_gone, answers, inbox.forget_old(turn.connection, turn.now))


def _periods(turn: Turn) -> dict[datetime, list[str]]:
    """The questions, former ids included, by the moment before which an answer to them is too old."""
    found: dict[datetime, list[str]] = {}
    for question in turn.content.questionnaire.questions:
        found.setdefault(turn.now - length_of(question.retention), []).extend((question.id, *question.was))
    return found


def due(turn: Turn) -> dict[str, int]:
    """How much of each class is to go next; nothing is changed."""
    return {
        "chats without consent": retention.strangers(turn.connection, turn.now - WITHOUT_CONSENT),
        "answers": old_answers.count(turn.connection, _periods(turn)),
        **expiring.due(turn),
    }


class Run(Protocol):
    """Runs a use case in a transaction of its own."""

    def __call__(
        self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[T]:
        """What the use case answers."""


@dataclass(frozen=True, slots=True)
class LongOver:
    """How much a night has forgotten."""

    deliveries: int
    registrations: int
    attendance: int
    people_and_talks: int


async def night_work(run: Run) -> LongOver:
    """Forget what is long over and ask who is silent; page by page, so that a tap goes in between."""
    registrations, attendance = await run(forget_registrations)
    deliveries, at = 0, 0
    while True:
        gone, last = await run(forget_deliveries, at)
        deliveries += gone
        if last is None:
            break
        at = last
    people_and_talks = await run(forget_strangers)
    for forget in (expiring.unfinished, expiring.inactive, expiring.talks):
        while (gone := await run(forget)) > 0:
            people_and_talks += gone
    while await run(expiring.ask) > 0:
        pass
    return LongOver(deliveries, registrations, attendance, people_and_talks)


def forget_strangers(turn: Turn) -> int:
    """Forget every chat without consent, however old: whoever left the team, or whose profile went; how many."""
    return erasure.erase_without_consent(turn.connection, turn.now - WITHOUT_CONSENT)


def forget_deliveries(turn: Turn, after: int) -> tuple[int, int | None]:
    """Delete a page of deliveries that are over and old, behind the id `after`; how many, and where to go on."""
    kept = turn.content.town.retention
    return retention.forget_deliveries(
        turn.connection, after, PAGE, turn.now - kept.deliveries, turn.now - kept.broadcasts
    )


def forget_registrations(turn: Turn) -> tuple[int, int]:
    """Delete registrations that ended, guests, and attendance, when all they are about is long over; how many."""
    return retention.forget_registrations(turn.connection, turn.now - turn.content.town.retention.registrations)


def night_of(turn: Turn) -> date:
    """The day whose night's work is due: it begins at three in the morning on the town's clocks."""
    return night(turn.now, turn.content.town.clock)


def night(moment: datetime, zone: ZoneInfo) -> date:
    """The day whose night's work is due at a moment, on the clocks of a zone."""
    return (local_time(moment, zone) - NIGHT).date()


def owed(turn: Turn, quiet: timedelta) -> list[int]:
    """Chats whose card never arrived and that have been quiet for that long."""
    return chats.owed(turn.connection, turn.now, quiet)


def show_again(turn: Turn, visitor: Visitor) -> Reply | None:
    """The card a chat is owed, as a new message; None where it is owed none any more."""
    visit = load(turn, replace(visitor, person=visitor.chat_id))  # a private chat has its person's number
    if visit is None or visit.chat.shown_version >= visit.chat.card_version:
        return None
    return visit.show_again()
