"""Whether a person came to a meeting."""

from __future__ import annotations

from enum import StrEnum


class Attended(StrEnum):
    """What the attendance list of a meeting says about a person."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
