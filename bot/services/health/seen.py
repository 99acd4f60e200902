"""What a process sees of itself and of the machine it runs on: whatever the database does not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A running bot at one moment; from outside (`lotse status`) some of it is not to be seen, and None.

    `started_at` None: it does not run. `tried` and `failed` count deliveries of the last quarter of an hour.
    """

    version: str
    started_at: datetime | None
    webhook: bool = False
    translator: str = "none"
    translation_fails: bool | None = None
    disk_free: int | None = None
    """Bytes."""
    last_backup: datetime | None = None
    tried: int = 0
    failed: int = 0
    backs_up: bool = False
    """Whether backups are made by themselves."""

    @property
    def no_backup_since(self) -> datetime | None:
        """Since when there is no newer backup: the last one, or the start where one should have been made since."""
        return self.last_backup or (self.started_at if self.backs_up else None)
