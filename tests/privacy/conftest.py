"""What the committed papers are made from: the town's content, and the default settings."""

from __future__ import annotations

import pytest

from bot.content.loader import Content
from bot.privacy.record import Source
from bot.privacy.words import Words, read_words
from bot.settings import Settings, read
from tests.running import CONTENT


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a machine on which nothing was set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return read(_env_file=None)


@pytest.fixture(scope="session")
def words() -> Words:
    """The words of the papers."""
    return read_words(CONTENT)


@pytest.fixture
def source(content: Content, plain: Settings, words: Words) -> Source:
    """All of it."""
    return Source(content, plain, words)
