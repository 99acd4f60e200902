"""The bot's own texts that the code says: every key of `ui.yaml`, with the placeholders that are filled in there.

Those that staff read in the chat stand in `staff.yaml`; `bot.services.staff.texts` names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.content.faults import Fault, Level
from bot.content.loader import STAFF, STAFF_CHAT, Content
from bot.content.markup import parse, shape
from bot.services.staff import texts as staff

FILE = "ui.yaml"
UI = "ui."
_LINES = """
language.name
language.ask
language.missing
age.ask
age.why
age.yes
age.no
young.text
young.who who
consent.ask
consent.yes
consent.no
consent.more
consent.next
consent.start
consent.end
consent.purpose text title
consent.recipients recipients
consent.retention retention
consent.given
consent.withdrawn
refused.text
card.head bar n section total
card.ask question
card.why why
card.head_statement bar section
card.answer value
card.again month value
card.changed
card.month example
card.month_of year
card.list
card.found words
card.not_found words
button.back
button.forward
button.skip
button.decline
button.pause
button.done
button.save_change
button.without_change
button.resume
button.map
button.profile
button.privacy
button.read
button.own_words
button.years
button.kept
button.more
button.now
button.later
button.still
button.go
button.changed
answer.yes
answer.no
problem.not_an_option
problem.not_understood
problem.too_few n
problem.too_many n
problem.not_a_number
problem.out_of_range maximum minimum
problem.empty
problem.too_long n
problem.not_optional
problem.not_sensitive
problem.wrong_kind
problem.nothing_asked
problem.not_a_month
problem.out_of_years maximum minimum
problem.not_found
notice.welcome_back
notice.use_buttons
notice.old_card
notice.one_message
notice.only_words
notice.forwarded
notice.edited
notice.unknown_command
notice.foreign
notice.start_again
notice.first_consent
summary.title
summary.unfinished
summary.line label value
summary.skipped
summary.declined
summary.skipped_sentence label
summary.declined_sentence label
summary.confirm
done.title
done.next what
done.who who within
done.office name
done.more n
done.ask
again.title
again.line month sentence
again.ask
again.tap
again.thanks
more.title n
more.why
contact.address address
contact.hours hours
contact.phone phone
contact.email email
button.courses
button.events
button.mine
button.page_before
button.page_next
button.calendar
button.join
button.join_at when
button.queue
button.queue_at when
button.leave
button.leave_at when
button.queue_leave
button.queue_leave_at when
button.take
button.take_at when
button.come
button.cannot
button.snooze
button.mute
button.unwanted
button.details
button.quiet
button.cap
button.zone
button.name
button.nameless
why.because what
why.missing what
why.is label value
why.one_of label value
why.not label value
why.at_least label value
why.at_most label value
why.below label value
why.above label value
why.answer label
why.other label
offers.title_courses
offers.title_events
offers.none
offers.fits
offers.possible
offers.near
offers.other
offers.entry title
offers.next when
offers.provider provider
offers.place place
offers.place_room place room
offers.mode_online
offers.mode_mixed
offers.level goal start
offers.level_to goal
offers.lessons n
offers.fee fee
offers.free
offers.open_hours
offers.dates
offers.date when
offers.date_room room when
offers.date_closed when
offers.date_room_closed room when
offers.date_cancelled when
offers.more_dates n
offers.seats n
offers.full
offers.closed
offers.deadline when
offers.approval
offers.change_answer
offers.advice
offers.first_profile
standing.requested
standing.registered
standing.waiting place
standing.held until
mine.title
mine.none
news.registered
news.requested
news.waiting place
news.already
news.closed
news.over
news.needs
news.given_back
news.left
news.stale
news.coming
news.excused
news.unwanted
news.snoozed when
news.snoozed_not
news.muted
news.told_registered title
news.told_refused title
news.told_held title until
news.told_lapsed title
news.told_no_seat title
news.told_withdrawn title
news.told_place title where
calendar.caption
calendar.none
news.told_missed title
change.moved old title when
change.room old title when where
change.moved_room old title when where
change.cancelled title when
change.back title when where
change.as_before title when where
change.outdated
change.outdated_offer
coming.yes
coming.no
coming.later
coming.excused
settings.title
settings.quiet end start
settings.late end
settings.no_quiet
settings.cap n
settings.topics
settings.topic_own
settings.topic_offers
settings.topic_questions
settings.quiet_start
settings.quiet_end
settings.hour hour
settings.number number
settings.quiet_none
settings.quiet_town
settings.cap_ask
settings.zone_town clock town
settings.zone clock place
settings.zone_ask
settings.name name
settings.no_name
settings.name_ask
settings.name_saved
settings.zone_now clock town
settings.zone_here clock town
settings.zone_where
settings.zone_near
settings.place place
settings.clock clock
time.town town when
command.offers
command.events
command.mine
command.settings
paused.text
help.text
help.commands
imprint.title
imprint.operator operator
imprint.responsible responsible
privacy.title
privacy.officer officer
privacy.since date title
privacy.refused title
privacy.switches
forget.ask
forget.yes
forget.no
forget.done
forget.nothing
trouble.text
group.text
command.start
command.profile
command.language
command.pause
command.privacy
command.help
command.forget
command.imprint
bot.description
bot.about
button.interest
button.interest_yes
button.interest_no
button.interest_back
button.link
button.why
why.everybody
interest.ask partner
interest.given
interest.given_partner partner
interest.withdrawn
interest.refused
interest.not_me
interest.filled
interest.recalled
interest.open
interest.called
interest.won
interest.lost
mine.interests
button.interest_drop what
"""
NEEDED: Mapping[str, frozenset[str]] = {
    key: frozenset(slots) for key, *slots in map(str.split, _LINES.strip().splitlines())
}
"""The placeholders of each text by its key, which stands in `ui.yaml` as section and name."""


def faults(content: Content) -> list[Fault]:
    """Texts that are missing, that nobody says, and placeholders nobody fills in."""
    staff_file = _Part(STAFF, staff.PREFIX, staff.NEEDED)
    return [fault for part in (_Part(FILE, UI, NEEDED), staff_file) for fault in _of_part(content, part)]


@dataclass(frozen=True, slots=True)
class _Part:
    """Texts that stand in one file, by the beginning of their keys."""

    file: str
    prefix: str
    needed: Mapping[str, frozenset[str]]


def _of_part(content: Content, part: _Part) -> list[Fault]:
    there = [key.removeprefix(part.prefix) for key in content.texts.keys(part.prefix)]
    missing = [key for key in part.needed if key not in there]
    surplus = [key for key in there if key not in part.needed]
    found = [Fault(part.file, 1, f"The text '{key}' is missing", _mend(part, key, surplus)) for key in missing]
    for key in surplus:
        mend = f"Take it out. {_like(key, part.needed)}".rstrip()
        place = content.texts.place(part.prefix + key)
        found.append(Fault(*place, f"Nobody says the text '{key}'", mend, Level.WARNING))
    return [*found, *_unfilled(content, part, there)]


def _mend(part: _Part, key: str, surplus: Iterable[str]) -> str:
    section, _, name = key.partition(".")
    where = f"'{section}'" if part.file == FILE else f"'{STAFF_CHAT}' and '{section}'"
    return f"Write '{name}' under {where}. {_like(key, surplus)}".rstrip()


def _like(key: str, others: Iterable[str]) -> str:
    close = get_close_matches(key, list(others), n=1)
    return f"Is it '{close[0]}'?" if close else ""


def _unfilled(content: Content, part: _Part, keys: Iterable[str]) -> Iterator[Fault]:
    for key in keys:
        filled = part.needed.get(key)
        slots = shape(parse(content.texts.source(part.prefix + key))).slots
        for slot in sorted(slots - filled) if filled is not None else ():
            known = f"Only {' and '.join(f'{{{one}}}' for one in sorted(filled or ()))} can stand here"
            mend = known if filled else "Take the braces away; {{ and }} are read as braces"
            yield Fault(*content.texts.place(part.prefix + key), f"Nobody fills in {{{slot}}} in '{key}'", mend)
