"""Openings, who is interested, and the partners who are told."""
