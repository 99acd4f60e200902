"""What is said about somebody's path."""

from __future__ import annotations

KEYS = """
button.path
button.step_done
button.step_undone
command.path
help.path
settings.topic_path
path.title goals
path.done steps
path.next
path.later
path.line title
path.line_until title day
path.arrived
path.no_goal
path.until day
path.until_vague day
path.window start day
path.starts day
path.earliest month
path.running day
path.because title day
path.vague
path.missed day
path.lacks what
path.possible
path.is_done
path.waits steps
path.lasts_day n
path.lasts_week n
path.lasts_month n
path.lasts_unknown
path.papers papers
path.office office
path.unchecked
path.offers
path.reminds
path.silent
path.why goals
"""
