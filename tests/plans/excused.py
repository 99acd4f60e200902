"""Functions of `bot.db` that may read whole tables, and those that need no check, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

EVERYBODY = "a figure about everybody, when somebody of the team looks"
NIGHT = "once a night, page by page"
FILES = "when files change, at a start or a reload"
ASIDE = "a command beside the running bot"
READS_ALL: Mapping[str, str] = {
    "offers.attendances.marked": FILES,
    "audience.counting._tallied": EVERYBODY,
    "audience.counting.sample": EVERYBODY,
    "audience.finding.listed": EVERYBODY,
    "audience.sending.fan_out": "everybody gets a row; range by range",
    "audience.sending.how_many_chats": EVERYBODY,
    "audience.sending.how_many_are_last": EVERYBODY,
    "audit.actors": EVERYBODY,
    "audit.cut": "from the newest back to the first that is old, when there is one; a row that old is there once",
    "audit.number": EVERYBODY,
    "content_runs.answered": ASIDE,
    "content_runs.chosen": ASIDE,
    "content_runs.inside": ASIDE,
    "outbox.deliveries.is_busy": "the demo's clock",
    "figures.figures.attended": EVERYBODY,
    "figures.figures.came": EVERYBODY,
    "figures.figures.filled": EVERYBODY,
    "figures.figures.levels": EVERYBODY,
    "figures.figures.outcomes": EVERYBODY,
    "people.likeness.newest": "the newest 5,000 people, when somebody looks for doubles",
    "offers.meetings.everything": FILES,
    "people.merging.settled": "rows of a week: what is older is gone",
    "people.name_starts.left": ASIDE,
    "people.name_starts.take_over": "at the start, while there are names of former times",
    "figures.needs.found": EVERYBODY,
    "outbox.outbox_numbers.counts": ASIDE,
    "people.parting.take_apart": "a deed of the team, within a week of another",
    "offers.registrations.concerned": FILES,
    "offers.registrations.offers": ASIDE,
    "openings.interests.subjects": ASIDE,
    "people.persons.only_kept": "rows of those on one list, by their numbers; here these are most people there are",
    "offers.registrations.remembered": FILES,
    "rights.retention.counts": ASIDE,
    "rights.retention.forget_deliveries": NIGHT,
    "rights.retention.forget_registrations": NIGHT,
    "rights.retention.forget_talks": NIGHT,
    "rights.retention.forget_words": NIGHT,
    "rights.retention.how_many_silent": ASIDE,
    "rights.retention.silent": NIGHT,
    "rights.retention.strangers": ASIDE,
    "threads.threads.waits": EVERYBODY,
}
"""Functions of `bot.db` that may read a whole table, on one database or both, and why that is right."""
ROW = "one row by its number, or a new one"
APART = "two profiles, by their people's numbers, when a member puts them together or takes them apart"
KEYS = "when the key changes: page by page over everything, at a start or by `lotse key`"
SMALL = "a table of what the team has"
NOT_WALKED: Mapping[str, str] = {
    "threads.answers.add": SMALL,
    "audience.asking.about": "says nothing unless a page asks with reasons",
    "audit._anchor": ASIDE,
    "audit._in_order": ASIDE,
    "audit._strangers": ASIDE,
    "rights.breaches._counts": ASIDE,
    "rights.breaches._page": ASIDE,
    "rights.breaches.how_many": ASIDE,
    "rights.breaches.numbers": ASIDE,
    "rights.breaches.told": ASIDE,
    "staff.drafts.remove": SMALL,
    "staff.drafts.save": SMALL,
    "staff.second_factors.change": ROW,
    "staff.second_factors.shown_since": "messages of one chat, by its number",
    "offers.meetings.create": ROW,
    "offers.meetings.is_named": ROW,
    "offers.meetings.name": ROW,
    "openings.interests.withdraw_from_partners": "the interests of one person, by an index, as `all_of_person`",
    "people.merging._answers": APART,
    "people.merging._silence": APART,
    "people.merging.completed": APART,
    "people.merging_talks._messages": APART,
    "people.merging_talks._take_back": APART,
    "people.merging_talks.apart": APART,
    "people.merging_talks.together": APART,
    "people.notes.remove": ROW,
    "offers.offers.next_id": SMALL,
    "people.participants._free_number": ROW,
    "people.participants.carry": APART,
    "people.parting._back": APART,
    "people.parting._has_live": APART,
    "people.parting._seats_apart": APART,
    "people.people.plan": ROW,
    "offers.registrations.lock": "SQLite has one writer",
    "outbox.reminding.plan_again": "deliveries of one meeting, as its neighbours",
    "resealing._seal": KEYS,
    "resealing.add": KEYS,
    "resealing.check": KEYS,
    "resealing.complete": KEYS,
    "resealing.forget_others": KEYS,
    "resealing.is_complete": KEYS,
    "resealing.left": KEYS,
    "resealing.seal_page": KEYS,
    "broadcasts.saved_audiences.listed": SMALL,
    "broadcasts.saved_audiences.remove": SMALL,
    "broadcasts.saved_audiences.rename": SMALL,
    "outbox.thread_deliveries.forget_topic": APART,
    "outbox.thread_deliveries.go_again": "deliveries of one group, when an admin says that it is the team's",
    "broadcasts.translations.known": ROW,
    "vitals.size": "what PostgreSQL knows by itself",
}
"""Functions of `bot.db` that the walk does not reach, and why they need no check."""
AS_MUCH_AS_IS_DUE = frozenset(
    {
        *(
            "inbox.forget_old",
            "rights.old_answers.count",
            "rights.old_answers.forget",
            "rights.leaving.forget_shown",
            "openings.interests.forget_old",
        ),
        *("rights.desk_pages._found", "rights.desk_pages.fade", "outbox.outbox_numbers.sent_since"),
    }
)
"""Functions that find by an index what is over, or was sent within the hour. They take as long as there is of it, and
in a database that has only grown, that is everything.
"""
