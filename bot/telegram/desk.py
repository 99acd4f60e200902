"""Where an update becomes a use case, and a use case a reply.

`Application.process_update` swallows a handler's exception, so the outcome is reported through a `Case`: what has
not said `done` stays in the inbox, is tried three times, and is then parked with its reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import Application

from bot import failpoints, log, metrics, tracing
from bot.content.loader import Content
from bot.core.message import Text
from bot.core.threads import TEXT
from bot.db import chats, inbox
from bot.db.engine import DatabaseAway
from bot.db.keys import MissingKey
from bot.db.offers import sayings
from bot.services.health.seen import Seen
from bot.services.reply import Drafting, Reply
from bot.services.turn import FREE_RATE, Turn, Visitor
from bot.services.view import ui
from bot.services.visit import first_language
from bot.services.written import Written
from bot.telegram.common import Common
from bot.telegram.entities import marked
from bot.telegram.intake import Attempt, Delivered
from bot.telegram.polling import ALLOWED
from bot.telegram.presenter import Presenter
from bot.telegram.reading import read

P = ParamSpec("P")
Answer = TypeVar("Answer")
TRIES = 3
KEY_TRIES = 900
"""Tries, over half an hour, of an update whose key is not in the file."""
GROUP_PAUSE = timedelta(minutes=10)
NEVER = datetime.min.replace(tzinfo=UTC)
PAUSE = 0.2
"""Seconds before an update that failed is tried again, times the number of tries."""
THINGS = ("photo", "voice", "document", "location", "video", "audio", "video_note", "sticker", "contact")
"""What a message may bring instead of words, as the messenger calls it."""
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(slots=True)
class Case:
    """One update on its way through the handlers."""

    update_id: int
    since: float
    early: bool = False
    done: bool = False
    error: BaseException | None = None


_case: ContextVar[Case] = ContextVar("case")


class Desk:
    """What handlers work with: one call runs a use case in its transaction and shows what it answered."""

    def __init__(self, common: Common, presenter: Presenter, rate: int = FREE_RATE) -> None:
        self._common = common
        self._presenter = presenter
        self._silent: dict[tuple[int | None, ...], datetime] = {}
        self.address = ""
        """The beginning of a link to the bot, known once Telegram has said who we are."""
        self._rate = rate
        self.seen: Callable[[], Seen] | None = None
        """Looks at the running process, for those who ask how it is."""
        self.draft: Callable[[Drafting], None] | None = None
        """Lets a machine translate what staff wrote; None where none was chosen."""
        self._refreshing = asyncio.Lock()
        self.tell: Callable[[str], None] = lambda _: None
        """Tells other processes that serve the same bot."""
        self.before_card: Callable[[int], None] = lambda _: None
        """Told of each chat that is about to see a new card: what waits there by now was written before it."""

    def written(self, message: Message) -> Written:
        """A message as the use cases judge it."""
        words, entities = message.text or "", message.entities
        if message.caption is not None:
            words, entities = message.caption, message.caption_entities
        answered = message.reply_to_message.message_id if message.reply_to_message is not None else None
        return Written(
            words,
            message.message_id,
            message.date,
            _case.get().early,
            marked(words, entities),
            kind_of(message),
            answered,
            message.media_group_id,
            file_of(message),
        )

    async def reply(
        self,
        update: Update,
        use_case: Callable[Concatenate[Turn, Visitor, P], Reply | None],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a use case for whoever sent the update, once and for all, and show its reply after the commit."""
        visitor = visitor_of(update)
        now = self._common.clock()

        def transaction(connection: Connection) -> tuple[Content, Reply | None]:
            content = self._common.content  # what is decided with it is drawn with it, whatever comes in between
            if not inbox.take(connection, case.update_id):
                return content, None  # an earlier try has committed; what it owes is shown again by itself
            turn = Turn(connection, content, now, self.address, self._rate, self.draft is not None, self.seen)
            answer = use_case(turn, visitor, *args, **kwargs)
            failpoints.reached("in_transaction")
            return content, answer

        case = _case.get()
        with tracing.span("use_case", name=tracing.name_of(use_case)):
            content, answer = await self._common.database.run(transaction)
        case.done = True
        metrics.COMMITTED.observe(perf_counter() - case.since)
        if answer is not None and answer.content_changed:
            content = await self.content_changed()
            self.tell("said")
        failpoints.reached("after_commit")
        query = update.callback_query.id if update.callback_query is not None else None
        if answer is not None:
            if answer.card is not None:
                self.before_card(answer.card.chat_id)
            await self._presenter.present(content.texts, answer, query)
            if answer.drafting is not None and self.draft is not None:
                self.draft(answer.drafting)
        elif query is not None:
            await self._presenter.toast(content.texts, query, first_language(content, visitor), None)

    async def content_changed(self) -> Content:
        """Lay what staff said, as the database has it now, over the files; the content from now on."""
        async with self._refreshing:  # one after the other: who reads last has seen everything
            self._common.shelf.change(await self._common.database.run(sayings.everything))
        return self._common.content

    async def asks(self, update: Update, question: Callable[[Turn, Visitor], Answer]) -> Answer:
        """Ask something about whoever sent the update; nothing is changed."""
        visitor = visitor_of(update)
        return await self._common.run(lambda turn: question(turn, visitor))

    async def say(self, update: Update, text: Text) -> None:
        """Answer with a plain word that depends on nothing and changes nothing: a toast to a tap, else a message."""
        await self.ignore()
        await self._speak(update, text)

    async def say_in_group(self, update: Update, text: Text) -> None:
        """A sentence to a group, once in a while: groups are talkative, and Telegram counts what we send there."""
        await self.ignore()
        visitor = visitor_of(update)
        if self._not_said((visitor.chat_id,), GROUP_PAUSE):
            language = first_language(self._common.content, visitor)
            await self._presenter.say(self._common.content.texts, visitor.chat_id, language, text)

    async def say_in_topic(self, update: Update, topic: int, text: Text, pause: timedelta) -> None:
        """A sentence to whoever wrote in a topic, there, and once in a while."""
        await self.ignore()
        visitor = visitor_of(update)
        if self._not_said((visitor.chat_id, topic, visitor.person), pause):
            language = first_language(self._common.content, visitor)
            await self._presenter.say(self._common.content.texts, visitor.chat_id, language, text, topic)

    def _not_said(self, key: tuple[int | None, ...], pause: timedelta) -> bool:
        """Whether nothing was said there for a while; from now on something was."""
        now = self._common.clock()
        if now < self._silent.get(key, NEVER):
            return False
        self._silent = {one: until for one, until in self._silent.items() if now < until} | {key: now + pause}
        return True

    async def ignore(self) -> None:
        """This update needs no answer."""
        case = _case.get()
        await self._common.database.run(lambda tx: inbox.take(tx, case.update_id))
        case.done = True

    async def _speak(self, update: Update, text: Text, language: str | None = None) -> None:
        """Say something in that language, else in the phone's."""
        content, chat = self._common.content, update.effective_chat
        language = language or first_language(content, visitor_of(update))
        if update.callback_query is not None:
            await self._presenter.toast(content.texts, update.callback_query.id, language, text)
        elif chat is not None and chat.type == ChatType.PRIVATE:
            await self._presenter.say(content.texts, chat.id, language, text)

    async def work(self, application: AnyApplication, delivered: Delivered, attempt: Attempt) -> None:
        """Take one stored update through the handlers until it is done or parked.

        Raises:
            DatabaseAway: to be tried again; the first time the person is told that we have trouble.
        """
        update_id = delivered.arrived.update_id
        try:
            update = read(delivered.raw, application.bot)
        except Exception as error:  # noqa: BLE001 - whatever the library stumbles over
            await self._park(update_id, f"unreadable: {type(error).__name__}", error)
            _over(delivered, "unreadable")
            return
        while True:
            case = Case(update_id, delivered.since, attempt.early)
            _case.set(case)
            await application.process_update(update)
            if case.done:
                if case.error is not None:  # it is stored, but could not be shown; the card is owed
                    log.get().error("reply_failed", update=update_id, error=case.error)
                    await self._speak(update, ui("trouble.text"))
                _over(delivered, "handled" if case.error is None else "not_shown")
                return
            if case.error is None:  # nobody is interested in such an update
                await self._common.database.run(lambda tx: inbox.take(tx, update_id))
                _over(delivered, "ignored")
                return
            if (away := _away(case.error, attempt.tries)) is not None:
                if attempt.tries == 0:
                    await self._speak(update, ui("trouble.text"))
                raise away from case.error
            if await self._failed(update, case):
                _over(delivered, "parked")
                return

    async def _failed(self, update: Update, case: Case) -> bool:
        """Count a failed try; after the last one the update is parked and the person is told. Whether it is over."""
        tries = await self._common.database.run(lambda tx: inbox.failed(tx, case.update_id))
        log.get().error("handler_failed", update=case.update_id, tries=tries, error=case.error)
        if tries < TRIES:
            await asyncio.sleep(PAUSE * tries)
            return False
        await self._park(case.update_id, type(case.error).__name__, case.error)
        chat_id = visitor_of(update).chat_id
        found = await self._common.database.run(lambda tx: chats.load(tx, chat_id))
        await self._speak(update, ui("trouble.text"), found[0].language if found is not None else None)
        return True

    async def _park(self, update_id: int, reason: str, error: BaseException | None) -> None:
        await self._common.database.run(lambda tx: inbox.park(tx, update_id, reason))
        log.get().error("update_parked", update=update_id, error=error)


def _away(error: BaseException, tries: int) -> DatabaseAway | None:
    """The error as one that passes by itself; None where it does not.

    A key that another process has sealed with and that our file lacks is on its way there.
    """
    if isinstance(error, MissingKey) and tries < KEY_TRIES:
        return DatabaseAway("the key file has not its key yet")
    return error if isinstance(error, DatabaseAway) else None


def kind_of(message: Message) -> str:
    """What a message is: words, or the name of what it brings."""
    return TEXT if message.text is not None else next((one for one in THINGS if getattr(message, one)), "other")


def file_of(message: Message) -> str | None:
    """The messenger's key of a picture or file that can be put in place of another."""
    if message.photo:
        return message.photo[-1].file_id
    thing = message.document or message.video or message.audio
    return None if thing is None else thing.file_id


def _over(delivered: Delivered, outcome: str) -> None:
    """Count an update that is worked through, whatever came of it."""
    metrics.UPDATES.add(next((kind for kind in ALLOWED if kind in delivered.raw), "other"), outcome)
    metrics.ANSWERED.observe(perf_counter() - delivered.since)


async def note_error(update: object, context: Any) -> None:  # noqa: ANN401 - the library's own context type
    """python-telegram-bot's error handler: hand the error to whoever waits for the case."""
    del update
    _case.get().error = context.error


def address_of(username: str) -> str:
    """The beginning of a link that opens the bot of that name and gives it the payload that follows."""
    return f"https://t.me/{username}?start="


def visitor_of(update: Update) -> Visitor:
    """Who speaks: the private chat is known by the person's id, which is the chat's. A bot is nobody."""
    person = update.effective_user
    chat = update.effective_chat
    chat_id = chat.id if chat is not None else person.id if person is not None else 0
    if person is None or person.is_bot:
        return Visitor(chat_id, person.language_code if person is not None else None)
    return Visitor(chat_id, person.language_code, person.id, person.full_name)
