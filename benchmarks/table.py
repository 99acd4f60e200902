"""The figures as a table, and the machine they come from."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.load_server import Measured  # which imports `percentile` from here

Rounds = list[dict[str, "Measured"]]
"""The measurements by the name of the bot, one for each round."""
Figure = Callable[["Measured"], float]

BUSY = 0.8
"""A load server that uses more than this share of its core may have been the bottleneck."""
COLUMNS: tuple[tuple[str, Figure, str], ...] = (
    ("updates/s", lambda one: one.per_second, ",.0f"),
    ("p50 ms", lambda one: one.p50, ".1f"),
    ("p99 ms", lambda one: one.p99, ".1f"),
    ("fetched p50", lambda one: one.handed_p50, ".1f"),
    ("fetched p99", lambda one: one.handed_p99, ".1f"),
    ("CPU s/1,000", lambda one: one.cpu_per_thousand, ".2f"),
    ("MB at rest", lambda one: one.mb_at_rest, ".0f"),
    ("MB after", lambda one: one.mb_after, ".0f"),
    ("CPU s to start", lambda one: one.cpu_to_start, ".2f"),
    ("server busy", lambda one: one.busy, ".0%"),
    ("machine busy", lambda one: one.machine_busy, ".0%"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure and its aim. `reached` None: it has no aim."""

    figure: str
    measured: str
    aim: str
    reached: bool | None


def findings(found: Iterable[Finding]) -> str:
    """Figures and their aims, as a table in Markdown."""
    words = {True: "reached", False: "**not reached**", None: ""}
    rows = [row(one.figure, [one.measured, one.aim, words[one.reached]]) for one in found]
    return "\n".join(["", row("figure", ["measured", "aim", ""]), "|---|---|---|---|", *rows])


def table(rounds: Rounds, keeps: Mapping[str, str]) -> str:
    """Medians of the rounds as a table in Markdown. `keeps`: what each bot keeps after an answer."""
    names = list(rounds[0])
    titles = ["keeps", "lowest to highest", *(title for title, _, _ in COLUMNS)]
    lines = ["", row("median of rounds", titles), "|---|---|" + "---:|" * (len(COLUMNS) + 1)]
    for name in names:
        speeds = [one[name].per_second for one in rounds]
        cells = [format(_median(rounds, name, of), form) for _, of, form in COLUMNS]
        lines.append(row(name, [keeps[name], f"{min(speeds):,.0f} to {max(speeds):,.0f}", *cells]))
    if any(one.busy > BUSY for measured in rounds for one in measured.values()):
        lines += ["", "The load server was the bottleneck in some run: these figures are too low."]
    return "\n".join(lines)


def beside(rounds: Rounds, own: str, aims: Mapping[str, float | None]) -> str:
    """How `own` compares with the others, with the aims if any, as a table in Markdown."""
    lines = ["", row(f"{own}, beside", ["updates/s", "lowest to highest", "aim", "CPU time an update"])]
    lines.append("|---|---:|---:|---:|---:|")
    for other, aim in aims.items():
        ratios = _ratios(rounds, own, other, lambda one: one.per_second)
        cpu = statistics.median(_ratios(rounds, own, other, lambda one: one.cpu_per_thousand))
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        wanted = "reported" if aim is None else f"{aim} or more"
        lines.append(row(other, [f"{statistics.median(ratios):.2f}", spread, wanted, f"{cpu:.2f}"]))
    return "\n".join(lines)


def weight(rounds: Rounds, own: str) -> str:
    """What `own` uses itself, and the aims."""
    at_rest = _median(rounds, own, lambda one: one.mb_at_rest)
    start = _median(rounds, own, lambda one: one.cpu_to_start)
    return (
        f"\n{own} at rest: {at_rest:.0f} MB (aim: under 100)\n"
        f"{own} to its first getUpdates: {start:.2f} s of CPU time (aim: 1.5 or less)"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values do not exceed. 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def shown(folder: Path, run: Callable[[], Sequence[Finding]]) -> int:
    """Prints the machine, and a run's findings. The exit code says whether the aims were reached."""
    folder.mkdir(parents=True, exist_ok=True)
    print(machine(folder))
    found = run()
    print(findings(found))
    return int(any(one.reached is False for one in found))


def machine(folder: Path) -> str:
    """One line about where this was measured. `folder`: where the databases will be."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{_processor()}, {cores} cores (load before: {load:.2f}), Linux {platform.release()}, "
        f"Python {platform.python_version()}; one fsync: {_fsync_ms(folder):.2f} ms on {_file_system(folder)}"
    )


def _median(rounds: Rounds, name: str, of: Figure) -> float:
    return statistics.median(of(one[name]) for one in rounds)


def _ratios(rounds: Rounds, own: str, other: str, of: Figure) -> list[float]:
    """Ratios within each round, so that a machine that becomes slower is slower for both."""
    return [of(one[own]) / of(one[other]) for one in rounds]


def row(first: str, cells: Sequence[str]) -> str:
    """A line of a table in Markdown."""
    return "| " + " | ".join([first, *cells]) + " |"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _file_system(folder: Path) -> str:
    """The kind of file system of a folder: that of the longest mount point above it."""
    kinds = {}
    for line in Path("/proc/mounts").read_text().splitlines():
        _, point, kind = line.split()[:3]
        kinds[Path(point)] = kind
    return next(kinds[above] for above in (folder.resolve(), *folder.resolve().parents) if above in kinds)


def _fsync_ms(folder: Path, times: int = 50) -> float:
    """The median milliseconds to make 4096 bytes durable."""
    path = folder / "fsync"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(took) * 1000
