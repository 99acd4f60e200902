"""What can be said to the command line; what each word does is told by `bot.cli`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.core.roles import Role

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

Command = Callable[[argparse.Namespace], int]


def parser(do: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser; `do` holds each command's function by its word."""
    made = argparse.ArgumentParser(prog="lotse", description="A chat guide for newcomers.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    _running(commands, do)
    _keeping(commands, do)
    _content(commands, do)
    _people(commands, do)
    _trust(commands, do)
    _papers(commands, do)
    return made


def _running(commands: Commands, do: Mapping[str, Command]) -> None:
    """Run the bot, and speak with one that runs."""
    run = commands.add_parser("run", help="run the bot on Telegram (settings: see .env.example)")
    run.set_defaults(command=do["run"])

    demo = commands.add_parser("demo", help="try the bot on phones in the browser, without Telegram")
    demo.add_argument("--port", type=port, default=8000, help="where the phones page listens (default 8000)")
    demo.add_argument("--host", default="127.0.0.1", help="who may reach it (default: this machine only)")
    demo.set_defaults(command=do["demo"])

    reload = commands.add_parser("reload", help="let the running bot take changed content over, if it has no fault")
    reload.set_defaults(command=do["reload"])

    status = commands.add_parser("status", help="how the bot is, and the outbox; ends with 1 if something is wrong")
    status.add_argument("--json", action="store_true", help="for programs: one JSON document on stdout")
    status.set_defaults(command=do["status"])

    inbox = commands.add_parser("inbox", help="updates that could not be handled and were set aside")
    what = inbox.add_mutually_exclusive_group(required=True)
    what.add_argument("--parked", action="store_true", help="which there are, why, and since when")
    what.add_argument(
        "--retry", type=int, nargs="*", metavar="NUMBER", help="let these, or all, be worked on once more"
    )
    what.add_argument("--drop", type=int, nargs="*", metavar="NUMBER", help="forget these, or all")
    inbox.set_defaults(command=do["inbox"])

    migrate = commands.add_parser("migrate", help="bring the database to the newest revision")
    migrate.add_argument("--plan", action="store_true", help="say what that would change, and change nothing")
    migrate.set_defaults(command=do["migrate"])


def _keeping(commands: Commands, do: Mapping[str, Command]) -> None:
    """Keep the database, and bring it back."""
    backup = commands.add_parser("backup", help="a backup of the database, while the bot runs")
    backup.add_argument("--out", type=Path, metavar="DIR", help="the folder (default: BACKUP_DIR or data/backups)")
    backup.set_defaults(command=do["backup"])

    restore = commands.add_parser("restore", help="fill a new database with a backup (docs/operate.md)")
    restore.add_argument("file", type=Path, help="the backup")
    restore.add_argument("--into", metavar="URL", help="the new database (default: DATABASE_URL)")
    restore.set_defaults(command=do["restore"])

    move = commands.add_parser("move-database", help="copy the database into a new one, as from SQLite to PostgreSQL")
    move.add_argument("--to", required=True, metavar="URL", help="the new database, with nothing in it")
    move.set_defaults(command=do["move-database"])


def _content(commands: Commands, do: Mapping[str, Command]) -> None:
    """Look at the content."""
    check = commands.add_parser(
        "check", help="check a content folder: every fault with file, line and how to mend it"
    )
    content_arguments(check)
    check.add_argument("--strict", action="store_true", help="a gap in a translation is a failure too")
    check.add_argument("--json", action="store_true", help="for programs: one JSON document on stdout")
    check.add_argument(
        "--against",
        metavar="OLD_DIR|database",
        help="what would change since another content folder, or since what ran last, and for how many people",
    )
    check.set_defaults(command=do["check"])

    texts = commands.add_parser("texts", help="keep the translation catalogues")
    texts.add_argument("what", choices=("extract", "update", "status"), help="extract and update are the same")
    content_arguments(texts)
    texts.set_defaults(command=do["texts"])

    play = commands.add_parser("play", help="walk through the questionnaire in this terminal")
    content_arguments(play)
    play.add_argument("--lang", default="de", help="language (default de)")
    play.set_defaults(command=do["play"])

    translate = commands.add_parser(
        "translate", help="a German text through the translator of the settings, to try it"
    )
    translate.add_argument("text", help="with the markup of the content, such as <b>...</b>")
    translate.add_argument("--to", required=True, metavar="LANG,LANG", help="languages, such as ar,uk")
    translate.set_defaults(command=do["translate"])


def _people(commands: Commands, do: Mapping[str, Command]) -> None:
    """What concerns people, and the team."""
    export = commands.add_parser("export", help="profiles, registrations or interests as a file (docs/export.md)")
    export.add_argument("what", choices=("profiles", "registrations", "interests"), help="what is exported")
    content_arguments(export)
    export.add_argument(
        "--format", choices=("xlsx", "csv", "json"), default="xlsx", help="default xlsx; json of profiles alone"
    )
    export.add_argument(
        "--offer",
        metavar="ID",
        help="registrations or interests of this offer alone (interests: or a message's number)",
    )
    export.add_argument(
        "--out", type=Path, help="the file, or for profiles as csv the folder (default: WHAT-DAY here)"
    )
    export.add_argument("--force", action="store_true", help="write over what is there")
    export.set_defaults(command=do["export"])

    report = commands.add_parser("report", help="a quarter in figures for funders, as a page to print")
    content_arguments(report)
    report.add_argument("--quarter", metavar="2026-Q4", help="default: the one that is running")
    report.add_argument("--out", type=Path, help="the file (default: report-QUARTER.html here)")
    report.add_argument("--force", action="store_true", help="write over what is there")
    report.set_defaults(command=do["report"])

    invite = commands.add_parser("invite", help="a link by which somebody becomes staff, once, within 24 hours")
    whom = invite.add_mutually_exclusive_group(required=True)
    whom.add_argument("--role", choices=list(Role), help="the first one: admin")
    whom.add_argument("--partner", metavar="NAME", help="a chat for a partner instead, called as openings name it")
    invite.add_argument("--out", type=Path, metavar="FILE.png", help="the link as a QR code in a picture, too")
    invite.set_defaults(command=do["invite"])

    preview = commands.add_parser("preview", help="what a person will receive: each message, when, and why")
    preview.add_argument("chat", type=int, help="the number of the person's chat")
    preview.add_argument("--days", type=int, default=60, help="how far to look ahead (default 60)")
    content_arguments(preview)
    preview.set_defaults(command=do["preview"])

    retention = commands.add_parser("retention", help="how much the next night forgets; nothing is changed")
    retention.add_argument("--dry-run", action="store_true", help="said for clearness: it never does more")
    content_arguments(retention)
    retention.set_defaults(command=do["retention"])


def _trust(commands: Commands, do: Mapping[str, Command]) -> None:
    """The keys of sealed texts, the audit trail, the team's second factors, and what to do after a breach."""
    audit = commands.add_parser("audit", help="who of the team looked at whom, and did what (docs/operate.md)")
    audit.add_argument("what", choices=("verify", "export"), help="whether the chain is whole; all entries as a file")
    content_arguments(audit)
    audit.add_argument("--out", type=Path, help="the file: .xlsx or .csv (default: audit-DAY.xlsx here)")
    audit.add_argument("--force", action="store_true", help="write over what is there")
    audit.set_defaults(command=do["audit"])

    team = commands.add_parser("team", help="who belongs to the team; a second factor off whose phone is gone")
    team.add_argument("what", choices=("list", "reset"), help="reset: the second factor of the member is off")
    team.add_argument("member", type=int, nargs="?", help="the number that `list` shows")
    team.set_defaults(command=do["team"])

    _incident(commands, do)

    key = commands.add_parser("key", help="the keys that people's texts are sealed with (docs/operate.md)")
    key.add_argument(
        "what",
        choices=("check", "rotate", "forget"),
        help="check: whether they fit, and how much is sealed. rotate: a new key, and everything sealed with it."
        " forget: throw former keys away",
    )
    content_arguments(key)
    key.set_defaults(command=do["key"])


def _incident(commands: Commands, do: Mapping[str, Command]) -> None:
    """What is to be said after a breach."""
    incident = commands.add_parser(
        "incident", help="after a breach: who is affected, and telling them (docs/privacy)"
    )
    incident.add_argument(
        "what",
        choices=("affected", "tell"),
        help="affected: a list and the draft of a report. tell: what people would read; with --confirm it is sent",
    )
    incident.add_argument("name", help="what the incident is called, such as 2026-11-laptop")
    content_arguments(incident)
    whom = incident.add_mutually_exclusive_group(required=True)
    whom.add_argument("--all", action="store_true", help="everybody")
    whom.add_argument("--people", metavar="3,17", help="these, by the numbers that the team sees")
    whom.add_argument("--since", type=day, metavar="DAY", help="who was here since then, such as 2026-11-20")
    incident.add_argument("--until", type=day, metavar="DAY", help="only who had begun by the end of that day")
    incident.add_argument("--data", metavar="answers,talks", help="only who has some of these; they are named")
    incident.add_argument("--happened", choices=("read", "lost", "changed"), default="read", help="default read")
    incident.add_argument("--on", type=day, metavar="DAY", help="when it happened (default: today)")
    incident.add_argument(
        "--known",
        type=moment,
        metavar="2026-11-27T09:30",
        help="since when we know of it: 72 hours run (now)",
    )
    incident.add_argument("--out", type=Path, metavar="DIR", help="the folder of `affected` (default: incident-NAME)")
    incident.add_argument("--confirm", type=int, metavar="NUMBER", help="tell so many people")
    incident.add_argument("--urgent", action="store_true", help="tell them in their quiet hours too")
    incident.set_defaults(command=do["incident"])


def _papers(commands: Commands, do: Mapping[str, Command]) -> None:
    """The papers of the data-protection officer."""
    privacy = commands.add_parser("privacy", help="the data-protection officer's papers (docs/privacy)")
    privacy.add_argument(
        "what",
        choices=("record", "check"),
        help="record: write their marked sections anew, from program, content and settings. check: are they so?",
    )
    content_arguments(privacy)
    privacy.add_argument("--out", type=Path, default=Path("docs/privacy"), help="their folder (default docs/privacy)")
    privacy.set_defaults(command=do["privacy"])


def day(word: str) -> date:
    """A day as an argument; argparse turns the ValueError into one line."""
    return date.fromisoformat(word)


def moment(word: str) -> datetime:
    """A day with its time on the town's clocks as an argument."""
    return datetime.fromisoformat(word).replace(tzinfo=None)


def port(word: str) -> int:
    """A port as an argument; argparse turns the ValueError into one line."""
    if not 0 <= (port := int(word)) <= settings.LARGEST_PORT:
        raise ValueError(word)
    return port


def content_arguments(one: argparse.ArgumentParser) -> None:
    """A content folder and its town."""
    one.add_argument("folder", nargs="?", type=Path, help="the content folder (default: CONTENT_DIR or content)")
    one.add_argument("--town", help="the town's folder in it (default: TOWN or minden)")
