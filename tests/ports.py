"""Ports for programs that need to know theirs before they listen on it, and for servers that come back.

A socket on port 0 or a new connection gets a port that the system chooses (32768 and above on Linux). Another program
may have taken that one by the time it is used. These ports are lower, and no two processes of a test run begin at the
same one.
"""

from __future__ import annotations

import itertools
import os
import socket

LOWEST, HIGHEST = 20_000, 32_000
_numbers = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """A port that nobody listens on and that the system gives to nobody by chance."""
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
