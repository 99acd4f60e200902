"""`python -m benchmarks` measures and prints the table."""

import sys

from benchmarks.run import main

sys.exit(main())
