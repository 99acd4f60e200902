"""`python -m benchmarks` measures everything: hot path, limits, outbox; `--quick` stops before the outbox.

Each is also a program of its own: `python -m benchmarks.NAME`, with NAME one of run, limits, speed, growth,
planning, lateness, durability. How fast something was never fails the whole.
"""

import os
import sys
from collections.abc import Callable, Mapping

from benchmarks import growth, lateness, limits, planning, run, speed
from benchmarks.table import Finding, findings

OUTBOX: Mapping[str, Callable[[], list[Finding]]] = {
    "speed": speed.run,
    "growth": growth.run,
    "planning": planning.run,
    "lateness": lateness.run,
}


def main() -> int:
    """1 where a run failed."""
    os.environ["PTB_TIMEDELTA"] = "true"
    quick = [one for one in sys.argv[1:] if one == "--quick"]
    if (failed := run.main() or limits.main(quick)) or quick:
        return failed
    found = []
    for name, measure in OUTBOX.items():
        print(f"\n{name}", flush=True)
        found += measure()
    print(findings(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
