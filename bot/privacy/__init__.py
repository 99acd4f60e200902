"""The parts of the data-protection papers (docs/privacy) that follow from content, settings and tables.

`lotse privacy record` writes the marked sections of those files. People write the rest.
"""
