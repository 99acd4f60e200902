"""What it costs several processes to keep one limit: to ask for each message, or to have one sender that leads.

Not in `make bench`: it needs a PostgreSQL (TEST_POSTGRES_URL) and, for one half, a Redis at 127.0.0.1:6379. `python
-m benchmarks.sharing`. Redis is used without a library, with one script a message, which is the fastest way.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import asyncpg

from benchmarks.table import percentile

TIMES = 3000
CLOCK = time.perf_counter
SCRIPT = (
    "local t=redis.call('TIME') local now=t[1]+t[2]/1000000 "
    "local at=tonumber(redis.call('GET',KEYS[1]) or '0') if at<now-1 then at=now-1 end "
    "if at>now then return tostring(at-now) end redis.call('SET',KEYS[1],tostring(at+1/tonumber(ARGV[1]))) return '0'"
)
ROW = """UPDATE bucket SET at = greatest(at, clock_timestamp() - interval '1 second') + interval '33 ms'
    WHERE at < clock_timestamp() RETURNING at"""
RENEW = "UPDATE bucket SET at = clock_timestamp() + interval '7 seconds' RETURNING at"
NOTIFY = "SELECT pg_notify('bench', 'touched 1')"


async def measured(what: str, call: Callable[[], Awaitable[object]], times: int = TIMES) -> None:
    """Prints one line: how long a call takes."""
    took = []
    began, cpu = CLOCK(), time.process_time()
    for _ in range(times):
        start = CLOCK()
        await call()
        took.append(CLOCK() - start)
    each, used = (CLOCK() - began) / times, (time.process_time() - cpu) / times
    p99 = percentile(took, 0.99)
    print(f"{what:<58} {each * 1e3:7.3f} ms  p99 {p99 * 1e3:7.3f} ms  own processor {used * 1e3:6.3f} ms")


async def redis() -> None:
    """Measures a token bucket as a script in Redis."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", 6379)
    except OSError:
        print("no Redis here")
        return
    words = ["EVAL", SCRIPT, "1", "lotse-bench", "1000000"]
    request = f"*{len(words)}\r\n" + "".join(f"${len(one)}\r\n{one}\r\n" for one in words)

    async def acquire() -> None:
        writer.write(request.encode())
        await reader.readline()
        await reader.readline()

    await measured("Redis: a token bucket, asked for each message", acquire)
    writer.write(b"*2\r\n$3\r\nDEL\r\n$11\r\nlotse-bench\r\n")
    await reader.readline()
    writer.close()
    await writer.wait_closed()


async def postgres() -> None:
    """Measures the same as a row, as an advisory lock, and what a leader needs instead."""
    url = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    wire = await asyncpg.connect(url.replace("+asyncpg", ""))
    await wire.execute("CREATE TEMPORARY TABLE bucket (at timestamptz NOT NULL)")
    await wire.execute("INSERT INTO bucket VALUES (now())")
    await measured("PostgreSQL: a token bucket as a row, for each message", lambda: wire.fetchval(ROW))

    async def lock() -> None:
        await wire.fetchval("SELECT pg_try_advisory_lock(7)")
        await wire.fetchval("SELECT pg_advisory_unlock(7)")

    await measured("PostgreSQL: an advisory lock taken and given back", lock)
    await measured("one that leads: a lease renewed, once a second", lambda: wire.fetchval(RENEW), TIMES // 3)
    await measured("one that leads: told of another's reply, once each", lambda: wire.fetchval(NOTIFY), TIMES // 3)
    await wire.close()


async def main() -> None:
    """Measures all of it."""
    await redis()
    await postgres()


if __name__ == "__main__":
    asyncio.run(main())
