"""What an operator can set is what the operator is told."""

from __future__ import annotations

import re

from pydantic import SecretStr

from bot.settings import Settings
from tests.architecture.sources import ROOT

LINES = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
SETTING = re.compile(r"#?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")
NAMES = {name.upper() for name in Settings.model_fields}


def told() -> dict[str, tuple[str, str]]:
    """Name, value and the line above of every setting in .env.example."""
    found: dict[str, tuple[str, str]] = {}
    for above, line in zip(["", *LINES], LINES, strict=False):
        if setting := SETTING.fullmatch(line):
            assert setting["name"] not in found, f"{setting['name']} stands there twice"
            found[setting["name"]] = (setting["value"], above)
    return found


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert set(told()) == NAMES


def test_every_setting_says_why_on_the_line_above() -> None:
    without = [name for name, (_, above) in told().items() if not re.match(r"# \w.{15,}", above)]
    assert without == []


def test_values_shown_are_the_defaults() -> None:
    for name, (value, _) in told().items():
        default = Settings.model_fields[name.lower()].default
        if isinstance(default, SecretStr):
            assert value == "", f"{name} is a secret"
        else:
            assert value == ("" if default is None else str(default)), name


def test_only_what_has_to_be_filled_in_is_active() -> None:
    active = [line.partition("=")[0] for line in LINES if SETTING.fullmatch(line) and not line.startswith("#")]
    assert active == ["BOT_TOKEN"]


def test_the_guide_for_operators_explains_every_setting() -> None:
    guide = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    assert sorted(name for name in NAMES if f"`{name}`" not in guide) == []
