"""What no log may show: the names and words of the people here, and the token."""

from __future__ import annotations

from pathlib import Path

from tests import running
from tests.faults.telegram import TOKEN

NAME = "Kanaria Gelbvogel"
PHONE = "+49 30 23125 042"
HEALTH = "Zuckerkrankheit seit 2019"
WORDS = (f"{HEALTH}, bitte nicht vergessen", f"Ruf mich an: {PHONE}", f"Ich bin {NAME}")
SECRETS = (TOKEN, TOKEN.partition(":")[2], running.TOKEN, running.TOKEN.partition(":")[2])
FORBIDDEN = (NAME, "Gelbvogel", PHONE, "23125 042", HEALTH, "Zuckerkrank", *SECRETS)
scanned = {"characters of log": 0, "forbidden strings found": 0}


def scan(text: str) -> None:
    """Fails if a log shows a canary. The failure names the string, not the text around it."""
    scanned["characters of log"] += len(text)
    found = [one for one in FORBIDDEN if one in text]
    scanned["forbidden strings found"] += len(found)
    assert not found, f"the log shows {found}"


def scan_file(path: Path) -> None:
    """The same for a file."""
    scan(path.read_text(encoding="utf-8", errors="replace"))
