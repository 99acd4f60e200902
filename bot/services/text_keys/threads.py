"""What is said of talks with a human."""

from __future__ import annotations

KEYS = """
button.talk
button.talk_leave
button.talk_answer
button.unsay
command.ask
talk.title
talk.who who
talk.how
talk.usual within
talk.usual_hours hours
talk.usual_minutes minutes
talk.closed_now when
talk.passed
talk.too_early
talk.nothing
talk.took_back
talk.taken_back
talk.from who
talk.doubted
talk.machine
talk.untranslated
"""
