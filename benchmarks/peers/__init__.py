"""Bots that do the same work with other libraries, each in its own environment. See docs/performance.md.

Each file is a separate program, `python FILE URL`, run in an empty folder. It imports nothing of ours.
"""
