"""Openings, interested people, and the partners who are told."""
