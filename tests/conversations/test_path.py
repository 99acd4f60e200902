"""Somebody's path, word for word: from A2 to a degree, with other answers, and the message before a last day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.core.message import Text
from bot.db import schema
from tests.conversations.people import Going, plain, rows, town
from tests.conversations.persona import Persona, Say, Way
from tests.conversations.transcripts import Golden
from tests.running import Lotse, minden
from tests.waiting import until

WAY: Way = {
    "goals": "degree",
    "german_level": "A2",
    "courses": "integration",
    "paper": "no",
    "times": "mornings",
    "hours": Say("20"),
    "support": "none",
    "education": "upper",
    "study_wish": "computing",
    "papers": "copies",
    "by_when": "years_2",
    "anything": "skip",
}


def step(person: Persona, name: str) -> str:
    """What a step is called."""
    return person.text(f"path.steps.{name}.title")


def last_day(person: Persona, key: str, day: date, **args: str) -> str:
    """A line with a last day."""
    said = {name: Text(title) for name, title in args.items()}
    return plain(minden().texts.label(person.language, Text(f"ui.{key}", {**said, "day": day})))


async def arrives(lotse: Lotse, name: str, language: str) -> Persona:
    """Somebody with A2 who wants a degree, agrees to be reminded, and looks at their path."""
    person = await Persona.comes(lotse, name, language, "", "reminders")
    await person.walks(WAY)
    await person.agrees()
    await person.taps(person.ui("button.path"), person.text("path.goals.degree.title"))
    return person


async def says_b2(person: Persona) -> None:
    """Their German is better than they said: the path is shorter."""
    await person.taps(step(person, "german_b1"), person.text("path.steps.german_b1.text"))
    await person.taps(person.line("german_level"), person.ask("german_level"))
    await person.taps("B2", person.ui("path.is_done"))
    await person.taps(person.ui("button.path"), person.text("path.goals.degree.title"))


async def test_an_arabic_path_changes_with_an_answer_and_its_last_day_is_told(tmp_path: Path, golden: Golden) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        samir = await arrives(lotse, "Samir", "ar")
        far = last_day(samir, "path.line_until", date(2028, 6, 3), title="path.steps.vpd.title")
        assert far in plain(samir.phone.last)
        await says_b2(samir)
        near = last_day(samir, "path.line_until", date(2026, 12, 4), title="path.steps.vpd.title")
        assert near in plain(samir.phone.last)
        await samir.taps(step(samir, "vpd"), samir.text("path.steps.vpd.text"))
        time.is_now(datetime(2026, 11, 27, 17, 0, tzinfo=UTC))  # a week before, at six in Minden
        due = {"text_key": "reminders.path_days", "state": "sent"}
        await until(lambda: len(rows(lotse.settings, schema.delivery, **due)) == 2, "both messages")
        await samir.phone.tap(samir.ui("button.why"))
        await samir.phone.reads_toast(samir.text("path.goals.degree.title"))
        await samir.taps(samir.ui("button.details"), samir.text("path.steps.vpd.text"))
        golden("path_ar", await samir.phone.transcript())
        steps = [row["params"]["step"] for row in rows(lotse.settings, schema.delivery, **due)]
        assert sorted(steps) == ["papers_ready", "vpd"]


async def test_a_ukrainian_path_whose_step_is_on_its_way_is_not_told_again(tmp_path: Path, golden: Golden) -> None:
    time = Going(datetime(2027, 5, 5, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        olena = await arrives(lotse, "Olena", "uk")
        await says_b2(olena)
        time.is_now(datetime(2027, 5, 6, 16, 0, tzinfo=UTC))  # four weeks before
        due = {"text_key": "reminders.path_weeks", "state": "sent"}
        await until(lambda: len(rows(lotse.settings, schema.delivery, **due)) == 2, "both messages")
        await olena.phone.send("/path")
        await olena.phone.reads(olena.ui("path.reminds"))
        await olena.taps(step(olena, "vpd"), olena.text("path.steps.vpd.text"))
        await olena.taps(olena.line("uni_papers"), olena.ask("uni_papers"))
        running = last_day(olena, "path.running", date(2027, 6, 17))
        await olena.taps(olena.option("uni_papers", "sent"), running)
        await olena.taps(olena.ui("button.path"), olena.ui("path.next"))
        time.is_now(datetime(2027, 5, 27, 16, 0, tzinfo=UTC))  # a week before: there is nothing to do any more
        time.is_now(datetime(2027, 6, 17, 16, 0, tzinfo=UTC))  # four weeks before applications close
        await until(lambda: len(rows(lotse.settings, schema.delivery, **due)) == 3, "the third message")
        await olena.phone.reads(step(olena, "campus_apply"))
        golden("path_uk", await olena.phone.transcript())
        assert rows(lotse.settings, schema.delivery, text_key="reminders.path_days") == []
