"""What the command line can do is what the README tells; what it refuses, it says in its own words."""

from __future__ import annotations

import argparse
import ast
import re

import pytest

from bot.arguments import parser
from bot.cli import CANNOT_START, COMMANDS, main
from bot.refusal import ForOperator
from tests.architecture.sources import ROOT, python_files, tree

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


def test_whatever_is_refused_is_for_the_operator() -> None:
    """Each class that says so in its name, but RuleRefused, whose words go into the report of `lotse check`."""
    refusing = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in python_files("bot")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Refused")
    }
    del refusing["RuleRefused"]
    for_operator = {ForOperator.__name__, *refusing}
    assert [name for name, bases in refusing.items() if not bases & for_operator] == []
    assert len(refusing) > 10, "they are found"


def test_a_refusal_is_its_text_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class OfAnotherName(ForOperator):
        pass

    def refuse(_: argparse.Namespace) -> int:
        raise OfAnotherName("Set BOT_TOKEN.")

    monkeypatch.setattr("bot.cli.COMMANDS", {**COMMANDS, "status": refuse})
    assert main(["status"]) == CANNOT_START
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Set BOT_TOKEN.\n")
