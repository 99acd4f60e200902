"""Talks with a human, their reactions, and ready answers."""
