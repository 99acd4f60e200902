"""What the search for dead code steps over, as pyproject.toml lists it, is there and has its reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[2]


def test_every_name_that_is_stepped_over_is_defined_and_seen_nowhere_else() -> None:
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    found = Vulture(ignore_decorators=own["ignore_decorators"])
    found.scavenge([str(ROOT / one) for one in own["paths"]], [str(ROOT / one) for one in own["exclude"]])
    assert {one.name for one in found.get_unused_code()} == set(own["ignore_names"])


def test_every_name_that_is_stepped_over_has_its_reason() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\nignore_names = [\n")[1].split("\n]\n")[0]
    assert [one for one in listed.splitlines() if not re.fullmatch(r'    "\w+", +# .+', one)] == []
