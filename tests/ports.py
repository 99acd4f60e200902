"""Ports for programs that have to be told theirs before they listen on it, and for servers that come back.

Whatever listens on port 0 or opens a connection gets one that the system chooses (32768 and above on Linux): one of
those may be another's by the time it is used. These are below, and no two processes of a run of tests begin alike.
"""

from __future__ import annotations

import itertools
import os
import socket

LOWEST, HIGHEST = 20_000, 32_000
_numbers = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """One that nobody listens on and nobody is given by chance."""
    for number in _numbers:
        port = LOWEST + number % (HIGHEST - LOWEST)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError
