"""From /start to the finished profile."""

from __future__ import annotations

from tests.running import Lotse


async def test_a_person_comes_from_start_to_the_first_question(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.start("jobcenter")
    await anna.reads("Bitte wählen Sie Ihre Sprache")
    await anna.tap("Deutsch")
    await anna.reads("16 Jahre")
    await anna.tap("Ja, 16")
    await anna.reads("Dürfen wir Ihre Antworten speichern?")
    await anna.tap("Ja, ich bin einverstanden")
    await anna.reads("Dürfen wir Ihnen schreiben?")
    await anna.tap("Weiter")
    await anna.reads("Was möchten Sie erreichen?")
