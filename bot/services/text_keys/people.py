"""What is said of several people on one phone, and in a chat whose profile went elsewhere."""

from __future__ import annotations

KEYS = """
merged.title
merged.where
merged.wrong
button.people
command.people
people.title
people.about
people.one who
people.add
people.full
people.head who
people.number number
people.new
people.now who
people.forget who
button.paper
button.paper_make
button.paper_written
button.code
button.anew
command.code
help.people
moved.title
moved.where
moved.wrong
paper.title
paper.about
paper.since day
paper.shown code
code.ask
code.typo
code.wrong
code.wait until
code.here
code.done
"""
