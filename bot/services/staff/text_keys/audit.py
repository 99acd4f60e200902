"""What staff read about the audit trail, and about what is left by whoever leaves."""

from __future__ import annotations

KEYS = """
leaving.broadcasts n name
leaving.forms n name
leaving.talks n
leaving.invitations n
audit.title n
audit.of_member name
audit.of_deed deed
audit.of_person who
audit.none
audit.line when actor deed
audit.line_about when actor deed who
audit.what what
audit.operator
audit.person
audit.clock
audit.member name
audit.gone
audit.ask_member
audit.ask_deed
audit.ask_person
audit.caption
audit.sheet
audit.head_number
audit.head_when
audit.head_actor
audit.head_deed
audit.head_about
audit.head_what
deed.profile_seen
deed.list_seen
deed.people_searched
deed.exported
deed.role_changed
deed.invited
deed.joined
deed.confirmed
deed.removed
deed.factor_set
deed.factor_reset
deed.factor_codes
deed.factor_code_used
deed.factor_locked
deed.passed_on
deed.released
deed.sent
deed.corrected
deed.recalled
deed.filled
deed.stopped
deed.breach_told
deed.restricted
deed.lifted
deed.merged
deed.unmerged
deed.note_written
deed.erased
deed.account_changed
deed.moved
deed.answered
deed.group_bound
deed.accompanied
deed.interest_noted
deed.cut
about.affected number
about.answer template language
about.attendance number
about.audit
about.broadcast number
about.broadcast_in number language
about.broadcast_to number old new
about.contacts
about.cut number
about.doubles number
about.fits subject
about.found number
about.group group
about.interests
about.lead subject
about.leads subject
about.leads_file subject form
about.member member
about.member_role member before role
about.nearly subject
about.needs
about.notes
about.opened
about.opening subject
about.pair
about.partner partner
about.participant number
about.people subject
about.people_of subject number
about.people_file number form
about.profiles
about.registrations
about.removed
about.report quarter
about.restricted number
about.role role
about.said
about.seats_file subject form
about.seats_file_of subject number form
about.talk number
about.talk_over
about.talks
about.talks_over
button.audit
button.audit_members
button.audit_deeds
button.audit_people
button.audit_all
button.audit_book
"""
"""A line for each text: its key and its placeholders."""
