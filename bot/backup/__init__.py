"""Backups, the way back from one, moving to another database, and what an upgrade will change."""
