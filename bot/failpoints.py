"""Named points at which a test can kill the process, by the environment variable LOTSE_KILL_AT.

`LOTSE_KILL_AT=after_store:7` kills the process without ceremony the seventh time it gets there, `migrated:3:SIGTERM`
asks it to stop. Unset, as always outside tests, a point costs one comparison.
"""

from __future__ import annotations

import os
import signal

_NAME, _TIMES, _SIGNAL = [*os.environ.get("LOTSE_KILL_AT", "").split(":"), "", ""][:3]
_left = int(_TIMES or 1)


def reached(point: str) -> None:
    """The process is at this point."""
    if point != _NAME:
        return
    global _left  # noqa: PLW0603 - a countdown of this process
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.Signals[_SIGNAL or "SIGKILL"])
