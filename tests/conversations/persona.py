"""A person with a phone who knows an answer to each question, in their own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.content.loader import Content
from bot.core.message import Text
from bot.core.questionnaire import Kind, Question
from tests.conversations.people import Act, Say, Time, below, plain, said, sees_button, tap
from tests.phones import Phone, Phones
from tests.running import Lotse, minden

Way = Mapping[str, Act | Sequence[Act]]
"""What the person does on each question's card: options by id (for several, ticks and then done), or words."""


class Persona:
    """A phone on which every step waits for its result, so that transcripts are the same each time."""

    def __init__(self, phone: Phone, language: str) -> None:
        self.phone = phone
        self.language = language

    @classmethod
    async def comes(cls, lotse: Lotse, name: str, language: str, payload: str = "", *consents: str) -> Persona:
        """Opens the link and goes to the first question. Agrees to storage and to these consents."""
        person = await cls.reads_the_notice(lotse.phones, name, language, payload)
        await person.taps(person.ui("consent.yes"), person.ui("consent.start"))
        for one in consents:
            await person.toggles(person.text(f"town.consents.{one}.title"))
        await person.taps(person.ui("consent.next"), person.ask(person.content.questionnaire.questions[0].id))
        return person

    @classmethod
    async def reads_the_notice(cls, phones: Phones, name: str, language: str, payload: str = "") -> Persona:
        """Opens the link and reads who asks, and why."""
        person = cls(await phones.new(name, language), language)
        await person.phone.start(payload)
        await person.phone.reads(person.ui("language.ask"))
        await person.taps(person.ui("language.name"), person.ui("age.ask"))
        await person.taps(person.ui("age.yes"), person.ui("consent.ask"))
        return person

    # -- labels in the person's language

    @property
    def content(self) -> Content:
        """The content that the bot runs with."""
        return minden()

    def text(self, key: str) -> str:
        """Any text."""
        return plain(minden().texts.label(self.language, Text(key)))

    def ui(self, key: str) -> str:
        """One of the bot's own texts."""
        return said(self.language, key)

    def ask(self, question: str) -> str:
        """The text of a question."""
        return self.text(f"questionnaire.{question}.ask")

    def option(self, question: str, name: str) -> str:
        """The label of an option, or of an answer that every such question has."""
        if name in {"skip", "decline", "kept", "own_words"}:
            return self.ui(f"button.{name}")
        return self.text(minden().texts.option_key(minden().questionnaire.by_id[question], name))

    def line(self, question: str) -> str:
        """The label of the summary's button for a question."""
        return "✏️ " + self.text(f"questionnaire.{question}.short")

    # -- what the person does

    async def taps(self, label: str, hope: str) -> None:
        """Taps a button, and reads the card it leads to."""
        await tap(self.phone, label, hope)

    async def toggles(self, label: str, sign: str = "✅") -> None:
        """Ticks an option, and sees its sign. The toast precedes the card in the transcript."""
        await self.phone.tap(label)
        await sees_button(self.phone, f"{sign} {label}")

    async def says(self, text: str, hope: str) -> None:
        """Writes, and reads the card below."""
        sent = await self.phone.send(text)
        await below(self.phone, sent, hope)

    async def taps_made_up(self, action: str, hope: str) -> None:
        """Sends data that no button of the card has, as only a broken or forged app does."""
        rows = self.phone.last_message["reply_markup"]["inline_keyboard"]
        version = next(one["callback_data"] for row in rows for one in row if "callback_data" in one).split(".")[0]
        await self.phone.tap_data(f"{version}.{action}", message_id=self.phone.last_message["message_id"])
        await self.phone.reads_toast(hope)

    async def answers(self, question: str, *acts: Act) -> None:
        """Gives one answer, and waits for the next question. A statement is only read."""
        await self.phone.reads(self.ask(question))
        asked = minden().questionnaire.by_id[question]
        if asked.kind is Kind.STATEMENT:
            await self.phone.tap(self.ui("button.read"))
        else:
            await self._answers(asked, acts)
        ask = self.ask(question)
        await self.phone.settled(lambda seen: ask not in plain(seen.last), f"the card behind {ask!r}")

    async def _answers(self, question: Question, acts: Sequence[Act]) -> None:
        for act in acts:
            if isinstance(act, Say):
                sent = await self.phone.send(act.text)
                await below(self.phone, sent, "")
            elif question.kind is Kind.MULTIPLE and act not in {"skip", "decline", "kept"}:
                await self.toggles(self.option(question.id, act))
                if act is acts[-1]:
                    save = self.ui("button.save_change")
                    again = any(save in one for one in self.phone.buttons)
                    await self.phone.tap(save if again else self.ui("button.done"))
            else:
                await self.phone.tap(self.option(question.id, act))

    async def walks(self, way: Way, until: str = "summary.title") -> None:
        """Answers whatever is asked, by the way's answers, up to one of the bot's own cards or a question."""
        hope = self.ask(until) if until in minden().questionnaire.by_id else self.ui(until)
        while (question := await self._asked(hope)) is not None:
            read = minden().questionnaire.by_id[question].kind is Kind.STATEMENT
            act = () if read else way[question]
            await self.answers(question, *([act] if isinstance(act, str | Say) else act))

    async def _asked(self, hope: str) -> str | None:
        """The question on the card. None if the hope is fulfilled."""
        asked = (one.id for one in minden().questionnaire.questions if one.kind is not Kind.COMPUTED)
        asks = {self.ask(one): one for one in asked}

        def known() -> list[str]:
            lines = plain(self.phone.last).split("\n")
            return [asks[line] for line in lines if line in asks]

        await self.phone.settled(lambda seen: known() or hope in plain(seen.last), hope)
        return None if hope in plain(self.phone.last) else known()[0]

    async def agrees(self, *partners: str) -> None:
        """Confirms the summary, and says who may see the profile, up to the end."""
        await self.taps(self.ui("summary.confirm"), self.ui("consent.end"))
        for one in partners:
            await self.toggles(self.text(f"town.consents.{one}.title"))
        await self.taps(self.ui("consent.next"), self.ui("done.title"))


__all__ = ["Persona", "Say", "Time", "Way"]
