"""The town of these tests, and the words of the staff."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from bot.content.loader import Content
from bot.export.words import Words, read_words
from tests.export.people import content_of, sample_folder

# The same examples every time: a red run is red again, and the machine's speed decides nothing.
settings.register_profile("lotse", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("lotse")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder."""
    return sample_folder(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def content(folder: Path) -> Content:
    """The content of it."""
    return content_of(folder)


@pytest.fixture(scope="session")
def words(folder: Path) -> Words:
    """What staff read."""
    return read_words(folder)
