"""What the team reads of talks with people."""

from __future__ import annotations

KEYS = """
button.threads
button.closed
threads.closed n
threads.older
profile.talk
button.templates
button.template
button.template_new
button.template_edit
button.template_drop
templates.title n
templates.how
templates.line id title
templates.unknown title
templates.sent title language
templates.german title language
template.title title
template.id id
template.gate
template.not_released language
toast.template_sent
button.group_how
button.sign_name
button.sign_team
button.thread_take
button.thread_give
button.thread_hand
button.thread_later_4
button.thread_later_24
button.close_answered
button.close_passed_on
button.topic
button.close_no_answer
button.thread_undo
button.thread_show what
threads.title n
threads.none
threads.in_group
threads.no_group
thread.title who
thread.language language
thread.as_written
thread.went_as_written language
thread.went_with_machine language
thread.assigned name
thread.is_blocked
thread.closed_answered
thread.closed_passed_on
thread.closed_no_answer
thread.waiting since
thread.answered
thread.not_begun
thread.snoozed until
thread.how
thread.how_give
thread.still_note
thread.how_close
thread.how_later most
thread.ask_hand who
thread.handed number
thread.write
thread.too_early
thread.machine
thread.doubted
thread.taken_back
thread.erased
thread.not_shown
thread.somebody
thread.reminded number
thread.urged number
thread.event_blocked when
thread.event_back when
thread.event_moved when
thread.event_failed when
thread.event_unknown when
thread.event_stays when
thread.event_left_at_desk when
thread.event_waits when
thread.event_reopened when
thread.line_person when words
thread.line_staff when words
thread.line_note when words
thread.line_taken_back when
thread.kind_photo
thread.kind_voice
thread.kind_document
thread.kind_location
thread.kind_other
group.how
group.is_bound
group.is_none
group.bound
group.no_topics
group.no_admin
group.no_talk
group.not_you
group.topic_stays
group.member_stays name
group.member_stays_former name since until
group.lost_gone
group.lost_no_forum
group.lost_no_rights
toast.nothing_to_undo
toast.taken_back
toast.thread_taken
toast.thread_given
toast.thread_handed name
toast.thread_later until
toast.thread_closed
toast.thread_shown
"""
