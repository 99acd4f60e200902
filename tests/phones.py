"""People with phones, for tests: they start, write, tap and read. On a failure they say what they saw."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from starlette.types import ASGIApp

from tests import canaries, inside

Json = dict[str, Any]

LIMIT = 120.0
"""Seconds that a person waits for the bot. Longer than a busy machine needs, so only what never comes fails."""
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


class Phones:
    """The desk with the phones of one simulator: `async with Phones(url) as phones`.

    With the `app` of a simulator in this process, no HTTP is used.
    """

    def __init__(self, url: str, app: ASGIApp | None = None) -> None:
        self._url = url
        self._app = app
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(self._url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def new(self, name: str, language: str, **more: Any) -> Phone:
        """A new person with a phone in this language."""
        made = await self.ask("POST", "/api/phones", first_name=name, language_code=language, **more)
        return Phone(self, made["id"], name)

    async def fault(self, kind: str, **rule: Any) -> None:
        """Makes calls of the bot fail from now on, see `bot.simulator.faults`."""
        await self.ask("POST", "/api/faults", kind=kind, **rule)

    async def calm(self) -> None:
        """Makes all calls work again."""
        await self.ask("DELETE", "/api/faults")

    async def inject(self, update: object) -> None:
        """Sends the bot any JSON as an update."""
        await self.ask("POST", "/api/updates", update=update)

    async def calls(self, after: int = 0) -> list[Json]:
        """The bot's calls after this number: `n`, `method`, `chat_id`, `ok`, `error_code`."""
        calls: list[Json] = (await self.ask("GET", f"/api/calls?after={after}"))["calls"]
        return calls

    async def ask(self, method: str, path: str, /, **body: Any) -> Any:
        """One request to the person's side. AssertionError with the reason if it is refused."""
        if self._app is not None:
            status, said = await inside.ask(self._app, method, path, body)
            assert status < HTTPStatus.BAD_REQUEST, f"{method} {path}: {status} {said.decode()}"
            return json.loads(said) if said else None
        async with self._session.request(method, path, json=body if method == "POST" else None) as answer:
            assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json() if answer.status != 204 else None


class Phone:
    """One person's phone. `last` and `buttons` are what it showed at the last look."""

    def __init__(self, phones: Phones, number: int, name: str) -> None:
        self.id = number
        self.name = name
        self.state: Json = {"version": -1, "messages": [], "toasts": [], "commands": []}
        self._phones = phones
        self._unanswered: set[str] = set()
        self._stood: Json = {}
        self._seen: dict[int, str] = {}
        self._toasts = 0
        self._log: list[str] = []

    # -- what the person does

    async def start(self, payload: str = "") -> None:
        """Opens the bot by its link."""
        await self._act("start", payload=payload)

    async def send(self, text: str, **more: Any) -> Json:
        """Writes a text."""
        canaries.remember(text)
        return await self._act("messages", text=text, **more)

    async def send_thing(self, kind: str) -> None:
        """Sends a photo, voice, sticker, location, contact, document, video or video_note."""
        await self._act("messages", kind=kind)

    async def send_file(self, name: str, data: bytes, kind: str = "text/calendar") -> None:
        """Sends a document."""
        await self._send_as("document", name, data, kind)

    async def send_picture(self, name: str, data: bytes, **more: Any) -> None:
        """Sends a photo. `album`: as one of several."""
        await self._send_as("photo", name, data, "image/png", **more)

    async def _send_as(self, sent_as: str, name: str, data: bytes, kind: str, **more: Any) -> None:
        file = {"name": name, "type": kind, "data": b64encode(data).decode()}
        await self._act("messages", kind=sent_as, file=file, **more)

    async def edit(self, message_id: int, text: str) -> None:
        """Edits a message of the person."""
        await self._act("edits", message_id=message_id, text=text)

    async def react(self, message_id: int, emoji: str) -> None:
        """Puts an emoji on a message. An empty one removes it."""
        await self._act("reactions", message_id=message_id, emoji=emoji)

    async def block(self, *, blocked: bool = True) -> None:
        """Blocks or unblocks the bot."""
        await self._act("block", blocked=blocked)

    async def tap(self, label: str, *, answered: bool = True) -> None:
        """Taps the button whose label contains this, on the newest message that has one.

        `answered`: the bot will answer the tap, and the next step waits for that.
        """
        await self._catch_up()
        for message in reversed(self.state["messages"]):
            for row, buttons in enumerate(_rows(message)):
                for column, button in enumerate(buttons):
                    if label in _plain(button["text"]):
                        self._note(f"{self.name} taps [{button['text']}]")
                        where = {"row": row, "column": column}
                        await self._tap(answered, message_id=message["message_id"], **where)
                        return
        raise AssertionError(f"{self.name} sees no button with {label!r}:\n{self.screen()}")

    async def tap_data(self, data: str, *, message_id: int | None = None, answered: bool = True, **more: Any) -> None:
        """Taps a button that may be old or made up: any data, on any message (by default the newest)."""
        await self.look()
        under = message_id or (self.state["messages"] or [{"message_id": 1}])[-1]["message_id"]
        await self._catch_up()
        await self._tap(answered, message_id=under, data=data, force=True, **more)

    # -- what the person sees

    async def look(self) -> None:
        """Looks at the phone now."""
        self.state = await self._phones.ask("GET", f"/api/phones/{self.id}")

    async def settled(self, condition: Callable[[Phone], object], hope: str = "it") -> None:
        """Waits until what the phone shows fulfils the condition."""
        await self.look()
        try:
            async with asyncio.timeout(LIMIT):
                while not condition(self):
                    after = self.state["version"]
                    self.state = await self._phones.ask("GET", f"/api/phones/{self.id}/wait?after={after}&timeout=5")
        except TimeoutError:
            raise AssertionError(f"{self.name} waits for {hope} in vain and sees:\n{self.screen()}") from None

    async def reads(self, text: str) -> None:
        """Waits until the bot's newest message contains this text and has changed since the last action."""
        await self.settled(lambda phone: text in _plain(phone.last) and phone.last_message != self._stood, repr(text))
        self._stood = {}

    async def reads_toast(self, text: str) -> None:
        """Waits until the newest answer to a tap contains this text."""
        await self.settled(
            lambda phone: phone.state["toasts"] and text in phone.state["toasts"][-1]["text"], repr(text)
        )

    @property
    def last(self) -> str:
        """The text of the bot's newest message, or the text below its picture. Empty if there is none."""
        return str(self.last_message.get("text") or self.last_message.get("caption", ""))

    @property
    def last_message(self) -> Json:
        """The bot's newest message. Empty if there is none."""
        return next((m for m in reversed(self.state["messages"]) if not m.get("outgoing")), {})

    @property
    def buttons(self) -> list[str]:
        """The labels under the bot's newest message."""
        return [button["text"] for row in _rows(self.last_message) for button in row]

    def screen(self) -> str:
        """The chat as the phone shows it."""
        return "\n".join(self._show(message) for message in self.state["messages"]) or "(an empty chat)"

    async def transcript(self) -> str:
        """The whole conversation so far, step by step: who said what, buttons as [a] [b], toasts."""
        await self._catch_up()
        return "\n\n".join(self._log) + "\n"

    # -- keeping the transcript

    async def _act(self, what: str, **body: Any) -> Json:
        await self._catch_up()
        self._stood = self.last_message
        made: Json = await self._phones.ask("POST", f"/api/phones/{self.id}/{what}", **body)
        await self.look()
        return made

    async def _tap(self, answered: bool, **body: Any) -> None:
        """Presses without looking, because the bot will change what is shown."""
        self._stood = self.last_message
        made = await self._phones.ask("POST", f"/api/phones/{self.id}/taps", **body)
        if answered:
            self._unanswered.add(made["callback_query_id"])

    async def _catch_up(self) -> None:
        """Waits for the answers to taps, then writes down what is new, before the next step changes it."""
        await self.settled(lambda phone: not phone._open_taps(), "the answer to a tap")
        for toast in self.state["toasts"]:
            if toast["id"] > self._toasts and toast["text"]:
                self._note(f"({'alert' if toast['alert'] else 'toast'}) {toast['text']}")
            self._toasts = max(self._toasts, toast["id"])
        for message in self.state["messages"]:
            shown, before = self._show(message), self._seen.get(message["message_id"])
            # An old card that lost its buttons is not worth a line. It may change before or after the new card
            # appears.
            if shown != before and not (before and before.startswith(shown)):
                self._note(shown if before is None else f"(changed) {shown}")
            self._seen[message["message_id"]] = shown

    def _open_taps(self) -> set[str]:
        self._unanswered -= {toast["callback_query_id"] for toast in self.state["toasts"]}
        return self._unanswered

    def _note(self, line: str) -> None:
        self._log.append(line)

    def _show(self, message: Json) -> str:
        who = self.name if message.get("outgoing") else "Bot"
        things = ("photo", "voice", "sticker", "location", "contact", "document", "video_note")
        shown = next((f"<{thing}>" for thing in things if thing in message), "")
        said = " ".join(one for one in (shown, message.get("text") or message.get("caption", "")) if one) or "<?>"
        lines = [f"{who}: {said}", *(" ".join(f"[{b['text']}]" for b in row) for row in _rows(message))]
        return "\n".join(lines).replace("\n", "\n    ")


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _plain(text: str) -> str:
    return text.translate(ISOLATES)
