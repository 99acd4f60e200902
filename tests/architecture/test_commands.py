"""What the command line can do is what the README tells."""

from __future__ import annotations

import argparse
import re

from bot.arguments import parser
from bot.cli import COMMANDS
from tests.architecture.sources import ROOT

TABLE = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Commands\n")[2].partition("\n## ")[0]
ROW = re.compile(r"^\| (?P<commands>`.+?) \|", re.MULTILINE)


def told() -> set[str]:
    """The first word of every command in the table of the README."""
    return {said.split()[0] for row in ROW.finditer(TABLE) for said in re.findall(r"`([^`]+)`", row["commands"])}


def known() -> set[str]:
    """The words that `lotse --help` lists."""
    (words,) = (
        one.choices
        for one in parser(COMMANDS)._actions
        if isinstance(one, argparse._SubParsersAction) and one.choices is not None
    )
    return set(words)


def test_the_readme_tells_every_command_and_no_other() -> None:
    assert told() == known()
