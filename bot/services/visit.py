"""One turn of a person: what is known about the chat, what changes, and the card that follows.

A use case loads a `Visit`, moves it, and ends with `reply`, which writes everything that changed. Every card that is
to be seen has a version; the buttons of a card are good from `card_since` on, the version at which its place opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.content.loader import Content
from bot.core import engine
from bot.core.engine import State
from bot.core.message import Screen, Text
from bot.core.questionnaire import Questionnaire
from bot.db import chats
from bot.db.chats import ChatRow, ParticipantRow
from bot.db.people import participants, persons
from bot.db.staff.staff import Member
from bot.services import places, screens
from bot.services.deliveries.returning import is_here
from bot.services.path import roads
from bot.services.path.way import Way
from bot.services.phones import phone
from bot.services.preferences import preferences, telling
from bot.services.preferences.preferences import Preferences
from bot.services.questions import rounds
from bot.services.questions.stored import StoredAnswers
from bot.services.reply import Card, Reply
from bot.services.rights.consents import given
from bot.services.staff import pages, showing, trial_language
from bot.services.staff.members import team
from bot.services.turn import Turn, Visitor
from bot.services.view import asked_of, ui
from bot.services.viewing import view_of
from bot.services.what_staff_said import up_to_date

AWAY = timedelta(hours=12)
"""Whoever comes back after this long is told that we go on where they were."""


class Visit:
    """A chat during one transaction."""

    def __init__(self, turn: Turn, visitor: Visitor, chat: ChatRow, people: Sequence[ParticipantRow] = ()) -> None:
        self.turn = turn
        self.visitor = visitor
        self.chat = self._chat_before = chat
        self.people = tuple(people)
        """Everybody of this phone."""
        self.participant = participant = self._spoke = chats.speaker(people)
        """The one of them who speaks."""
        self._changes: dict[str, Any] = {}
        self.greets = turn.now - chat.seen_at > AWAY or chat.detour == places.PAUSED
        self._place_before = self._here(None if participant is None else participant.at)
        self._stored: State | None = None
        self._answers: StoredAnswers | None = None
        self.state: State | None = None
        self.displaced = self.dismissed = False
        self.heard: int | None = None
        """The message with the words that are read now."""
        self.refreshed = False
        """Staff have said something, perhaps in another process, that was not known when the turn began."""
        self.member: Member | None = None
        if chat.detour == places.STAFF:
            self.read_member()
            if self.member is None:
                self.dismiss()
        if participant is not None:
            self._recall(participant)
        elif self.people and chat.screen not in places.BEFORE_CONSENT:  # who spoke is gone
            self.become(self.people[0])
            self.displaced = True

    def _recall(self, person: ParticipantRow) -> None:
        """What this person has said."""
        questions = self.turn.content.questionnaire
        self._answers = StoredAnswers(self.turn.connection, questions, person.id)
        answers = self._answers.aged(self.turn.now, refreshing=person.refreshing)
        at = questions.moved.get(person.at or "", person.at)
        self._stored = State(answers, at, person.draft, person.from_summary)
        self.state = engine.resume(self.questionnaire, self._stored)
        # The content has changed: what stands on the card is no question any more.
        self.displaced = self.state.at != person.at

    def _here(self, at: str | None) -> tuple[object, ...]:
        chat, person = self.chat, self.participant
        return chat.screen, chat.detour, chat.focus, person and person.id, at

    def become(self, person: ParticipantRow | None) -> None:
        """Let another person on the phone speak, None: somebody new. It is written with a card: `only` forgets it."""
        self.participant, self._answers, self.state, self.displaced = person, None, None, False
        if person is None:
            self.change(screen=places.LANGUAGE, language=None, detour=None, focus=None)
            return
        usual = places.QUESTIONS if person.finished_at is None else places.DONE
        language = person.aside_language or self._chat_before.language
        self.change(screen=person.aside_screen or usual, language=language, detour=None, focus=None)
        self._recall(person)

    def speak_for(self, number: int | None) -> None:
        """Let the person with that number speak, if it is another one on the phone."""
        found = phone.find(self.people, number)
        if found is not None and (self.participant is None or self.participant.id != number):
            self.become(found)

    def left(self) -> None:
        """The person who spoke is gone from this phone: the first of the others speaks."""
        gone = self.participant
        self.people = tuple(one for one in self.people if gone is None or one.id != gone.id)
        self._spoke = None
        self.become(self.people[0])

    def refresh(self) -> None:
        """Take up what staff have said by now, in any process."""
        fresh = up_to_date(self.turn)
        if fresh is not self.turn:
            self.turn, self.refreshed = fresh, True

    def read_member(self) -> None:
        """Which member this is, as the database has it now."""
        self.member = team.member_of(self.turn, self.visitor)

    def dismiss(self) -> None:
        """The desk lay on top, and this person has left the team: it is taken away, its buttons are dead."""
        self.dismissed, self.member = True, None
        self.look_at(None)

    def begin(self) -> int:
        """A participant from now on: the first question is open; their number."""
        state = engine.start(self.turn.content.questionnaire.first_pass)
        key = participants.create(self.turn.connection, self.chat.id, state, self.turn.now)
        nth = max((one.nth for one in self.people), default=0) + 1
        self.participant = ParticipantRow(key, self.turn.now, at=state.at, draft=state.draft, nth=nth)
        self.people = (*self.people, self.participant)
        self._answers = StoredAnswers(self.turn.connection, self.turn.content.questionnaire, key)
        self.state = self._stored = state
        return key

    @property
    def language(self) -> str:
        """The chosen language, else the phone's where we have it, else German; staff speak German at their desk."""
        if self.place == places.STAFF:
            return trial_language.spoken(self.chat.focus, self.turn.content.languages)
        chosen, content = self.chat.language, self.turn.content
        return chosen if chosen in content.languages else first_language(content, self.visitor)

    @property
    def questionnaire(self) -> Questionnaire:
        """The questions that this person is asked now."""
        more = self.participant is not None and self.participant.more
        return asked_of(self.turn.content, more=more)

    @property
    def given_at(self) -> Mapping[str, datetime]:
        """When each answer was given."""
        return self._answers.given_at if self._answers is not None else {}

    def again(self) -> tuple[str, ...]:
        """The questions whose answers have become old."""
        if self.state is None:
            return ()
        return rounds.again(self.questionnaire, self.state, self.given_at, self.turn.now)

    def news(self) -> tuple[str, ...]:
        """The questions of the whole questionnaire that still wait for this person."""
        return (
            rounds.news(self.turn.content.questionnaire, self.state, self.again()) if self.state is not None else ()
        )

    def set_rounds(self, **changes: Any) -> None:  # noqa: ANN401 - a column's value
        """Change what this person is asked: `more`, `refreshing`, `offered`."""
        if self.participant is None or self._answers is None:
            return
        participants.set_rounds(self.turn.connection, self.participant.id, **changes)
        self.participant = replace(self.participant, **changes)
        if self.state is not None and self.participant.refreshing:
            self.state = replace(self.state, answers=self._answers.aged(self.turn.now, refreshing=True))

    def renew(self, questions: tuple[str, ...]) -> None:
        """The same answers to these questions, given now."""
        if self.state is None or self._answers is None:
            return
        self._answers.outdate(questions)
        same = {name: rounds.fresh(self.state.answers[name]) for name in questions}
        self.state = replace(self.state, answers={**self.state.answers, **same})

    def keep_answers(self) -> None:
        """Store what the answers are now, where no card follows."""
        if self._answers is not None and self.state is not None:
            self._answers.write(self.state.answers, self.turn.now)

    @property
    def spoken(self) -> str:
        """The language in which the screen of the place is really said: German where one of its texts is missing."""
        return self.turn.content.texts.spoken(self.language, self.screen())

    @property
    def place(self) -> str:
        """The screen that is on top now."""
        return self.chat.detour or self.chat.screen

    def change(self, **columns: Any) -> None:  # noqa: ANN401 - a column's value
        """Change columns of the chat; they are written by `reply`."""
        self._changes |= columns
        self.chat = replace(self.chat, **columns)

    def go(self, screen: str) -> None:
        """Move on in the conversation."""
        self.change(screen=screen, detour=None, focus=None)

    def look_at(self, detour: str | None, focus: str | None = None) -> None:
        """Lay a screen over the place, or take it away; `focus` is what that screen is about."""
        if (detour, focus) != (self.chat.detour, self.chat.focus):
            self.change(detour=detour, focus=focus)
        if detour == places.STAFF and self.member is None:
            self.read_member()

    def consents(self) -> Mapping[str, datetime]:
        """The purposes agreed to, each with since when."""
        if self.participant is None:
            return {}
        return given(self.turn, self.participant.id)

    def screen(self, *notices: Text) -> Screen:
        """The screen of the place, under notices."""
        if self.place == places.STAFF and self.member is not None:
            self.refresh()
            screen = pages.build(self.turn, self.member, self.chat.focus or "")
        else:
            town, zone = self.turn.content.town, self.preferences.zone
            screen = telling.for_clock(screens.build(self.place, view_of(self)), town, zone)
            if (head := phone.head(self.people, self.participant)) is not None:
                screen = replace(screen, blocks=((head,), *screen.blocks))
        return replace(screen, blocks=(notices, *screen.blocks)) if notices else screen

    def way(self) -> Way | None:
        """The person's path; None where the town has none."""
        number = None if self.participant is None else self.participant.id
        return roads.way_of(self.turn, self.state, self.given_at, number)

    @property
    def preferences(self) -> Preferences:
        """What we may write to this person."""
        return preferences.of(self.participant, self.turn.content.town)

    def prefer(self, **changes: Any) -> None:  # noqa: ANN401 - a column's value
        """Change what we may write to this person, and when: `quiet`, `muted`, `weekly_cap`, `zone`."""
        if self.participant is not None:
            participants.set_preferences(self.turn.connection, self.participant.id, **changes)
            self.participant = replace(self.participant, **changes)

    def show_again(self) -> Reply:
        """The card once more, for somebody who did nothing: we do not know that it arrived.

        If it did, a tap on that copy counts: it is the same card of the same place.
        """
        return self._reply(self._next_version(), self.screen(), None, self._others(None))

    def redraw(self) -> Reply | None:
        """The card as it is by now, in its place, for somebody who did nothing; None where there is no card."""
        card = self.chat.card_message
        return None if card is None else self._reply(self._next_version(), self.screen(), card, ())

    def reply(
        self, *notices: Text, toast: Text | None = None, tapped: int | None = None, dead: int | None = None
    ) -> Reply:
        """Write what changed; the card is drawn into the `tapped` message, or as a new one below.

        `dead` is a message of an older card that is to lose its buttons.
        """
        is_here(self.turn, self.chat)
        version = self._next_version(seen_at=self.turn.now)
        if self.greets and self.place == places.QUESTIONS and self.participant is not None:
            notices = (ui("notice.welcome_back"), *notices)
        edit = self._editable(tapped)
        return self._reply(version, self.screen(*notices), edit, self._others(edit, tapped, dead), toast)

    def _reply(
        self, version: int, screen: Screen, edit: int | None, strip: tuple[int, ...], toast: Text | None = None
    ) -> Reply:
        self._write()
        card = Card(self.chat.id, self.language, version, screen, edit, strip)
        if places.STAFF in {self.place, self._chat_before.detour}:
            card = showing.noted(self.turn, card, self._chat_before)
        return Reply(self.language, card, toast, content_changed=self.refreshed)

    def _next_version(self, **more: Any) -> int:  # noqa: ANN401 - a column's value
        """The version of the card that follows; where the place is another one, older buttons are dead now."""
        version = self.chat.card_version + 1
        moved = self._place_before != self._here(self.state.at if self.state is not None else None)
        self.change(card_version=version, **({"card_since": version} if moved else {}), **more)
        return version

    def only(self, toast: Text | None = None) -> Reply:
        """Nothing changes except that the person was here; a short word at most.

        Where the content has moved the place, that stays unwritten until a card shows it: old buttons must not become
        buttons of another question.
        """
        is_here(self.turn, self.chat)
        chats.save(self.turn.connection, self.chat.id, {"seen_at": self.turn.now})
        return Reply(self.language, None, toast, content_changed=self.refreshed)

    def last_word(self, screen: Screen, *, tapped: int | None = None) -> Reply:
        """A card for a chat of which we keep no row."""
        edit = self._editable(tapped)
        strip = self._others(edit, tapped)
        version = self.chat.card_version + 1
        return Reply(self.language, Card(self.chat.id, self.language, version, screen, edit, strip, kept=False))

    def _editable(self, tapped: int | None) -> int | None:
        """The tapped message where it is the lowest card; a copy further up is not changed out of sight."""
        old = self.chat.card_message
        return tapped if old is None or tapped is None or tapped >= old else None

    def _others(self, edit: int | None, *more: int | None) -> tuple[int, ...]:
        """The messages that have to lose their buttons: the card there was, and what else is not drawn anew."""
        return tuple({one for one in (self.chat.card_message, *more) if one is not None and one != edit})

    def _write(self) -> None:
        connection = self.turn.connection
        chats.save(connection, self.chat.id, self._changes)
        self._write_who_speaks()
        after, person = self.state, self.participant
        if self._answers is None or after is None or person is None:
            return
        self._answers.write(after.answers, self.turn.now)
        stood = (person.at, person.draft, person.from_summary)
        if stood != (after.at, after.draft, after.returning):
            participants.move(connection, person.id, after)

    def _write_who_speaks(self) -> None:
        """Keep where the person was who spoke before; the place of whoever speaks now is the chat's."""
        now, before = self.participant, self._spoke
        if before is not None and (now is None or now.id != before.id):
            stood = self._chat_before
            persons.set_aside(self.turn.connection, before.id, stood.screen, stood.language, self.turn.now)
        if now is not None and now.aside_since is not None:
            persons.speak(self.turn.connection, now.id)


def first_language(content: Content, visitor: Visitor) -> str:
    """The phone's language where we have it, else the town's first."""
    phone = (visitor.phone_language or "").split("-")[0]
    return phone if phone in content.languages else content.languages[0]


def load(turn: Turn, visitor: Visitor) -> Visit | None:
    """The chat of a visitor, None where we do not know it."""
    found = chats.with_all(turn.connection, visitor.chat_id)
    return None if found is None else Visit(turn, visitor, *found)


def load_or_begin(turn: Turn, visitor: Visitor, source: str | None = None) -> tuple[Visit, bool]:
    """The chat of a visitor, begun where we do not know it; and whether it is new."""
    visit = load(turn, visitor)
    if visit is not None:
        return visit, False
    row = chats.begun(visitor.chat_id, places.LANGUAGE, source, turn.now)
    chats.create(turn.connection, row)
    return Visit(turn, visitor, row), True
