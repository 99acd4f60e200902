"""Talks with people at the desk, and answers that are ready."""
