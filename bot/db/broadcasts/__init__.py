"""Broadcasts, their audiences with names, second looks, and drafts of translations."""
