"""Broadcasts, named audiences, reviews, and drafts of translations."""
