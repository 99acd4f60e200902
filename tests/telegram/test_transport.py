"""What an error of the transport says: provably not sent, or nobody can know."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.transport import NotSent, OutcomeUnknown, ServerTrouble, Transport
from tests.telegram.servers import (
    AUTHORITY,
    Habit,
    hanging_up,
    http,
    proxy,
    request,
    resetting,
    saying,
    serving,
    silent,
    tls,
)

GOOD = b'{"ok":true,"result":{"message_id":7,"text":"{}"}}'
OK = "200 OK"


@asynccontextmanager
async def opened(*, via: str = "", ca_file: Path | None = None) -> AsyncIterator[Transport]:
    transport = Transport(proxy=via, ca_file=ca_file, connections=2)
    await transport.initialize()
    try:
        yield transport
    finally:
        await transport.shutdown()


async def outcome(habit: Habit, *, read_timeout: float = 10.0) -> tuple[int, bytes]:
    """Status and body of one call to a server with that habit."""
    async with serving(habit) as address, opened() as transport:
        return await transport.do_request(f"http://{address}/getMe", "POST", read_timeout=read_timeout)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def test_a_good_answer_comes_back_as_it_was_sent() -> None:
    assert await outcome(saying(http(OK, GOOD))) == (200, GOOD)


async def test_the_parameters_arrive_as_json() -> None:
    values = {"chat_id": 2**40, "text": "Grüß Gott, مرحبا \U0001f600", "reply_markup": {"inline_keyboard": []}}
    seen: list[tuple[str, bytes]] = []
    data = RequestData([RequestParameter(name, value, []) for name, value in values.items()])
    async with serving(saying(http(OK, GOOD), seen)) as address, opened() as transport:
        assert await transport.post(f"http://{address}/bot1:x/sendMessage", data) == json.loads(GOOD)["result"]
    assert seen[0][0] == "POST /bot1:x/sendMessage HTTP/1.1"
    assert json.loads(seen[0][1]) == values


@pytest.mark.row(5)
async def test_a_refused_connection_was_not_sent() -> None:
    async with opened() as transport:
        with pytest.raises(NotSent):
            await transport.do_request(f"http://127.0.0.1:{closed_port()}/getMe", "POST")


@pytest.mark.row(5)
async def test_a_name_nobody_knows_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    async with opened() as transport:
        with pytest.raises(NotSent):
            await transport.do_request("http://telegram.invalid/getMe", "POST")


async def test_a_closed_transport_sends_nothing() -> None:
    with pytest.raises(NotSent):
        await Transport().do_request("http://127.0.0.1:1/getMe", "POST")


@pytest.mark.row(6)
@pytest.mark.parametrize("habit", [hanging_up, resetting], ids=["closed", "reset"])
async def test_after_a_connection_broke_under_the_request_nobody_knows(habit: Habit) -> None:
    with pytest.raises(OutcomeUnknown):
        await outcome(habit)


@pytest.mark.row(7)
async def test_after_a_silence_nobody_knows() -> None:
    with pytest.raises(OutcomeUnknown):
        await outcome(silent, read_timeout=0.05)


@pytest.mark.row(9)
@pytest.mark.parametrize(
    "answer",
    [
        http("500 Internal Server Error", b'{"ok":false,"error_code":500,"description":"Internal"}'),
        http("502 Bad Gateway", b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
        http("504 Gateway Timeout", b""),
        http(OK, b""),
        http(OK, b"<html>hello</html>", "text/html"),
        http(OK, b"[1,2]"),
        http(OK, b"null"),
        http(OK, GOOD[:-9], length=len(GOOD)),
        http("413 Payload Too Large", b"<html>too large</html>", "text/html"),
        b"",
        b"HTTP/1.1 200 O",
        b"this is not HTTP at all\r\n\r\n",
    ],
)
async def test_after_an_answer_that_is_none_nobody_knows(answer: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        await outcome(saying(answer))


@pytest.mark.row(9)
async def test_an_answer_cut_anywhere_is_no_answer() -> None:
    for length in range(len(GOOD)):
        async with serving(saying(http(OK, GOOD[:length], length=-1))) as address, opened() as transport:
            with pytest.raises(TelegramError):
                await transport.post(f"http://{address}/getMe")


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        ("400 Bad Request", "Bad Request: message is not modified", BadRequest),
        ("401 Unauthorized", "Unauthorized", InvalidToken),
        ("403 Forbidden", "Forbidden: bot was blocked by the user", Forbidden),
        ("404 Not Found", "Not Found", InvalidToken),
        ("409 Conflict", "Conflict: terminated by other getUpdates request", Conflict),
    ],
)
async def test_a_refusal_in_telegrams_words_is_the_librarys_error(
    status: str, description: str, error: type[TelegramError]
) -> None:
    body = json.dumps({"ok": False, "error_code": int(status[:3]), "description": description}).encode()
    async with serving(saying(http(status, body))) as address, opened() as transport:
        with pytest.raises(error) as raised:
            await transport.post(f"http://{address}/sendMessage")
    assert not isinstance(raised.value, NotSent | OutcomeUnknown)


async def test_being_told_to_wait_says_how_long() -> None:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 17}}
    answer = http("429 Too Many Requests", json.dumps(body).encode())
    async with serving(saying(answer)) as address, opened() as transport:
        with pytest.raises(RetryAfter) as raised:
            await transport.post(f"http://{address}/sendMessage")
    assert raised.value.retry_after.total_seconds() == 17  # type: ignore[union-attr]


def message_to_nobody() -> RequestData:
    """The parameters of a call."""
    return RequestData([RequestParameter("chat_id", 1, [])])


async def answered(status: str, body: bytes, kind: str = "application/json") -> object:
    """What a call comes to."""
    async with serving(saying(http(status, body, kind))) as address, opened() as transport:
        return await transport.post(f"http://{address}/sendMessage")


@pytest.mark.parametrize(
    "body", [GOOD + b"\n", b" " + GOOD + b"\r\n", b'{"ok": true, "result": {"message_id": 7, "text": "{}"}}\n']
)
async def test_white_space_around_an_answer_is_none_of_it(body: bytes) -> None:
    assert await answered(OK, body) == json.loads(GOOD)["result"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (409, Conflict),
        (500, ServerTrouble),
        (408, ServerTrouble),
    ],
)
async def test_a_refusal_is_one_whatever_the_status_it_comes_with(code: int, error: type[TelegramError]) -> None:
    body = json.dumps({"ok": False, "error_code": code, "description": "no"}).encode() + b"\n"
    for status in (OK, "400 Bad Request", "500 Internal Server Error"):
        with pytest.raises(error):
            await answered(status, body)


ODD_PARAMETERS = (
    ["x"],
    "x",
    7,
    {"x": 7},
    {"migrate_to_chat_id": "-100x"},
    {"retry_after": [1]},
    {"retry_after": None},
    None,
)
ODD_WORDS = (7, ["no"], {"en": "no"}, "", None)


@pytest.mark.parametrize(
    "odd", [{"parameters": one} for one in ODD_PARAMETERS] + [{"description": one} for one in ODD_WORDS]
)
async def test_a_refusal_is_one_whatever_else_it_says(odd: dict[str, object]) -> None:
    body = json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: no", **odd}).encode()
    error = RetryAfter if odd == {"parameters": {"retry_after": [1]}} else BadRequest
    with pytest.raises(error):
        await answered("400 Bad Request", body)


async def test_a_group_that_has_moved_is_told_with_its_new_number() -> None:
    body = b'{"ok":false,"error_code":400,"description":"moved","parameters":{"migrate_to_chat_id":-100123}}'
    with pytest.raises(ChatMigrated) as raised:
        await answered("400 Bad Request", body)
    assert raised.value.new_chat_id == -100123


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other"])
async def test_a_call_that_would_arrive_without_its_parameters_was_not_sent(status: str) -> None:
    seen: list[str] = []

    async def habit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _ = await request(reader)
        seen.append(line.split()[0])
        head = f"HTTP/1.1 {status}\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() if len(seen) == 1 else http(OK, GOOD))
        await writer.drain()

    async with serving(habit) as address, opened() as transport:
        with pytest.raises(NotSent):
            await transport.post(f"http://{address}/sendMessage", message_to_nobody())


async def test_a_call_is_passed_on_with_its_parameters_where_the_server_says_so() -> None:
    seen: list[tuple[str, bytes]] = []

    async def habit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request(reader))
        head = (
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        writer.write(head if len(seen) == 1 else http(OK, GOOD))
        await writer.drain()

    async with serving(habit) as address, opened() as transport:
        assert (
            await transport.post(f"http://{address}/sendMessage", message_to_nobody()) == json.loads(GOOD)["result"]
        )
    assert [json.loads(body) for _, body in seen] == [{"chat_id": 1}] * 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (OK, b'{"message":"We are moving house"}'),
        (OK, b'{"ok":true}'),
        (OK, b"{}"),
        ("403 Forbidden", b'{"message":"not from here"}'),
        ("404 Not Found", b'{"detail":"Not Found"}'),
    ],
)
async def test_json_that_is_no_answer_of_the_bot_api_says_nothing(status: str, body: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as raised:
        await answered(status, body)
    assert not isinstance(raised.value, ServerTrouble)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"parameters": {"retry_after": 17}}, 17),
        ({"parameters": {"retry_after": "17"}}, 17),
        ({"parameters": {"retry_after": 0}}, 5),
        ({"parameters": {"retry_after": -1}}, 5),
        ({"parameters": {"retry_after": [1]}, "description": "retry after 8"}, 8),
        ({"parameters": {"retry_after": 999_999}}, 86_400),
        ({"parameters": 3, "description": "Too Many Requests: retry after 9"}, 9),
        ({}, 5),
    ],
)
async def test_who_is_told_to_wait_waits_whatever_is_said_of_the_time(said: dict[str, object], seconds: int) -> None:
    body = json.dumps({"ok": False, "error_code": 429, "description": "Too Many Requests", **said}).encode()
    for status in ("429 Too Many Requests", OK):
        with pytest.raises(RetryAfter) as raised:
            await answered(status, body)
        assert raised.value.retry_after.total_seconds() == seconds  # type: ignore[union-attr]


async def test_a_429_of_a_proxy_is_no_carried_out_call_either() -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"
    async with serving(saying(head)) as address, opened() as transport:
        with pytest.raises(RetryAfter) as raised:
            await transport.post(f"http://{address}/sendMessage")
    assert raised.value.retry_after.total_seconds() == 7  # type: ignore[union-attr]


async def test_once_the_token_was_taken_404_says_that_a_method_is_missing() -> None:
    missing = http("404 Not Found", b'{"ok":false,"error_code":404,"description":"Not Found"}')
    answers = {"getMe": http(OK, GOOD), "pinChatMessage": missing}

    async def habit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _ = await request(reader)
        writer.write(answers[line.split()[1].rpartition("/")[2]])
        await writer.drain()

    async with serving(habit) as address, opened() as transport:
        with pytest.raises(InvalidToken):
            await transport.post(f"http://{address}/bot1:x/pinChatMessage")
        await transport.post(f"http://{address}/bot1:x/getMe")
        with pytest.raises(BadRequest):
            await transport.post(f"http://{address}/bot1:x/pinChatMessage")


async def test_a_certificate_nobody_vouches_for_stops_the_request_before_it_is_sent() -> None:
    seen: list[tuple[str, bytes]] = []
    async with serving(saying(http(OK, GOOD), seen), context=tls()) as address, opened() as transport:
        with pytest.raises(NotSent):
            await transport.do_request(f"https://{address}/getMe", "POST")
    assert seen == []


async def test_an_own_certificate_authority_is_trusted() -> None:
    async with serving(saying(http(OK, GOOD)), context=tls()) as address, opened(ca_file=AUTHORITY) as transport:
        assert await transport.do_request(f"https://{address}/getMe", "POST") == (200, GOOD)


async def test_the_proxy_is_asked_for_the_connection() -> None:
    asked: list[str] = []
    async with (
        serving(saying(http(OK, GOOD)), context=tls()) as address,
        serving(proxy(asked)) as between,
        opened(via=f"http://{between}", ca_file=AUTHORITY) as transport,
    ):
        assert await transport.do_request(f"https://{address}/getMe", "POST") == (200, GOOD)
    assert asked == [f"CONNECT {address} HTTP/1.1"]


@pytest.mark.parametrize("refusal", ["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])
async def test_what_the_proxy_refuses_was_not_sent(refusal: str) -> None:
    asked: list[str] = []
    async with serving(proxy(asked, refusal=refusal)) as between, opened(via=f"http://{between}") as transport:
        with pytest.raises(NotSent):
            await transport.do_request("https://127.0.0.1:9/getMe", "POST")
    assert len(asked) == 1


async def test_a_proxy_that_is_not_there_sends_nothing() -> None:
    async with opened(via=f"http://127.0.0.1:{closed_port()}") as transport:
        with pytest.raises(NotSent):
            await transport.do_request("https://127.0.0.1:9/getMe", "POST")


async def test_no_error_of_the_transport_names_the_address_that_holds_the_token() -> None:
    token = "123456789:a-token-that-nobody-may-read-in-a-log"
    async with serving(hanging_up) as address, opened() as transport:
        for where in (address, f"127.0.0.1:{closed_port()}"):
            with pytest.raises((NotSent, OutcomeUnknown)) as raised:
                await transport.do_request(f"http://{where}/bot{token}/getMe", "POST")
            assert token not in str(raised.value)
            assert raised.value.__suppress_context__
