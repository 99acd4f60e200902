"""What screens are built from: the view of one person's turn, and the texts they are said with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import utf16
from bot.core.engine import Answer, State, Status
from bot.core.message import Argument, Button, LinkButton, Listing, Marked, Month, Text, Words
from bot.core.months import year_and_month
from bot.core.questionnaire import OWN_WORDS, Kind, Question, Questionnaire
from bot.db.chats import ParticipantRow
from bot.services.offers.shown import Interesting, Shown
from bot.services.path.way import Way
from bot.services.preferences.preferences import Preferences

Item = TypeVar("Item")
FEW_LETTERS = 16
Row = tuple[Button | LinkButton, ...]
Block = tuple[Text | Words | Marked, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is looked up for one place and not for others: `bot.services.viewing` says what for which.

    `consents` are the purposes agreed to, each with since when. `again` are the questions whose answers are shown
    once more, `news` those new to the person. `way` is their path. `waits` are the seconds for which people waited
    for the team's last answers. `has_said`: they have said something to the team that can be taken back.
    `code_since`: since when they have a code on paper.
    """

    consents: Mapping[str, datetime] = field(default_factory=dict)
    offers: tuple[Shown, ...] = ()
    interests: tuple[Interesting, ...] = ()
    way: Way | None = None
    again: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    waits: tuple[int, ...] = ()
    has_said: bool = False
    code_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What a screen is built from: what is known at every place, and what was `found` for this one.

    `focus` is what the screen is about (a page of a list, a part of the settings). `person` is who speaks, `people`
    are all of the phone. `more` says that the person has taken up the questions that follow the first pass.
    `given_at` are the times of their answers. `messages` says what we may write to them. `form`: staff fill this in,
    and are asked nothing else. `translates`: a machine translates what is said.
    """

    content: Content
    language: str
    state: State | None = None
    found: Found = field(default_factory=Found)
    focus: str = ""
    now: datetime = field(kw_only=True)
    phone_language: str | None = None
    person: ParticipantRow | None = None
    people: tuple[ParticipantRow, ...] = ()
    more: bool = False
    given_at: Mapping[str, datetime] = field(default_factory=dict)
    messages: Preferences = field(default_factory=Preferences)
    form: Questionnaire | None = None
    translates: bool = False

    @property
    def today(self) -> date:
        """The day, as the town's calendar shows it."""
        return local_day(self.content, self.now)

    @property
    def questionnaire(self) -> Questionnaire:
        """The questions that this person is asked."""
        return self.form or asked_of(self.content, more=self.more)

    @property
    def whole(self) -> Questionnaire:
        """All questions, those for later too."""
        return self.form or self.content.questionnaire


def page_of(items: Sequence[Item], page: int, most: int) -> tuple[Sequence[Item], int, int]:
    """A page of a list, counted from 0; its number, which is the last one's for a page there is not; and the last."""
    last = max((len(items) - 1) // most, 0)
    page = min(page, last)
    return items[page * most : (page + 1) * most], page, last


def asked_of(content: Content, *, more: bool) -> Questionnaire:
    """The whole questionnaire for somebody who tells more, else its first pass."""
    return content.questionnaire if more else content.questionnaire.first_pass


def ui(key: str, /, count: int | None = None, **args: Argument) -> Text:
    """One of the bot's own texts."""
    return Text(f"ui.{key}", args, count)


RESUME: Row = (Button(ui("button.resume"), "resume", "▶️"),)
"""Back to where the person was."""


def town(key: str) -> Text:
    """A text of the town."""
    return Text(f"town.{key}")


def shortened(words: str, most: int) -> str:
    """The beginning of some words, at most so many letters, by which they are recognised."""
    return words if len(words) <= most else f"{words[:most].rstrip()} …"


def interest_back(one: Interesting) -> Row:
    """The button to take an interest back."""
    what = Words(shortened(one.words, FEW_LETTERS))
    return (Button(ui("button.interest_drop", what=what), f"no_interest.{one.subject}", "↩️"),)


def within(content: Content, text: Text, room: int) -> Text | Words:
    """A text; where it takes more than so many UTF-16 units, the plain words of its beginning."""
    words = content.texts.label(SOURCE_LANGUAGE, text)
    if utf16(words) <= room:
        return text
    return Words(f"{words.encode('utf-16-le')[: 2 * room].decode('utf-16-le', 'ignore').rstrip()} …")


def has_text(content: Content, key: str) -> bool:
    """Whether the content holds such a text (in German, where all of them stand)."""
    return content.texts.has(SOURCE_LANGUAGE, key)


def shown_value(content: Content, question: Question, given: Answer) -> Argument:
    """An answer by itself, as a card shows it."""
    if given.value is None:
        return ui("summary.declined" if given.status is Status.DECLINED else "summary.skipped")
    value = given.value
    if isinstance(value, tuple):
        return Listing(tuple(option_text(content, question, option) for option in value))
    if isinstance(value, int):
        unit = f"{question.key}.unit"
        return Text(unit, count=value) if has_text(content, unit) else value
    if question.kind is Kind.MONTH_YEAR:
        return Month(*year_and_month(value))
    if question.kind is Kind.DAY:
        return date.fromisoformat(value)
    if value in question.option_ids:
        return option_text(content, question, value)
    return Words(value.removeprefix(OWN_WORDS) if question.kind is Kind.LIST else value)


def option_text(content: Content, question: Question, option: str) -> Text:
    """The text of an option, or of an item of a list."""
    return Text(content.texts.option_key(question, option))


def month_of(content: Content, moment: datetime) -> Month:
    """The month of a moment, as the town's calendar shows it."""
    day = local_day(content, moment)
    return Month(day.year, day.month)


def local_day(content: Content, moment: datetime) -> date:
    """The day of a moment, as the town's calendar shows it."""
    return moment.astimezone(ZoneInfo(content.town.zone)).date()
