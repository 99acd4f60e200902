"""Settings: what cannot be used is refused in one line that says how to mend it and holds no value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsRefused, existing_town, read

TOKEN = "123456789:AAcanary-token_of-nobody-0123456789"
SECRET = "canary-secret-0123456789-0123456789"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env`, and nothing of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_is_required_to_read_them() -> None:
    settings = read()
    assert settings.database_url == "sqlite:///data/lotse.db"
    assert (settings.host, settings.flood_limit, settings.log_level) == ("127.0.0.1", 30, "INFO")


def test_the_environment_speaks_and_what_is_given_beats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("TOWN", "")
    settings = read(port=9001)
    assert settings.require_token() == TOKEN
    assert (settings.port, settings.log_level, settings.town) == (9001, "DEBUG", "minden")


def test_a_file_called_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOWN=elsewhere\nUNKNOWN=1\n", encoding="utf-8")
    assert read().town == "elsewhere"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PORT": "canary"}, "PORT: "),
        ({"PORT": "-1"}, "PORT: use 0 or more"),
        ({"FLOOD_LIMIT": "-5"}, "FLOOD_LIMIT: use 0 or more"),
        ({"SEND_RATE": "31"}, "SEND_RATE above 30 costs money: set ALLOW_PAID_BROADCAST=true"),
        ({"SEND_RATE": "1001", "ALLOW_PAID_BROADCAST": "true"}, "SEND_RATE: Telegram allows 1000"),
        ({"SEND_RATE": "-1"}, "SEND_RATE: use 0 or more"),
        ({"LOG_LEVEL": "canary"}, "LOG_LEVEL: use DEBUG"),
        ({"TELEGRAM_API_URL": "canary.example"}, "TELEGRAM_API_URL: it must begin with https://"),
        ({"TRANSLATOR": "canary"}, "TRANSLATOR: "),
        ({"TRANSLATOR": "deepl"}, "TRANSLATOR=deepl needs TRANSLATOR_KEY"),
        ({"TRANSLATOR": "libretranslate"}, "TRANSLATOR=libretranslate needs TRANSLATOR_URL"),
        ({"TRANSLATOR": "google", "TRANSLATOR_KEY": "canary"}, "TRANSLATOR=google takes no TRANSLATOR_KEY"),
        ({"TRANSLATOR": "mymemory", "TRANSLATOR_KEY": "canary"}, "TRANSLATOR=mymemory takes an e-mail address"),
        ({"TRANSLATOR_URL": "canary.example"}, "TRANSLATOR_URL: it must begin with https://"),
        ({"TRANSLATOR_SECONDS": "0"}, "TRANSLATOR_SECONDS: use 1 to 600 seconds"),
        ({"TRANSLATOR_TOTAL_SECONDS": "601"}, "TRANSLATOR_TOTAL_SECONDS: use 1 to 600 seconds"),
        ({"CA_FILE": "canary.pem"}, "CA_FILE names no file"),
        ({"WEBHOOK_URL": "https://canary.example"}, "WEBHOOK_URL needs WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "https://canary.example", "WEBHOOK_SECRET": "canary"}, "WEBHOOK_URL needs WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "https://canary.example", "WEBHOOK_SECRET": "canary ü" * 8}, "needs WEBHOOK_SECRET"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        read(bot_token=SecretStr(TOKEN))
    assert said in str(refused.value)
    assert "canary" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_fault_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "x")
    with pytest.raises(SettingsRefused) as refused:
        read()
    assert {line.split(":")[0] for line in str(refused.value).splitlines()} == {"PORT", "LOG_LEVEL"}


@pytest.mark.parametrize("token", ["", "canary", "12345:short", f"x{TOKEN}", f"{TOKEN} ", f"{TOKEN}\n"])
def test_a_token_without_a_tokens_shape_is_refused(token: str) -> None:
    with pytest.raises(SettingsRefused, match="BOT_TOKEN is missing or incomplete") as refused:
        read(bot_token=SecretStr(token)).require_token()
    assert "canary" not in str(refused.value)


def test_secrets_show_in_no_form_of_the_settings() -> None:
    secrets = {"webhook_secret": SecretStr(SECRET), "translator_key": SecretStr(SECRET)}
    settings = read(bot_token=SecretStr(TOKEN), webhook_url="https://x.example", translator="deepl", **secrets)
    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert TOKEN not in shown
        assert SECRET not in shown


def test_the_webhooks_path_depends_on_token_and_secret_and_tells_neither() -> None:
    def path(**given: Any) -> str:
        return read(**{"bot_token": SecretStr(TOKEN), "webhook_secret": SecretStr(SECRET)} | given).webhook_path

    paths = {path(), path(bot_token=SecretStr(TOKEN[:-1])), path(webhook_secret=SecretStr(SECRET[:-1]))}
    assert len(paths) == 3
    assert path() in paths
    assert all(len(one) > 40 and TOKEN not in one and SECRET not in one for one in paths)


def test_addresses_lose_their_last_slash() -> None:
    assert read(telegram_api_url="http://127.0.0.1:8081/").telegram_api_url == "http://127.0.0.1:8081"


def test_whoever_names_no_town_reads_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="Known here: no town yet"):
        existing_town(tmp_path, "minden")
    for town in ("other", "lichtenau"):
        (tmp_path / town).mkdir()
        (tmp_path / town / "town.yaml").touch()
    (tmp_path / "locales").mkdir()
    with pytest.raises(SettingsRefused, match=r"Known here: lichtenau, other\.$"):
        existing_town(tmp_path, "minden")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("BACKUP_DAYLI=30", "BACKUP_DAILY"),
        ("export BOT_TOKN=canary", "BOT_TOKEN"),
        ("  translater = canary", "TRANSLATOR"),
        ("\ufeffTELEGRAM_URL=https://canary.example", "TELEGRAM_API_URL"),
    ],
)
def test_a_slip_of_the_pen_in_the_file_is_named_with_what_it_is_like(tmp_path: Path, line: str, meant: str) -> None:
    (tmp_path / ".env").write_text(f"TOWN=elsewhere\n{line}\n" if line.isascii() else line, encoding="utf-8")
    with pytest.raises(SettingsRefused, match=rf"in \.env is no setting\. Do you mean {meant}\?$") as refused:
        read()
    assert "canary" not in str(refused.value)


def test_what_other_programs_read_from_the_same_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("#BACKUP_DAYLI=30\nHTTP_PROXY=http://proxy\nPOSTGRES_PASSWORD=canary\n")
    assert read().backup_daily == 7


def test_a_mark_before_utf_8_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOWN=elsewhere\n", encoding="utf-8-sig")
    assert read().town == "elsewhere"


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_bytes("TOWN=Lübeck\n".encode("latin-1"))
    with pytest.raises(SettingsRefused, match=r"^\.env is no text in UTF-8: save it as UTF-8\.$"):
        read()

    def forbidden(path: Path, **_: str) -> str:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_text", forbidden)
    with pytest.raises(SettingsRefused, match=r"^\.env may not be read by this account"):
        read()
