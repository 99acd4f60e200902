"""Figures: the needs board and the report of a quarter."""
