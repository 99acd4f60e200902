"""Handlers for people in their private chat."""
