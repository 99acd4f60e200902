"""How connections leave this machine: through which proxy, and which certificates are trusted."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass


@dataclass(frozen=True, slots=True)
class LineOut:
    """As in the settings (`HTTPS_PROXY`, `CA_FILE`). The system may name hosts that need no proxy."""

    proxy: str = ""
    ca_file: Path | None = None

    def proxy_to(self, url: str) -> str | None:
        """The proxy for this address. None for a direct connection."""
        return None if not self.proxy or proxy_bypass(urlsplit(url).hostname or "") else self.proxy

    def proxies(self, url: str) -> dict[str, str]:
        """The same in the form of `requests`."""
        proxy = self.proxy_to(url)
        return {"http": proxy, "https": proxy} if proxy else {}

    @property
    def verify(self) -> str | bool:
        """The trusted certificates in the form of `requests`."""
        return str(self.ca_file) if self.ca_file else True

    def context(self) -> ssl.SSLContext | bool:
        """The trusted certificates in the form of aiohttp."""
        return ssl.create_default_context(cafile=str(self.ca_file)) if self.ca_file else True
