"""Whether somebody came. Pure."""

from __future__ import annotations

from enum import StrEnum


class Attended(StrEnum):
    """What stands on the list of a meeting."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
