"""The parts of the data-protection papers (docs/privacy) that follow from content, settings and tables.

What is marked in those files is written by `lotse privacy record`; the rest is written by people.
"""
