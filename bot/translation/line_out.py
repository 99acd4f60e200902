"""The way out of this machine: through which proxy, and which certificates count."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass


@dataclass(frozen=True, slots=True)
class LineOut:
    """As the settings say (`HTTPS_PROXY`, `CA_FILE`); a proxy is passed by where the system says so."""

    proxy: str = ""
    ca_file: Path | None = None

    def proxy_to(self, url: str) -> str | None:
        """The proxy that leads there, None where the way is direct."""
        return None if not self.proxy or proxy_bypass(urlsplit(url).hostname or "") else self.proxy

    def proxies(self, url: str) -> dict[str, str]:
        """The same as `requests` wants it."""
        proxy = self.proxy_to(url)
        return {"http": proxy, "https": proxy} if proxy else {}

    @property
    def verify(self) -> str | bool:
        """The same as `requests` wants it."""
        return str(self.ca_file) if self.ca_file else True

    def context(self) -> ssl.SSLContext | bool:
        """What certificates aiohttp accepts."""
        return ssl.create_default_context(cafile=str(self.ca_file)) if self.ca_file else True
