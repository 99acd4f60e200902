from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.chromium import NoChromium, program

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_named_browser_comes_before_the_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mine", "chromium"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    async with async_playwright() as playwright:
        assert program(playwright.chromium) == str(tmp_path / "mine")
        monkeypatch.delenv("CHROMIUM")
        assert program(playwright.chromium) == str(tmp_path / "chromium")


async def test_without_a_browser_one_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with async_playwright() as playwright:
        monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
        with pytest.raises(NoChromium, match="CHROMIUM names no program"):
            program(playwright.chromium)
