"""What staff read about openings."""

from __future__ import annotations

KEYS = """
button.openings
button.opening interested title
button.new_opening
button.edit_opening
button.free_again
button.who
button.fitting
button.nearly
button.tell_opening
openings.title
openings.none
openings.sort sort
openings.job
openings.apprenticeship
openings.eq
openings.degree
openings.course
openings.info
openings.provider name
openings.partner name
openings.until day
openings.filled
openings.over
openings.withdrawn
openings.state_open number
openings.state_called number
openings.state_won number
openings.state_lost number
openings.fits n
openings.nearly n
openings.lacks what who
openings.ask_fill n title
leads.title_opening n title
leads.told_opening title
leads.nudge_opening title
leads.caption n
leads.noted_phone who
leads.noted_team who
noting.title who
noting.choose
noting.none
noting.offer title
noting.read
noting.phone
noting.team
noting.told
profile.note_interest
seats.none
seats.caption n
command.needs
command.report
command.messages
command.threads
command.status
command.audit
report.openings_title
report.openings_now filled now
report.interested people
report.head_outcome
report.outcome_open
report.outcome_called
report.outcome_won
report.outcome_lost
report.rest_outcomes
"""
