"""What staff read of people's paths."""

from __future__ import annotations

KEYS = """
button.road
road.title day
road.people people
road.line what people
road.nobody
road.counted
"""
