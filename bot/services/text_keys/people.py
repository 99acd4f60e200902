"""What is said in a chat whose profile was put into another one of the same person."""

from __future__ import annotations

KEYS = """
merged.title
merged.where
merged.wrong
"""
