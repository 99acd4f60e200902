"""The guide for coordinators: its examples are read without a fault, and a town written from it works."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import load
from bot.core.offers import Kind
from bot.services import rehearsal
from tests.running import CONTENT

from .editing import edit

GUIDE = (CONTENT / "README.md").read_text(encoding="utf-8")


def examples(heading: str, until: str) -> list[str]:
    """The YAML between two headings."""
    part = GUIDE[GUIDE.index(f"\n{heading}\n") : GUIDE.index(f"\n{until}\n")]
    return re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def test_the_examples_of_offers_reminders_and_times_fit_the_questions_of_minden(folder: Path) -> None:
    town = folder / "minden"
    (offers,) = examples("### Offers", "### Reminders")
    (reminders,) = examples("### Reminders", "### Forms of the team")
    (form,) = examples("### Forms of the team", "### The glossary of machine translation")
    (glossary,) = examples("### The glossary of machine translation", "### Quiet hours, the weekly cap, holidays")
    (times,) = examples("### Quiet hours, the weekly cap, holidays", "### Four eyes")
    (four_eyes,) = examples("### Four eyes", "### Consents, and the words of the export")
    (needs,) = examples("### The needs board", "### The path")
    (path_,) = examples("### The path", "### How long what is over stays")
    (lengths,) = examples("### How long what is over stays", "## For the translator")
    (town / "offers.yaml").write_text(offers, encoding="utf-8")
    (town / "reminders.yaml").write_text(reminders, encoding="utf-8")
    (town / "needs.yaml").write_text(needs, encoding="utf-8")
    (town / "path.yaml").write_text(path_, encoding="utf-8")
    (town / "forms/change.yaml").write_text(form, encoding="utf-8")
    (town / "glossary.yaml").write_text(glossary, encoding="utf-8")
    path = town / "town.yaml"
    kept = re.sub(r"^(quiet|weekly_cap|holidays):.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = re.sub(r"^retention:.*\n(?:  .*\n)+", "", kept, flags=re.MULTILINE)
    path.write_text(kept + times + four_eyes + lengths, encoding="utf-8")
    found = load(folder, "minden")
    assert [one for one in found.faults if one.level is Level.ERROR] == []
    assert found.content is not None
    assert {one.kind for one in found.content.offers.values()} == set(Kind)
    assert rehearsal.cards(found.content) == []


def test_a_new_town_that_follows_the_guide_has_questions_offers_and_reminders(folder: Path) -> None:
    town = Path(shutil.copytree(folder / "minden", folder / "beispielstadt"))
    removed = re.search(r"^rm -r (.*?) +#", GUIDE, re.MULTILINE)
    assert removed is not None
    for name in removed[1].split():
        shutil.rmtree(town / name) if (town / name).is_dir() else (town / name).unlink()
    for path in (town / "locales").glob("*.po"):
        if path.stem != "en":
            path.unlink()
    edit(town / "town.yaml", "id: minden", "id: beispielstadt")
    edit(town / "town.yaml", "languages: [de, en, ar, fa, fr, ru, uk, tr]", "languages: [de, en]")
    items, questions, offers, needs = examples("## For a new town", "## The pictures on this page")
    (town / "lists").mkdir()
    (town / "lists" / "languages.yaml").write_text(items, encoding="utf-8")
    (town / "questionnaire.yaml").write_text(questions, encoding="utf-8")
    (town / "offers.yaml").write_text(offers, encoding="utf-8")
    (town / "needs.yaml").write_text(needs, encoding="utf-8")
    form = town / "forms/offer.yaml"
    assert any(one.file.endswith("forms/offer.yaml") for one in load(folder, "beispielstadt").faults)
    assert "take the last three questions out of `forms/offer.yaml`" in GUIDE
    assert "and the last two out of\n`forms/opening.yaml`" in GUIDE
    form.write_text(form.read_text(encoding="utf-8").partition("  - id: needs_level\n")[0], encoding="utf-8")
    form = town / "forms/opening.yaml"
    form.write_text(form.read_text(encoding="utf-8").partition("  - id: needs_level\n")[0], encoding="utf-8")
    found = load(folder, "beispielstadt")
    assert [one for one in found.faults if one.level is Level.ERROR] == []
    content = found.content
    assert content is not None
    # 24 Thursdays without Ascension and Corpus Christi; 40 without Easter Monday and Whit Monday.
    assert [len(one.meetings) for one in content.offers.values()] == [22, 38]
    assert content.reminders
    assert content.needs is not None
    assert content.needs.views == ("mother_tongue",)
    assert [one for one in rehearsal.faults(content) if one.level is not Level.HINT] == []
