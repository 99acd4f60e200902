"""Participants as the team sees them."""
