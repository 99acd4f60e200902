"""Courses and events: what a person sees of them, their meetings, and who has a seat."""
