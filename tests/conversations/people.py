"""Leads people from /start to any question, and reads what the database then knows about them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, NullPool, Table, create_engine, select

from bot import inviting
from bot.core.questionnaire import SEEN
from bot.core.roles import Role
from bot.db import schema
from bot.services.view import ui
from bot.settings import Settings
from bot.simulator.server import Simulator
from tests.phones import Phone, Phones
from tests.running import TOKEN, Lotse, minden, running, settings_for
from tests.waiting import until

Row = dict[str, Any]


@dataclass(frozen=True)
class Say:
    """Words that are typed. All other answers are tapped."""

    text: str


Act = str | Say
GOALS = "Was möchten Sie erreichen?"
LEVEL = "Wie gut ist Ihr Deutsch heute?"
CERTIFICATE = "Haben Sie ein Zertifikat"
PAPER = "Haben Sie ein Papier"
IQUI = "Die Kurse von I.Qu.I."
TIMES = "Wann können Sie lernen?"
HOURS = "Wie viele Stunden"
SUPPORT = "Was brauchen Sie"
EDUCATION = "Was ist Ihr höchster Abschluss?"
PROFESSION = "In welchem Bereich"
YEARS = "Wie viele Jahre"
BY_WHEN = "Bis wann"
ANYTHING = "Möchten Sie uns noch etwas sagen?"
SUMMARY = "Das haben Sie gesagt."
TALK = "💬 Mit einem Menschen reden"
"""The last button of every card."""
DONE = "Ihr Profil ist fertig"
WALK: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (GOALS, ("Deutsch lernen", "Arbeit finden", "Fertig")),
    (LEVEL, ("B1",)),
    (CERTIFICATE, ("Ja",)),
    (PAPER, ("Nein",)),
    (IQUI, ("Verstanden, weiter",)),
    (TIMES, ("Vormittags", "Fertig")),
    (HOURS, (Say("10"),)),
    (SUPPORT, ("Möchte ich nicht sagen",)),
    (EDUCATION, ("Schule, 12",)),
    (PROFESSION, ("Computer und IT",)),
    (YEARS, (Say("5"),)),
    (BY_WHEN, ("In einem Jahr",)),
    (ANYTHING, ("Auslassen",)),
)
"""The path with the most answers, in German: every card and the action on it. `IQUI` is only read."""


class Time:
    """A clock that stands still until it is moved. The bot and Telegram's side share it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.moved = asyncio.Event()

    def __call__(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.moment.timestamp()

    def goes_by(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def is_now(self, moment: datetime) -> None:
        """Jumps ahead, so that everything timed is checked."""
        self.moment = moment
        self.moved.set()


class Going(Time):
    """A clock that runs on after each jump, like one on a wall."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.is_now(moment)

    def __call__(self) -> datetime:
        return self.moment + timedelta(seconds=monotonic() - self._since)

    def seconds(self) -> float:
        return self().timestamp()

    def is_now(self, moment: datetime) -> None:
        self._since = monotonic()
        super().is_now(moment)


@contextlib.asynccontextmanager
async def town(folder: Path, time: Time, **more: Any) -> AsyncIterator[Lotse]:
    """A bot and its people, with their own clock. The bot runs as long as the block."""
    async with streets(folder, time, **more) as lotse, running(lotse.settings, now=time, moved=time.moved):
        yield lotse


@contextlib.asynccontextmanager
async def streets(folder: Path, time: Time, **more: Any) -> AsyncIterator[Lotse]:
    """Telegram's side and its people, while no bot runs yet."""
    async with (
        Simulator(token=TOKEN, clock=time.seconds) as simulator,
        Phones(simulator.url, simulator.app) as phones,
    ):
        yield Lotse(settings_for(simulator, folder, **more), phones, simulator)


# ---- what people do


async def tap(phone: Phone, label: str, hope: str) -> None:
    """Taps, and reads what must come."""
    await phone.tap(label)
    await phone.reads(hope)


async def say(phone: Phone, text: str, hope: str) -> None:
    """Writes, and reads what must come on a new card below."""
    sent = await phone.send(text)
    await below(phone, sent, hope)


async def below(phone: Phone, sent: Row, hope: str) -> None:
    """Waits for the bot's answer below the person's message."""
    await phone.settled(
        lambda seen: seen.last_message.get("message_id", 0) > sent["message_id"] and hope in plain(seen.last),
        f"{hope!r} below {sent.get('text')!r}",
    )


async def sees_button(phone: Phone, label: str) -> None:
    """Waits for a button with this label."""
    await phone.settled(lambda seen: any(label in plain(one) for one in seen.buttons), f"[{label}]")


async def sees_no_button(phone: Phone, label: str) -> None:
    """Waits until no button of the newest message has this label."""
    await phone.settled(lambda seen: not any(label in plain(one) for one in seen.buttons), f"no [{label}]")


async def newcomer(lotse: Lotse, name: str = "Anna", **more: Any) -> Phone:
    """A German phone that has read the language card."""
    phone = await lotse.phones.new(name, "de", **more)
    await phone.start()
    await phone.reads("Bitte wählen Sie Ihre Sprache")
    return phone


async def consenting(lotse: Lotse, name: str = "Anna", **more: Any) -> Phone:
    """A German phone on the card of the first consents."""
    phone = await newcomer(lotse, name, **more)
    await tap(phone, "Deutsch", "16 Jahre")
    await tap(phone, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
    await tap(phone, "Ja, ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
    return phone


async def asked(lotse: Lotse, question: str = GOALS, name: str = "Anna", **more: Any) -> Phone:
    """A German phone that shows this card of the longest path (or the summary)."""
    phone = await consenting(lotse, name, **more)
    await tap(phone, "Weiter", GOALS)
    await walk(phone, question)
    return phone


async def finished(lotse: Lotse, name: str = "Anna", **more: Any) -> Phone:
    """A German phone whose profile is finished."""
    phone = await asked(lotse, SUMMARY, name, **more)
    await tap(phone, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    await tap(phone, "Weiter", DONE)
    return phone


async def walk(phone: Phone, until: str, since: str = GOALS) -> None:
    """Answers from one card of the longest path up to another, or to the summary."""
    cards = [question for question, _ in WALK]
    for question, acts in WALK[cards.index(since) :]:
        if question == until:
            break
        await phone.reads(question)
        await do(phone, acts)
    await phone.reads(until)


async def do(phone: Phone, acts: tuple[Act, ...]) -> None:
    """Gives the answer to one card."""
    for act in acts:
        if isinstance(act, Say):
            await phone.send(act.text)
        else:
            await phone.tap(act)
            if "Fertig" in acts and act != "Fertig":
                await sees_button(phone, f"✅ {act}")


# ---- what is shown and stored


def plain(text: str) -> str:
    """The text without the invisible isolates."""
    return re.sub("[\u2066-\u2069]", "", text)


def data_of(phone: Phone, label: str) -> tuple[str, int]:
    """The data of a button on the newest card, and the id of its message."""
    message = phone.last_message
    buttons = [one for row in message["reply_markup"]["inline_keyboard"] for one in row]
    return next(one["callback_data"] for one in buttons if label in plain(one["text"])), message["message_id"]


def version_of(phone: Phone) -> int:
    """The version in the buttons of the newest card."""
    buttons = [one for row in phone.last_message["reply_markup"]["inline_keyboard"] for one in row]
    data = next(one["callback_data"] for one in buttons if "callback_data" in one)
    return int(data.split(".")[0].removeprefix("v"))


@functools.cache
def _reader(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def rows(settings: Settings, table: Table, **where: Any) -> list[Row]:
    """The rows of a table in the bot's SQLite file."""
    question = select(table).where(*(table.c[name] == value for name, value in where.items()))
    with _reader(settings.database_url).connect() as connection:
        return [dict(row._mapping) for row in connection.execute(question)]


def chat_of(lotse: Lotse, phone: Phone) -> Row | None:
    """The chat's row. None if there is none."""
    return next(iter(rows(lotse.settings, schema.chat, id=phone.id)), None)


def participant_of(lotse: Lotse, phone: Phone) -> Row | None:
    """The participant's row. None if there is none."""
    return next(iter(rows(lotse.settings, schema.participant, chat_id=phone.id)), None)


def answers_of(lotse: Lotse, phone: Phone) -> dict[str, Any]:
    """The values by question of the answers that count. For a skipped or declined one, its status."""
    return {
        one["question_id"]: one["value"] if one["status"] == "given" else one["status"]
        for one in _said_by(lotse, phone)
        if one["applies"]
    }


def aside_of(lotse: Lotse, phone: Phone) -> set[str]:
    """The questions whose answers are kept but ignored."""
    return {one["question_id"] for one in _said_by(lotse, phone) if not one["applies"]}


def _said_by(lotse: Lotse, phone: Phone) -> list[Row]:
    """A person's answers, without computed ones and statements that were only read."""
    person = participant_of(lotse, phone)
    found = rows(lotse.settings, schema.answer, participant_id=person["id"]) if person else []
    return [one for one in found if one["status"] != "computed" and one["value"] != SEEN]


def consents_of(lotse: Lotse, phone: Phone) -> list[Row]:
    """Every consent ever given, the oldest first."""
    person = participant_of(lotse, phone)
    return rows(lotse.settings, schema.consent, participant_id=person["id"]) if person else []


def agreed(lotse: Lotse, phone: Phone) -> set[str]:
    """The purposes agreed to now."""
    return {one["purpose"] for one in consents_of(lotse, phone) if one["withdrawn_at"] is None}


def known(lotse: Lotse, phone: Phone) -> tuple[Any, ...]:
    """Everything that an input must not change if it is not an answer."""
    person, chat = participant_of(lotse, phone), chat_of(lotse, phone)
    place = chat and (chat["language"], chat["screen"], chat["detour"])
    return place, person, answers_of(lotse, phone), consents_of(lotse, phone)


async def invitation(lotse: Lotse, role: Role) -> str:
    """The payload of an invitation from the command line. It is valid for a day on the bot's own clock."""
    now = datetime.fromtimestamp(lotse.simulator.world.clock(), UTC)
    return await inviting.store(lotse.settings.database_url, role, now)


async def worked_through(lotse: Lotse) -> None:
    """Waits until the bot has taken every update."""

    def done() -> bool:
        left = [one for one in rows(lotse.settings, schema.inbox) if one["body"] is not None and not one["parked"]]
        return not left and not lotse.simulator.world.updates.waiting()

    await until(done, "an empty inbox")


async def calls_so_far(lotse: Lotse, *phones: Phone) -> int:
    """The number of the bot's last call, after it has answered every tap of these phones."""
    for phone in phones:
        await phone.transcript()
    last: int = (await lotse.phones.ask("GET", "/api/calls"))["last"]
    return last


async def methods_since(lotse: Lotse, number: int) -> list[str]:
    """The methods that the bot called after that number, sorted, without fetching updates."""
    return sorted(one["method"] for one in await lotse.phones.calls(number) if one["method"] != "getUpdates")


def said(language: str, key: str, count: int | None = None, **args: Any) -> str:
    """One of the bot's own texts in a language."""
    return plain(minden().texts.label(language, ui(key, count, **args)))
