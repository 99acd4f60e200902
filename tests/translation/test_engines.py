"""Each engine's real code against a server that answers as its service does, and as it does on bad days."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from bot.content import markup
from bot.services.translating import Doubt
from bot.translation.engine import EngineFault, seconds_of
from bot.translation.line_out import LineOut
from tests.telegram.servers import CERTS, http, proxy, serving, tls

from . import services
from .conftest import ANSWERS, ENGINES, Bench, engine_of
from .services import (
    BAD_GATEWAY,
    BROKEN,
    HANG,
    HANG_UP,
    HTML,
    RUBBISH,
    TOO_MANY,
    Answer,
    reply,
    running,
    with_header,
)

TEXT = "Der Kurs beginnt am Montag."


async def test_a_sentence_comes_back_in_the_language_that_was_asked_for(bench: Bench) -> None:
    made = await bench.made(TEXT, to="ar")
    assert made.texts == ("كلمة كلمة كلمة كلمة كلمة.",)
    assert (made.engine, made.findings) == (bench.name, ())


async def test_signs_that_mean_something_on_the_way_come_back(bench: Bench) -> None:
    made = await bench.made("Sie & wir < drei > zwei \"drei\" 'vier' 100 % + #1")
    assert made.texts == ("слово & слово {<} слово > слово \"слово\" 'слово' 100 % + #1",)


RETRIED: dict[str, tuple[Answer, str]] = {
    "429 without Retry-After": (TOO_MANY, "quota"),
    "429 with Retry-After": (with_header(TOO_MANY, "Retry-After: 7"), "quota"),
    "500": (BROKEN, "unreachable"),
    "an HTML error page": (BAD_GATEWAY, "unreachable"),
    "the connection ends": (HANG_UP, "unreachable"),
    "a page of somebody in between": (HTML, "unreadable"),
    "rubbish": (RUBBISH, "unreadable"),
}


@pytest.mark.row(36)
@pytest.mark.parametrize("fault", RETRIED)
async def test_what_may_pass_is_tried_again_with_pauses_that_grow(bench: Bench, fault: str) -> None:
    answer, _ = RETRIED[fault]
    bench.service.faults = [answer, answer]
    assert (await bench.made(TEXT)).findings == ()
    assert len(bench.service.asked) == 3
    first, second = bench.pauses
    asked = 7.0 if fault == "429 with Retry-After" and bench.name != "deepl" else 0.0
    assert max(asked, 0.5) <= first <= max(asked, 1.5)
    assert max(asked, 1.5) <= second <= max(asked, 4.5)


@pytest.mark.row(36)
@pytest.mark.parametrize("fault", RETRIED)
async def test_after_four_tries_the_language_has_failed_with_its_reason(bench: Bench, fault: str) -> None:
    answer, reason = RETRIED[fault]
    bench.service.faults = [answer] * 9
    assert await bench.failure(TEXT) == reason
    assert len(bench.service.asked) == 4


@pytest.mark.row(36)
async def test_a_service_that_asks_for_an_hour_is_not_waited_for() -> None:
    async with running(services.libretranslate) as service:
        bench = Bench("libretranslate", service)
        service.faults = [with_header(TOO_MANY, "Retry-After: 3600")]
        assert await bench.failure(TEXT) == "quota"
        assert bench.pauses == []
        await bench.translator.close()


@pytest.mark.row(36)
async def test_nobody_there(bench: Bench, unused_tcp_port: int) -> None:
    engine = engine_of(bench.name, f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(EngineFault, match="unreachable") as fault:
        await engine.translate(["Kurs"], "de", "uk")
    assert fault.value.again
    await engine.close()


@pytest.mark.row(36)
@pytest.mark.parametrize("name", ENGINES)
async def test_a_call_that_hangs_ends_and_holds_nobody_up(name: str) -> None:
    async with running(ANSWERS[name]) as service:
        hurried = engine_of(name, service.url, seconds=0.2)
        service.faults = [HANG]
        with pytest.raises(EngineFault, match="timeout") as fault:
            await hurried.translate(["Kurs"], "de", "uk")
        assert fault.value.again
        await hurried.close()
        patient = engine_of(name, service.url)
        assert await patient.translate(["Kurs"], "de", "uk") == ["слово"]
        await patient.close()


TOKEN = re.compile(r"\[X\d+X\]|</?[xg]\d+/?>")
BAD_DAYS: dict[str, tuple[Callable[[str], str], str, set[Doubt]]] = {
    "loses all": (
        lambda made: TOKEN.sub("", made),
        "слово слово  слово слово слово слово",
        {Doubt.LOST, Doubt.MARKUP},
    ),
    "says them twice": (
        lambda made: TOKEN.sub(lambda found: found[0] * 2, made),
        "слово слово {name} слово <b>слово слово</b> слово",
        {Doubt.DOUBLED},
    ),
    "bends them": (
        lambda made: made.replace("[X", "( x ").replace("X]", " х )").replace("/>", " />").replace("<", "< "),
        "слово слово {name} слово <b>слово слово</b> слово",
        set(),
    ),
    "turns the ends around": (
        lambda made: (
            made.replace("[X1X]", "[X9X]")
            .replace("[X2X]", "[X1X]")
            .replace("[X9X]", "[X2X]")
            .replace("<g1>", "<g9>")
            .replace("</g1>", "<g1>")
            .replace("<g9>", "</g1>")
        ),
        "слово слово {name} слово слово слово слово",
        {Doubt.MARKUP},
    ),
    "leaves half of it out": (lambda made: made[:14], "", {Doubt.LOST, Doubt.MARKUP, Doubt.LENGTH}),
}


@pytest.mark.row(36)
@pytest.mark.parametrize("day", BAD_DAYS)
async def test_what_an_engine_breaks_is_in_doubt_and_can_still_be_read(bench: Bench, day: str) -> None:
    damage, text, doubts = BAD_DAYS[day]
    bench.service.speech = lambda words, language: damage(services.spoken(words, language))
    made = await bench.made("Willkommen liebe {name} bitte <b>kommen Sie</b> zahlreich")
    assert set(made.doubts) == doubts
    markup.parse(made.texts[0])
    if Doubt.LENGTH not in doubts:
        assert " ".join(made.texts[0].split()) == " ".join(text.split())


NOTHING = {"google": None, "mymemory": "", "deepl": "", "libretranslate": ""}


@pytest.mark.row(36)
async def test_nothing_in_the_place_of_a_translation_is_a_failure(bench: Bench) -> None:
    bench.service.speech = lambda *_: NOTHING[bench.name]
    assert await bench.failure(TEXT) in {"empty", "unreadable"}


async def test_what_has_no_letters_is_not_sent_at_all(bench: Bench) -> None:
    bench.service.speech = lambda *_: None
    assert (await bench.made("👍 🎉", "📞 +49 30 23125 102", "18:00")).texts == (
        "👍 🎉",
        "📞 +49 30 23125 102",
        "18:00",
    )
    assert bench.service.asked == []


NO: dict[str, list[tuple[bytes, str]]] = {
    "deepl": [
        (reply({"message": "Forbidden"}, "403 Forbidden"), "refused"),
        (reply({"message": "Quota Exceeded"}, "456 Quota exceeded"), "quota"),
        (reply({"message": "Value for 'target_lang' not supported."}, "400 Bad Request"), "unsupported_language"),
        (reply({"message": "Bad request"}, "400 Bad Request"), "refused"),
    ],
    "libretranslate": [
        (reply({"error": "Invalid API key"}, "403 Forbidden"), "refused"),
        (reply({"error": "uk is not supported"}, "400 Bad Request"), "unsupported_language"),
        (
            reply({"error": "Ukrainian (uk) is not available as a target language from German"}, "400 Bad Request"),
            "unsupported_language",
        ),
        (reply({"error": "Invalid request: missing q parameter"}, "400 Bad Request"), "refused"),
    ],
    "google": [(http("403 Forbidden", b"", "text/html"), "refused")],
    "mymemory": [
        (reply({"responseData": {"translatedText": words}, "responseStatus": status, "matches": ""}), reason)
        for words, status, reason in (
            ("MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY.", 429, "quota"),
            ("'XX' IS AN INVALID TARGET LANGUAGE . EXAMPLE: LANGPAIR=EN|IT", "403", "refused"),
            ("QUERY LENGTH LIMIT EXCEEDED. MAX ALLOWED QUERY : 500 CHARS", "403", "refused"),
        )
    ],
}


@pytest.mark.parametrize(("name", "answer", "reason"), [(name, *one) for name, all_ in NO.items() for one in all_])
async def test_a_no_is_not_asked_again(name: str, answer: bytes, reason: str) -> None:
    async with running(ANSWERS[name]) as service:
        bench = Bench(name, service)
        service.faults = [answer] * 3
        assert await bench.failure(TEXT) == reason
        assert len(service.asked) == 1
        await bench.translator.close()


async def test_a_language_that_an_engine_does_not_know(bench: Bench) -> None:
    assert await bench.failure(TEXT, to="xx") == "unsupported_language"


async def test_dari_is_asked_for_and_persian_where_it_is_not_known(bench: Bench) -> None:
    bench.service.speech = lambda text, language: services.spoken(text, "fa" if language == "prs-AF" else language)
    assert (await bench.made(TEXT, to="prs")).texts == ("واژه واژه واژه واژه واژه.",)
    asked = [
        one.query.get("tl")
        or one.query.get("langpair")
        or json.loads(one.body).get("target_lang", "").lower()
        or json.loads(one.body)["target"]
        for one in bench.service.asked
    ]
    expected = {"google": ["fa"], "mymemory": ["de-DE|prs-AF"]}
    assert asked == expected.get(bench.name, ["prs", "fa"])


async def test_every_language_of_the_town_has_a_code_in_each_engine(bench: Bench) -> None:
    for language in services.WORD:
        assert (await bench.made(TEXT, to=language)).findings == ()


async def test_half_of_the_texts_missing_is_unreadable() -> None:
    async with running(services.deepl) as service:
        bench = Bench("deepl", service)
        half = {"translations": [{"detected_source_language": "DE", "text": "слово", "billed_characters": 1}]}
        service.faults = [reply(half)] * 4
        assert await bench.failure("Der Kurs ist morgen.\nKommen Sie.") == "unreadable"
        await bench.translator.close()


STRANGE = {
    "libretranslate": [b"[]", b"null", b'{"translatedText": 5}', b'{"translatedText": ["a"]}', b"[" * 100_000],
    "deepl": [
        b"[]",
        b"null",
        b'{"translations": [null]}',
        b'{"translations": [{"text": 5, "billed_characters": 1}]}',
    ],
    "mymemory": [b"null", b"{}", b'{"responseData": null}', b'{"responseData": {"translatedText": null}}', b"[]"],
    "google": [b"", b"<div>", b'<div class="other">Kurs</div>'],
}


@pytest.mark.row(36)
@pytest.mark.parametrize(("name", "body"), [(name, one) for name, all_ in STRANGE.items() for one in all_])
async def test_answers_of_another_shape_are_a_failure_and_nothing_worse(name: str, body: bytes) -> None:
    async with running(ANSWERS[name]) as service:
        engine = engine_of(name, service.url)
        service.faults = [http("200 OK", body)]
        with pytest.raises(EngineFault):
            await engine.translate(["Der Kurs"], "de", "uk")
        await engine.close()


async def test_words_and_keys_never_stand_in_an_address_of_ours(bench: Bench) -> None:
    await bench.made(TEXT)
    for one in bench.service.asked:
        if bench.name in {"deepl", "libretranslate"}:
            assert (one.method, one.query) == ("POST", {})
        assert "secret" not in one.path


@pytest.mark.parametrize("name", ENGINES)
async def test_the_proxy_of_the_settings_is_used(name: str) -> None:
    seen: list[str] = []
    async with serving(proxy(seen, refusal="407 Proxy Authentication Required")) as address:
        engine = engine_of(name, "https://translator.example", way=LineOut(f"http://{address}"))
        with pytest.raises(EngineFault, match="unreachable"):
            await engine.translate(["Kurs"], "de", "uk")
        await engine.close()
    assert {line.split()[1] for line in seen} == {"translator.example:443"}


@pytest.mark.parametrize("name", ENGINES)
async def test_an_authority_of_ones_own_counts_and_without_it_nobody_is_trusted(name: str) -> None:
    service = services.Service(ANSWERS[name])
    async with serving(service, context=tls()) as address:
        url = f"https://localhost:{address.rpartition(':')[2]}"
        for ca_file in (None, CERTS / "authority.pem"):
            engine = engine_of(name, url, way=LineOut(ca_file=ca_file))
            if ca_file is None:
                with pytest.raises(EngineFault, match="unreachable"):
                    await engine.translate(["Kurs"], "de", "uk")
            else:
                assert await engine.translate(["Kurs"], "de", "uk") == ["слово"]
            await engine.close()


@pytest.mark.parametrize(
    ("header", "seconds"), [(None, 0), ("7", 7), ("-1", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0)]
)
def test_what_a_service_asks_to_wait(header: str | None, seconds: float) -> None:
    assert seconds_of(header) == seconds


HANGING = """
import asyncio, threading
from bot.translation.threads import Threads

async def main():
    threads = Threads(2)
    for _ in range(3):
        try:
            await threads.run(threading.Event().wait, 0.05)
        except TimeoutError:
            print("over")

asyncio.run(main())
print(threading.active_count())
"""


def test_a_call_that_never_ends_does_not_keep_the_process() -> None:
    command = [sys.executable, "-c", HANGING]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own code
    assert done.stdout.split() == ["over"] * 3 + ["3"], "the third found no place: two threads hang, and no more"
