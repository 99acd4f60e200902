"""Leads people on the phones of the strict simulator to where a fault will meet them."""

from __future__ import annotations

from tests.faults.canary import NAME
from tests.phones import Phone, Phones

FIRST = "Was möchten Sie erreichen?"
SECOND = "Wie gut ist Ihr Deutsch heute?"
THIRD = "Wo haben Sie bisher Deutsch gelernt?"
TROUBLE = "Bei uns ist etwas schiefgegangen"


async def at_first_question(phones: Phones) -> Phone:
    """A person who has consented and sees the first question."""
    person = await phones.new(NAME, "de")
    await person.start()
    await person.reads("Bitte wählen Sie Ihre Sprache")
    await person.tap("Deutsch")
    await person.reads("16 Jahre")
    await person.tap("Ja, 16")
    await person.reads("Dürfen wir Ihre Antworten speichern?")
    await person.tap("Ja, ich bin einverstanden")
    await person.reads("Dürfen wir Ihnen schreiben?")
    await person.tap("Weiter")
    await person.reads(FIRST)
    return person


async def at_second_question(phones: Phones) -> Phone:
    """A person who has answered the first question and sees a single choice."""
    person = await at_first_question(phones)
    await person.tap("Deutsch lernen")
    await person.settled(lambda phone: "✅ Deutsch lernen" in phone.buttons, "the tick")
    await person.tap("Fertig")
    await person.reads(SECOND)
    return person
