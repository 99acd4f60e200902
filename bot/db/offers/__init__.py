"""Offers, meetings, registrations, attendance, and what staff said of offers."""
