"""What cannot be done with a backup, as a text for the operator."""

from __future__ import annotations

from bot.refusal import ForOperator


class BackupRefused(ForOperator):
    """Nothing was changed. The text says why, and what to do."""


class BackupStopped(BackupRefused):
    """The process should end. The next one makes the backup."""
