"""What is on this machine instead of Telegram: the bot, the phones, their chats and messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulator.pulse import Pulse
from bot.simulator.refusal import Refusal, bad, forbidden
from bot.simulator.store import Store
from bot.simulator.updates import DAY, Updates

Json = dict[str, Any]

FIRST_PERSON: Final = 5_000_000_001
"""Beyond 32 bits, as the numbers of many people on Telegram are."""
FIRST_GROUP: Final = -1_002_000_000_001
FIRST_QUERY: Final = 4_830_000_000_000_000_001
FIRST_MESSAGE: Final = 101
TYPING: Final = 5.0
TOASTS: Final = 20


@dataclass
class Message:
    """A message in a chat: `body` as the Bot API says it to the bot, `outgoing` when a person wrote it."""

    body: Json
    outgoing: bool
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """The emoji on it by the number of whoever put them there; the bot may see none of it in a message."""


@dataclass
class Chat:
    """A chat of the bot: private with a phone (then they share the number), a supergroup or a channel."""

    id: int
    kind: str
    title: str = ""
    left: bool = False
    admin: bool = True
    """Whether the bot is an admin of the group."""
    restricts: bool = True
    """Whether it may remove people as such."""
    out: dict[str, str] = field(default_factory=dict)
    """Who is not in the group any more, by the person's number: `left`, or `kicked` as long as they are banned."""
    last_message: int = 0
    forum: bool = False
    topics: dict[str, Json] = field(default_factory=dict)
    """The topics of a forum by the number of the message that made them: `name`, `closed`."""
    messages: dict[int, Message] = field(default_factory=dict)


_KEPT = ("kind", "title", "left", "admin", "restricts", "out", "last_message", "forum", "topics")
"""What is stored of a chat, its messages apart."""


@dataclass
class Phone:
    """A person with a phone: `user` is their User on the wire; `version` grows with every change of what they see."""

    user: Json
    blocked: bool = False
    started: bool = False
    deleted: bool = False
    version: int = 0
    typing_until: float = 0.0
    toasts: deque[Json] = field(default_factory=lambda: deque(maxlen=TOASTS))
    changed: Pulse = field(default_factory=Pulse)

    @property
    def id(self) -> int:
        """The person's number, also the number of their chat with the bot."""
        number: int = self.user["id"]
        return number


class World:
    """All of it, loaded from the store and written through to it; `commit` ends each change."""

    def __init__(self, store: Store, bot: Json, clock: Callable[[], float]) -> None:
        self.bot = bot
        self.clock = clock
        self.store = store
        self.updates = Updates(store, clock)
        self.changed = Pulse()
        # Versions grow over restarts without being stored: fewer than a thousand changes a second come to pass.
        self.version = self.listed = self.groups_changed = int(clock() * 1000)
        self._numbers: Json = {
            "person": FIRST_PERSON,
            "group": FIRST_GROUP,
            "query": FIRST_QUERY,
            "private": FIRST_MESSAGE,
            "file": 1,
        }
        self._numbers |= next((doc for _, _, doc in store.read("numbers")), {})
        self.profile: Json = next((doc for _, _, doc in store.read("profile")), {})
        self.files: dict[int, Json] = {a: doc for a, _, doc in store.read("file")}
        self.queries: dict[int, Json] = {a: doc for a, _, doc in store.read("query")}
        self.phones = {a: Phone(**doc, version=self.version) for a, _, doc in store.read("phone")}
        self.chats = {a: Chat(a, **doc) for a, _, doc in store.read("chat")}
        for a, b, doc in store.read("message"):
            self.chats[a].messages[b] = Message(**doc)

    def commit(self) -> None:
        """Keep all changes so far, over a restart too."""
        self.store.commit()

    def now(self) -> int:
        """The time in whole seconds, as the Bot API counts."""
        return int(self.clock())

    def close(self) -> None:
        """Let everybody who waits go, so that the server can stop at once."""
        self.updates.closing = True
        for pulse in (self.updates.arrived, self.changed, *(phone.changed for phone in self.phones.values())):
            pulse.beat()

    def bot_user(self) -> Json:
        """The bot as messages name it; what it called itself by setMyName comes first."""
        name = self.profile.get("name", {}).get("") or self.bot["first_name"]
        return {"id": self.bot["id"], "is_bot": True, "first_name": name, "username": self.bot["username"]}

    # -- numbers and versions

    def number(self, kind: str) -> int:
        """The next number of a kind: person, group, query or private (messages)."""
        number: int = self._numbers[kind]
        self._numbers[kind] = number - 1 if kind == "group" else number + 1
        self.store.put("numbers", 0, 0, self._numbers)
        return number

    def touch(self, chat_id: int) -> None:
        """Tell those who look at this phone, or at the groups, that something changed."""
        if chat_id < 0:
            self.version += 1
            self.groups_changed = self.version
            self.changed.beat()
        if phone := self.phones.get(chat_id):
            self.version += 1
            phone.version = self.version
            phone.changed.beat()
            self.changed.beat()

    def relist(self) -> None:
        """Tell those who look at the list of phones that it changed."""
        self.version += 1
        self.listed = self.version
        self.changed.beat()

    # -- phones and chats

    def add_phone(self, user: Json) -> Phone:
        """A new phone, its empty chat with the bot beside it."""
        phone = self.phones[user["id"]] = Phone(user)
        self.add_chat(Chat(phone.id, "private"))
        self.save_phone(phone)
        self.relist()
        return phone

    def save_phone(self, phone: Phone) -> None:
        """Keep what changed in a phone, and tell."""
        doc = {key: getattr(phone, key) for key in ("user", "blocked", "started", "deleted")}
        self.store.put("phone", phone.id, 0, doc)
        self.touch(phone.id)

    def remove_phone(self, phone: Phone) -> None:
        """A person who deleted their account: messages are gone, the bot gets 403 from now on."""
        phone.deleted = True
        self.chats[phone.id].messages.clear()
        self.store.drop("message", phone.id)
        self.save_phone(phone)
        self.relist()

    def add_chat(self, chat: Chat) -> None:
        """Keep a chat."""
        self.chats[chat.id] = chat
        self.save_chat(chat)

    def save_chat(self, chat: Chat) -> None:
        """Keep what changed in a chat, its messages apart."""
        doc = {key: getattr(chat, key) for key in _KEPT}
        self.store.put("chat", chat.id, 0, doc)

    def chat(self, chat_id: int | str) -> Chat:
        """The chat a bot means by `chat_id`; or a Refusal."""
        text = str(chat_id)
        chat = self.chats.get(int(text)) if text.removeprefix("-").isdecimal() else None
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, when the bot may write there; or a Refusal."""
        chat = self.chat(chat_id)
        if chat.kind != "private":
            if chat.left:
                raise forbidden(f"bot is not a member of the {chat.kind} chat")
            return chat
        raise_for = self.silence(self.phones[chat.id])
        if raise_for is not None:
            raise raise_for
        return chat

    @staticmethod
    def silence(phone: Phone) -> Refusal | None:
        """Why the bot may not write to this person, None when it may."""
        if phone.deleted:
            return forbidden("user is deactivated")
        if phone.blocked:
            return forbidden("bot was blocked by the user")
        if not phone.started:
            return forbidden("bot can't initiate conversation with a user")
        return None

    def chat_body(self, chat: Chat) -> Json:
        """A chat as messages name it."""
        if chat.kind != "private":
            return {"id": chat.id, "type": chat.kind, "title": chat.title} | (
                {"is_forum": True} if chat.forum else {}
            )
        user = self.phones[chat.id].user
        names: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        return {"id": chat.id, "type": "private", **names}

    # -- messages

    def next_message(self, chat: Chat) -> int:
        """The number of the next message in a chat; private chats of a bot share one row of numbers."""
        chat.last_message = self.number("private") if chat.kind == "private" else chat.last_message + 1
        self.save_chat(chat)
        return chat.last_message

    def put_message(self, chat: Chat, body: Json, *, outgoing: bool) -> Json:
        """Keep a new or changed message, and tell."""
        number = body["message_id"]
        reactions = chat.messages[number].reactions if number in chat.messages else {}
        chat.messages[number] = Message(body, outgoing, reactions)
        self.store.put("message", chat.id, number, {"body": body, "outgoing": outgoing, "reactions": reactions})
        self.touch(chat.id)
        return body

    def drop_message(self, chat: Chat, number: int) -> None:
        """Take a message away, and tell."""
        del chat.messages[number]
        self.store.drop("message", chat.id, number)
        self.touch(chat.id)

    def add_query(self, phone: Phone) -> int:
        """The number of a new button press; presses older than a day are forgotten."""
        now = self.clock()
        for old in [number for number, query in self.queries.items() if query["date"] < now - DAY]:
            del self.queries[old]
            self.store.drop("query", old)
        number = self.number("query")
        self.queries[number] = {"phone": phone.id, "date": now}
        self.store.put("query", number, 0, self.queries[number])
        return number

    def save_profile(self) -> None:
        """Keep the bot's names, descriptions and commands."""
        self.store.put("profile", 0, 0, self.profile)
        self.relist()
