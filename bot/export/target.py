"""The target of an export: written completely or not at all, only for its owner, never over another file unasked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.db.disk import on_disk
from bot.export.words import ExportRefused


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[tuple[Path, Path]]:
    """A path to write to, which becomes `target` at the end of the block, and a folder for temporary files.

    Raises:
        ExportRefused: it exists and `force` is not given, it is a folder, or the disk refuses.
    """
    if target.is_dir():
        raise ExportRefused(f"{target} is a folder. Name a file with --out.")
    with _beside(target, force=force) as folder:
        path = folder / "whole"
        path.touch(mode=0o600)
        yield path, folder
        on_disk(path)
        _not_there(target, force=force)
        path.replace(target)


@contextmanager
def new_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """A folder to write into, which becomes `target`. In an existing one, new files replace old ones.

    Raises:
        ExportRefused: as for `new_file`. A file in place of the folder is not replaced even with `force`.
    """
    if target.exists() and not target.is_dir():
        raise ExportRefused(f"{target} is a file. CSV needs a folder: name another with --out.")
    with _beside(target, force=force) as folder:
        whole = folder / "whole"
        whole.mkdir(mode=0o700)
        yield whole
        for path in whole.iterdir():
            path.chmod(0o600)
            on_disk(path)
        _not_there(target, force=force)
        if not target.exists():
            whole.rename(target)
            return
        for path in sorted(whole.iterdir()):
            path.replace(target / path.name)


@contextmanager
def _beside(target: Path, *, force: bool) -> Iterator[Path]:
    """A folder only for the owner, on the target's disk. It is always deleted in the end."""
    _not_there(target, force=force)
    if not target.parent.is_dir():
        raise ExportRefused(f"There is no folder {target.parent}. Make it, or name another with --out.")
    try:
        with tempfile.TemporaryDirectory(prefix=".lotse-export-", dir=target.parent) as name:
            yield Path(name)
    except OSError as error:
        raise ExportRefused(f"Cannot write {target}: {error.strerror or error}. Nothing was exported.") from error


def _not_there(target: Path, *, force: bool) -> None:
    if not force and (target.exists() or target.is_symlink()):
        raise ExportRefused(f"{target} is there already. Name another with --out, or give --force.")
