"""The time zones somebody can choose from: by what the clock shows there now, then by country. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_ZONES = """
America/Los_Angeles America/Denver America/Mexico_City America/Chicago America/Bogota America/New_York
America/Toronto America/Caracas America/Sao_Paulo America/Argentina/Buenos_Aires
Africa/Accra Africa/Casablanca Europe/Lisbon Europe/London Europe/Dublin
Africa/Algiers Africa/Lagos Africa/Tunis
Europe/Berlin Europe/Madrid Europe/Paris Europe/Rome Europe/Vienna Europe/Warsaw Europe/Zurich
Africa/Cairo Africa/Johannesburg Africa/Khartoum Asia/Beirut Asia/Jerusalem
Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kyiv Europe/Sofia
Africa/Addis_Ababa Africa/Mogadishu Africa/Nairobi Asia/Baghdad Asia/Damascus Asia/Riyadh
Europe/Istanbul Europe/Minsk Europe/Moscow
Asia/Tehran Asia/Baku Asia/Dubai Asia/Tbilisi Asia/Yerevan Asia/Kabul
Asia/Almaty Asia/Karachi Asia/Tashkent Asia/Yekaterinburg Asia/Colombo Asia/Kolkata Asia/Kathmandu
Asia/Dhaka Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta Asia/Novosibirsk
Asia/Manila Asia/Shanghai Asia/Seoul Asia/Tokyo Asia/Vladivostok Australia/Sydney Pacific/Auckland
"""
OFFERED = {name.replace("/", "-"): name for name in _ZONES.split()}
"""IANA names by how a button sends them. A country with several clocks has its largest."""


_zone = cache(ZoneInfo)
"""The library itself remembers eight and reads the others from their files again and again."""


def minutes_ahead(zone: str, now: datetime) -> int:
    """How far the clocks there are ahead of UTC at a moment; less than 0 behind it."""
    return int((now.astimezone(_zone(zone)).utcoffset() or timedelta(0)).total_seconds() // 60)


def shown(ahead: int, now: datetime) -> time:
    """What a clock shows that is so many minutes ahead of UTC."""
    return (now.astimezone(UTC) + timedelta(minutes=ahead)).time()


def by_clock(now: datetime) -> dict[int, list[str]]:
    """How buttons send the zones, by the minutes their clocks are ahead of UTC now, from west to east."""
    found: dict[int, list[str]] = {}
    for sent, zone in OFFERED.items():
        found.setdefault(minutes_ahead(zone, now), []).append(sent)
    return dict(sorted(found.items()))
