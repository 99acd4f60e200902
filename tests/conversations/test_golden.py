"""Three people from /start to the end, word for word. Read the transcripts in `golden/`; refresh them only by
`pytest tests/conversations --refresh-golden`, and read the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.message import Text
from tests.conversations.people import Say, Time, below, content, plain, said, sees_button, town
from tests.phones import Phone

pytestmark = pytest.mark.asyncio(loop_scope="module")

Golden = Callable[[str, str], None]


class Persona:
    """A phone whose every step waits for what it leads to, so that transcripts come out the same each time."""

    def __init__(self, phone: Phone, language: str) -> None:
        self.phone = phone
        self.language = language

    def ui(self, key: str) -> str:
        """One of the bot's own texts in the persona's language."""
        return said(self.language, key)

    def question(self, name: str) -> str:
        """How a question is asked."""
        return plain(content().texts.label(self.language, Text(f"questionnaire.{name}.ask")))

    def option(self, question: str, name: str) -> str:
        """How an option is called."""
        return plain(content().texts.label(self.language, Text(f"questionnaire.{question}.option.{name}")))

    def line(self, question: str) -> str:
        """How the summary's button for a question is called."""
        return "✏️ " + plain(content().texts.label(self.language, Text(f"questionnaire.{question}.short")))

    async def begins(self, payload: str) -> None:
        """Opens the link, and goes as far as the first question."""
        await self.phone.start(payload)
        await self.phone.reads(self.ui("language.ask"))
        await self.taps(self.ui("language.name"), self.ui("age.ask"))
        await self.taps(self.ui("age.yes"), self.ui("consent.ask"))
        await self.taps(self.ui("consent.yes"), self.ui("consent.start"))

    async def taps(self, label: str, hope: str) -> None:
        """Taps a button, and reads the card it leads to."""
        await self.phone.tap(label)
        await self.phone.reads(hope)

    async def toggles(self, label: str, sign: str = "✅") -> None:
        """Ticks an option, and sees its sign; the toast comes before the card in the transcript."""
        await self.phone.tap(label)
        await sees_button(self.phone, f"{sign} {label}")

    async def says(self, text: str, hope: str) -> None:
        """Writes, and reads the card below."""
        sent = await self.phone.send(text)
        await below(self.phone, sent, hope)

    async def answers(self, question: str, *acts: str | Say, leads_to: str) -> None:
        """Gives one answer: options by id (several, then done), or words."""
        await self.phone.reads(self.question(question))
        hope = self.question(leads_to) if leads_to in content().questionnaire.by_id else self.ui(leads_to)
        last = acts[-1]
        if isinstance(last, Say):
            await self.says(last.text, hope)
            return
        if len(acts) == 1 and content().questionnaire.by_id[question].kind != "multiple":
            await self.taps(self.label(question, last), hope)
            return
        for act in acts:
            assert isinstance(act, str)
            await self.toggles(self.option(question, act))
        await self.taps(self.ui("button.done"), hope)

    def label(self, question: str, option: str) -> str:
        """A button: an option, yes or no, or one of the answers every such question has."""
        if option in {"skip", "decline"}:
            return self.ui(f"button.{option}")
        return plain(content().texts.label(self.language, Text(content().texts.option_key(question, option))))


async def test_a_nurse_from_aleppo(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        amira = Persona(await lotse.phones.new("Amira", "ar"), "ar")
        await amira.begins("jobcenter")
        reminders = plain(content().texts.label("ar", Text("town.consents.reminders.title")))
        await amira.toggles(reminders)
        await amira.taps(amira.ui("consent.next"), amira.question("goals"))
        await amira.answers("goals", "german", "job", "recognition", leads_to="german_level")
        await amira.answers("german_level", "B1", leads_to="certificate")
        await amira.answers("certificate", "yes", leads_to="paper")
        await amira.answers("paper", "decline", leads_to="times")
        await amira.answers("times", "mornings", "weekend", leads_to="hours")
        await amira.answers("hours", Say("١٢"), leads_to="support")
        await amira.answers("support", "childcare", leads_to="education")
        await amira.answers("education", "bachelor", leads_to="profession")
        await amira.answers("profession", "health", leads_to="recognition")
        await amira.answers("recognition", "applied", leads_to="by_when")
        await amira.answers("by_when", "months_6", leads_to="anything")
        await amira.answers("anything", Say("أعمل ممرضة منذ 8 سنوات، تخصصي Intensivpflege"), leads_to="summary.title")
        await amira.taps(amira.ui("summary.confirm"), amira.ui("consent.end"))
        companies = plain(content().texts.label("ar", Text("town.consents.companies.title")))
        await amira.toggles(companies)
        await amira.taps(amira.ui("consent.next"), amira.ui("done.title"))
        await amira.taps(amira.ui("button.privacy"), amira.ui("privacy.title"))
        golden("nurse_from_aleppo", await amira.phone.transcript())


async def test_a_student_from_kyiv(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        olena = Persona(await lotse.phones.new("Olena", "uk"), "en")
        await olena.begins("campus_minden")
        await olena.taps(olena.ui("consent.next"), olena.question("goals"))
        await olena.answers("goals", "degree", leads_to="german_level")
        await olena.answers("german_level", "C1", leads_to="certificate")
        await olena.answers("certificate", "no", leads_to="times")
        await olena.taps(olena.ui("button.back"), olena.question("certificate"))
        await olena.taps(olena.ui("button.back"), olena.question("german_level"))
        await olena.taps(olena.ui("button.back"), olena.question("goals"))
        await olena.toggles(olena.option("goals", "advice"))
        await olena.taps(olena.ui("button.done"), olena.question("times"))
        await olena.answers("times", "mornings", "afternoons", leads_to="hours")
        await olena.answers("hours", Say("100"), leads_to="hours")
        await olena.answers("hours", Say("20"), leads_to="support")
        await olena.answers("support", "laptop", "internet", leads_to="education")
        await olena.answers("education", "started", leads_to="subject")
        await olena.answers("subject", Say("Civil engineering"), leads_to="papers")
        await olena.answers("papers", "copies", leads_to="by_when")
        await olena.taps(olena.ui("button.back"), olena.question("papers"))
        await olena.taps(olena.ui("button.back"), olena.question("subject"))
        await olena.taps(olena.ui("button.forward"), olena.question("papers"))
        await olena.taps(olena.ui("button.forward"), olena.question("by_when"))
        await olena.answers("by_when", "year_1", leads_to="anything")
        await olena.answers("anything", "skip", leads_to="summary.title")
        # She finished school only: another question opens, another answer is put aside, and comes back.
        await olena.taps(olena.line("education"), olena.question("education"))
        await olena.taps(olena.option("education", "upper"), olena.question("study_wish"))
        await olena.taps(olena.option("study_wish", "civil"), olena.ui("summary.title"))
        await olena.taps(olena.line("education"), olena.question("education"))
        await olena.taps(olena.option("education", "started"), "Civil engineering")
        await olena.taps(olena.ui("summary.confirm"), olena.ui("consent.end"))
        campus = plain(content().texts.label("en", Text("town.consents.campus.title")))
        await olena.toggles(campus)
        await olena.taps(olena.ui("consent.next"), olena.ui("done.title"))
        golden("student_from_kyiv", await olena.phone.transcript())


async def test_an_engineer_who_types(tmp_path: Path, golden: Golden) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        deniz = Persona(await lotse.phones.new("Deniz", "de"), "de")
        await deniz.says("Guten Tag", "Bitte wählen Sie Ihre Sprache")
        await deniz.says("deutsch", "16 Jahre")
        await deniz.says("Ja, 16 oder älter", "Dürfen wir Ihre Antworten speichern?")
        await deniz.says("ja ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
        await deniz.says("weiter", deniz.question("goals"))
        await deniz.says("Ich suche eine Stelle", "Das habe ich nicht verstanden.")
        await deniz.says("arbeit finden, beratung bekommen", deniz.question("german_level"))
        await deniz.says("b2", deniz.question("certificate"))
        await deniz.says("JA", deniz.question("paper"))
        await deniz.says("möchte ich nicht sagen", deniz.question("times"))
        await deniz.says("/pause", "Ihre Antworten sind gespeichert.")
        time.goes_by(days=7)
        await deniz.taps("Weitermachen", "Willkommen zurück!")
        await deniz.says("Abends, am Wochenende", deniz.question("hours"))
        await deniz.says("acht", "Bitte schreiben Sie nur eine Zahl")
        await deniz.says("8", deniz.question("support"))
        await deniz.says("nichts davon", deniz.question("education"))
        await deniz.says("zurück", deniz.question("support"))
        await deniz.says("weiter", deniz.question("education"))
        await deniz.says("Master oder Diplom", deniz.question("profession"))
        await deniz.says("technik und ingenieurwesen", deniz.question("recognition"))
        await deniz.phone.send_thing("document")
        await deniz.phone.reads("Ich kann nur Text lesen")
        await deniz.says("noch nichts gemacht", deniz.question("by_when"))
        await deniz.says("/imprint", "Wer wir sind")
        await deniz.says("weitermachen", deniz.question("by_when"))
        await deniz.says("später", deniz.question("anything"))
        await deniz.says("auslassen", deniz.ui("summary.title"))
        await deniz.says("ja, alles stimmt", "Wer darf Ihr Profil sehen?")
        await deniz.says("weiter", "Ihr Profil ist fertig")
        golden("engineer_who_types", await deniz.phone.transcript())
