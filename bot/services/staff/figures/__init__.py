"""Figures at the desk: needs, reports, paths, how the bot is."""
