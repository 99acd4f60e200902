"""`python -m benchmarks` measures the hot path beside other bots, the bot's weight, its limits and the outbox.

Each part is also a program: `python -m benchmarks.NAME` with run, weight, limits, speed, growth, planning, lateness.
Six more run only this way: audience, queries, seeking (they take a PostgreSQL), sharing (needs one), durability,
image (needs Docker).
A slow result never fails the whole.
"""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks import growth, lateness, limits, planning, run, speed, weight
from benchmarks.places import ROOT
from benchmarks.table import Finding, findings

OUTBOX: Mapping[str, Callable[[], list[Finding]]] = {
    "speed": speed.run,
    "growth": growth.run,
    "planning": planning.run,
    "lateness": lateness.run,
}
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- written by make bench: begin -->", "<!-- written by make bench: end -->"


class Both(io.StringIO):
    """Prints text and keeps it, to write it down later."""

    def write(self, said: str) -> int:
        """Prints and keeps it."""
        sys.__stdout__.write(said)  # type: ignore[union-attr]
        return super().write(said)


def written(page: str, said: str) -> str:
    """The page with this text between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{PAGE} has no marks")
    return f"{before}{BEGIN}\n\n{said.strip()}\n\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if a run failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="do they run at all? Stops before the outbox")
    parser.add_argument("--write", action="store_true", help="what was found goes into docs/performance.md")
    given = parser.parse_args(arguments)
    os.environ["PTB_TIMEDELTA"] = "true"
    quick = ["--quick"] if given.quick else []
    both = Both()
    with contextlib.redirect_stdout(both):
        # Whatever one of them finds, the others are still measured.
        failed = max([program(quick) for program in (run.main, weight.main, limits.main)])
        if not quick:
            found = []
            for name, measure in OUTBOX.items():
                print(f"\n{name}", flush=True)
                found += measure()
            print(findings(found))
    if given.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), both.getvalue()), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
