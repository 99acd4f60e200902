"""`lotse invite` as an operator runs it: beside a running bot, without one, and where it cannot be."""

from __future__ import annotations

import io
import json
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import clock, inviting, run_file, travel
from bot.cli import main
from bot.core.roles import Role
from bot.db.schema import invitation, partner
from bot.settings import Settings, SettingsRefused
from bot.simulator.server import Simulator
from tests.conversations.people import rows
from tests.phones import Phones
from tests.running import running, settings_for
from tests.waiting import until

LINK = re.compile(r"https://t\.me/(\w+)\?start=(team-[A-Za-z0-9_-]{32})\s")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def settings(simulator: Simulator, tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    return settings_for(simulator, data, f"sqlite:///{data / 'lotse.db'}")  # nothing is there yet


async def invite(settings: Settings, out: Path | None = None, role: Role = Role.ADMIN) -> str:
    """What the command prints."""
    screen = io.StringIO()
    await inviting.invite(settings, role, out, screen)
    return screen.getvalue()


async def test_without_a_running_bot_telegram_says_its_name(
    settings: Settings, simulator: Simulator, tmp_path: Path
) -> None:
    printed = await invite(settings, tmp_path / "qr.png")
    found = LINK.search(printed)
    assert found is not None
    assert found[1] == simulator.world.bot["username"]
    assert "█" in printed or "▄" in printed
    assert (tmp_path / "qr.png").read_bytes().startswith(PNG)
    assert stat.S_IMODE((tmp_path / "qr.png").stat().st_mode) == 0o600
    (row,) = rows(settings, invitation)
    assert (row["role"], row["confirmed"], row["invited_by"]) == ("admin", True, None)
    assert found[2] not in str(row)


async def test_beside_a_running_bot_it_counts_at_once_and_telegram_is_not_asked(
    settings: Settings, phones: Phones
) -> None:
    async with running(settings):
        await until(lambda: run_file.username(settings.data_dir), "the bot's name in run.json")
        asked = (await phones.ask("GET", "/api/calls"))["last"]
        found = LINK.search(await invite(settings, role=Role.COORDINATOR))
        assert found is not None
        assert "getMe" not in [one["method"] for one in await phones.calls(asked)]
        phone = await phones.new("Anna", "de")
        await phone.start(found[2])
        await phone.reads("Ihre Rolle: Koordination")


async def test_the_name_of_a_run_that_has_ended_is_not_believed(settings: Settings) -> None:
    settings.data_dir.mkdir()
    running_once = run_file.Running(1, "", "", "minden", "r", username="somebody_elses_bot")
    words = json.dumps({name: getattr(running_once, name) for name in run_file.Running.__dataclass_fields__})
    (settings.data_dir / run_file.NAME).write_text(words)
    assert run_file.username(settings.data_dir) == ""


async def test_a_file_that_is_there_is_not_written_over_and_nothing_is_stored(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "qr.png").write_text("mine")
    with pytest.raises(inviting.InviteRefused, match="is there already"):
        await invite(settings, tmp_path / "qr.png")
    assert (tmp_path / "qr.png").read_text() == "mine"
    assert not settings.data_dir.exists()


async def test_where_telegram_is_away_nothing_is_stored_and_the_token_is_not_told(settings: Settings) -> None:
    away = settings.model_copy(update={"telegram_api_url": "http://127.0.0.1:1"})
    with pytest.raises(inviting.InviteRefused, match="does not say") as refused:
        await invite(away)
    assert away.bot_token.get_secret_value() not in str(refused.value)
    assert not settings.data_dir.exists()


@pytest.mark.parametrize("arguments", [[], ["--role", "owner"]])
def test_the_command_needs_a_role_that_exists(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["invite", *arguments])
    assert ended.value.code == 2
    assert "--role" in capsys.readouterr().err


def test_without_a_token_there_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"BOT_TOKEN": "", "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": ""}.items():
        monkeypatch.setenv(name, value)
    assert main(["invite", "--role", "admin"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "data").exists()


async def test_in_the_demo_a_phone_writes_it_and_the_demos_clock_counts(settings: Settings, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    (demo / inviting.SIMULATOR).mkdir(parents=True)
    (demo / travel.FILE).write_text(json.dumps({"ahead_seconds": 30 * 86_400}))
    own = settings.model_copy(update={"data_dir": demo, "bot_token": SecretStr(""), "database_url": "sqlite:///x"})
    printed = await invite(own)
    assert re.search(r"^/start team-[A-Za-z0-9_-]{32}$", printed, re.MULTILINE)
    assert "t.me" not in printed
    there = settings.model_copy(update={"database_url": inviting.database_of_demo(demo)})
    (row,) = rows(there, invitation)
    assert row["expires_at"] > clock.now() + timedelta(days=30)
    with pytest.raises(inviting.InviteRefused, match="leave --out away"):
        await invite(own, tmp_path / "qr.png")
    assert len(rows(there, invitation)) == 1


async def test_who_has_a_demo_and_no_token_hears_where_to_invite(settings: Settings) -> None:
    bare = settings.model_copy(update={"bot_token": SecretStr("")})
    with pytest.raises(SettingsRefused) as refused:
        await invite(bare)
    assert "DATA_DIR" not in str(refused.value)
    (bare.data_dir / run_file.DEMO / inviting.SIMULATOR).mkdir(parents=True)
    with pytest.raises(inviting.InviteRefused, match=f"set DATA_DIR={bare.data_dir / run_file.DEMO}"):
        await invite(bare)


async def test_a_partner_is_invited_by_its_name(settings: Settings) -> None:
    screen = io.StringIO()
    await inviting.invite(settings, inviting.whom(None, " Care  Home "), None, screen)
    assert "the partner Care Home" in screen.getvalue()
    assert re.search(r"start=partner-[A-Za-z0-9_-]{32}\s", screen.getvalue())
    assert [row["name"] for row in rows(settings, partner)] == ["Care Home"]
    assert rows(settings, invitation) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_no_partner_can_have_is_refused(name: str) -> None:
    with pytest.raises(inviting.InviteRefused):
        inviting.whom(None, name)
