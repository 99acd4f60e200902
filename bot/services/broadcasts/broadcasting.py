"""What becomes of a broadcast: it is composed, sent, held, stopped, taken back. The clock plans its deliveries.

Planning goes page by page, each page a transaction of its own, so that ten thousand recipients keep nobody waiting;
where a process ends in between, the next one continues after the last page. A chat has one delivery of a broadcast,
so no page can be planned twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.texts import BRIDGE_LANGUAGE
from bot.core.broadcasts import (
    ENDED,
    LIVE,
    OVER,
    STANDING,
    Answering,
    Broadcast,
    Stage,
    Unreleased,
    Version,
    cause,
    draft_key,
    text_key,
)
from bot.core.reminders import Topic
from bot.core.timing import instant, local_time
from bot.db.broadcasts import broadcasts, reviews
from bot.db.outbox import deliveries, doubted
from bot.db.outbox.deliveries import Kind, Planned, State
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience, captions
from bot.services.broadcasts.broadcast_screens import PREVIEW, gone
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn

USUAL_USE = timedelta(days=14)
"""How long a broadcast is useful unless a member says otherwise."""
AFTERGLOW = timedelta(seconds=10)
"""How long after its end a broadcast is still drawn anew, so that the last number is the right one."""
HELD_BACK = ("language",)
"""Why a delivery was skipped that is planned after all once its language is released."""
OUTDATED = "outdated"
"""The doubt about a translation whose German has been changed since."""
WAITING = (State.PLANNED, State.CLAIMED)


def compose(turn: Turn, member: Member, offer_id: str | None) -> int:
    """A new draft, about an offer where one is named; its number."""
    offer = None if offer_id is None else turn.content.offers.get(offer_id)
    answering = Answering.NONE if offer is None else Answering.OFFER
    return broadcasts.create(
        turn.connection,
        member.id,
        turn.now,
        offer_id=None if offer is None else offer.id,
        answering=answering.value,
        last_useful_at=end_of_day(turn, local_time(turn.now + USUAL_USE, turn.content.town.clock).date()),
    )


def end_of_day(turn: Turn, day: date) -> datetime:
    """The last minute of a day on the town's clocks: until then helps what helps on that day."""
    return instant(datetime.combine(day, time(23, 59)), turn.content.town.clock)


def choose(turn: Turn, one: Broadcast, who: Mapping[str, Any]) -> None:
    """A draft is for these people; whoever was to release it is to be asked anew."""
    broadcasts.change(turn.connection, one.id, audience=dict(who))
    reviews.take_back(turn.connection, one.id)


def write(turn: Turn, one: Broadcast, language: str, text: str) -> None:
    """A member has written the text in that language; people get what was released until this is.

    A new German text puts every translation in doubt until somebody has looked at it: none is lost. While the message
    is composed, nothing that was written anew or doubted is released.
    """
    known = broadcasts.versions(turn.connection, one.id)
    before = known.get(language) or Version(language, text)
    changed = [replace(before, text=text, machine=False, doubts=())]
    if language == SOURCE_LANGUAGE and language in known:
        others = (other for other in known.values() if other.language != SOURCE_LANGUAGE and other.text)
        changed += [replace(other, doubts=(OUTDATED,)) for other in others]
    for version in changed:
        kept = replace(version, released_text=None, released_by=None) if one.stage is Stage.DRAFT else version
        broadcasts.write(turn.connection, one.id, kept, turn.now)
    reviews.take_back(turn.connection, one.id)


def release(turn: Turn, one: Broadcast, language: str, member: Member) -> bool:
    """The member stands for that version: people get it, and copies that stand in chats are changed to it.

    Whoever waited for the language gets it now; who read it in German sees it in their own. False where there is
    nothing new to stand for.
    """
    versions = broadcasts.versions(turn.connection, one.id)
    version = versions.get(language)
    if version is None or not version.text or not version.is_draft or one.stage in ENDED:
        return False
    if language in captions.excess(turn, one, versions):
        return False
    stands = replace(version, doubts=(), released_text=version.text, released_by=member.id)
    broadcasts.write(turn.connection, one.id, stands, turn.now)
    reviews.take_back(turn.connection, one.id)
    if one.stage in STANDING and (version.released or one.unreleased is Unreleased.GERMAN):
        redraw(turn, one, _shown_it(turn, one, language))
    if one.stage in LIVE:
        _tell_who_waited(turn, one, language, first=not version.released)
    return True


def _tell_who_waited(turn: Turn, one: Broadcast, language: str, *, first: bool) -> None:
    """After the first release of a language, plan for its people where they waited for it.

    Only for them: whoever joined the audience since and reads another language is told where it is for joiners too.
    A correction is no reason to look for more.
    """
    broadcasts.take_up(turn.connection, one.id, HELD_BACK, turn.now)
    if first and one.unreleased is Unreleased.WAIT and one.last_useful_at > turn.now:
        for_all = one.joining or (one.planned_to is not None and one.planning_for is None)
        wanted = None if for_all else sorted({*(one.planning_for or ()), language})
        broadcasts.change(turn.connection, one.id, planned_to=0, planning_for=wanted, reported_at=None)
    elif one.reported_at is not None:
        broadcasts.change(turn.connection, one.id, reported_at=turn.now)  # its page follows the changes for a while


def _shown_it(turn: Turn, one: Broadcast, language: str) -> Collection[str]:
    """The languages of the chats that see this version: its own; German also those that have none of their own."""
    if language not in {SOURCE_LANGUAGE, BRIDGE_LANGUAGE}:
        return [language]
    own = [name for name, version in broadcasts.versions(turn.connection, one.id).items() if version.released]
    return [name for name in turn.content.languages if name == language or name not in own]


def redraw(turn: Turn, one: Broadcast, languages_: Collection[str] | None, *, delete: bool = False) -> None:
    """Draw anew, or take away, every copy that stands in a chat. A round over all of them replaces older rounds."""
    number = broadcasts.begin_round(turn.connection, one.id, turn.now + AFTERGLOW)
    if languages_ is None:
        broadcasts.overtake(turn.connection, one.id, number - 1)
    broadcasts.redraw(turn.connection, one.id, number, turn.now, languages_, delete=delete)


def fill(turn: Turn, one: Broadcast) -> bool:
    """Mark it as filled: its buttons go, and people who were interested are told."""
    return _end(turn, one, Stage.FILLED, delete=False)


def outlive(turn: Turn, one: Broadcast) -> bool:
    """End a broadcast whose subject is over: it goes out no further, and every copy says so."""
    return _end(turn, one, Stage.STOPPED, delete=False)


def recall(turn: Turn, one: Broadcast) -> bool:
    """It is taken back: deleted where the messenger still does that, else it says that it is no longer true."""
    return _end(turn, one, Stage.RECALLED, delete=True)


def _end(turn: Turn, one: Broadcast, stage: Stage, *, delete: bool) -> bool:
    if one.stage not in STANDING | {Stage.FILLED} or one.stage is stage:
        return False
    broadcasts.skip(turn.connection, one.id, stage.value)
    doubted.leave(turn.connection, one.id)
    broadcasts.change(turn.connection, one.id, stage=stage.value, planned_to=None, planning_for=None)
    redraw(turn, one, None, delete=delete)
    return True


def say_to(turn: Turn, one: Broadcast, language: str, chat_id: int, *, as_now: bool = False) -> None:
    """The version as a message to a member of the staff; `as_now`: what people of that language get as things are."""
    key = f"preview:{one.id}:{language}:{turn.now.timestamp():.3f}"
    text = text_key(one.id) if as_now else draft_key(one.id, language)
    planned = Planned(key, Kind.NOTICE, turn.now, text, {PREVIEW: language}, urgent=True)
    deliveries.plan(turn.connection, [(chat_id, planned)])


def missing(turn: Turn, one: Broadcast) -> str | None:
    """What a draft lacks before it can go out, as a code."""
    versions = broadcasts.versions(turn.connection, one.id)
    if not any(version.released for version in versions.values()):
        return "release" if any(version.text for version in versions.values()) else "text"
    german = versions.get(SOURCE_LANGUAGE)
    if one.unreleased is Unreleased.GERMAN and (german is None or not german.released):
        return "text" if german is None else "release"
    if one.last_useful_at <= turn.now:
        return "over"
    offer = turn.content.offers.get(one.offer_id or "")
    if one.offer_id is not None and (offer is None or offer.withdrawn or gone(turn, offer)):
        return "offer"
    return "caption" if captions.excess(turn, one, versions) else None


def send(turn: Turn, one: Broadcast, member: Member, at: datetime) -> bool:
    """It goes out from then on; False where it is no draft any more, or lacks something."""
    if one.stage is not Stage.DRAFT or missing(turn, one) is not None:
        return False
    broadcasts.change(
        turn.connection, one.id, stage=Stage.SENDING.value, starts_at=at, planned_to=0, released_by=member.id
    )
    return True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is. `planning`: not all its recipients are known yet."""

    states: dict[State, int]
    planning: bool

    @property
    def total(self) -> int:
        """Everybody who is to get it, as far as they are known."""
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        """Who has not got it yet, and may."""
        return sum(self.states.get(state, 0) for state in WAITING)


def progress(turn: Turn, one: Broadcast) -> Progress:
    """What became of its deliveries."""
    return Progress(broadcasts.outcomes(turn.connection, one.id), one.planned_to is not None)


def hold(turn: Turn, one: Broadcast) -> bool:
    """It is paused: what has not left waits. Whether it was going out."""
    if one.stage is not Stage.SENDING:
        return False
    broadcasts.hold(turn.connection, one.id, one.last_useful_at)
    broadcasts.change(turn.connection, one.id, stage=Stage.PAUSED.value)
    return True


def go_on(turn: Turn, one: Broadcast) -> bool:
    """Let a paused one go on; whether it was paused."""
    if one.stage is not Stage.PAUSED:
        return False
    broadcasts.release(turn.connection, one.id, turn.now)
    broadcasts.change(turn.connection, one.id, stage=Stage.SENDING.value)
    return True


def stop(turn: Turn, one: Broadcast) -> bool:
    """Stop what has not left yet; whether there was anything to stop."""
    if one.stage not in LIVE:
        return False
    broadcasts.skip(turn.connection, one.id, Stage.STOPPED.value)
    doubted.leave(turn.connection, one.id)
    broadcasts.change(turn.connection, one.id, stage=Stage.STOPPED.value, planned_to=None, planning_for=None)
    return True


def discard(turn: Turn, one: Broadcast) -> bool:
    """A draft is thrown away; whether it was one."""
    if one.stage is not Stage.DRAFT:
        return False
    broadcasts.change(turn.connection, one.id, stage=Stage.DISCARDED.value)
    return True


def say_again(turn: Turn, one: Broadcast, only: int | None = None) -> int:
    """On a human's word, send again the copies that may or may not have arrived; how many.

    `only`: that copy alone. Its page follows them.
    """
    said = 0 if one.stage in OVER else doubted.say_again(turn.connection, one.id, turn.now, only)
    if said:
        broadcasts.change(turn.connection, one.id, follow_until=turn.now + AFTERGLOW)
    return said


def languages(turn: Turn, one: Broadcast) -> Collection[str] | None:
    """The languages whose people are told now; None: all."""
    if one.unreleased is Unreleased.GERMAN:
        return None
    versions = broadcasts.versions(turn.connection, one.id)
    return [name for name in turn.content.languages if name in versions and versions[name].released]


def pattern(one: Broadcast) -> Planned:
    """The delivery that each recipient gets."""
    if one.starts_at is None:
        raise ValueError("a broadcast that is not going out")
    return Planned(
        cause(one.id),
        Kind.BROADCAST,
        one.starts_at,
        text_key(one.id),
        last_useful_at=one.last_useful_at,
        topic=Topic.OFFERS.value,
    )


# -- the clock


def is_anything_going_out(turn: Turn) -> bool:
    """Whether there is a broadcast to look after, which there mostly is not."""
    return broadcasts.is_anything_going_out(turn.connection, turn.now - AFTERGLOW)


def look_for_joiners(turn: Turn) -> None:
    """Begin anew with what is also for those who have come to belong to the audience since."""
    for one in broadcasts.going_out(turn.connection):
        if one.joining and one.planned_to is None and one.last_useful_at > turn.now and _held(turn, one):
            broadcasts.change(turn.connection, one.id, planned_to=0)


def step(turn: Turn) -> bool:
    """Plan the next page of recipients of what goes out, and say what is out; whether there are more pages."""
    more = False
    for one in broadcasts.being_followed(turn.connection):
        _follow(turn, one)
    for one in broadcasts.going_out(turn.connection):
        if one.planned_to is not None:
            more = _plan_page(turn, one) or more
        elif one.reported_at is None and _is_out(turn, one):
            _report(turn, one)
    return more


def _follow(turn: Turn, one: Broadcast) -> None:
    """Its page follows copies that change, or go out once more, while some wait, and a little while longer."""
    changing = any(broadcasts.redrawn(turn.connection, one.id, one.rounds).get(state) for state in WAITING)
    if changing or (one.stage is Stage.SENDING and progress(turn, one).waiting):
        broadcasts.change(turn.connection, one.id, follow_until=turn.now + AFTERGLOW)
    elif one.follow_until is not None and one.follow_until <= turn.now:
        broadcasts.change(turn.connection, one.id, follow_until=None)


def _held(turn: Turn, one: Broadcast) -> Broadcast | None:
    """The broadcast, locked until the commit; None where it no longer goes out."""
    now = broadcasts.load(turn.connection, one.id, lock=True)
    return now if now is not None and now.stage is Stage.SENDING else None


def _plan_page(turn: Turn, seen: Broadcast) -> bool:
    """The next page of participants; whether it was not the last."""
    one = _held(turn, seen)
    if one is None or one.planned_to is None:
        return False
    wanted = one.planning_for or languages(turn, one)
    found = audience.fan_out(turn, one, pattern(one), wanted, one.planned_to)
    after = None if found.after is None else one.planning_for
    broadcasts.change(turn.connection, one.id, planned_to=found.after, planning_for=after)
    return found.after is not None


def _is_out(turn: Turn, one: Broadcast) -> bool:
    """Whether everybody has got it who can."""
    return one.starts_at is not None and one.starts_at <= turn.now and not progress(turn, one).waiting


def _report(turn: Turn, one: Broadcast) -> None:
    """Say once to whoever wrote it, or has it now, and to whoever sent it that it is out."""
    held = _held(turn, one)
    if held is None or held.reported_at is not None:
        return
    broadcasts.change(turn.connection, one.id, reported_at=turn.now)
    concerned = {one.author_id, one.released_by}
    if told := [member for member in staff.active(turn.connection, turn.now) if member.id in concerned]:
        sent = progress(turn, one).states.get(State.SENT, 0)
        notices.tell(turn, told, staff_text("sending.out", sent, number=one.id))
