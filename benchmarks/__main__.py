"""`python -m benchmarks` measures everything: hot path beside peers, limits, outbox.

`--quick` stops before the outbox; `--write` puts what was found between the marks of docs/performance.md. Each is
also a program of its own: `python -m benchmarks.NAME`, with NAME one of run, weight, limits, speed, growth, planning,
lateness, durability. How fast something was never fails the whole.
"""

import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping

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
    """What is printed, and kept to be written down."""

    def write(self, said: str) -> int:
        """Say it as well."""
        sys.__stdout__.write(said)  # type: ignore[union-attr]
        return super().write(said)


def written(page: str, said: str) -> str:
    """The page with that between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{PAGE} has no marks")
    return f"{before}{BEGIN}\n\n{said.strip()}\n\n{END}{after}"


def main() -> int:
    """1 where a run failed."""
    os.environ["PTB_TIMEDELTA"] = "true"
    quick = [one for one in sys.argv[1:] if one == "--quick"]
    both = Both()
    with contextlib.redirect_stdout(both):
        failed = run.main(quick) or weight.main(quick) or limits.main(quick)
        if not failed and not quick:
            found = []
            for name, measure in OUTBOX.items():
                print(f"\n{name}", flush=True)
                found += measure()
            print(findings(found))
    if not failed and "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), both.getvalue()), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
