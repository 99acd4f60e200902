"""A person's own data: everything that is stored about them, as a page to read and as a file for programs.

`/mydata` asks for both; they are made after the commit, from what the database holds at that moment.
docs/mydata.md describes the file for programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE, own_name
from bot.content.markup import words as words_of
from bot.core.engine import Answer, Status
from bot.core.message import Argument, Listing, Text, Words
from bot.core.paper import OwnData
from bot.core.questionnaire import Kind
from bot.core.threads import TEXT, Author
from bot.core.timing import local_time
from bot.services import screens
from bot.services.profiles.profiles import raw
from bot.services.reply import Card, File, Reply
from bot.services.turn import Turn, Visitor
from bot.services.view import shortened, shown_value, town, ui
from bot.services.visit import Visit, first_language, load

SCHEMA = 1
"""Counts those changes of the file that a program reading it would stumble over."""
HTML, JSON = "html", "json"
KINDS = {HTML: "text/html", JSON: "application/json"}
LIVE = frozenset({"requested", "registered", "waiting", "held"})
"""States of a seat that has not ended."""
THINGS = ("photo", "voice", "document", "location")
"""Kinds of messages that the page names; any other is "something else"."""
MOST_LETTERS = 60
"""Letters of a text by which it is recognised."""
Stored = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is stored: since when, what it is, and what it says. Words of one language."""

    when: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything about a person, to be read: a title, what it is, and lines under headings."""

    title: str
    about: str
    columns: tuple[str, str, str]
    parts: tuple[tuple[str, tuple[Line, ...]], ...]


def ask(turn: Turn, visitor: Visitor) -> Reply:
    """`/mydata`: both files; somebody we do not know is told so, and still nothing is held."""
    visit = load(turn, visitor)
    if visit is None:
        language = first_language(turn.content, visitor)
        return Reply(language, Card(visitor.chat_id, language, 1, screens.nothing_stored(), kept=False))
    return replace(visit.reply(ui("mydata.coming")), files=files(visit))


def tap(visit: Visit) -> Reply:
    """The same by a button: the card stays as it is."""
    return replace(visit.only(ui("mydata.coming")), files=files(visit))


def files(visit: Visit) -> tuple[File, ...]:
    """A page to read and a file for programs, in the person's language."""
    chat, language = visit.chat.id, visit.language
    captions = {HTML: ui("mydata.caption_html"), JSON: ui("mydata.caption_json")}
    person = visit.participant.id if visit.participant is not None and len(visit.people) > 1 else None
    orders = {form: OwnData(chat, language, form, visit.turn.now, person) for form in KINDS}
    return tuple(
        File(chat, language, f"lotse.{form}", KINDS[form], order, captions[form]) for form, order in orders.items()
    )


class Teller:
    """Says what is stored in a person's language."""

    def __init__(self, content: Content, language: str) -> None:
        self._content = content
        self._language = language

    def page(self, stored: Stored, now: datetime) -> Page:
        """All of it, to be read."""
        parts: tuple[tuple[Text, Iterable[Line]], ...] = (
            (ui("mydata.part_person"), self._person(stored)),
            (ui("mydata.part_answers"), self._each(stored["answers"], "answered_at", self.answer)),
            (ui("mydata.part_former"), self._each(stored["former_answers"], "answered_at", self.answer)),
            (ui("mydata.part_consents"), self._each(stored["consents"], "given_at", self._consent)),
            (ui("mydata.part_seats"), self._each(stored["seats"], "queued_at", self._seat)),
            (ui("mydata.part_attendance"), self._attendance(stored)),
            (ui("mydata.part_unwanted"), self._each(stored["unwanted_offers"], "since", self._offer)),
            (ui("mydata.part_interests"), self._each(stored["interests"], "since", self._interest)),
            (ui("mydata.part_path"), self._each(stored["path"], "since", self._step)),
            (ui("mydata.part_messages"), self._messages(stored)),
            (ui("mydata.part_talks"), self._each(stored["talk_messages"], "at", self._said)),
            (ui("mydata.part_notes"), self._each(stored["notes"], "at", lambda row: ("", row["text"]))),
            (ui("mydata.part_looks"), self._each(stored["looks"], "at", self._look)),
        )
        project = f"{self._content.town.project} {self._content.town.name}"
        return Page(
            self.say(ui("mydata.title")),
            self.say(ui("mydata.about", project=Words(project), when=self._local(now))),
            (
                self.say(ui("mydata.column_when")),
                self.say(ui("mydata.column_what")),
                self.say(ui("mydata.column_words")),
            ),
            tuple(
                (self.say(title), tuple(lines) or (Line("", "", self.say(ui("mydata.nothing"))),))
                for title, lines in parts
            ),
        )

    def say(self, text: Text) -> str:
        """A text in the person's language."""
        return self._content.texts.label(self._language, text)

    def value(self, argument: Argument) -> str:
        """An argument by itself."""
        return self.say(ui("mydata.value", value=argument))

    def answer(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """The question and the answer; as stored, where the content no longer has words for them."""
        questionnaire = self._content.questionnaire
        name = questionnaire.moved.get(row["question_id"], row["question_id"])
        question = questionnaire.by_id.get(name)
        given = row["value"]
        plain: Any = tuple(given) if isinstance(given, list) else given
        if question is None:
            return name, "" if plain is None else raw(plain)
        if question.kind is Kind.STATEMENT:  # it was read, and is known by its first words
            return shortened(self.say(Text(f"{question.key}.ask")), MOST_LETTERS), self.say(ui("mydata.seen_it"))
        label = self.say(Text(f"{question.key}.short"))
        if question.kind is Kind.COMPUTED and isinstance(plain, tuple):
            return label, raw(plain)
        try:
            said = self.value(shown_value(self._content, question, Answer(Status(row["status"]), plain)))
        except (KeyError, ValueError):
            said = raw(plain)
        return label, said

    def _person(self, stored: Stored) -> Iterable[Line]:
        for row in stored["chats"]:
            yield from self._facts(
                row["created_at"],
                (
                    (ui("mydata.chat"), str(row["id"])),
                    (ui("mydata.language"), own_name(row["language"] or SOURCE_LANGUAGE)),
                    (ui("mydata.source"), row["source"]),
                    (ui("mydata.seen"), self._when(row["seen_at"])),
                ),
            )
        for row in stored["people"]:
            muted = [self.say(ui(f"settings.topic_{topic}")) for topic in row["muted"] or ()]
            yield from self._facts(
                row["created_at"],
                (
                    (ui("mydata.number"), str(row["id"])),
                    (ui("mydata.name"), row["name"]),
                    (ui("mydata.quiet"), row["quiet"]),
                    (ui("mydata.cap"), row["weekly_cap"] and str(row["weekly_cap"])),
                    (ui("mydata.zone"), row["zone"]),
                    (ui("mydata.muted"), self.value(Listing(tuple(map(Words, muted)))) if muted else None),
                    (ui("mydata.begun"), ", ".join((row["draft"] or "").split())),
                ),
            )

    def _facts(self, since: datetime, facts: Iterable[tuple[Text, str | None]]) -> Iterable[Line]:
        yield from (Line(self._when(since), self.say(what), words) for what, words in facts if words)

    def _each(
        self, rows: Sequence[Mapping[str, Any]], when: str, told: Callable[[Mapping[str, Any]], tuple[str, str]]
    ) -> Iterable[Line]:
        yield from (Line(self._when(row[when]), *told(row)) for row in rows)

    def _consent(self, row: Mapping[str, Any]) -> tuple[str, str]:
        title = self._known(town(f"consents.{row['purpose']}.title"), row["purpose"])
        language = own_name(row["language"])
        said = [self.say(ui("mydata.agreed", language=Words(language), version=Words(row["text_version"])))]
        if row["withdrawn_at"] is not None:
            said.append(self.say(ui("mydata.withdrawn", when=self._local(row["withdrawn_at"]))))
        return title, " ".join(said)

    def _seat(self, row: Mapping[str, Any]) -> tuple[str, str]:
        state = row["state"] if row["state"] in LIVE else "ended"
        return self._title(row["offer_id"]), self.say(ui(f"mydata.seat_{state}"))

    def _attendance(self, stored: Stored) -> Iterable[Line]:
        offers = {row["id"]: row["offer_id"] for row in stored["seats"]}
        for row in stored["attendance"]:
            came = self.say(ui(f"mydata.came_{row['state']}"))
            yield Line(self._when(row["marked_at"]), self._title(offers[row["registration_id"]]), came)

    def _offer(self, row: Mapping[str, Any]) -> tuple[str, str]:
        return self._title(row["offer_id"]), ""

    def _interest(self, row: Mapping[str, Any]) -> tuple[str, str]:
        title = self._title(row["offer_id"]) if row["offer_id"] else self.say(ui("mydata.kind_broadcast"))
        return title, ". ".join(filter(None, (self.say(ui(f"interest.{row['state']}")), row["partner"])))

    def _step(self, row: Mapping[str, Any]) -> tuple[str, str]:
        return self._known(Text(f"path.steps.{row['step_id']}.title"), row["step_id"]), ""

    def _messages(self, stored: Stored) -> Iterable[Line]:
        """What was sent to the person; of most messages the words are not kept."""
        sent = [row for row in stored["messages"] if row["sent_at"] is not None]
        yield from self._each(sent, "sent_at", lambda row: (self.say(ui(f"mydata.kind_{row['kind']}")), ""))

    def _said(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """Who said it, and what (of a picture or file, its kind); and whether it was taken back."""
        said: list[str] = []
        if row["author"] != Author.EVENT and row["kind"] != TEXT:
            said.append(self.say(ui(f"mydata.thing_{row['kind'] if row['kind'] in THINGS else 'other'}")))
        said += [words_of(row["text"] or ""), row["machine"] or ""]
        if row["taken_back_at"] is not None:
            said.append(self.say(ui("mydata.withdrawn", when=self._local(row["taken_back_at"]))))
        return self.say(ui(f"mydata.by_{row['author']}")), "\n".join(filter(None, said))

    def _look(self, row: Mapping[str, Any]) -> tuple[str, str]:
        deed = "looked" if row["deed"] == "profile_seen" else "did"
        return self.say(ui(f"mydata.team_{deed}")), ""

    def _title(self, offer: str) -> str:
        return self._known(Text(f"offers.{offer}.title"), offer)

    def _known(self, text: Text, otherwise: str) -> str:
        return self.say(text) if self._content.texts.has(SOURCE_LANGUAGE, text.key) else otherwise

    def _local(self, moment: datetime) -> datetime:
        return local_time(moment, self._content.town.clock)

    def _when(self, moment: datetime) -> str:
        return self.value(self._local(moment))
