"""Counts over everybody: the report and the needs board."""
