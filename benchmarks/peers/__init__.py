"""Bots of the same work made with other libraries, each in an environment of its own: see docs/performance.md.

Each file is a program on its own, `python FILE URL`, run in an empty folder, and imports nothing of ours.
"""
