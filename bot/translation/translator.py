"""One engine with everything around it: protection, splitting, cache, retries, and a check of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import log, metrics
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.glossary import Glossary
from bot.services.translating import Doubt, Failed, Failure, Finding, Outcome, Translated
from bot.translation.assembling import assembled
from bot.translation.cache import Cache, Forgetful, key_of
from bot.translation.engine import NEAREST, Engine, EngineFault
from bot.translation.patience import Patience
from bot.translation.protection import Line, Protector
from bot.translation.splitting import split
from bot.translation.tokens import Item
from bot.translation.verifying import doubts_about_things, doubts_about_words

AT_ONCE = 4
"""The most calls to one service at the same time, for all messages and languages."""


@dataclass(frozen=True, slots=True)
class _Work:
    """A line of text number `part` in the engine's form: pieces, each with the space after it."""

    part: int
    line: Line
    pieces: tuple[tuple[str, str], ...]


class MachineTranslator:
    """The services' `Translator`, built from an engine."""

    def __init__(self, engine: Engine, cache: Cache, patience: Patience | None = None) -> None:
        self._engine = engine
        self._cache = cache
        self._patience = patience or Patience()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self.failing: bool | None = None
        """Whether the last message got no translation, and no call has helped since. None: not asked yet."""

    @property
    def name(self) -> str:
        """The engine's name in the settings."""
        return self._engine.name

    async def close(self) -> None:
        """Closes connections."""
        await self._engine.close()

    async def translate(
        self,
        texts: Sequence[str],
        target: str,
        glossary: Glossary = (),
        source: str = SOURCE_LANGUAGE,
        *,
        remember: bool = True,
    ) -> Outcome:
        """Translates one message's texts into one language.

        Raises:
            MarkupError, DatabaseAway: see `bot.services.translating.Translator`.
        """
        work = list(self._work(texts, Protector(glossary, target)))
        pieces = list(dict.fromkeys(piece for one in work for piece, _ in one.pieces))
        try:
            made = await self._patience.within(
                self._made(pieces, source, target, self._cache if remember else Forgetful())
            )
        except EngineFault as fault:
            self.failing = fault.failure is not Failure.UNSUPPORTED_LANGUAGE or self.failing
            log.get().warning("translation_failed", engine=self.name, language=target, code=fault.failure.value)
            return Failed(fault.failure)
        return self._put_together(len(texts), work, made, source, target)

    def _work(self, texts: Sequence[str], protector: Protector) -> Iterator[_Work]:
        for part, text in enumerate(texts):
            for line in protector.lines(text):
                masked = self._engine.tokens.write(line.items, line.things)
                pieces = split(masked, self._engine.limit, self._engine.size) if line.items else []
                yield _Work(part, line, tuple(pieces))

    async def _made(self, pieces: list[str], source: str, target: str, cache: Cache) -> dict[str, str]:
        """The translation of each piece, from the cache or requested now."""
        keys = {piece: key_of(self.name, source, target, piece) for piece in pieces}
        known = await cache.known(list(keys.values()))
        made = {piece: known[key] for piece, key in keys.items() if key in known}
        missing = [piece for piece in pieces if piece not in made]

        async def ask(batch: list[str]) -> dict[str, str]:
            told, sound = await self._ask(batch, source, target)
            await cache.keep({keys[piece]: words for piece, words in sound.items()})  # at once: others may fail
            return told

        batches = [missing[a : a + self._engine.batch] for a in range(0, len(missing), self._engine.batch)]
        try:
            async with asyncio.TaskGroup() as nursery:
                asked = [nursery.create_task(ask(batch)) for batch in batches]
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        for task in asked:
            made |= task.result()
        return made

    async def _ask(self, batch: list[str], source: str, target: str) -> tuple[dict[str, str], dict[str, str]]:
        """The translations of a batch, and those of them that are sound."""

        async def once() -> list[str]:
            async with self._turn:
                outcome = Failure.TIMEOUT.value  # when the total time is over, the call is cancelled
                try:
                    answers = await self._asked(batch, source, target)
                    self.failing, outcome = False, "answered"
                except EngineFault as fault:
                    outcome = fault.failure.value
                    raise
                finally:
                    metrics.TRANSLATIONS.add(self.name, outcome)
                return answers

        answers = await self._patience.run(once)
        made = dict(zip(batch, answers, strict=True))
        return made, {piece: words for piece, words in made.items() if self._is_sound(piece, words, source, target)}

    async def _asked(self, batch: list[str], source: str, target: str) -> list[str]:
        """One call. If the engine does not know a language, with the nearest one."""
        try:
            answers = await self._engine.translate(batch, source, target)
        except EngineFault as fault:
            if fault.failure is not Failure.UNSUPPORTED_LANGUAGE or target not in NEAREST:
                raise
            answers = await self._engine.translate(batch, source, NEAREST[target])
        if not all(map(str.strip, answers)):
            raise EngineFault(Failure.EMPTY)
        return answers

    def _is_sound(self, piece: str, words: str, source: str, target: str) -> bool:
        """Whether nothing is doubtful: both have the same tokens equally often, with a translation in between."""
        given, made = (self._engine.tokens.read(text, ()) for text in (piece, words))
        numbers, others = (sorted(item for item in one if isinstance(item, int)) for one in (given, made))
        spoken = " ".join(item for item in made if isinstance(item, str))
        line = Line("", tuple(given), (), "")
        return numbers == others and not any(doubts_about_words(line, spoken, source, target))

    def _put_together(
        self, count: int, work: Sequence[_Work], made: dict[str, str], source: str, target: str
    ) -> Translated:
        lines: list[list[str]] = [[] for _ in range(count)]
        findings: list[Finding] = []
        for one in work:
            items = self._items(one, made)
            text, broken = assembled(one.line, items)
            lines[one.part].append(text)
            words = " ".join(item for item in items if isinstance(item, str))
            doubts: list[tuple[Doubt, str]] = []
            if one.line.items:
                doubts += doubts_about_things(items, one.line.items, one.line.things)
                doubts += [lost for lost in broken if lost not in doubts]
                doubts += doubts_about_words(one.line, words, source, target)
            findings += (Finding(doubt, one.part, what) for doubt, what in doubts)
        return Translated(tuple("\n".join(part) for part in lines), self.name, tuple(dict.fromkeys(findings)))

    def _items(self, work: _Work, made: dict[str, str]) -> list[Item]:
        items: list[Item] = []
        for piece, space in work.pieces:
            items += self._engine.tokens.read(made[piece].strip(), work.line.things)
            if space:
                items.append(space)
        return items
