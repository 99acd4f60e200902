"""Finds and starts a Chromium."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, BrowserType, async_playwright, expect

PATIENCE_MS = 60_000
"""How long a step may take before it fails. Elements that are there are never waited for."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # containers run it as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """There is no Chromium. The text says how to get one."""


def program(kind: BrowserType) -> str:
    """The path in CHROMIUM, else an installed Chromium, else Playwright's own. NoChromium if there is none."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, NAMES)), None) or kind.executable_path
    if shutil.which(found) or Path(found).is_file():
        return found
    if given:
        raise NoChromium(f"CHROMIUM names no program: {given}")
    raise NoChromium("there is no Chromium here: `make browser` installs one, as does `apt install chromium`")


@contextlib.asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """A Chromium without a window. NoChromium if there is none."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        path = program(playwright.chromium)
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
