"""The plugin that turns skips into failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

SKIPS = """
import pytest

def test_that_runs():
    pass

@pytest.mark.skip(reason="no server here")
def test_that_is_marked():
    pass

def test_that_gives_up():
    pytest.skip("no browser here")
"""
SKIPPED_MODULE = 'import pytest\npytest.skip("no such package", allow_module_level=True)\n'


def run(folder: Path, require_all: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-c", os.devnull, "--rootdir", str(folder)]
    done = subprocess.run(  # noqa: S603 - pytest itself
        [*command, "-p", "tests.require_all", "-p", "no:cacheprovider", str(folder)],
        cwd=ROOT,
        env={**os.environ, "REQUIRE_ALL": require_all},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_skip_is_a_failure_that_keeps_its_reason(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS)
    code, said = run(tmp_path, "1")
    assert code == 1
    assert "no server here" in said
    assert "no browser here" in said
    assert said.splitlines()[-1].startswith("1 failed, 1 passed, 1 error")


def test_a_skipped_module_is_a_failure_too(tmp_path: Path) -> None:
    (tmp_path / "test_module.py").write_text(SKIPPED_MODULE)
    code, said = run(tmp_path, "1")
    assert code != 0
    assert "no such package" in said
    assert "1 error" in said.splitlines()[-1]


@pytest.mark.parametrize("value", ["", "0"])
def test_without_it_skips_are_only_listed(tmp_path: Path, value: str) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS)
    code, said = run(tmp_path, value)
    assert code == 0
    assert "no server here" in said
    assert said.splitlines()[-1].startswith("1 passed, 2 skipped")
