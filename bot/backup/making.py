"""Makes a backup: one state of the database, written and read back. Then removes the oldest ones."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bot import failpoints
from bot.backup import dump, erased, folder, opening, stream
from bot.backup.dump import Wanted, never
from bot.backup.folder import Kept, Last
from bot.backup.key import Key
from bot.backup.refused import BackupRefused
from bot.clock import Clock


@dataclass(frozen=True, slots=True)
class Order:
    """A backup to make: from which database, into which folder, with which key. `kept` None: nothing is removed."""

    url: str
    folder: Path
    key: Key | None
    list_of_erased: Path
    clock: Clock
    kept: Kept | None = None

    def make(self, stop: Wanted = never) -> tuple[Path, Last]:
        """Makes it while others write to the database.

        Raises:
            BackupRefused: with a text for the operator. Existing backups stay.
            BackupStopped: the process should end.
        """
        began, now = time.monotonic(), self.clock()
        places = erased.places(self.list_of_erased, now)
        with folder.new(self.folder, now) as (file, path):
            written = stream.Writer(file, self.key)
            sums = opening.read(self.url, lambda tx: dump.write(tx, written, dump.head_of(tx, now, places), stop))
            written.close()
            file.flush()
            failpoints.reached("backup_written")
            file.seek(0)
            if dump.Backup(path.name, stream.lines(file, path.name, self.key)).look_through() != sums:
                raise BackupRefused(f"{path.name} is not what was written: look after the disk and the memory.")
        failpoints.reached("backup_there")
        rows = sum(one.rows for one in sums.values())
        last = Last(path.name, now, round(time.monotonic() - began, 3), path.stat().st_size, rows)
        folder.note(self.folder, last)
        if self.kept is not None:
            folder.rotate(self.folder, self.kept, path)
            erased.forget_before(self.list_of_erased, folder.backups(self.folder)[0][0])
        return path, last


def newest_good(place: Path, key: Key | None) -> Path | None:
    """The newest backup in a folder that can be read to its end."""
    for _, path in reversed(folder.backups(place)):
        try:
            with dump.opened(path, key) as backup:
                backup.look_through()
        except BackupRefused:
            continue
        return path
    return None
