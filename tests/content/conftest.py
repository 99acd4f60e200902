from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.loader import Content, load

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder without faults, for a test to break."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


@pytest.fixture(scope="session")
def content() -> Content:
    loaded = load(SAMPLE, "demo")
    assert loaded.content is not None, loaded.faults
    return loaded.content
