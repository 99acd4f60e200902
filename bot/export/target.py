"""Where an export goes: whole or not at all, for its owner's eyes only, and never over another file unasked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.db.disk import on_disk
from bot.export.words import ExportRefused


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[tuple[Path, Path]]:
    """A path to write to, which becomes `target` at the end of the block; and a folder for what is needed meanwhile.

    Raises:
        ExportRefused: it is there already and `force` is not given, it is a folder, or the disk says no.
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
    """A folder to write into, which becomes `target`; one that is there already gets the new files in their place.

    Raises:
        ExportRefused: as for `new_file`; a file in the place of the folder is left alone even by `force`.
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
    """A folder for the owner only, on the same disk as the target, gone at the end whatever happens."""
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
