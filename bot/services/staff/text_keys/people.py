"""What staff read about participants: lists, profiles, pairs of profiles."""

from __future__ import annotations

KEYS = """
page.emptied
people.entry
people.title n
people.words words
people.how
people.most most
people.person who language
people.filter
people.clear
people.xlsx
people.csv
people.tell
people.doubles
people.choose
people.language
people.finished
people.finished_yes
people.finished_no
people.silent
people.days n
people.registration_at title
people.registration_registered
people.registration_waiting
people.registration_any
people.attendance_at title
people.attendance_yes
people.attendance_no
people.interest_at title
people.interest_open
people.interest_called
people.interest_won
people.interest_lost
people.interest_any
people.caption n
people.nobody
profile.title who
profile.language language
profile.begun day
profile.finished day
profile.unfinished
profile.seen day
profile.source source
profile.blocked
profile.shares number
profile.account_changed day
profile.consents what
profile.no_consent
profile.attended present excused absent
profile.interests numbers
profile.joined who until
profile.said
profile.said_title who
profile.said_nothing
profile.hidden n
profile.contacts
profile.contacts_title n who
profile.no_contact
profile.contact at what
profile.contact_about at what title
profile.notes number
profile.notes_title n who
profile.notes_how
profile.note at who
profile.note_drop text
profile.somebody
profile.twins
profile.apart
profile.erase
restrict.entry
restrict.title n
restrict.none_finds
restrict.person who day
restrict.button
restrict.ask who
restrict.what
restrict.no
restrict.yes
restrict.since day
restrict.lift
restrict.done
restrict.lifted
erase.ask who
erase.what
erase.others
erase.sure
erase.no
erase.yes
erase.yourself
erase.done
contact.sent_notice
contact.sent_reminder
contact.sent_broadcast
contact.sent_talk
contact.seat_asked
contact.seat_registered
contact.seat_given_back
contact.seat_left
contact.seat_refused
contact.seat_lapsed
contact.came_present
contact.came_excused
contact.came_absent
twins.title n
twins.how
twins.none
twins.pair first second
twins.why reasons
twins.same_name
twins.near_name
twins.same_language
twins.open first second
twins.of who
twins.write
twins.nobody
twins.alike
twins.nothing
twins.differs label left right
twins.ask
twins.later
twins.keep who
twins.joined
twins.split
twins.ask_apart who gone
twins.apart_yes
twins.apart_no
twins.stand_in number
months.entry
months.title n
months.how today
months.day n day
months.meeting at title
trying.entry
trying.title
trying.how
trying.leave
trying.nothing
button.young
button.young_open
young.how
young.ask
young.no_code
profile.accompanied name at
toast.young_opened
"""
