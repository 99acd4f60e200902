"""The sums of the current test. `tests/conftest.py` prints all of them at the end."""

from __future__ import annotations

lines: list[tuple[str, str]] = []


def note(what: str, amount: object) -> None:
    """One line of the closing table."""
    lines.append((what, f"{amount:,}" if isinstance(amount, int) else str(amount)))
