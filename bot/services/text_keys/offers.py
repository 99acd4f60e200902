"""What is said about offers, seats, dates and reminders, and in the settings."""

from __future__ import annotations

KEYS = """
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
button.calendar_clear
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
why.briefly what
why.briefly_two first second
why.missing what
why.unclear
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
offers.apart n
offers.find_out
button.apart
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
calendar.caption_cancelled
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
settings.late_sundays end
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
"""
