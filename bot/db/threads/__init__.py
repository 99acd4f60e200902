"""Talks with a human, their reactions, and answers that are ready."""
