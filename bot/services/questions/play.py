"""The questionnaire in a terminal: for whoever writes the questions, before anybody is asked them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from bot.content.loader import Content
from bot.content.understanding import typed
from bot.core import engine
from bot.core.engine import Chosen, Declined, Done, Input, OwnWords, Skipped, State, Ticked
from bot.core.message import Text
from bot.core.questionnaire import Kind, Question
from bot.services.questions.problems import problem_said
from bot.services.questions.summary import sentence

_DIRECTION_MARKS = str.maketrans("", "", "\u200f\u2068\u2069")


def play(content: Content, language: str, ask: Callable[[str], str], say: Callable[[str], None], today: date) -> int:
    """Walks the questionnaire in that language until the person quits; gives 0. `today` bounds months.

    `ask` shows a prompt and gives what was typed, or raises EOFError, which quits.
    """
    return _Game(content, language, ask, say, today).run()


class _Game:
    def __init__(
        self, content: Content, language: str, ask: Callable[[str], str], say: Callable[[str], None], today: date
    ) -> None:
        self._content = content
        self._today = today
        self._questionnaire = content.questionnaire
        self._texts = content.texts
        self._language = language
        self._ask = ask
        self._say = say

    def run(self) -> int:
        state = engine.start(self._questionnaire)
        while True:
            question = self._questionnaire.by_id[state.at] if state.at else None
            for line in self._card(question, state) if question else self._summary(state):
                self._say(line)
            try:
                word = self._ask(_prompt(question)).strip()
            except EOFError:
                return 0
            if word == "q":
                return 0
            state = self._moved(state, question, word)

    def _moved(self, state: State, question: Question | None, word: str) -> State:
        if word == "b":
            return engine.back(self._questionnaire, state)
        if question is None:
            return self._changed(state, word)
        before = state
        for given in self._inputs(question, state, word):
            step = engine.answer(self._questionnaire, state, given)
            if step.problem:
                self._say(f"! {self._plain(problem_said(step.problem))}")
                return before
            state = step.state
        return state

    def _inputs(self, question: Question, state: State, word: str) -> list[Input]:
        """What the person typed: a command, numbers of options, or words."""
        numbers = word.replace(",", " ").split()
        ids = {str(number): option for number, option in enumerate(_offered(question, state), start=1)}
        multiple = question.kind is Kind.MULTIPLE
        if word == "s" and question.optional:
            return [Skipped()]
        if word == "n" and question.sensitive:
            return [Declined()]
        if word == "" and (multiple or question.kind is Kind.STATEMENT):
            return [Done()]
        if word == "o" and question.own_words:
            return [OwnWords()]
        if numbers and all(number in ids for number in numbers):
            if multiple:
                return [Ticked(ids[number], ids[number] not in state.draft) for number in numbers]
            if len(numbers) == 1:
                return [Chosen(ids[word])]
        return [typed(self._content, question, self._language, word, self._today)]

    def _changed(self, state: State, word: str) -> State:
        lines = self._changeable(state)
        if word.isdecimal() and 1 <= int(word) <= len(lines):
            return engine.change(self._questionnaire, state, lines[int(word) - 1])
        self._say("! choose a line by its number")
        return state

    def _card(self, question: Question, state: State) -> Iterator[str]:
        number, total = engine.progress(self._questionnaire, state)
        yield f"\n[{number}/{total}] {self._plain(Text(question.section_key))}"
        for name in ("ask", "hint", "why"):
            if self._texts.has("de", key := f"{question.key}.{name}"):
                yield self._plain(Text(key))
        for place, option in enumerate(_offered(question, state), start=1):
            mark = ("[x] " if option in state.draft else "[ ] ") if question.kind is Kind.MULTIPLE else ""
            yield f"  {place}. {mark}{self._option(question, option)}"
        for url in question.links:
            yield f"  {url}"

    def _summary(self, state: State) -> Iterator[str]:
        yield ""
        given = engine.counting(self._questionnaire, state.answers)
        numbers = {name: number for number, name in enumerate(self._changeable(state), start=1)}
        for name, answer in given.items():
            question = self._questionnaire.by_id[name]
            if question.kind is not Kind.STATEMENT:
                number = f"{numbers[name]}." if name in numbers else "  "
                yield f"  {number} {self._plain(sentence(self._content, question, answer))}"

    def _changeable(self, state: State) -> list[str]:
        """The questions whose answers the summary can change, in its order."""
        counted = engine.counting(self._questionnaire, state.answers)
        return [name for name in counted if self._questionnaire.by_id[name].kind.is_answered]

    def _option(self, question: Question, option: str) -> str:
        return self._plain(Text(self._texts.option_key(question, option)))

    def _plain(self, text: Text) -> str:
        """A text, in German where it is not translated; without direction marks, as terminals turn lines."""
        return self._texts.label(self._language, text).translate(_DIRECTION_MARKS)


def _offered(question: Question, state: State) -> tuple[str, ...]:
    """The options that can be chosen by number: of a list, what was found, else the usual items."""
    if question.kind is Kind.LIST:
        return tuple(one for one in state.draft if one in question.option_ids) or question.common
    return tuple(option.id for option in question.options)


def _prompt(question: Question | None) -> str:
    if question is None:
        return "number: change a line, b: back, q: quit > "
    words = ["numbers: tick, Enter: done" if question.kind is Kind.MULTIPLE else "", "b: back"]
    words += ["Enter: go on"] if question.kind is Kind.STATEMENT else []
    words += ["o: keep my own words"] if question.own_words else []
    words += ["s: skip" if question.optional else "", "n: rather not say" if question.sensitive else "", "q: quit"]
    return ", ".join(word for word in words if word) + " > "
