"""Openings at the desk: what became of them, leads, partners."""
