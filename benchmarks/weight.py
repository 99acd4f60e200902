"""What the bot weighs: packages of an installation, instructions of an update.

`python -m benchmarks.weight` prints it. valgrind's callgrind counts instructions while people answer cards. They
hardly differ between runs, so a regression shows even on a busy machine. It takes minutes, and is left out without
valgrind or with `--quick`.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path
from statistics import median

from benchmarks.load_server import LoadServer
from benchmarks.places import FOLDER, ROOT
from benchmarks.run import environment
from benchmarks.table import Finding, findings

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TOTALS = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)
PEOPLE, FIRST_UPDATES, UPDATES, ROUNDS = 4, 150, 120, 5
"""Under callgrind everything takes fifty times as long: few people, and few updates after the first ones."""
PATIENCE = 900.0


def installed() -> tuple[int, int]:
    """Packages of a running bot without extras, and their bytes: what an image has besides Python."""
    found: dict[str, int] = {}
    for name in _closure("lotse", found):
        found[name] = sum(size for one in distribution(name).files or () if (size := _size(one.locate())) > 0)
    own = sum(_size(one) for folder in ("bot", "handlers", "content") for one in (ROOT / folder).rglob("*.*"))
    return len(found), sum(found.values()) + own


def _size(path: object) -> int:
    there = Path(str(path))
    return there.stat().st_size if there.is_file() and there.suffix != ".pyc" else 0


def _closure(name: str, seen: dict[str, int]) -> Iterator[str]:
    """A package's installed requirements, and theirs, without extras."""
    for said in requires(name) or ():
        match = _NAME.match(said)
        needed = match.group() if match else ""
        if "extra ==" in said or needed in seen:
            continue
        try:
            distribution(needed)
        except PackageNotFoundError:  # only for another system
            continue
        seen[needed] = 0
        yield needed
        yield from _closure(needed, seen)


async def instructions(folder: Path) -> list[float]:
    """Instructions of one update of the questionnaire, user space alone, in each round; empty where nobody counts."""
    if not all(map(shutil.which, ("valgrind", "callgrind_control"))):
        return []
    server = LoadServer(PEOPLE)
    found = environment(await server.listen(), folder)
    await _do([sys.executable, "-m", "bot", "migrate"], folder, found)
    counting = ("valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder / 'counted'}")
    with (folder / "log").open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            *counting, sys.executable, "-m", "bot", "run", cwd=folder, env=found, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(PATIENCE):
            await server.ready.wait()
            server.begin()
            await _answered(server, FIRST_UPDATES)
            return [await _round(server, bot.pid, folder, found) for _ in range(ROUNDS)]
    finally:
        if bot.returncode is None:
            bot.terminate()
        await bot.wait()
        server.close()


async def _round(server: LoadServer, pid: int, folder: Path, found: dict[str, str]) -> float:
    """Instructions of an update among the next few: what is counted is written to a file, and begins anew."""
    written = _counts(folder)
    await _do(["callgrind_control", "-i", "on", str(pid)], folder, found)
    before = len(server.latencies)
    await _answered(server, before + UPDATES)
    counted = len(server.latencies) - before
    await _do(["callgrind_control", "-i", "off", str(pid)], folder, found)
    await _do(["callgrind_control", "--dump", str(pid)], folder, found)
    return sum(map(_total, _counts(folder) - written)) / counted


def _counts(folder: Path) -> set[Path]:
    return set(folder.glob("counted*"))


def _total(path: Path) -> int:
    """All that callgrind has counted, of all threads: it writes a first sum of nothing."""
    return max(map(int, _TOTALS.findall(path.read_text(errors="replace"))))


async def _answered(server: LoadServer, updates: int) -> None:
    while len(server.latencies) < updates:  # noqa: ASYNC110 - cards come from another process
        await asyncio.sleep(0.05)


async def _do(command: Sequence[str], folder: Path, found: dict[str, str]) -> None:
    done = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=found, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    if await done.wait():
        raise SystemExit(f"failed: {' '.join(command)}")


def run(*, quick: bool = False) -> list[Finding]:
    """Returns what was weighed."""
    packages, size = installed()
    said = [Finding("installed size", f"{size / 1e6:,.0f} MB in {packages} packages and ours", "reported", None)]
    if quick:
        return said
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        counted = asyncio.run(instructions(Path(name)))
    words = "not counted: needs valgrind (apt install valgrind)"
    if counted:
        words = f"{median(counted):,.0f} ({min(counted):,.0f} to {max(counted):,.0f} in {len(counted)} rounds)"
    return [*said, Finding("instructions of an update, by callgrind", words, "reported", None)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.weight", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the instructions")
    given = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(findings(run(quick=given.quick)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
