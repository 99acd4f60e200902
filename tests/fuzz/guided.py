"""Runs Atheris, which looks for input that reaches new code: `python -m tests.fuzz.guided calendar 5000`.

It is no dependency of the project: `make fuzz` installs it separately. `answers` is left to hypothesis, because it is
too slow.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.content", "bot.core", "icalendar", "recurring_ical_events"]):
    from tests.fuzz.parsers import PARSERS, SEEDS


def main(name: str, runs: str) -> None:
    """Tries this many inputs, beginning with the seeds. An error ends the process and shows its input."""
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS[name]):
            (Path(folder) / str(number)).write_text(seed, encoding="utf-8")
        PARSERS[name](SEEDS[name][0].encode())
        atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=1000", "-verbosity=0", folder], PARSERS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
