"""How often each fault is played: what a push can afford, and what `make faults NIGHTLY=1` takes its time for.

A name of this table in the environment overrides both: `make faults KILLS=50`.
"""

from __future__ import annotations

import os

NIGHTLY = os.environ.get("NIGHTLY", "") not in {"", "0"}
AMOUNTS = {
    # what it counts: (at every push, at night)
    "AUDIENCES": (8, 200),
    "BACKED_UP": (40, 2_000),  # people who are written while a backup is made
    "BROADCAST_KILLS": (1, 20),
    "BROADCAST_SEQUENCES": (8, 200),
    "COPIES": (20, 500),
    "DELIVERIES": (2_000, 20_000),
    "DISORDER": (500, 10_000),  # answers among shuffled batches that come three times
    "ERRORS": (100, 500),  # of each kind of error answer
    "FLOODS": (500, 5_000),  # messages, 30 % of them answered with 429
    "FROZEN": (1, 60),  # seconds for which a replica is frozen after others have taken over
    "HOLDS": (6, 120),  # of the write lock by another program
    "HOOKS": (1, 100),  # of each wrong call of the webhook, and of the right one
    "JUMPS": (100, 3_000),  # reminders while the clock jumps
    "KILLS": (20, 200),
    "LAST_SEATS": (4, 100),  # rounds of 200 people at once
    "LONGEST_HOLD": (1, 30),  # seconds
    "MIGRATED": (1, 300),  # people with a row in every table
    "MODELS": (12, 5_000),  # histories of 50 steps, 0.8 s of CPU each
    "OUTAGE_DELIVERIES": (400, 8_000),
    "OUTAGE_UPDATES": (200, 5_000),
    "PICTURES": (120, 1_200),
    "POINT_KILLS": (5, 20),
    "PRESSING": (30, 1_000),  # people who press one button twenty times
    "RECIPIENTS": (240, 2_000),
    "REPLICAS": (3, 5),
    "REPLICA_DELIVERIES": (1_000, 10_000),
    "RESTARTS": (3, 30),  # of PostgreSQL
    "RESTART_DELIVERIES": (600, 6_000),
    "SEND_KILLS": (20, 200),
    "SLOW_DELIVERIES": (60, 3_000),  # half an hour of them
    "SLOWEST_STATEMENT": (200, 500),  # milliseconds; whoever loses its connection is back within its lease of 7 s
    "SOAK_HOURS": (0, 1),  # 0: a few seconds; 72 and more in a run of its own, before a release: SOAK_HOURS=72
    "STRANGE": (3, 100),  # how often each strange update comes, five answers apart
    "STOPS": (8, 50),
    "WRITES_REFUSED": (3, 20),  # how often the disk takes no more bytes
}


def amount(name: str) -> int:
    """How often, or how many."""
    return int(os.environ.get(name) or AMOUNTS[name][NIGHTLY])


def soak() -> float:
    """Seconds in which everything goes wrong at once. 0: as few as a push can afford."""
    return 3600 * float(os.environ.get("SOAK_HOURS") or AMOUNTS["SOAK_HOURS"][NIGHTLY])


def seed(usual: int) -> int:
    """The seed of random numbers. SEED in the environment chooses another one."""
    return int(os.environ.get("SEED") or usual)
