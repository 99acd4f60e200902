"""A town for tests with a question of every kind, and people who have answered some."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.loader import Content, load
from bot.core.conditions import Value
from bot.core.engine import Answer, Status
from bot.db.people.participants import Past, Stored
from bot.db.people.profiles import ProfileRow
from bot.services.profiles.profiles import Profile, Profiler, Said
from tests.running import CONTENT

SAMPLE = Path(__file__).parent / "sample"
NOW = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # in Minden it is the 26th
DAY = timedelta(days=1)

NASTY = (
    '=HYPERLINK("http://example.org","klick")',
    "=1+1",
    "=cmd|' /C calc'!A0",
    "{=SUM(A1:A9)}",
    "+1",
    "+49 571 12345",
    "-2+3",
    "- ein Punkt",
    "−5",
    "@SUM(A1:A9)",
    "@anna",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\u200f=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "a,=1+1",
    "a;=1+1;b",
    "erste Zeile\n=1+1",
    'sie sagte "=1+1"; dann\t@nichts',
    "http://example.org",
    "mailto:anna@example.org",
    "internal:'Profile'!A1",
    "<r><t>fett</t></r>",
    "<b>Anna</b> & <Co>",
    "_x0041_ und _x005F_",
    "007",
    "1e5",
    "TRUE",
    "2026-11-25",
    "'schon mit Strich",
    "مهندسة من حلب",
    "\u202eumgedreht\u202c",
    "👩‍🔬 🇺🇦",
    "ein\x0bsenkrechter\x1fTrenner\x85",
    "\ufffe\uffff",
    "\ud83dhalb",
    "W" * 40_000,
    "🙂" * 20_000,
    "x" * 32_767,
)
"""What people might write, by accident or on purpose."""


def nasty_people() -> list[ProfileRow]:
    """Everything that people might write, in every place where their words can be."""
    return [
        row(
            key,
            source=text[:64],
            reach=text,
            story=text,
            occupation=f"~{text}",
            gone=text,
            history=[past("gone", text, 9, 3), past("story", text, 9, 3)],
        )
        for key, text in enumerate(NASTY, start=1)
    ]


def sample_folder(folder: Path) -> Path:
    """The content of the town, with the bot's and the staff's words of this project."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    for name in ("ui.yaml", "staff.yaml"):
        shutil.copy(CONTENT / name, folder / name)
    return folder


def content_of(folder: Path) -> Content:
    """The content of a folder, which must have no error."""
    loaded = load(folder, "demo")
    assert loaded.content is not None, "\n".join(map(str, loaded.faults))
    return loaded.content


def stored(value: Value | None, days_ago: int = 0, status: Status | None = None) -> Stored:
    """An answer as the database stores it. Without a value it was skipped."""
    status = status or (Status.SKIPPED if value is None else Status.GIVEN)
    return Stored(Answer(status, value), NOW - days_ago * DAY, "r1", applies=True)


def past(question: str, value: Value, days_ago: int, replaced: int) -> Past:
    """An answer that was replaced this many days ago."""
    return Past(question, Answer(Status.GIVEN, value), NOW - days_ago * DAY, NOW - replaced * DAY)


def row(
    key: int = 1,
    given: Mapping[str, Value | Stored | None] | None = None,
    *,
    language: str | None = "ar",
    source: str | None = None,
    finished: bool = True,
    blocked: bool = False,
    consents: Mapping[str, datetime] | None = None,
    history: Iterable[Past] = (),
    **answers: Value | Stored | None,
) -> ProfileRow:
    """A participant. An answer is a value given today, or a stored answer."""
    every = {**(given or {}), **answers}
    kept = {name: one if isinstance(one, Stored) else stored(one) for name, one in every.items()}
    return ProfileRow(
        id=key,
        language=language,
        source=source,
        created_at=NOW - 300 * DAY,
        finished_at=NOW - DAY if finished else None,
        seen_at=NOW,
        blocked=blocked,
        answers=kept,
        consents=dict(consents or {}),
        history=tuple(history),
    )


def profile(content: Content, one: ProfileRow) -> Profile:
    """What staff see of a row."""
    return Profiler(content, NOW).profile(one)


def said(content: Content, one: ProfileRow, question: str) -> Said:
    """What the profile of a row says about one question."""
    return next(found for found in profile(content, one).said if found.question == question)
