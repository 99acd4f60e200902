"""How the Bot API says no."""

from __future__ import annotations


class Refusal(Exception):
    """A call that is refused: the Bot API's `code`, its `description` and, for 429, `retry_after` in seconds."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(text: str) -> Refusal:
    """A 400 in Telegram's own words."""
    return Refusal(400, f"Bad Request: {text}")


def strict(text: str) -> Refusal:
    """A 400 for what Telegram would let pass or quietly change, marked as the simulator's own strictness."""
    return Refusal(400, f"Bad Request: {text} (the simulator is stricter than Telegram here)")


def forbidden(text: str) -> Refusal:
    """A 403 in Telegram's own words."""
    return Refusal(403, f"Forbidden: {text}")


def too_many(seconds: int) -> Refusal:
    """A 429 in Telegram's own words."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)
