"""What is said of openings, and why people get what is said by itself."""

from __future__ import annotations

KEYS = """
button.openings
command.openings
interest.told_filled title
interest.told_noted title
interest.told_share partner
button.interest_share
offers.title_openings
openings.sort sort
openings.job
openings.apprenticeship
openings.eq
openings.degree
openings.course
openings.info
openings.until day
openings.filled
openings.over
openings.first_profile
why.own
why.questions
"""
