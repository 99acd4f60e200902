"""Takes the pictures of content/README.md into docs/pictures: `python -m tests.browser.pictures [FOLDER]`.

Each is the end of a conversation with the whole bot and the town's own content, on a phone 360 pixels wide.
`test_demo.py` takes the picture of README.md, `phones.png`, if UPDATE_PICTURES=1 is set.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, expect

from tests.browser.chromium import NoChromium, started
from tests.browser.desk import desk_in
from tests.conversations.people import town
from tests.conversations.persona import Persona, Say, Time, Way
from tests.running import Lotse

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = 360
HEAVIEST = 120_000
"""The most bytes of a picture. A page for phones cannot hold more."""
WALL = "document.documentElement.style.setProperty('--wallpaper', '#bcd8b8')"
"""One colour behind the messages. With the usual background a picture takes twice the bytes."""
WAY: Way = {
    "goals": ("job", "recognition"),
    "german_level": "B1",
    "certificate": "yes",
    "paper": "yes",
    "times": ("mornings", "weekend"),
    "hours": Say("12"),
    "support": ("childcare", "laptop"),
    "education": "bachelor",
    "profession": "health",
    "recognition": "advised",
    "by_when": "year_1",
    "anything": "skip",
    "certificate_kind": "telc",
    "certificate_month": Say("05/2024"),
    "paper_from": "jobcenter",
    "computer": "good",
}
"""The answer on each question's card on the way to the picture."""


@dataclass(frozen=True)
class Sight:
    """A phone in that language at that question or card, showing `high` pixels of it.

    `words` are typed there. `later`: it comes after the end of the first pass.
    """

    language: str
    until: str
    high: int
    words: str = ""
    later: bool = False


PHONES: dict[str, Sequence[Sight]] = {
    "question.png": [Sight("de", "paper", 750)],
    "summary.png": [Sight("ar", "summary.title", 1080)],
    "search.png": [Sight("en", "occupation", 960, words="nurs", later=True)],
    "two-languages.png": [Sight("de", "recognition", 800), Sight("uk", "recognition", 800)],
}
"""What each picture shows, side by side."""


async def _seen(browser: Browser, sight: Sight) -> bytes:
    """One phone as it looks when its person has come that far."""
    with TemporaryDirectory() as folder:
        async with town(Path(folder), Time()) as lotse:
            person = await _comes(lotse, sight)
            window = {"width": WIDE, "height": sight.high}
            async with desk_in(browser, narrow=True, viewport=window) as desk:
                await desk.open(lotse.simulator.url)
                await desk.page.evaluate(WALL)
                phone = desk.phone("Amal")
                await expect(phone.log.locator(".keyboard").last).to_be_in_viewport()
                await phone.reads(person.phone.last.split("\n")[0])
                return await phone.element.screenshot(animations="disabled")


async def _comes(lotse: Lotse, sight: Sight) -> Persona:
    person = await Persona.comes(lotse, "Amal", sight.language)
    if sight.later:
        await person.walks(WAY)
        await person.agrees()
        await person.phone.tap(person.ui("button.more"))
    await person.walks(WAY, sight.until)
    if sight.words:
        await person.says(sight.words, sight.words)
    return person


async def _together(browser: Browser, phones: Sequence[bytes]) -> bytes:
    style = "body{margin:0;display:flex;gap:24px;width:max-content;background:#fff}img{display:block}"
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(one).decode()}">' for one in phones)
    async with desk_in(browser) as desk:
        await desk.page.set_content(f"<!doctype html><style>{style}</style>{images}")
        return await desk.page.locator("body").screenshot()


async def _taken(folder: Path) -> None:
    async with started() as browser:
        for name, sights in PHONES.items():
            phones = [await _seen(browser, one) for one in sights]
            picture = phones[0] if len(phones) == 1 else await _together(browser, phones)
            if len(picture) > HEAVIEST:
                sys.exit(f"{name} has {len(picture)} bytes, more than {HEAVIEST}: show less of the phone")
            (folder / name).write_bytes(picture)
            sys.stdout.write(f"{folder / name}: {len(picture)} bytes\n")


def main(folder: Path) -> None:
    """Writes the pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_taken(folder))
    except NoChromium as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
