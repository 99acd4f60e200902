"""Counts over everybody, for the report and the needs board."""
