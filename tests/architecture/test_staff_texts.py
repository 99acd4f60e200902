"""Every text that staff read in the chat stands in content/staff.yaml, and the code says each of them."""

from __future__ import annotations

import ast

import yaml

from bot.content.audience_file import FAULTS as OF_CONDITIONS
from bot.content.calendar_file import FAULTS
from bot.core.attending import Attended
from bot.core.audience import INTERESTS, SEATS
from bot.core.broadcasts import LIVE, OUTCOMES, OVER, Answering, Interest, Stage
from bot.core.dangers import Danger
from bot.core.offers import Sort
from bot.core.roles import Right, Role
from bot.core.seats import ENDED
from bot.core.threads import Author, Event, Reason
from bot.db.outbox.deliveries import Kind, State
from bot.services.audit import Deed
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.audience import WITH, WITHOUT
from bot.services.day_rows import WEEKDAYS
from bot.services.figures import board_words, reporting, reporting_openings
from bot.services.health.alarms import Alarm
from bot.services.questions.problems import OF_FORMS
from bot.services.staff import desk
from bot.services.staff.audit import audit_pages, audit_words
from bot.services.staff.broadcasts import attaching, progress_words
from bot.services.staff.offers import import_pages, meeting_pages
from bot.services.staff.openings import noting_pages
from bot.services.staff.text_keys import NEEDED
from bot.services.staff.threads import thread_pages
from bot.services.threads.parts import LATER
from bot.services.translating import Doubt, Failure
from tests.architecture.sources import ROOT, python_files, tree
from tests.architecture.test_texts import called

PUT_TOGETHER = {
    *(f"role.{role}" for role in Role),
    *(f"right.{right}" for right in Right),
    *(f"person.{state}" for state in ("registered", "requested", "held", "waiting")),
    *(f"danger.{danger}" for danger in Danger),
    *(f"step.{label}" for line in meeting_pages.STEPS for _, label in line),
    *(f"toast.{deed}" for deed in ("confirmed", "role_changed", "removed")),
    *(f"problem.{code}" for code in OF_FORMS),
    *(f"weekday.{day}" for day in WEEKDAYS),
    *(f"import.{what}" for what in import_pages.What),
    *(f"import.line_{what}" for what in import_pages.What if what is not import_pages.What.SAME),
    *(f"import.fault_{fault}" for fault in FAULTS),
    *(f"audience.{part}" for part in (WITH, WITHOUT)),
    *("templates.sent", "templates.german"),
    *("audience.at_least", "audience.below", "wordings.how", "broadcast.waiting"),
    *(f"leads.{what}{about}" for what in ("told", "nudge") for about in ("", "_opening")),
    *(f"openings.{sort}" for sort in Sort),
    *(f"openings.state_{state}" for state in Interest if state is not Interest.WITHDRAWN),
    *(f"report.outcome_{state}" for state in reporting_openings.BEST),
    *(f"command.{name}" for name in desk.PAGES),
    *(f"broadcast.answering_{one}" for one in Answering if one is not Answering.NONE),
    *(f"broadcast.lacks_{lack}" for lack in ("text", "release", "over", "offer", "caption")),
    *(f"media.fault_{fault}" for fault in attaching.FAULTS),
    *("letter.asked", "letter.refused", "letter.released", "toast.sent_back"),
    *(f"stage.{stage}" for stage in ("scheduled", "sent", *LIVE, *(OVER - {Stage.DISCARDED}))),
    *(f"progress.{state}" for state in State if state is not State.CLAIMED),
    *(f"reason.{reason}" for reason in (*progress_words._REASONS, "other")),
    *(f"doubt.{doubt}" for doubt in (broadcasting.OUTDATED, *Doubt)),
    *(f"failure.{failure}" for failure in Failure),
    *(f"leads.state_{state}" for state in (Interest.OPEN, *OUTCOMES)),
    *(f"button.lead_{state}" for state in OUTCOMES),
    *(f"toast.{deed}" for deed in ("discarded", "held", "goes_on", "stopped", "filled", "recalled")),
    *(f"deed.{one}" for one in Deed),
    *(f"button.partner_{state}" for state in OUTCOMES),
    *(f"partner.said_{state}" for state in OUTCOMES),
    *(f"partner.{what}" for what in ("link", "typed", "confirmed", "ended")),
    *(f"notice.partner_{what}" for what in ("lost", "left")),
    *(f"audit.head_{one}" for one in audit_pages.HEAD),
    *(f"audit.{one}" for one in ("operator", "person", "clock", "line_about", "gone", "member")),
    *(f"needs.head_{one}" for one in (*board_words.HEAD, "months")),
    *(f"report.head_{one}" for one in reporting.COLUMNS),
    *reporting.KINDS.values(),
    *(f"thread.event_{event}" for event in Event),
    *(f"thread.closed_{reason}" for reason in Reason),
    *(f"button.close_{reason}" for reason in Reason),
    *(f"thread.line_{author}" for author in Author if author is not Author.EVENT),
    *(f"thread.kind_{kind}" for kind in (*thread_pages.KINDS, "other")),
    *(f"button.{verb}" for verb in ("thread_take", "thread_give")),
    *(f"button.thread_later_{hours}" for hours in LATER),
    *(f"button.sign_{one}" for one in ("name", "team")),
    *(f"thread.{what}" for what in ("reminded", "urged")),
    *(f"group.lost_{why}" for why in ("gone", "no_forum", "no_rights")),
    *(f"audience.fault_{fault}" for fault in OF_CONDITIONS),
    *(f"alarm.{alarm}{end}" for alarm in Alarm for end in ("", "_over")),
    *("status.polling", "status.webhook"),
    *(f"status.{one}" for one in ("nobody", "no_backup", "unknown")),
    *(f"leads.noted_{how}" for how in (noting_pages.PHONE, noting_pages.TEAM)),
    *("about.cut", *(f"about.{name}" for name in audit_words.NAMES.values())),
    *(f"contact.sent_{kind}" for kind in Kind),
    *(f"contact.seat_{state}" for state in ("asked", "registered", *(state.value for state in ENDED))),
    *(f"contact.came_{state}" for state in Attended),
    *(f"people.{name}" for name in ("language", "finished", "silent", "finished_yes", "finished_no")),
    *(f"people.registration_{state}" for state in ("at", *SEATS)),
    *(f"people.attendance_{came}" for came in ("at", "yes", "no")),
    *(f"people.interest_{state}" for state in ("at", *INTERESTS)),
    *(f"profile.{name}" for name in ("begun", "finished", "seen", "account_changed")),
}
"""Keys put together at run time."""


SPEAKERS = {"staff_text": 0, "Entry": 0, "words": 1}
"""What says a text of the team, with the place of the key among its arguments."""


def said() -> set[str]:
    """Every whole key that is given to `staff_text`, to an entry of the home page, or to `words` of figures."""
    return {
        one.value
        for path in python_files("bot", "handlers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for first in node.args[SPEAKERS.get(called(node.func), len(node.args)) :][:1]
        for one in ((first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_what_the_code_says_is_what_it_lists_and_what_the_file_holds() -> None:
    sections = yaml.safe_load((ROOT / "content/staff.yaml").read_text(encoding="utf-8"))["chat"]
    held = {f"{section}.{name}" for section, entries in sections.items() for name in entries}
    assert held == set(NEEDED)
    assert sorted(set(NEEDED) - said() - PUT_TOGETHER - {"invite.link", "invite.typed"}) == []
    assert sorted((said() | PUT_TOGETHER) - set(NEEDED)) == []
