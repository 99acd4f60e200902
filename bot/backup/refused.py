"""What cannot be done with a backup, as a text for the operator."""

from __future__ import annotations

from bot.refusal import ForOperator


class BackupRefused(ForOperator):
    """Nothing was changed; the text says why, and what to do."""


class BackupStopped(BackupRefused):
    """Whoever runs this process wants it to end: the next one makes the backup."""
