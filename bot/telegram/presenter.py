"""Replies drawn on Telegram: a tap costs one edit and one answer, words cost one message and one strip of buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot import failpoints, log
from bot.clock import Clock
from bot.content.rich import Rich
from bot.content.texts import Texts
from bot.core.message import Screen, Text
from bot.core.paper import Paper
from bot.db import chats
from bot.db.chats import Mark
from bot.db.engine import Database, DatabaseAway
from bot.db.rights import desk_pages, leaving
from bot.db.rights.desk_pages import Page
from bot.db.staff import second_factors
from bot.services.buttons import of_card, of_delivery
from bot.services.reply import Card, File, Letter, Reply, StaffMenu
from bot.services.view import ui
from bot.telegram import calls
from bot.telegram.calls import Shown
from bot.telegram.gate import Gate
from bot.telegram.gathering import Gathering
from bot.telegram.judging import UNCHANGED, unreachable
from bot.telegram.menu import tell_staff
from bot.telegram.transport import NotSent, OutcomeUnknown

TOAST_LIMIT = 200
Print = Callable[[Paper], bytes]


class Presenter:
    """Draws replies, and remembers in the database which card really stands in a chat.

    It is given the texts of the content that a reply was decided with: a newer content may lack some of them.
    """

    def __init__(
        self, bot: Bot, database: Database, clock: Clock, gate: Gate | None = None, printed: Print | None = None
    ) -> None:
        """`printed` makes bytes of papers, in a thread."""
        self._printed = printed
        self._bot = bot
        self._database = database
        self._clock = clock
        self._gate = gate or Gate()
        self.may_show: Callable[[], bool] = lambda: True
        """Whether a card is this process's to show: others may have shown a newer one."""
        self.left_owed: Callable[[int], None] = lambda _: None
        """Told of a chat whose card was not."""
        self.refused = asyncio.Event()
        """Set when Telegram does not know our token any more."""
        self._marks = Gathering(self._write_marks)

    async def present(self, texts: Texts, reply: Reply, query: str | None = None) -> None:
        """Show a reply; `query` is the tap that is answered by it.

        An error of the messenger is logged, not raised: the card stays owed, and is shown again later.
        """
        failpoints.reached("before_card")
        parts = []
        if query is not None:
            parts.append(self._answer(texts, query, reply))
        for card in (reply.card, reply.elsewhere):
            if card is not None:
                parts.append(self._show(texts, card))
                parts += [self._strip(card.chat_id, message) for message in card.strip]
        if reply.letter is not None:
            parts.append(self._rewrite(texts, reply.letter))
        if reply.file is not None:
            parts.append(self._hand_over(texts, reply.file))
        parts += [self._hand_over(texts, file) for file in reply.files]
        parts += [self.menu(texts, menu) for menu in reply.menus]
        await asyncio.gather(*parts)

    async def say(self, texts: Texts, chat_id: int, language: str, text: Text, topic: int | None = None) -> None:
        """A message that is no card, in a topic where one is given."""
        rich = texts.render(language, Screen(((text,),)))
        try:
            await self._send(chat_id, rich, topic=topic)
        except TelegramError as error:
            await self._failed(chat_id, "say", error)

    async def menu(self, texts: Texts, menu: StaffMenu) -> None:
        """The commands that a staff member's chat is offered."""
        await tell_staff(self._bot, texts, menu)

    async def toast(self, texts: Texts, query: str, language: str, text: Text | None) -> None:
        """Answer a tap without showing a card."""
        await self._answer(texts, query, Reply(language, None, text))

    async def _show(self, texts: Texts, card: Card) -> None:
        if not self.may_show():
            log.get().warning("card_left_owed")
            self.left_owed(card.chat_id)
            return
        rich = texts.render(card.language, card.screen)
        try:
            shown = await self._draw(card, rich)
        except TelegramError as error:
            await self._failed(card.chat_id, "card", error)
            return
        failpoints.reached("after_card")
        if card.kept:
            about = card.screen.about
            page = None if about is None else Page(about, shown.at or self._clock())
            new = shown.message != card.edit
            await self._mark(Mark(card.chat_id, card.version, shown.message, shown.at, new=new, page=page))

    async def _rewrite(self, texts: Texts, letter: Letter) -> None:
        """A delivery as it is to be now; where it is gone, there is nothing to change."""
        rich = texts.render(letter.language, letter.screen)
        mark = of_delivery(letter.delivery)
        chat_id = letter.chat_id
        await self._aside("letter", lambda: calls.edit(self._bot, chat_id, letter.message, rich, mark), chat_id)

    async def _hand_over(self, texts: Texts, file: File) -> None:
        rich, began = texts.render(file.language, Screen(((file.caption,),))), self._clock()
        content = file.content if isinstance(file.content, bytes) else await self._made(file.content)
        if len(content) > calls.LARGEST_FILE:
            await self.say(texts, file.chat_id, file.language, ui("notice.file_too_large"))
            return
        try:
            shown = await self._gate.send(lambda: calls.send_file(self._bot, file, content, rich), file.chat_id)
        except TelegramError as error:
            await self._failed(file.chat_id, "file", error)
            return
        at = shown.at or self._clock()
        await self._database.run(partial(_note, file=file, message=shown.message, at=at, began=began))

    async def _made(self, paper: Paper) -> bytes:
        """A paper as bytes; drawing takes a while, and the others go on meanwhile."""
        if self._printed is None:
            raise RuntimeError("nobody was given to print papers")
        return await asyncio.to_thread(self._printed, paper)

    async def _mark(self, mark: Mark) -> None:
        """Remember that a card stands in its chat; those of the same moment share one statement."""
        try:
            await self._marks.add(mark)
        except DatabaseAway:  # the card stands, but is owed: it will be shown once more
            log.get().warning("database_away", what="mark")

    async def _write_marks(self, marks: Sequence[Mark]) -> None:
        await self._database.run(partial(chats.shown, marks=marks))

    async def _draw(self, card: Card, rich: Rich) -> Shown:
        """The message that is the card now."""
        if card.edit is not None:
            edit = card.edit
            try:
                return await self._gate.send(
                    lambda: calls.edit(self._bot, card.chat_id, edit, rich, of_card(card.version)), card.chat_id
                )
            except BadRequest as error:
                if UNCHANGED in error.message.lower():
                    return Shown(edit, None)
                # It was deleted, or is no message of ours: a new one takes its place.
        return await self._send(card.chat_id, rich, of_card(card.version))

    async def _send(self, chat_id: int, rich: Rich, mark: str = "", topic: int | None = None) -> Shown:
        try:
            return await self._gate.send(lambda: calls.send(self._bot, chat_id, rich, mark, topic=topic), chat_id)
        except BadRequest as error:
            if not rich.spans or "entit" not in error.message.lower():
                raise
            log.get().error("entities_refused")  # a mistake of ours: the words must arrive all the same
        return await self._gate.send(
            lambda: calls.send(self._bot, chat_id, rich, mark, plain=True, topic=topic), chat_id
        )

    async def _answer(self, texts: Texts, query: str, reply: Reply) -> None:
        text = texts.label(reply.language, reply.toast)[:TOAST_LIMIT] if reply.toast is not None else None
        await self._aside("toast", lambda: calls.answer(self._bot, query, text))

    async def _strip(self, chat_id: int, message: int) -> None:
        await self._aside("strip", lambda: calls.strip(self._bot, chat_id, message), chat_id)

    async def _aside(self, what: str, call: Callable[[], Awaitable[object]], chat_id: int | None = None) -> None:
        """A call nobody waits for long: the card matters, this is manners. What changes a message names its chat."""
        try:
            await self._gate.send(call, chat_id)
        except BadRequest:
            pass  # too old to be answered, gone, or without buttons already
        except TelegramError as error:
            self._note_refusal(error)
            log.get().warning("send_failed", what=what, error=type(error).__name__)

    async def _failed(self, chat_id: int, what: str, error: TelegramError) -> None:
        self._note_refusal(error)
        if unreachable(error):  # until the person writes again
            now = self._clock()
            await self._database.run(lambda tx: chats.blocked(tx, chat_id, now))
        kind = (
            "not_sent"
            if isinstance(error, NotSent)
            else "unknown"
            if isinstance(error, OutcomeUnknown)
            else "refused"
        )
        note = log.get().error if isinstance(error, BadRequest) and not unreachable(error) else log.get().warning
        note("send_failed", what=what, outcome=kind, error=type(error).__name__)

    def _note_refusal(self, error: BaseException) -> None:
        if isinstance(error, InvalidToken):
            self.refused.set()


def _note(connection: Connection, file: File, message: int, at: datetime, began: datetime) -> None:
    """Remember a file that stands in a chat, so that it can be deleted."""
    leaving.shown(connection, file.chat_id, message, at)
    if file.secret:
        second_factors.pictured(connection, file.chat_id, message, at)
    if file.lists:
        desk_pages.handed_over(connection, file.chat_id, message, at, began)
