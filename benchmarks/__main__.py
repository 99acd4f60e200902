"""`python -m benchmarks` measures and prints the tables; `--quick` is short."""

import sys

from benchmarks import limits, run

QUICK = [one for one in sys.argv[1:] if one == "--quick"]
sys.exit(run.main() or limits.main(QUICK))
