"""The pages about broadcasts: all of them, one with its text and numbers, its languages, and the last question."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.content.rich import utf16
from bot.core.broadcasts import (
    ENDED,
    LIVE,
    OVER,
    Answering,
    Broadcast,
    Stage,
    Unreleased,
    Version,
    draft_key,
    text_key,
)
from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db.broadcasts import broadcasts
from bot.db.outbox import doubted
from bot.db.outbox.deliveries import State
from bot.db.staff.staff import Member
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.audience import reach
from bot.services.broadcasts.broadcasting import Progress
from bot.services.openings import interesting
from bot.services.staff.broadcasts.audience_pages import AUDIENCE
from bot.services.staff.broadcasts.media_pages import MEDIA, described, too_long
from bot.services.staff.broadcasts.progress_words import changes, numbers, pace, why
from bot.services.staff.broadcasts.release_words import mark_of, stands
from bot.services.staff.broadcasts.sending_pages import SENDING, planned_for, standing
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, shortened, within

BROADCASTS, BROADCAST, WORDING, WORDINGS = "broadcasts", "broadcast", "wording", "wordings"
ENDING, DOUBTED = "ending", "doubted"
ENTRY = Entry("button.broadcasts", f"{BROADCASTS}.0", Right.SEND, "📣")
MARKS = {
    Stage.DRAFT: "📝",
    Stage.SENDING: "📤",
    Stage.PAUSED: "⏸",
    Stage.STOPPED: "⏹",
    Stage.FILLED: "🔒",
    Stage.RECALLED: "↩️",
}
BEGINNING = 40
"""Letters of a text by which a broadcast is known in the list."""
ROOM = 3300
"""Units of Telegram's 4096 that the texts on a page may take; what is said around them needs the rest."""
LEAST, OVERVIEW = 300, 2000
"""The least the German beside a translation gets of them; and what a text gets on a page that says much else."""


def broadcast_named(turn: Turn, word: str) -> Broadcast | None:
    """The broadcast a page or a button is about; None where it is gone."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return None if one is None or one.stage is Stage.DISCARDED else one


def _broadcasts(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = broadcasts.listed(turn.connection)
    shown, around = paged(BROADCASTS, every, number(arguments[0]) or 0)
    rows: list[Row] = [
        (Button(_name(turn, one), go(f"{BROADCAST}.{one.id}"), MARKS.get(one.stage, "")),) for one in shown
    ]
    what = staff_text("broadcasts.title" if every else "broadcasts.none")
    new: Row = (Button(staff_text("button.compose"), "compose.-", "➕"),)
    return Screen(((what,),), (new, *rows, *around, back(HOME)))


def _name(turn: Turn, one: Broadcast) -> Text:
    """How a broadcast is called on a button: the beginning of its text, the German if there is one."""
    known = (draft_key(one.id, SOURCE_LANGUAGE), text_key(one.id))
    key = next((key for key in known if turn.content.texts.has(SOURCE_LANGUAGE, key)), None)
    if key is None:
        return staff_text("broadcasts.unnamed", number=one.id)
    words = turn.content.texts.label(SOURCE_LANGUAGE, Text(key)).replace("\n", " ")
    return staff_text("broadcasts.named", name=Words(shortened(words, BEGINNING)))


def _broadcast(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = broadcast_named(turn, arguments[0])
    if one is None:
        return None
    return _draft(turn, one) if one.stage is Stage.DRAFT else _state(turn, member, one)


def _draft(turn: Turn, one: Broadcast) -> Screen:
    """What is composed so far, what is missing, and whom it would reach."""
    versions = broadcasts.versions(turn.connection, one.id)
    blocks: list[Block] = [(staff_text("broadcast.title", number=one.id),)]
    blocks += [
        _words(turn, one, versions),
        described(turn, one),
        (*_facts(turn, one), *_leaving(turn, one)),
        _reached(turn, one, versions),
        standing(turn, one),
    ]
    if lack := broadcasting.missing(turn, one):
        blocks.append((staff_text(f"broadcast.lacks_{lack}"),))
    rows: list[Row] = [
        (
            Button(staff_text("button.wording"), go(f"{WORDING}.{one.id}.{SOURCE_LANGUAGE}"), "✏️"),
            Button(staff_text("button.audience"), go(f"{AUDIENCE}.{one.id}.0"), "👥"),
        ),
        (
            Button(staff_text("button.wordings"), go(f"{WORDINGS}.{one.id}"), "🌐"),
            Button(staff_text("button.media"), go(f"{MEDIA}.{one.id}"), "🖼"),
        ),
    ]
    if "broadcast" in turn.content.forms:
        rows.append((Button(staff_text("button.broadcast_facts"), f"facts.{one.id}", "⚙️"),))
    if not lack:
        rows.append((Button(staff_text("button.send"), go(f"{SENDING}.{one.id}"), "📤"),))
    rows.append((Button(staff_text("button.discard"), f"discard_broadcast.{one.id}", "🗑"),))
    return Screen(tuple(block for block in blocks if block), (*rows, back(f"{BROADCASTS}.0")))


def _text(turn: Turn, one: Broadcast, language: str, room: int) -> Text | Words:
    """What staff work at in that language, as much of it as there is room for."""
    return within(turn.content, Text(draft_key(one.id, language), language=language), room)


def _words(turn: Turn, one: Broadcast, versions: Mapping[str, Version]) -> Block:
    """Its text: in German, else in any language there is."""
    language = _written_in(versions)
    return () if language is None else (_text(turn, one, language, OVERVIEW),)


def _written_in(versions: Mapping[str, Version]) -> str | None:
    """German, else a language that it is written in."""
    written = [name for name, version in versions.items() if version.text]
    return SOURCE_LANGUAGE if SOURCE_LANGUAGE in written else next(iter(written), None)


def _facts(turn: Turn, one: Broadcast) -> Block:
    """What it is about, its button, and until when it helps."""
    lines: list[Text | Words] = []
    offer = turn.content.offers.get(one.offer_id or "")
    if offer is not None:
        lines.append(staff_text("broadcast.about", title=title(offer)))
    if one.answering is not Answering.NONE:
        lines.append(staff_text(f"broadcast.answering_{one.answering}"))
    if one.answering.interest and (partner := interesting.partner_of(turn.content, one)):
        lines.append(staff_text("broadcast.partner", name=Words(partner)))
    if one.link:
        lines.append(staff_text("broadcast.link", link=Words(one.link)))
    lines.append(staff_text("broadcast.useful", until=local_time(one.last_useful_at, turn.content.town.clock)))
    if one.joining:
        lines.append(staff_text("broadcast.joining"))
    return tuple(lines)


def _leaving(turn: Turn, one: Broadcast) -> Block:
    """When it leaves, where that is not at once."""
    lines: list[Text | Words] = []
    if one.starts_at is not None:
        lines.append(staff_text("sending.at", at=local_time(one.starts_at, turn.content.town.clock)))
    if one.spread_hours is not None:
        lines.append(staff_text("broadcast.spread", one.spread_hours))
    return tuple(lines)


def _reached(turn: Turn, one: Broadcast, versions: dict[str, Version]) -> Block:
    """How many it reaches now, and how many wait for their language."""
    people = reach(turn, one)
    released = [name for name in turn.content.languages if name in versions and versions[name].released]
    lines: list[Text | Words] = [staff_text("broadcast.reached", people.reached)]
    waiting = {name: count for name, count in people.languages.items() if count and name not in released}
    if waiting and one.unreleased is Unreleased.WAIT:
        names = Listing(tuple(Words(german_name(name)) for name in waiting))
        lines.append(staff_text("broadcast.waiting", sum(waiting.values()), names=names))
    elif waiting:
        lines.append(staff_text("broadcast.in_german", sum(waiting.values())))
    return tuple(lines)


def _state(turn: Turn, _: Member, one: Broadcast) -> Screen:
    """How far it has got, or what came of it."""
    progress, versions = broadcasting.progress(turn, one), broadcasts.versions(turn.connection, one.id)
    blocks: list[Block] = [
        (staff_text("broadcast.title", number=one.id), staff_text(f"stage.{_stage(turn, one, progress)}")),
        _words(turn, one, versions),
        _facts(turn, one),
        *(block for block in (described(turn, one), standing(turn, one)) if block),
        (*numbers(progress), *pace(turn, one)),
        *((planned,) if (planned := planned_for(turn, one)) else ()),
    ]
    if lines := why(turn, one):
        blocks.append(lines)
    if one.rounds:
        blocks.append((changes(turn, one),))
    if one.stage not in OVER:
        blocks.append(_reached(turn, one, versions))
    return Screen(
        tuple(blocks),
        (*_controls(turn, one, progress, _written_in(versions) or SOURCE_LANGUAGE), back(f"{BROADCASTS}.0")),
    )


def _stage(turn: Turn, one: Broadcast, progress: Progress) -> str:
    if one.stage is not Stage.SENDING:
        return one.stage.value
    if one.starts_at is not None and one.starts_at > turn.now:
        return "scheduled"
    return "sending" if progress.planning or progress.waiting else "sent"


def _controls(turn: Turn, one: Broadcast, progress: Progress, language: str) -> list[Row]:
    """What can be done with one that is going out, or has gone out."""
    rows: list[Row] = []
    if may_write(one):
        correct = Button(staff_text("button.correct"), go(f"{WORDING}.{one.id}.{language}"), "✏️")
        rows.append((correct, Button(staff_text("button.wordings"), go(f"{WORDINGS}.{one.id}"), "🌐")))
        rows += _other_facts(turn, one)
    if one.answering.interest:
        rows.append((Button(staff_text("button.leads"), go(f"leads.{one.id}.0"), "✋"),))
    if one.stage is Stage.PAUSED:
        rows.append((Button(staff_text("button.go_on"), f"go_on_broadcast.{one.id}", "▶️"),))
    elif one.stage is Stage.SENDING and (progress.waiting or progress.planning):
        rows.append((Button(staff_text("button.hold"), f"hold_broadcast.{one.id}", "⏸"),))
    if one.stage is not Stage.RECALLED:
        rows.append((Button(staff_text("button.end"), go(f"{ENDING}.{one.id}"), "⏹"),))
    if one.stage in LIVE and (unknown := doubted.number(turn.connection, one.id)):
        rows.append((Button(staff_text("button.doubted", unknown), go(f"{DOUBTED}.{one.id}.0"), "❔"),))
    return rows


def _other_facts(turn: Turn, one: Broadcast) -> list[Row]:
    """Buttons to correct what is not text in a message that stands in the chats."""
    row: list[Button] = []
    if "broadcast" in turn.content.forms:
        row.append(Button(staff_text("button.correct_facts"), f"facts.{one.id}", "⚙️"))
    if one.media is not None:
        row.append(Button(staff_text("button.media"), go(f"{MEDIA}.{one.id}"), "🖼"))
    return [tuple(row)] if row else []


def _wordings(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The languages: which are released, by whom, and how many people speak each."""
    one = broadcast_named(turn, arguments[0])
    if one is None:
        return None
    versions, people = broadcasts.versions(turn.connection, one.id), reach(turn, one).languages
    rows: list[Row] = []
    for language in turn.content.languages:
        label = staff_text("button.language", name=Words(german_name(language)), number=people.get(language, 0))
        rows.append((Button(label, go(f"{WORDING}.{one.id}.{language}"), mark_of(versions.get(language))),))
    lines: Block = (staff_text("broadcast.title", number=one.id), staff_text("wordings.how"))
    if any(_can_be_drafted(turn, one, name, versions) for name in turn.content.languages):
        rows.append((Button(staff_text("button.draft_all"), f"draft.{one.id}.-", "🤖"),))
    return Screen((lines,), (*rows, back(f"{BROADCAST}.{one.id}")))


def _wording(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """One language: its text below the German, and what can be done with it. Words typed here are its text."""
    one, language = broadcast_named(turn, arguments[0]), arguments[1]
    if one is None or language not in turn.content.languages:
        return None
    versions = broadcasts.versions(turn.connection, one.id)
    version, name = versions.get(language), Words(german_name(language))
    blocks: list[Block] = [(staff_text("wording.title", number=one.id, language=name),)]
    rows: list[Row] = []
    if language != SOURCE_LANGUAGE and SOURCE_LANGUAGE in versions:
        taken = 0 if version is None else min(utf16(version.text), ROOM - LEAST)
        german = _text(turn, one, SOURCE_LANGUAGE, ROOM - taken)
        blocks += [(german,), (staff_text("wording.below", language=name),)]
        if isinstance(german, Words):
            whole = go(f"{WORDING}.{one.id}.{SOURCE_LANGUAGE}")
            rows.append((Button(staff_text("button.whole_german"), whole, "📄"),))
    written = version is not None and bool(version.text)
    if version is not None:
        blocks += [(_text(turn, one, language, ROOM - LEAST),)] if written else []
        blocks.append((*stands(turn, version), *too_long(turn, one)))
    if may_write(one):
        blocks.append((staff_text("wording.rewrite" if written else "wording.write"),))
    up = f"{BROADCAST}.{one.id}" if language == SOURCE_LANGUAGE else f"{WORDINGS}.{one.id}"
    return Screen(tuple(blocks), (*rows, *_ways(turn, one, language, versions), back(up)))


def _ways(turn: Turn, one: Broadcast, language: str, versions: Mapping[str, Version]) -> list[Row]:
    """What can be done with one language: release it, have it drafted, see it as people will or do now."""
    version = versions.get(language)
    written = version is not None and bool(version.text)
    rows: list[Row] = []
    if version is not None and written and version.is_draft and one.stage not in ENDED:
        rows.append((Button(staff_text("button.release"), f"release.{one.id}.{language}", "✅"),))
    if _can_be_drafted(turn, one, language, versions):
        rows.append((Button(staff_text("button.draft_one"), f"draft.{one.id}.{language}", "🤖"),))
    if written:
        rows.append((Button(staff_text("button.to_me"), f"to_me.{one.id}.{language}", "👁"),))
    if stands_in(turn, one, language):
        rows.append((Button(staff_text("button.to_me_as_now"), f"to_me_as_now.{one.id}.{language}", "👁"),))
    return rows


def stands_in(turn: Turn, one: Broadcast, language: str) -> bool:
    """Whether people of that language get the German for now, under a mark in their own."""
    versions = broadcasts.versions(turn.connection, one.id)
    if one.unreleased is not Unreleased.GERMAN or SOURCE_LANGUAGE not in versions or language == SOURCE_LANGUAGE:
        return False
    return language in turn.content.languages and (language not in versions or not versions[language].released)


def _can_be_drafted(turn: Turn, one: Broadcast, language: str, versions: Mapping[str, Version]) -> bool:
    """Whether a machine can be asked for this version."""
    version = versions.get(language)
    if not turn.translates or language == SOURCE_LANGUAGE or SOURCE_LANGUAGE not in versions or one.stage in ENDED:
        return False
    return version is None or version.can_be_redrafted


def may_write(one: Broadcast) -> bool:
    """Whether a version can be rewritten: before it goes out, and to correct what stands in the chats."""
    return one.stage not in ENDED


def _ending(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The ways to end one that has gone out, each with what it does."""
    one = broadcast_named(turn, arguments[0])
    if one is None or one.stage in {Stage.DRAFT, Stage.RECALLED}:
        return None
    progress = broadcasting.progress(turn, one)
    arrived = progress.states.get(State.SENT, 0)
    lines: list[Text | Words] = [staff_text("broadcast.title", number=one.id)]
    rows: list[Row] = [(Button(staff_text("button.no"), go(f"{BROADCAST}.{one.id}")),)]
    if one.stage in LIVE and (progress.waiting or one.joining):
        lines.append(staff_text("broadcast.ask_stop", progress.waiting))
        rows.append((Button(staff_text("button.stop_yes"), f"stop_broadcast.{one.id}", "⏹"),))
    if one.stage is not Stage.FILLED and one.answering is not Answering.NONE:
        lines.append(staff_text("broadcast.ask_fill", arrived))
        rows.append((Button(staff_text("button.fill"), f"fill_broadcast.{one.id}", "🔒"),))
    lines.append(staff_text("broadcast.ask_recall", arrived))
    rows.append((Button(staff_text("button.recall"), f"recall_broadcast.{one.id}", "↩️"),))
    return Screen(tuple((line,) for line in lines), tuple(rows))


PAGES: dict[str, Page] = {
    BROADCASTS: Page(Right.SEND, _broadcasts, 1),
    BROADCAST: Page(Right.SEND, _broadcast, 1),
    WORDINGS: Page(Right.SEND, _wordings, 1),
    WORDING: Page(Right.SEND, _wording, 2),
    ENDING: Page(Right.SEND, _ending, 1),
}
