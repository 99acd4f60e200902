"""Backups, restoring one, moving to another database, and what an upgrade will change."""
