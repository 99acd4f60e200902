"""`lotse demo` as people use it: two phones in the browser, both to a finished profile, over a stop and a start."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.content.loader import Content
from bot.core.message import Text
from tests.browser.desk import PhoneView, desk_in
from tests.ports import free_port
from tests.running import CONTENT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "phones.png"
LIMIT = 120
"""How long the demo may take to start or to stop, in seconds."""

Step = tuple[str, str]
"""What the card says, by key, and what the person does: `tap KEY`, `tick KEY` and on, or `write WORDS`."""
WELCOME: list[Step] = [
    ("ui.language.ask", "tap ui.language.name"),
    ("ui.age.ask", "tap ui.age.yes"),
    ("ui.consent.ask", "tap ui.consent.yes"),
    ("ui.consent.start", "tap ui.consent.next"),
]
AMAL: list[Step] = [
    ("goals", "tick german"),
    ("german_level", "tap A1"),
    ("courses", "tick none"),
    ("paper", "tap yes"),
    ("info_course", "tap ui.button.read"),
    ("times", "tick mornings"),
    ("hours", "write ١٢"),
    ("support", "tick childcare"),
    ("education", "tap upper"),
    ("profession", "tap teaching"),
    ("recognition", "tap not_started"),
    ("info_teaching", "tap ui.button.read"),
    ("by_when", "tap year_1"),
    ("anything", "tap ui.button.skip"),
]
BEN: list[Step] = [
    ("goals", "tick job"),
    ("german_level", "tap B1"),
    ("certificate", "write yes"),
    ("paper", "tap no"),
    ("info_iqui", "tap ui.button.read"),
    ("times", "tick evenings"),
    ("hours", "write 6"),
    ("support", "tick none"),
    ("education", "tap institute"),
    ("profession", "tap building"),
    ("years", "write 7"),
    ("by_when", "tap months_6"),
    ("anything", "write I can start at once."),
]
BEFORE = 7
"""How many cards are answered before the demo is stopped."""
ENDING: list[Step] = [
    ("ui.summary.title", "tap ui.summary.confirm"),
    ("ui.consent.end", "tap ui.consent.next"),
]


@dataclass(frozen=True)
class Person:
    """Somebody at a phone, who reads and writes their language."""

    phone: PhoneView
    content: Content
    language: str

    def says(self, key: str) -> str:
        """A text as this person sees it: its first line, without marks."""
        return self.content.texts.label(self.language, Text(key)).split("\n")[0]

    async def reads(self, key: str) -> None:
        """Wait for the card that says this."""
        await self.phone.reads(self.says(key))

    async def walk(self, steps: list[Step]) -> None:
        """Take these steps, each when its card is there."""
        for card, deed in steps:
            question = "" if card.startswith("ui.") else f"questionnaire.{card}."
            await self.reads(f"{question}ask" if question else card)
            verb, _, what = deed.partition(" ")
            if verb == "write":
                await self.phone.write(what)
                continue
            key = what
            if not what.startswith("ui."):
                key = self.content.texts.option_key(self.content.questionnaire.by_id[card], what)
            await self.phone.key(self.says(key)).click()
            if verb == "tick":
                await expect(self.phone.key(f"✅ {self.says(key)}")).to_be_visible()
                await self.phone.key(self.says("ui.button.done")).click()


class Demo:
    """The running command."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said = ""
        self.url = ""

    async def ready(self) -> None:
        """Wait for the line with the address."""
        assert self._process.stdout is not None
        async with asyncio.timeout(LIMIT):
            line = (await self._process.stdout.readline()).decode()
        found = re.match(r"Phones: (http://\S+)/ ", line)
        assert found is not None, f"{line}{await self.ended()}"
        self.said, self.url = line, found[1]

    async def ended(self) -> tuple[int, str, str]:
        """Wait for the end: exit code, what it said, and its log or complaint."""
        async with asyncio.timeout(LIMIT):
            out, err = await self._process.communicate()
        return self._process.returncode or 0, self.said + out.decode(), err.decode()

    async def stopped(self) -> tuple[int, str, str]:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return await self.ended()

    def kill(self) -> None:
        """End it for sure."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


@contextlib.asynccontextmanager
async def demo(data: Path, port: int = 0, **more: str) -> AsyncIterator[Demo]:
    """`lotse demo` in a process of its own, with its data in that folder, and more in its environment."""
    known = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME", "LANG"}}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", str(port)),
        cwd=CONTENT,  # where no .env lies
        env=known | {"DATA_DIR": str(data), "CONTENT_DIR": str(CONTENT)} | more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Demo(process)
    try:
        yield running
    finally:
        running.kill()
        await process.wait()


async def test_two_people_come_to_a_finished_profile_over_a_stop_and_a_start(
    browser: Browser, content: Content, tmp_path: Path
) -> None:
    data, port = tmp_path / "data", free_port()
    async with desk_in(browser) as desk:
        async with demo(data, port, LOG_LEVEL="INFO") as first:
            await first.ready()
            await desk.open(first.url)
            amal = Person(await desk.add("ar", "أمل"), content, "ar")
            ben = Person(await desk.add("en", "Ben"), content, "en")
            for person, steps in ((amal, AMAL), (ben, BEN)):
                await person.phone.start()
                await person.walk(WELCOME + steps[:BEFORE])
                await person.reads(f"questionnaire.{steps[BEFORE][0]}.ask")
            await take_picture(desk.page, tmp_path / "phones.png")
            clean_end(*await first.stopped())
        await expect(desk.connection).to_have_text("Reconnecting…")
        async with demo(data, port) as second:
            await second.ready()
            await expect(desk.connection).to_have_text("")
            for person, steps in ((amal, AMAL), (ben, BEN)):
                await person.walk(steps[BEFORE:] + ENDING)
                await person.reads("ui.done.title")
            code, said, log = await second.stopped()
            clean_end(code, said, log)
            assert log == "", "nothing stands between the two lines that say how to begin"


def clean_end(code: int, said: str, log: str) -> None:
    """Where the page is and how to become staff; one line per entry in the log, and nothing of what people wrote."""
    assert code == 0, log
    assert [line.partition(":")[0] for line in said.splitlines()] == ["Phones", "Staff"]
    entries = [json.loads(line) for line in log.splitlines()]
    assert [one for one in entries if one["level"] != "info"] == []
    assert not re.search("Ben|أمل|at once", log)


async def take_picture(page: Page, path: Path) -> None:
    """The picture of the README; it replaces the one in docs only with UPDATE_PICTURES=1."""
    picture = await page.screenshot(animations="disabled", path=path)
    assert 20_000 < len(picture) < 300_000
    if os.environ.get("UPDATE_PICTURES") == "1":
        await asyncio.to_thread(PICTURE.parent.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(PICTURE.write_bytes, picture)


async def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with demo(tmp_path / "data", port) as refused:
            code, said, complaint = await refused.ended()
    assert (code, said) == (2, "")
    assert re.fullmatch(rf"Port {port} [^\n]+\n", complaint)


async def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with demo(tmp_path / "file" / "data") as refused:
        code, said, complaint = await refused.ended()
    assert (code, said) == (2, "")
    assert re.fullmatch(r"Cannot write to [^\n]+\n", complaint)
