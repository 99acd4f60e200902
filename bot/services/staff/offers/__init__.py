"""Courses and events at the desk: offers, meetings, lists, calendar files."""
