"""What it costs that a commit survives a power cut: `synchronous=FULL` and `NORMAL`, alone and in a group.

`python -m benchmarks.durability`, on the disk of the checkout.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

from bot.db.sqlite import PRAGMAS

COMMITS, GROUP, ROUNDS = 400, 50, 5
WORDS = "x" * 400


def seconds(folder: Path, synchronous: str, together: int) -> float:
    """Seconds for COMMITS rows, with `together` of them in one commit."""
    connection = sqlite3.connect(folder / f"{synchronous}{together}.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma.replace("synchronous=FULL", f"synchronous={synchronous}"))
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, words TEXT)")
    began = time.perf_counter()
    for _ in range(COMMITS // together):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO row (words) VALUES (?)", [(WORDS,)] * together)
        connection.execute("COMMIT")
    spent = time.perf_counter() - began
    connection.close()
    return spent


def main() -> None:
    """Runs rounds of all four, one after the other, and prints medians."""
    place = Path(".cache/bench")
    place.mkdir(parents=True, exist_ok=True)
    lines = []
    with tempfile.TemporaryDirectory(dir=place) as name:
        for together in (1, GROUP):
            spent = {how: [seconds(Path(name), how, together) for _ in range(ROUNDS)] for how in ("FULL", "NORMAL")}
            full, normal = (COMMITS / median(spent[how]) for how in ("FULL", "NORMAL"))
            lines.append((f"{together} to a commit", f"{full:,.0f}", f"{normal:,.0f}", f"{full / normal:.2f}"))
    print(f"{'rows a second':<20}{'FULL':>10}{'NORMAL':>10}{'ratio':>8}")
    for what, *numbers in lines:
        print(f"{what:<20}{numbers[0]:>10}{numbers[1]:>10}{numbers[2]:>8}")


if __name__ == "__main__":
    main()
