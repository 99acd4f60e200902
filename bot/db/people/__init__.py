"""Participants: answers, consents and codes, merging profiles, and phones that people share."""
