"""Settings from the environment or `.env`. Every one is in `.env.example` with its reason."""

from __future__ import annotations

import difflib
import hashlib
import re
import ssl
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.refusal import ForOperator

TOKEN_SHAPE = re.compile(r"\d+:[\w-]{30,}")
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{32,256}")


ENV_FILE, ENV_CODING = ".env", "utf-8-sig"
"""Where settings may stand; some editors put a mark before UTF-8, which is no part of the first name."""
NAME_IN_FILE = re.compile(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=")
OTHERS = frozenset({"HTTP_PROXY"})
"""Names that resemble one of ours and mean something to other programs."""
ALIKE = 0.8
"""How much a name must be like a setting's to be taken for a slip of the pen (difflib's ratio)."""
LARGEST_PORT = 65535
FREE_RATE, LARGEST_RATE = 30, 1000
"""Messages a second that Telegram lets a bot send: for nothing, and for money."""
LONGEST_TRANSLATION = 600
"""Seconds that a coordinator can be kept waiting for a translation."""

Translator = Literal["none", "libretranslate", "deepl", "google", "mymemory"]
PUBLIC_LIBRETRANSLATE = ".libretranslate.com"
"""The server that the makers of LibreTranslate run for everybody: nobody's own."""
TRANSLATORS: tuple[str, ...] = get_args(Translator)
"""What can draft translations."""


class SettingsRefused(ForOperator):
    """The settings cannot be used; the text says which one and how to mend it."""


class Settings(BaseSettings):
    """What an operator may set. Secrets never show in a log or a traceback."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding=ENV_CODING, env_ignore_empty=True, extra="ignore"
    )

    bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = 8080
    health_port: int = 0
    data_dir: Path = Path("data")
    database_url: str = Field("", repr=False)  # may hold a password
    key_file: Path | None = None
    content_dir: Path = Path("content")
    town: str = "minden"
    flood_limit: int = 30
    send_rate: int = 30
    allow_paid_broadcast: bool = False
    https_proxy: str = Field("", repr=False)  # the same
    ca_file: Path | None = None
    translator: Translator = "none"
    translator_url: str = Field("", repr=False)  # may hold a password
    translator_key: SecretStr = SecretStr("")
    translator_seconds: int = 20
    translator_total_seconds: int = 90
    backup_dir: Path | None = None
    backup_key_file: Path | None = None
    backup_daily: int = 7
    backup_weekly: int = 4
    backup_monthly: int = 0
    otel_exporter_otlp_endpoint: str = Field("", repr=False)  # may hold a password
    log_level: str = "INFO"
    log_format: Literal["json", "text"] = "json"

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator(
        "flood_limit", "health_port", "port", "send_rate", "backup_daily", "backup_weekly", "backup_monthly"
    )
    @classmethod
    def _not_negative(cls, value: int) -> int:
        if value < 0:
            raise ValueError("use 0 or more")
        return value

    @field_validator("health_port", "port")
    @classmethod
    def _port(cls, value: int) -> int:
        if value > LARGEST_PORT:
            raise ValueError(f"use a port up to {LARGEST_PORT}")
        return value

    @field_validator("translator_seconds", "translator_total_seconds")
    @classmethod
    def _some_seconds(cls, value: int) -> int:
        if not 1 <= value <= LONGEST_TRANSLATION:
            raise ValueError(f"use 1 to {LONGEST_TRANSLATION} seconds")
        return value

    @field_validator("telegram_api_url", "webhook_url", "https_proxy", "translator_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.webhook_url and not SECRET_SHAPE.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError(
                "WEBHOOK_URL needs WEBHOOK_SECRET: 32 to 256 characters of A-Z a-z 0-9 _ - "
                '(make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))")'
            )
        if self.send_rate > LARGEST_RATE:
            raise ValueError(f"SEND_RATE: Telegram allows {LARGEST_RATE} messages a second at most")
        if self.send_rate > FREE_RATE and not self.allow_paid_broadcast:
            raise ValueError(
                f"SEND_RATE above {FREE_RATE} costs money: set ALLOW_PAID_BROADCAST=true as well, see docs/operate.md"
            )
        if self.ca_file is not None:
            try:
                ssl.create_default_context(cafile=str(self.ca_file))
            except OSError:  # an ssl.SSLError is one too
                raise ValueError("CA_FILE names no file with certificates in PEM form") from None
        self._check_translator()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'lotse.db'}"
        return self

    def _check_translator(self) -> None:
        key = self.translator_key.get_secret_value()
        match self.translator:
            case "deepl" if not key:
                raise ValueError("TRANSLATOR=deepl needs TRANSLATOR_KEY: the key of your DeepL API account")
            case "libretranslate" if not self.translator_url:
                raise ValueError("TRANSLATOR=libretranslate needs TRANSLATOR_URL: where your server listens")
            case "google" if key:
                raise ValueError(
                    "TRANSLATOR=google takes no TRANSLATOR_KEY: take it out, or choose another translator"
                )
            case "mymemory" if key and "@" not in key:
                raise ValueError("TRANSLATOR=mymemory takes an e-mail address of yours as TRANSLATOR_KEY, or none")

    @property
    def translator_outside(self) -> str | None:
        """A translator run by somebody else, to which people's words go only with consent; None without one."""
        host = urlsplit(self.translator_url).hostname or ""
        own = self.translator == "libretranslate" and not f".{host}".endswith(PUBLIC_LIBRETRANSLATE)
        return None if own or self.translator == "none" else self.translator

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.backup_dir or self.data_dir / "backups"

    def require_token(self) -> str:
        """The bot's token.

        Raises:
            SettingsRefused: where there is none, or it has not a token's shape.
        """
        token = self.bot_token.get_secret_value()
        if not TOKEN_SHAPE.fullmatch(token):
            raise SettingsRefused("BOT_TOKEN is missing or incomplete: ask @BotFather for one, or try `make demo`.")
        return token

    @property
    def key_path(self) -> Path:
        """Where the keys of sealed texts lie: where the operator says, else beside the data folder, not in it."""
        return self.key_file or key_beside(self.data_dir)

    @property
    def webhook_path(self) -> str:
        """Where updates come in: not to be guessed without the token and the secret."""
        seed = f"{self.bot_token.get_secret_value()}/{self.webhook_secret.get_secret_value()}"
        return f"/telegram/{hashlib.sha256(seed.encode()).hexdigest()[:40]}"


def key_beside(data_dir: Path) -> Path:
    """The key file of a data folder where nobody names another: beside it, so that no copy of the folder holds it."""
    folder = data_dir.absolute()
    return folder.with_name(f"{folder.name or 'lotse'}.key")


def read(**given: object) -> Settings:
    """The settings of this process; `given` beats the environment.

    Raises:
        SettingsRefused: in one line per setting, never with its value.
    """
    names = _names_in_file()
    if slips := [line for name in names if (line := _slip(name))]:
        raise SettingsRefused("\n".join(slips))
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, one['loc'])).upper() or 'Settings'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsRefused("\n".join(lines)) from None


def _names_in_file() -> list[str]:
    """What `.env` sets, in capitals.

    Raises:
        SettingsRefused: it is there and cannot be read.
    """
    if not Path(ENV_FILE).is_file():
        return []
    try:
        words = Path(ENV_FILE).read_text(encoding=ENV_CODING)
    except PermissionError:
        raise SettingsRefused(f"{ENV_FILE} may not be read by this account: call it as the bot's own.") from None
    except UnicodeDecodeError:
        raise SettingsRefused(f"{ENV_FILE} is no text in UTF-8: save it as UTF-8.") from None
    return [name.upper() for name in NAME_IN_FILE.findall(words)]


def _slip(name: str) -> str | None:
    """What to say of a name that resembles a setting's, since its value would otherwise be ignored silently."""
    known = [field.upper() for field in Settings.model_fields]
    near = [] if name in OTHERS or name in known else difflib.get_close_matches(name, known, n=1, cutoff=ALIKE)
    return f"{name} in {ENV_FILE} is no setting. Do you mean {near[0]}?" if near else None


def existing_town(folder: Path, town: str) -> tuple[Path, str]:
    """Content folder and town, if they are there.

    Raises:
        SettingsRefused: naming what was looked for.
    """
    if not folder.is_dir():
        raise SettingsRefused(f"There is no content folder {folder}. Go to the project's folder, or set CONTENT_DIR.")
    if not (folder / town).is_dir():
        there = ", ".join(sorted(one.parent.name for one in folder.glob("*/town.yaml"))) or "no town yet"
        what = f"There is no town folder {folder / town}. Set TOWN, or name it with --town. Known here: {there}."
        raise SettingsRefused(what)
    return folder, town
