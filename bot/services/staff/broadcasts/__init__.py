"""Broadcasts at the desk: audience, texts, release, sending, doubts."""
