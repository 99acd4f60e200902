"""The town of these tests, and the words for staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.export.words import Words, read_words
from tests.export.people import content_of, sample_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder."""
    return sample_folder(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def content(folder: Path) -> Content:
    """Its content."""
    return content_of(folder)


@pytest.fixture(scope="session")
def words(folder: Path) -> Words:
    """The words that staff read."""
    return read_words(folder)
