"""Deliveries as use cases: planning them, claiming what is due, and what each result of a try means.

Every delivery ends in exactly one known state; docs/decisions/0010-outbox.md has the table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import Rich
from bot.core.message import Screen, text_keys
from bot.core.threads import Job
from bot.db import chats
from bot.db.apart import DATABASE_ERRORS, apart
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Outcome, Planned, State
from bot.db.rights import desk_pages
from bot.db.threads import threads
from bot.services.broadcasts import late_copies
from bot.services.broadcasts.broadcast_screens import PREVIEW
from bot.services.deliveries import returning, saying, stored_screen
from bot.services.deliveries.acts import ACTS, Act
from bot.services.deliveries.saying import Later, Said, Skip
from bot.services.openings import digests, partners
from bot.services.threads import lines, troubles
from bot.services.turn import Turn

MOST_TRIES = 12
"""Tries that provably came to nothing, before a delivery is given up: half an hour of them."""
MOST_CHANGES = 400
"""The same for a change or deletion of a message that stands in a chat: two days of them, as long as the messenger
lets us delete."""
LIGHT = frozenset({Job.CARD.text_key, Job.REACT.text_key})
"""Changes of a talk that are not words: words wait behind them, so these are given up as early as anything else."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0
"""Seconds before the second try, and at most; twice as long each time."""
AT_ONCE = 0.005
"""Seconds that are not worth a postponement."""

BROKEN = "error"
"""The code of a delivery that failed through a mistake of ours."""
SHOWN = Job.SHOW.text_key
"""The text of a picture or file of a talk that a member is shown."""

Chance = Callable[[], float]
"""A number from 0 up to 1, so that not everybody tries again at the same moment."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said to chats when it is due. `cause` is what it is about: a chat hears of it once."""

    cause: str
    kind: Kind
    due_at: datetime
    screen: Screen
    last_useful_at: datetime | None = None
    urgent: bool = False

    def planned(self) -> Planned:
        """As the outbox keeps it."""
        text_key, params = stored_screen.to_row(self.screen)
        useful = self.last_useful_at
        return Planned(self.cause, self.kind, self.due_at, text_key, params, useful, urgent=self.urgent)


def plan(turn: Turn, message: Message, chat_ids: Collection[int]) -> None:
    """Plan a message for these chats, in the transaction of whatever is its cause. What is planned already stays."""
    planned = message.planned()
    deliveries.plan(turn.connection, [(chat_id, planned) for chat_id in chat_ids])


class Result(Enum):
    """How a try ended."""

    SENT = auto()
    UNREACHABLE = auto()
    """Blocked, deactivated, gone."""
    REFUSED = auto()
    """Telegram will never take it."""
    NOT_SENT = auto()
    """It provably did nothing: no connection, or the server says so."""
    UNKNOWN = auto()
    """Nobody can know."""
    TOLD_TO_WAIT = auto()
    NOT_TRIED = auto()
    UNSAYABLE = auto()
    """A text it needs is gone from the content."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try at a delivery: its result, a code where there is one, what it left in the chat, and when it ended.

    `said` is the state of staff's words it was said with (`Content.said`).
    """

    due: Due
    result: Result
    at: datetime
    code: str | None = None
    message_id: int | None = None
    wait: float = 0.0
    said: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery to be said, with the content it is said with. `screen` None: as its row has it."""

    due: Due
    content: Content
    screen: Screen | None = None
    act: Act | None = None
    """What is done for a talk, instead of a screen."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What was claimed."""

    ready: tuple[Ready, ...]
    more: bool
    """Whether there may be more that is due now."""
    next_due: datetime | None
    """When the next one is due, where nothing else is now."""


def step(
    turn: Turn, me: str, tried: Sequence[Tried], room: int, closed_for: Callable[[int], float], chance: Chance
) -> Hand:
    """Record what was tried, and claim up to `room` deliveries; one transaction."""
    _record(turn, me, tried, chance)
    return _taken(turn, me, room, closed_for) if room else Hand((), more=True, next_due=None)


def _record(turn: Turn, me: str, tried: Sequence[Tried], chance: Chance) -> None:
    """Record what became of these, and do what follows: for their chats, for late copies, for the team."""
    sent = [(one.due, one.said) for one in tried if one.result is Result.SENT]
    held = late_copies.hold(turn, [due for due, _ in sent])
    refused = [one for one in tried if one.result is Result.UNREACHABLE]
    # A refusal says nothing about somebody who was here since. Chats are locked before deliveries, as in a visit.
    returned = [one for one in refused if not chats.refused(turn.connection, one.due.chat_id, one.at, turn.now)]
    outcomes = [outcome(one, chance) for one in tried]
    deliveries.record(turn.connection, me, outcomes)
    failed = {one.id for one in outcomes if one.state is State.FAILED}
    troubles.tell(turn, [one.due for one in tried if one.due.id in failed])
    troubles.out_of_reach(turn, (one.due for one in refused))
    _note_pictures(turn, tried)
    late_copies.follow(turn, held, sent)
    for one in returned:
        returning.say_again(turn, one.due.chat_id)
    _settle(turn, [one.due for one in tried])


def _taken(turn: Turn, me: str, room: int, closed_for: Callable[[int], float]) -> Hand:
    """Claim what is due and is to be said now.

    What is due but should not be said (the chat has blocked us, the moment is over) is skipped with its reason; what
    is too soon for its chat waits.
    """
    found = deliveries.claim(turn.connection, me, turn.now, room)
    aside, queued = [], dict[int, float]()
    hand = []
    said, broken = _prepared(turn, found)
    for due in found:
        wait = queued.get(due.chat_id, closed_for(due.chat_id))
        words = said.get(due.id)
        if due.id in broken:
            aside.append(Outcome(due.id, State.FAILED, BROKEN, tried=True))
        elif reason := _needless(due, words, turn.now):
            aside.append(Outcome(due.id, State.SKIPPED, reason=reason))
        elif isinstance(words, Later):
            aside.append(Outcome(due.id, State.PLANNED, next_at=words.at))
        elif wait > AT_ONCE:
            later = turn.now + timedelta(seconds=wait)
            aside.append(Outcome(due.id, State.PLANNED, next_at=later))
            queued[due.chat_id] = wait + 1.0
        else:
            screen, act = (words, None) if isinstance(words, Screen) else (None, words)
            hand.append(Ready(due, turn.content, screen, act if isinstance(act, ACTS) else None))
            queued[due.chat_id] = 1.0
    deliveries.record(turn.connection, me, aside)
    troubles.out_of_reach(turn, (due for due in found if due.blocked))
    digests.remember(turn, [(one.due, one.screen) for one in hand])
    threads.note_said(turn.connection, [one for ready in hand if ready.act is not None for one in ready.act.says])
    _settle(turn, found)
    more = len(found) == room
    return Hand(tuple(hand), more, None if more else deliveries.next_due(turn.connection))


def _prepared(turn: Turn, found: Sequence[Due]) -> tuple[dict[int, Said], set[int]]:
    """What these say, and which of them failed to be prepared: one must not hold up the others."""
    try:
        return saying.prepared(turn, found), set()
    except DATABASE_ERRORS:
        raise
    except Exception:  # noqa: BLE001 - which of them it is shows when each is prepared alone, with its line in the log
        said, broken = dict[int, Said](), set[int]()
    for due in found:
        if not apart(turn.connection, lambda due=due: said.update(saying.prepared(turn, [due])), delivery=due.id):  # type: ignore[misc]
            broken.add(due.id)
    return said, broken


def _settle(turn: Turn, several: Sequence[Due]) -> None:
    """Let talks and partners see what became of their deliveries."""
    if any(due.kind is Kind.TALK for due in several):
        lines.settle(turn)
    if any(due.text_key == partners.LEAD for due in several):
        partners.settle(turn)


def take_over(turn: Turn, me: str, gone: Callable[[str], bool]) -> int:
    """Mark as unknown what a process had in hand when it ended, since it may or may not have arrived; how many."""
    return deliveries.abandon(turn.connection, me, turn.now, gone)


def say(ready: Ready) -> Rich | None:
    """The whole message in the person's current language; None where a text it needs is gone."""
    due, content, texts = ready.due, ready.content, ready.content.texts
    try:
        screen = ready.screen or stored_screen.from_row(due.text_key, due.params)
        if not all(texts.has(SOURCE_LANGUAGE, key) for key in text_keys(screen)):
            return None
        language = _spoken(due)
        return texts.render(language if language in content.languages else content.languages[0], screen)
    except (LookupError, TypeError, ValueError):  # the text has changed and asks for something that was never given
        return None


def _spoken(due: Due) -> str | None:
    """The language it is said in: the chat's; for a preview, that of the people it is for."""
    language: str | None = (due.params or {}).get(PREVIEW, due.language)
    return language


class Speech:
    """Says deliveries; one that equals the last of its language is not put into words again.

    Screens are compared by value: a moment in one is what a clock on the wall shows, without a zone.
    """

    def __init__(self) -> None:
        self._last: dict[str | None, tuple[object, Rich | None]] = {}

    def say(self, ready: Ready) -> Rich | None:
        """See `say`."""
        due = ready.due
        content = ready.content
        what = (content.revision, content.said, ready.screen or (due.text_key, due.params))
        language = _spoken(due)
        last = self._last.get(language)
        if last is None or last[0] != what:
            last = self._last[language] = what, say(ready)
        return last[1]


def _note_pictures(turn: Turn, tried: Sequence[Tried]) -> None:
    """Note pictures of talks that members were shown: they go when the person does."""
    for one in tried:
        person, message = one.due.participant_id, one.message_id
        if one.due.text_key == SHOWN and person is not None and message is not None:
            desk_pages.pictured(turn.connection, one.due.chat_id, message, person, one.at)


def outcome(tried: Tried, chance: Chance) -> Outcome:
    """What a try means for its delivery."""
    due, at, code = tried.due, tried.at, tried.code
    match tried.result:
        case Result.SENT:
            return Outcome(due.id, State.SENT, message_id=tried.message_id, sent_at=at, tried=True)
        case Result.UNREACHABLE:
            return Outcome(due.id, State.BLOCKED, code, tried=True)
        case Result.REFUSED:
            return Outcome(due.id, State.FAILED, code, tried=True)
        case Result.NOT_SENT:
            return _tried_in_vain(tried, chance)
        case Result.UNKNOWN:
            return _doubted(tried, chance)
        case Result.TOLD_TO_WAIT:
            return Outcome(due.id, State.PLANNED, code, next_at=at + timedelta(seconds=tried.wait))
        case Result.NOT_TRIED:
            return Outcome(due.id, State.PLANNED)
        case Result.UNSAYABLE:
            return Outcome(due.id, State.SKIPPED, reason="text_gone")


def _tried_in_vain(tried: Tried, chance: Chance) -> Outcome:
    """It provably did nothing: try again after a pause, a bounded number of times."""
    due = tried.due
    if due.tries + 1 >= _most_tries(due):
        return Outcome(due.id, State.FAILED, tried.code, tried=True)
    pause = min(FIRST_PAUSE * 2**due.tries, LONGEST_PAUSE) * (0.5 + chance() / 2)
    return Outcome(due.id, State.PLANNED, tried.code, next_at=tried.at + timedelta(seconds=pause), tried=True)


def _most_tries(due: Due) -> int:
    return MOST_TRIES if due.edits is None or due.text_key in LIGHT else MOST_CHANGES


def _doubted(tried: Tried, chance: Chance) -> Outcome:
    """It may have arrived: mark it, and say it once more where that does less harm than silence."""
    due, at = tried.due, tried.at
    harmless = due.edits is not None and due.tries + 1 < _most_tries(due)
    if not harmless and (due.doubted or due.kind is Kind.BROADCAST or due.text_key == deliveries.ONCE):
        return Outcome(due.id, State.UNKNOWN, tried.code, unknown_at=at, tried=True)
    later = at + deliveries.REPEAT_AFTER * (1 + chance())
    return Outcome(due.id, State.PLANNED, tried.code, next_at=later, unknown_at=at, tried=True)


def _needless(due: Due, said: Said | None, now: datetime) -> str | None:
    """Why a delivery that is due should not be said after all."""
    if due.blocked:
        return "blocked"
    if due.last_useful_at is not None and due.last_useful_at < now:
        return "too_late"
    return said.reason if isinstance(said, Skip) else None
