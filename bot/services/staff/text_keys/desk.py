"""What staff read at the desk, of offers, meetings, people, needs and reports."""

from __future__ import annotations

KEYS = """
home.title name
home.role role
home.rights rights
home.waiting n
home.leave
waiting.text role
waiting.invited name
dormant.text
team.title n
team.waiting
member.title name
member.role role
member.since date
member.invited name
member.seen date
member.waiting date
member.dormant
member.check
member.self
member.choose_role name
member.ask_remove name
invite.ask
invite.link link role
invite.typed link role
invite.used
invite.expired
invite.not_you
invite.welcome name
invite.already
notice.waiting
notice.confirmed
notice.refused
notice.role
notice.removed
toast.no_right
toast.not_staff
toast.gone
toast.confirmed
toast.role_changed
toast.removed
toast.last_admin
button.home
button.back
button.team
button.member name role
button.invite
button.confirm
button.refuse
button.wake
button.role
button.remove
button.remove_yes
button.remove_no
button.more
button.before
offers.title
offers.name title
offers.numbers asked taken waiting
offers.numbers_of asked seats taken waiting
offers.no_dates
offers.unclear
meeting.when when
meeting.where where
meeting.cancelled
meeting.ask_cancel title when
meeting.ask_room
move.old when
move.new when
move.told
step.week_back
step.day_back
step.day_on
step.week_on
step.hour_back
step.quarter_back
step.quarter_on
step.hour_on
person.number number
person.guest number
person.registered who
person.requested who
person.held who
person.waiting who
attendance.how
attendance.nobody
toast.saved
toast.noted
toast.unchanged
toast.corrected
toast.full
button.offers
button.offer taken title
button.people
button.attendance
button.when when
button.move
button.room
button.named name
button.cancel
button.cancel_yes
button.cancel_no
button.reinstate
button.save
button.approve who
button.decline who
button.guest
button.person who
button.to_person
form.check title
form.language language title
form.meeting title when
problem.not_a_day
problem.day_is_over
problem.not_a_time
problem.no_address
problem.over
problem.no_dates
withdrawn.title
withdrawn.none
withdrawn.ask n title
texts.how
texts.lacking languages n
import.how
import.nothing
import.another
import.more n
import.new n
import.changed n
import.cancelled n
import.same n
import.line_new when
import.line_changed when
import.line_cancelled when
import.fault_too_large
import.fault_unreadable
import.fault_too_many
import.fault_left_out
import.fault_whole_day
import.fault_no_end
import.fault_no_meeting
weekday.mo
weekday.tu
weekday.we
weekday.th
weekday.fr
weekday.sa
weekday.su
person.named name
person.named_number name number
toast.discarded
toast.vanished
toast.draft
toast.added n
toast.taken n
button.draft title
button.later
button.discard
button.new_offer
button.edit_offer
button.add_dates
button.import
button.take_dates
button.texts
button.withdraw
button.withdraw_no
button.withdraw_yes
button.withdrawn
button.again title
button.change
needs.title day
needs.people people
needs.nobody
needs.no_line
needs.line people level when goal seats
needs.line_with people level when goal seats what
needs.seats n
needs.seats_open
needs.hidden
needs.fitting
needs.no_course seats
needs.by what
needs.share level what people
needs.share_seats level what people goal seats
needs.numbered number line
needs.how_more
needs.how_write
needs.how_course
needs.months_title
needs.months n level goal
needs.no_months
needs.caption
needs.chart
needs.as_of day
needs.few
needs.counted
needs.sheet_lines
needs.sheet_months
needs.sheet_about
needs.head_level
needs.head_goal
needs.head_time
needs.head_extra
needs.head_people
needs.head_seats
needs.head_courses
needs.head_months
needs.head_about
needs.head_words
needs.head_source
needs.head_counted
needs.head_hidden
report.choose
report.running
report.caption
report.title number year
report.people
report.finished
report.seats
report.present
report.rose
report.people_title
report.came people
report.too_few
report.rest
report.languages_title
report.languages_chart
report.offers_title
report.no_offers
report.offers_how
report.course
report.event
report.levels_title
report.rose_how people
report.rest_steps
report.months_title
report.months_how
report.needs_title
report.needs_how people
report.by what
report.running_now
report.hidden
report.erased
report.head_people
report.head_source
report.head_offer
report.head_kind
report.head_meetings
report.head_of_seats
report.head_taken
report.head_waiting
report.head_presence
report.head_step
toast.begun_before
toast.file_comes
toast.no_figures
button.needs
button.reports
button.need number
button.need_write
button.course
button.need_course
button.needs_by what
button.needs_months
button.chart
button.book
button.quarter number year
command.staff role
button.leads
button.lead_called
button.lead_won
button.lead_lost
toast.drafting
button.draft_one
button.draft_all
toast.filled
toast.recalled
toast.released
toast.to_you
toast.only_preview
toast.sending
toast.held
toast.goes_on
toast.stopped
problem.not_between
problem.no_offer
problem.no_interest
problem.too_long most
button.broadcasts
button.compose
button.compose_about
button.need_tell
button.wording
button.wordings
button.correct
button.correct_facts
button.audience
button.broadcast_facts
button.everybody
button.joint
button.all_must
button.one_is_enough
button.language number name
button.release
button.to_me
button.to_me_as_now
button.whole_german
button.send
button.send_yes
button.hold
button.go_on
button.end
button.no
button.stop_yes
button.fill
button.recall
button.doubted n
button.leave_one
button.say_again n
"""
