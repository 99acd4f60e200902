"""Which texts of `ui.yaml` the code says: one module for each subject, a line for each key with its placeholders."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.text_keys import (
    broadcasts,
    conversation,
    offers,
    openings,
    paths,
    people,
    rights,
    threads,
)

NEEDED: Mapping[str, frozenset[str]] = {
    key: frozenset(slots)
    for subject in (
        conversation,
        offers,
        broadcasts,
        paths,
        people,
        rights,
        threads,
        openings,
    )
    for key, *slots in map(str.split, subject.KEYS.strip().splitlines())
}
"""The placeholders of each text by its key, which stands in `ui.yaml` as section and name."""
