"""Everything that people, the team and the clock do, once, so that every query of the bot is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select

from bot.content.loader import Content
from bot.core.attending import Attended
from bot.core.broadcasts import Subject
from bot.core.conditions import All
from bot.core.questionnaire import Questionnaire
from bot.core.roles import Role
from bot.db import chats, content_runs, inbox, replica
from bot.db.audience import counting, keeping
from bot.db.audience import sending as sending_to
from bot.db.audience.counting import Terms
from bot.db.broadcasts import broadcasts as rows
from bot.db.inbox import Arrived
from bot.db.offers import attendances, meetings, registrations
from bot.db.openings import interests
from bot.db.openings import partners as partner_rows
from bot.db.outbox import deliveries, doubted, reminding, returning, thread_deliveries, worlds
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import (
    accompanying,
    merging,
    moving_people,
    name_starts,
    paper_codes,
    participants,
    parting,
    path_marks,
    people,
    persons,
    profiles,
)
from bot.db.rights import desk_pages, erasure, leaving, own_data, purposes
from bot.db.schema import delivery, participant, registration
from bot.db.threads import reactions, threads
from bot.services import places, upkeep
from bot.services.broadcasts import broadcasting
from bot.services.deliveries import outbox, sending
from bot.services.deliveries.sending import Result, Tried
from bot.services.health import alarms, vitals
from bot.services.health.seen import Seen
from bot.services.messages import DETOURS
from bot.services.offers import joining
from bot.services.offers.synchronising import synchronise
from bot.services.openings import openings, partners
from bot.services.reminders import seeking, sweeping
from bot.services.rights import expiring
from bot.services.staff.broadcasts import watching
from bot.services.staff.members import team
from bot.services.staff.openings import leads
from bot.services.threads import waiting
from tests.db.rows import whole_person
from tests.plans.growing import FIRST
from tests.services.staff.every_button import every_button, press
from tests.services.staff.people import member, number
from tests.services.talk import MORNING, Table, Talk

T = TypeVar("T")
SEEN = Seen("0", None)


class Nested(Table):
    """Use cases on one connection of either database, each in a savepoint."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.chat_ids = count(10**12)  # behind everybody's: the planner sees that the team is few of them

    def run(self, use_case: Callable[[Connection], T]) -> T:
        """Like `Database.run`, but the whole walk is one transaction."""
        with self.connection.begin_nested():
            return use_case(self.connection)


@dataclass
class Walk:
    """A whole life of the bot on one connection."""

    table: Nested
    content: Content
    messages: Iterator[int] = field(default_factory=lambda: count(1000))

    def all(self) -> int:
        """Does everything. Returns the participant who has a row in every table."""
        self.people()
        while self.table.run(lambda tx: keeping.refresh(tx, 5)):
            pass
        self.team()
        self.clock()
        person = self.table.run(lambda tx: whole_person(tx, FIRST, "word", FIRST))
        with ExitStack() as kept:  # nothing of this stays, so that the person stays whole
            kept.callback(self.table.connection.begin_nested().rollback)
            self.intake()
            self.rest(person)
        return person

    def new(self) -> Talk:
        """A person who has not talked yet."""
        return Talk(self.table, self.content, next(self.table.chat_ids))

    def people(self) -> None:
        """Questionnaire, settings, offers, seats, interest, path, talk, and leaving."""
        for choice in range(4):
            talk = self.new()
            talk.start("jobcenter")
            talk.finish(choice)
            for command in (*DETOURS, "staff", "unknown"):
                talk.command(command)
                self._press_all(talk)
            talk.write("Wann kann ich anfangen?")
            talk.edit()
            talk.unreadable("picture")

    def _press_all(self, talk: Talk, most: int = 12) -> None:
        """Presses every button of the current card one by one, each time from that card."""
        for action in talk.actions[:most]:
            press(talk, action)

    def team(self) -> None:
        """Every verb and every page of the desk, by an admin."""
        boss, target = member(self.new), member(self.new, Role.TEACHER)
        boss.command("staff")
        for action, _ in every_button(self.new, number(target)):
            press(member(self.new), action)

    def clock(self) -> None:
        """Everything timed, today and after a year, and the sender."""
        watch = self.new()
        for days in (0, 1, 8, 400):
            watch.now += timedelta(days=days)
            self._look_around(watch)

    def _look_around(self, watch: Talk) -> None:
        for use_case in (
            *(synchronise, joining.look_after, sweeping.look_around, openings.look_around, leads.nudge),
            partners.look_around,
            *(broadcasting.look_for_joiners, broadcasting.is_anything_going_out, broadcasting.step),
            *(watching.watchers, waiting.look_after, team.menus, upkeep.forget_registrations),
            *(upkeep.due, expiring.ask, expiring.talks, expiring.unfinished, expiring.inactive),
        ):
            watch.turn(use_case)
        self.table.run(keeping.refresh)
        round_ = watch.turn(seeking.begin)
        while round_ is not None:
            round_ = watch.turn(seeking.step, round_)
        watch.turn(alarms.look, SEEN)
        watch.turn(upkeep.owed, timedelta(0))
        watch.turn(upkeep.forget_deliveries, 0)
        self.table.run(lambda tx: outbox.status(tx, watch.now))
        self.table.run(lambda tx: vitals.look(tx, watch.now, SEEN))
        self._send(watch)
        watch.turn(upkeep.forget_what_is_due)

    def _send(self, watch: Talk) -> None:
        tried: list[Tried] = []
        for rounds in count():
            hand = watch.turn(sending.step, "me", tried, 30, lambda _: 0.0, lambda: 0.5)
            tried = [
                Tried(one.due, Result.SENT, watch.now, message_id=next(self.messages), said=one.content.said)
                for one in hand.ready
            ]
            if rounds and not tried:  # the team is large, and is told about everybody who waits
                break
        watch.turn(sending.take_over, "me", lambda _: True)

    def intake(self) -> None:
        """An update that arrives, fails and is parked, and one that is taken."""
        tx, now = self.table.connection, MORNING
        inbox.store(tx, [Arrived(1, FIRST, "{}"), Arrived(2, FIRST, "{}")], now)
        inbox.failed(tx, 1)
        inbox.park(tx, 1, "failed")
        inbox.take(tx, 2)
        inbox.waiting(tx)
        inbox.waits(tx, FIRST)
        inbox.load(tx, [2])
        inbox.take_over(tx, 1)
        inbox.parked(tx)
        inbox.aside(tx)
        inbox.retry(tx)
        inbox.drop(tx, [1])
        replica.is_there(tx, 1)
        replica.serving(tx)

    def rest(self, person: int) -> None:
        """Queries that the walk does not reach: about one person, one seat, one delivery."""
        tx, now = self.table.connection, MORNING
        asked = self.content.questionnaire
        seat = tx.execute(select(registration).where(registration.c.participant_id == person)).one()
        key = tx.execute(select(delivery.c.id).where(delivery.c.chat_id == FIRST)).scalars().first() or 0
        for look in (chats.language_of, chats.zone_of, own_data.of_chat):
            look(tx, FIRST)
        chats.blocked(tx, FIRST, now)
        chats.refused(tx, FIRST, now, now)
        returning.plan_again(tx, FIRST, ["ui."], now)
        due = deliveries.load(tx, key)
        assert due is not None
        deliveries.planned_for(tx, FIRST, now + timedelta(days=400))
        deliveries.in_front(tx, now)
        deliveries.is_busy(tx, now)
        deliveries.let_go(tx, "me", [key])
        deliveries.note(tx, key, {})
        reminding.changed_before(tx, due)
        reminding.spoken_of(tx, [seat.meeting_id], ["ui.language.ask"])
        thread_deliveries.of_delivery(tx, key, FIRST)
        purposes.skip(tx, FIRST, ["offers"])
        participants.history(tx, person)
        participants.zones(tx, [person])
        participants.withdraw_consent(tx, person, "storage", now)
        people.of_chat(tx, FIRST, ["ui.language.ask"])
        people.unwanted(tx, [person], ["info"])
        only = select(participant.c.id).where(participant.c.id == person)
        profiles.names(tx, only)
        list(profiles.profile_rows(tx, only=only))
        worlds.of_person(tx, person, seat.id)
        path_marks.unmark(tx, person, "vpd")
        self.seats(seat)
        self.talks(person)
        self.broadcasts(person, asked)
        keeping_whole = merging.of_person(tx, person)
        assert keeping_whole is not None
        parting.take_apart(tx, keeping_whole, now)
        self.phones(person)

    def seats(self, seat: Row[Any]) -> None:
        """A seat, attendance, and meetings."""
        tx, now = self.table.connection, MORNING
        attendances.mark(tx, seat.id, seat.meeting_id, Attended.ABSENT, now, 1)
        attendances.excuse(tx, seat.id, seat.meeting_id, now)
        attendances.marked(tx)
        attendances.tell_of_both(tx, seat.meeting_id, seat.meeting_id, now)
        attendances.unmark(tx, seat.id, seat.meeting_id)
        registrations.coming(tx, seat.id, now)
        registrations.concerned(tx)
        registrations.remembered(tx)
        registrations.next_meetings(tx, now, 5)
        registrations.next_hold(tx)
        registrations.offers(tx)
        registrations.all_of(tx, seat.offer_id, seat.meeting_id)
        attendances.of_offer(tx, seat.offer_id)
        meetings.of_offer(tx, seat.offer_id)
        found = meetings.load(tx, seat.meeting_id)
        assert found is not None
        meetings.before(tx, found)
        meetings.remove(tx, [seat.meeting_id])

    def talks(self, person: int) -> None:
        """One talk, and queries about all of them."""
        tx, now = self.table.connection, MORNING
        one = threads.of_person(tx, person)
        assert one is not None
        threads.of_job(tx, 1)
        said = threads.newest(tx, one.id, 1)[0]
        threads.sharing(tx, replace(said, copy_chat=FIRST, copy_message=1))
        threads.album(tx, FIRST, "album")
        threads.unanswered(tx, one.id)
        threads.has_said(tx, person)
        threads.revise(tx, said.id, text=None)
        reactions.of_copy(tx, FIRST, 1)
        reactions.load(tx, said.id)
        reactions.put(tx, said.id, None, None)
        reactions.note_said(tx, said.id, 1)
        threads.to_interpret(tx, 5)
        threads.waits(tx)
        threads.lose(tx, -7, "gone", now)
        interests.nudged(tx, Subject("job"), now, now)
        interests.share(tx, 1, "Betrieb", "de", "v1", now)
        deliveries.was_planned(tx, "interest:job")
        interests.waiting(tx, Subject("job"))
        interests.changes(tx, Subject("job"))
        interests.subjects(tx)
        rows.refuse(tx, 1, 1)
        rows.is_refused(tx, 1, 1)
        partner_rows.has_chat(tx, 1)
        partner_rows.end_of_person(tx, 1, now)
        partner_rows.change_lead(tx, 1, settled_at=now)
        if (told := partner_rows.lead(tx, 1)) is not None and (about := partner_rows.about(tx, told)) is not None:
            partner_rows.of_interest(tx, about)
        threads.all_of_chat(tx, FIRST)
        thread_deliveries.hurry(tx, 1, now)
        leaving.shown(tx, FIRST, 1, now)
        desk_pages.handed_over(tx, FIRST, 2, now, now)
        leaving.gone(tx, leaving.going(tx, 5), now)
        name_starts.left(tx)
        name_starts.take_over(tx)

    def phones(self, person: int) -> None:
        """Several people on a phone, codes on paper and of people under 16, a profile that moves."""
        tx, now = self.table.connection, MORNING
        accompanying.put(tx, FIRST, "hash", now + timedelta(hours=1))
        accompanying.enter(tx, "hash", 1, now)
        accompanying.open_(tx, FIRST, "young", "notice", now)
        paper_codes.write(tx, person, "CODE", now)
        paper_codes.made_at(tx, person)
        paper_codes.chat_of(tx, "CODE")
        paper_codes.take(tx, "CODE")
        paper_codes.tries(tx, FIRST, now)
        persons.set_aside(tx, person, "done", "ar", now)
        persons.speak(tx, person)
        chat = tx.execute(select(participant.c.chat_id).where(participant.c.id == person)).scalar_one()
        moving_people.move(tx, person, chat, now, away="moved")
        erasure.erase_person(tx, chat, person)

    def broadcasts(self, person: int, asked: Questionnaire) -> None:
        """Everybody, page by page."""
        tx, now = self.table.connection, MORNING
        terms, everybody = Terms("openings", "offers", 2), All(())
        sending_to.who_belongs(tx, asked, everybody, [person], now)
        sending_to.how_many_are_last(tx, asked, everybody, terms, now)
        sending_to.how_many_chats(tx, asked, everybody, terms, now)
        planned = Planned("broadcast:1", Kind.BROADCAST, now, "ui.language.ask")
        sending_to.fan_out(tx, asked, everybody, terms, planned, now)
        counting.sample(tx, asked, everybody, terms, now)
        rows.waiting_by(tx, 1, [now])
        rows.take_up(tx, 1, ["ended"], now)
        rows.useful_until(tx, 1, now)
        rows.sent_since(tx, 1, now)
        doubted.number(tx, 1)
        doubted.listed(tx, 1, 0, 8)
        doubted.leave(tx, 1, 1)
        doubted.say_again(tx, 1, now)
        content_runs.last(tx, "minden")
        content_runs.inside(tx, places.QUESTIONS)
        content_runs.answered(tx)
        content_runs.chosen(tx, "goals")
