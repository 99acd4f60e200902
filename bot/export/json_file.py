"""Profiles as one JSON document for another program. docs/export.md has its schema. Words are unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from bot.content.loader import Content
from bot.core.engine import value_to_data
from bot.export.cells import encodable
from bot.export.counts import STATES, Counts, Tally
from bot.services.profiles.profiles import Former, Heading, Profile, Said, Standing

FORMAT = "lotse-profiles"
VERSION = 1


class JsonFile:
    """Writes the document at `path`, one profile a line, so that only one is in memory."""

    def __init__(
        self,
        path: Path,
        content: Content,
        headings: tuple[Heading, ...],
        purposes: Mapping[str, str],
        notice: str,
        now: datetime,
    ) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        town = content.town
        head = {
            "format": FORMAT,
            "version": VERSION,
            "notice": notice,
            "exported_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "town": {"id": town.id, "name": town.name, "project": town.project},
            "content_revision": content.revision,
            "purposes": purposes,
            "questions": [_heading(one) for one in headings],
        }
        self._file.write(_json(head)[:-1] + ',\n"profiles":[')
        self._between = "\n"

    def add(self, profile: Profile) -> None:
        """Writes one profile."""
        self._file.write(self._between + _json(_profile(profile)))
        self._between = ",\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def finish(self, counts: Counts) -> None:
        """Writes the counts after the profiles."""
        totals = {"people": counts.people, "finished": counts.finished}
        questions = [_tally(name, tally) for name, tally in counts.tallies.items()]
        self._file.write('\n],\n"counts":' + _json({**totals, "questions": questions}) + "}\n")


def _json(data: object) -> str:
    return encodable(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _heading(heading: Heading) -> dict[str, object]:
    options = [{"id": option, "label": label} for option, label in heading.options.items()]
    return {"id": heading.id, "label": heading.label, "kind": heading.kind.value, "options": options}


def _profile(profile: Profile) -> dict[str, object]:
    stored = [one for one in (*profile.said, *profile.archived) if one.standing.is_stored]
    return {
        "person": profile.person,
        "language": profile.language,
        "language_name": profile.language_name,
        "source": profile.source,
        "begun": profile.begun.isoformat(),
        "finished": _day(profile.finished),
        "seen": profile.seen.isoformat(),
        "reachable": profile.reachable,
        "consents": {purpose: since.isoformat() for purpose, since in profile.consents.items()},
        "answers": [{**_answer(one), "revision": one.revision} for one in stored],
        "open": [one.question for one in profile.said if one.standing is Standing.OPEN],
        "former": [{**_answer(one), "replaced_on": one.replaced_on.isoformat()} for one in profile.former],
    }


def _answer(one: Said | Former) -> dict[str, object]:
    return {
        "question": one.question,
        "standing": one.standing.value,
        "value": value_to_data(one.value),
        "german": one.german,
        "original": one.original,
        "given_on": _day(one.given_on),
    }


def _tally(question: str, tally: Tally) -> dict[str, object]:
    return {
        "question": question,
        "answered": tally.answered,
        **{state.value: tally.states[state] for state in STATES},
        "options": dict(sorted(tally.options.items())),
        "own_words": tally.own_words,
        "minimum": min(tally.numbers, default=None),
        "median": tally.median(),
        "maximum": max(tally.numbers, default=None),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
