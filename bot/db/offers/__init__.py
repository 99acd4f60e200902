"""Offers, meetings, registrations, attendance, and what staff said about offers."""
