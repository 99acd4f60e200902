"""Two profiles that turn out to be of one person are put together by hand, and taken apart again within a week.

What moves and what does not is decided in `bot.db.people.merging`; here is what follows from it: answers that
are worked out anew, reminders of seats, and the end of the week.
"""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Text
from bot.core.seats import State
from bot.db.offers import registrations
from bot.db.offers.registrations import Registration
from bot.db.people import merging, parting
from bot.db.people.merging import Merging
from bot.db.rights import erasure
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.offers import joining, offering, registration
from bot.services.offers.registration import Outcome
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import reminding
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn


def merge(turn: Turn, kept: int, gone: int, by: Member) -> int | None:
    """Put `gone` into `kept`; the merging's number. None where it cannot be done (any more)."""
    stand_in = turn.content.texts.label(SOURCE_LANGUAGE, _stand_in(gone))
    tx = turn.connection
    number = merging.merge(tx, kept, gone, by.id, turn.now, away=places.MERGED, stand_in=stand_in)
    if number is None:
        return None
    _work_out(turn, kept)
    reminding.settings_changed(turn, kept)
    merging.completed(tx, number)
    audit.note(turn, Deed.MERGED, by=by, about=kept, what=f"participant {gone}")
    return number


def take_apart(turn: Turn, one: Merging, by: Member) -> None:
    """Take the two apart again."""
    if parting.take_apart(turn.connection, one, turn.now):
        _work_out(turn, one.kept_id)
    joining.look_after(turn)
    audit.note(turn, Deed.UNMERGED, by=by, about=one.kept_id, what=f"participant {one.gone_id}")


def settle(turn: Turn) -> int:
    """Mergings older than a week are final: seats that were kept aside become free; how many."""
    done = merging.settled(turn.connection, turn.now - merging.WEEK)
    for one in done:
        for key, _ in one.before["parked"]:
            seat = registrations.load(turn.connection, key)
            if seat is not None and seat.participant_id is None:
                joining.settle(turn, _free(turn, seat).news)
        merging.forget(turn.connection, one.id)
    if done:
        erasure.scrub(turn.connection, erasure.ALL)
    return len(done)


def _free(turn: Turn, seat: Registration) -> Outcome:
    terms = offering.terms_of(turn.content)
    match seat.state:
        case State.WAITING:
            return registration.leave_list(turn, terms, seat.id, None)
        case State.HELD:
            return registration.decline_hold(turn, terms, seat.id, None)
    return registration.give_back(turn, terms, seat.id, None)


def _work_out(turn: Turn, person: int) -> None:
    """Work out what follows from the answers there are now."""
    stored = StoredAnswers(turn.connection, turn.content.questionnaire, person)
    stored.write(stored.aged(turn.now, refreshing=False), turn.now)


def _stand_in(gone: int) -> Text:
    return staff_text("twins.stand_in", number=gone)
