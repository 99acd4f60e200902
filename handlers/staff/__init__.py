"""Handlers for the team in their private chats."""
