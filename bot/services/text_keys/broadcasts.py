"""What is said on messages to many, and about interest in them."""

from __future__ import annotations

KEYS = """
button.interest
button.interest_yes
button.interest_no
button.interest_back
button.link
button.why
why.everybody
interest.ask partner what
interest.your_name
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
