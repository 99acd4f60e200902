"""People do anything in any order; whatever they do, some things hold, and everybody can come to the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.core import engine
from bot.core.ageing import aged
from bot.core.engine import State
from bot.db.people import participants
from bot.services import places, upkeep, welcome
from bot.services.buttons import of_card
from bot.services.messages import DETOURS
from bot.services.reply import Reply
from bot.services.view import asked_of
from tests.services.limits import check
from tests.services.talk import Talk, buttons

WALKS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VERBS = (
    *("o", "t", "done", "skip", "decline", "back", "forward", "pause", "change", "confirm", "resume", "profile"),
    *("privacy", "lang", "age", "storage", "agree", "consent", "next", "forget", "none", "x"),
)
ARGUMENTS = (
    *("german", "job", "none", "B1", "unsure", "yes", "no", "de", "en", "ar", "xx", "0", "1", "storage", "reminders"),
    *("companies", "goals", "german_level", "hours", "anything", "gone"),
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.integers(-5, 100).map(str),
    st.sampled_from(("B1", "ب١", "Deutsch lernen, Arbeit finden", "Ja", "نعم", "Weiter", "٢٠", "\u202e", "<b>x</b>")),
)


@dataclass(frozen=True)
class Deed:
    """Something a person does; `pick` chooses among what there is to choose from."""

    kind: str
    pick: int = 0
    words: str = ""
    verb: str = ""
    arguments: tuple[str, ...] = ()


def deeds() -> st.SearchStrategy[Deed]:
    """One of everything; going on is what people do most."""
    pick = st.integers(0, 40)
    onward = st.builds(Deed, st.just("step"), pick)
    return st.one_of(
        onward,
        onward,
        onward,
        st.builds(Deed, st.sampled_from(("tap", "tap", "stale", "old message", "label", "unreadable", "wait")), pick),
        st.builds(Deed, st.sampled_from(("early", "write", "garbage", "start")), pick, TEXTS),
        st.builds(
            Deed,
            st.just("forged"),
            pick,
            verb=st.sampled_from(VERBS),
            arguments=st.tuples(st.sampled_from(ARGUMENTS), st.sampled_from(ARGUMENTS)),
        ),
        st.builds(Deed, st.just("command"), words=st.sampled_from((*DETOURS, "forget", "start", "nonsense"))),
        st.builds(Deed, st.sampled_from(("lost card", "show again", "block", "unblock"))),
    )


STARTS = st.tuples(st.integers(0, 40), st.integers(0, 8))
"""Where a walk begins: so many sensible steps into the conversation, with which choices."""
DEEDS = st.lists(deeds(), min_size=5, max_size=20)


def led_to(talk: Talk, start: tuple[int, int]) -> Talk:
    """The person after some sensible steps."""
    for number in range(start[0]):
        talk.step(start[1] + number // 3)
    return talk


def do(talk: Talk, deed: Deed) -> Reply | None:  # noqa: C901, PLR0912 - one arm for each kind of deed
    """Let the person do it; what the bot answered."""
    if not talk.drawn:
        return talk.start(deed.words or None)
    newest = talk.drawn[-1]
    version = newest.card.version
    known = talk.chat()
    match deed.kind:
        case "step":
            return talk.step(deed.pick)
        case "tap" if talk.actions:
            return talk.tap(talk.actions[deed.pick % len(talk.actions)])
        case "stale":
            old = talk.drawn[deed.pick % len(talk.drawn)]
            sent = old.data()
            return talk.tap_data(sent[deed.pick % len(sent)] if sent else "v1.resume", old.message)
        case "old message":
            sent = newest.data() or ["v1.resume"]
            return talk.tap_data(sent[deed.pick % len(sent)], talk.drawn[deed.pick % len(talk.drawn)].message)
        case "forged":
            action = ".".join((deed.verb, *deed.arguments[: 1 + deed.pick % 2]))
            return talk.tap_data(of_card(known.card_version if known else version) + action, newest.message)
        case "garbage":
            return talk.tap_data(deed.words[:64], newest.message)
        case "label" if talk.actions:
            label = buttons(newest.card)[deed.pick % len(talk.actions)].label
            return talk.write(talk.content.texts.label(newest.card.language, label))
        case "write":
            return talk.write(deed.words)
        case "early":
            return talk.write(deed.words, before_the_card=True)
        case "unreadable":
            return talk.edit() if deed.pick % 3 == 0 else talk.unreadable(("forwarded", "only_words")[deed.pick % 2])
        case "command":
            return talk.start() if deed.words == "start" else talk.command(deed.words)
        case "start":
            return talk.start(deed.words)
        case "wait":
            talk.now += timedelta(hours=deed.pick)
        case "show again":
            reply = talk.turn(upkeep.show_again, talk.visitor)
            if reply is not None:
                talk.see(reply)
            return reply
        case "lost card":
            talk.arrives = False
            reply = talk.step()
            talk.arrives = True
            return reply
        case "block" | "unblock":
            talk.turn(welcome.block, talk.visitor, blocked=deed.kind == "block")
    return None


def holds(talk: Talk, reply: Reply | None, version_before: int) -> None:
    """What is true after everything anybody does."""
    card = reply.card if reply is not None else None
    row = talk.chat()
    if card is not None:
        for language in talk.content.languages:
            check(talk.content, card, language)
        assert card.version > version_before
        assert not card.kept or (row is not None and card.version == row.card_version)
    if reply is not None and reply.toast is not None:
        assert talk.content.texts.label(reply.language, reply.toast).strip()
    if row is None:
        return
    assert row.shown_version <= row.card_version
    assert row.card_since <= row.card_version
    person = talk.participant()
    if person is None:
        return
    whole = talk.content.questionnaire
    stored = talk.table.run(lambda tx: participants.answers(tx, person.id))
    given_at = {name: one.answered_at for name, one in stored.items()}
    given_answers = {name: one.answer for name, one in stored.items()}
    answers = aged(whole, given_answers, given_at, talk.now, refreshing=person.refreshing)
    if card is not None:  # what time alone has changed is marked with the next card
        assert {name for name, one in stored.items() if one.applies} == engine.counting(whole, answers).keys()
    questionnaire = asked_of(talk.content, more=person.more)
    state = engine.resume(questionnaire, State(answers, person.at, person.draft, person.from_summary))
    assert engine.resume(questionnaire, state) == state
    if card is not None:
        assert (state.at, state.draft) == (person.at, person.draft)
    assert "storage" in talk.consents() or row.screen in {places.LANGUAGE, places.AGE, places.NOTICE}


@WALKS
@given(start=STARTS, walk=DEEDS, last=st.integers(0, 8))
def test_whatever_people_do_the_promises_hold_and_nobody_is_stuck(
    new_talk: Callable[[], Talk], start: tuple[int, int], walk: list[Deed], last: int
) -> None:
    talk = led_to(new_talk(), start)
    for deed in walk:
        before = talk.chat()
        reply = do(talk, deed)
        holds(talk, reply, before.card_version if before is not None else 0)
    event(f"place: {talk.place}")
    talk.finish(last)


@WALKS
@given(start=STARTS, walk=DEEDS, pick=st.integers(0, 1000))
def test_a_button_of_a_card_that_is_no_more_changes_nothing(
    new_talk: Callable[[], Talk], start: tuple[int, int], walk: list[Deed], pick: int
) -> None:
    talk = led_to(new_talk(), start)
    for deed in walk:
        do(talk, deed)
    row = talk.chat()
    if row is None:
        return
    dead = [one for one in talk.drawn if one.card.version < row.card_since and one.data()]
    if not dead:
        return
    event("an old card was tapped")
    old = dead[pick % len(dead)]
    before = (talk.answers(), talk.participant(), talk.consents(), row.screen, row.detour, row.language)
    sent = old.data()
    reply = talk.tap_data(sent[pick % len(sent)], old.message)
    row = talk.chat()
    assert row is not None
    assert (talk.answers(), talk.participant(), talk.consents(), row.screen, row.detour, row.language) == before
    assert reply.card is None or reply.card.edit in {None, row.card_message}
