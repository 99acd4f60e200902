"""The lock files: exact versions, hashes, no addresses, and the same versions everywhere."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.architecture.sources import ROOT, project

RUN, OTEL, DEMO, DEV = LOCKS = (
    *("requirements.lock", "requirements-otel.lock", "requirements-demo.lock", "requirements-dev.lock"),
)
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|^-[ief] ", re.MULTILINE)
INSTALLING = ("Makefile", "Dockerfile", "compose.yaml", ".ci/run", "scripts/lock.sh", "pyproject.toml")
REGISTRY = re.compile(r"/simple\b|--(?:extra-)?index-url[ =]|--find-links[ =]|PIP_(?:EXTRA_)?INDEX")


def words(lock: str) -> str:
    """The text of a lock file."""
    return (ROOT / lock).read_text(encoding="utf-8")


def versions(lock: str) -> dict[str, str]:
    """The version of each package of a lock file; fails on a line that is not as it should be."""
    found: dict[str, str] = {}
    hashes: dict[str, int] = {}
    current = ""
    for line in words(lock).splitlines():
        if pinned := PINNED.fullmatch(line):
            current = pinned["name"]
            found[current] = pinned["version"]
        elif HASH.fullmatch(line):
            hashes[current] = hashes.get(current, 0) + 1
        else:
            assert line.lstrip().startswith("#"), f"{lock}: {line!r} is neither a pinned package nor a hash"
    assert found.keys() == hashes.keys(), f"{lock}: without a hash: {found.keys() - hashes.keys()}"
    return found


def plain(requirement: str) -> str:
    """The name of a package as lock files write it."""
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    assert versions(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_of_a_registry_is_written_down(lock: str) -> None:
    assert not ADDRESS.search(words(lock))


@pytest.mark.parametrize("path", INSTALLING)
def test_nothing_that_installs_names_a_registry(path: str) -> None:
    assert not REGISTRY.search(words(path))


@pytest.mark.parametrize(("smaller", "larger"), [(RUN, DEMO), (RUN, OTEL), (OTEL, DEV), (DEMO, DEV)])
def test_a_larger_lock_holds_the_smaller_one_in_the_same_versions(smaller: str, larger: str) -> None:
    assert versions(smaller).items() <= versions(larger).items()


def test_what_the_project_asks_for_is_locked() -> None:
    asked = project()["project"]
    extras = asked["optional-dependencies"]
    built_with = {plain(one) for one in project()["build-system"]["requires"]}
    needed = {plain(one) for one in asked["dependencies"]} | built_with
    assert needed <= versions(RUN).keys()
    assert {plain(one) for one in extras["otel"]} <= versions(OTEL).keys()
    needed |= {plain(one) for one in extras["demo"]}
    assert needed <= versions(DEMO).keys()
    assert (needed | {plain(one) for one in extras["dev"]}) - {"lotse"} <= versions(DEV).keys()


def test_the_running_bot_brings_neither_the_simulator_nor_a_tool() -> None:
    assert not versions(RUN).keys() & {
        "aiogram",
        "pytest",
        "playwright",
        "hypothesis",
        "mypy",
        "ruff",
        "opentelemetry-sdk",
    }


@pytest.mark.parametrize("script", [".ci/run", "scripts/lock.sh"])
def test_scripts_are_readable_by_bash_and_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111, f"{script} is not executable"
    subprocess.run(["bash", "-n", str(path)], check=True)  # noqa: S603, S607 - our own script, whichever bash
