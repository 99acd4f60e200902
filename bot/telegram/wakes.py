"""What the clock wakes. Everything timed is a row: a wake looks for what is due, and a restart forgets nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock as system_clock
from bot import failpoints, log, metrics
from bot.content.texts import Texts
from bot.db.audience import keeping
from bot.db.engine import DatabaseAway
from bot.services import upkeep
from bot.services.broadcasts import broadcasting
from bot.services.health import alarms
from bot.services.health.seen import Seen
from bot.services.offers import joining
from bot.services.openings import openings, partners
from bot.services.reminders import seeking, sweeping
from bot.services.staff.broadcasts import watching
from bot.services.staff.members import team
from bot.services.staff.openings import leads
from bot.services.threads import waiting
from bot.services.turn import Turn, Visitor
from bot.services.what_staff_said import up_to_date
from bot.telegram.common import Common
from bot.telegram.intake import Attempt, Intake
from bot.telegram.presenter import Presenter
from bot.telegram.sender import Sender

P = ParamSpec("P")
T = TypeVar("T")
UPKEEP_MINUTES = 10
OWED_SECONDS = 30
SEATS_SECONDS = 30
PEOPLE_MINUTES = 15
BROADCAST_SECONDS = 3
"""Between two looks at what is being sent to many, and two changes of the card that shows how far it is."""
PROFILES_SECONDS = 60
BACKUP_MINUTES = 10
THREADS_SECONDS = 30
ALARM_SECONDS = 60
CLEARING_SECONDS = 5
OUTBOX_SECONDS = 60
"""Between two looks at the outbox that nothing asked for: another process may have planned something, or died."""


class Wakes:
    """The timed use cases. A database that is away is no error here: the next wake does it.

    What one of them cannot do is a line of the log: it keeps nobody from answering, and no start from its end.
    """

    def __init__(
        self,
        common: Common,
        presenter: Presenter,
        intake: Intake,
        sender: Sender | None = None,
        back_up: Callable[[], Awaitable[None]] | None = None,
        clear: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`clear` deletes what is to go at the messenger of people who erased themselves."""
        self._common = common
        self._presenter = presenter
        self._intake = intake
        self._sender = sender
        self._back_up = back_up
        self._clear = clear
        self.seen: Callable[[], Seen] | None = None
        """Looks at the running process, whose admins are told when something goes wrong."""
        self._night: date | None = None
        self._watched: dict[int, watching.Numbers] = {}
        """What those who look at a broadcast saw last: a page that would be the same is not drawn anew."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        if sender is not None:
            sender.alarm = self.ring

    def start(self) -> None:
        """Wake from now on; whatever was missed while the process was down is done at the first wake."""
        every = partial(self._scheduler.add_job, trigger="interval", misfire_grace_time=None, coalesce=True)
        every(self.upkeep, minutes=UPKEEP_MINUTES)
        every(self.show_owed, seconds=OWED_SECONDS)
        every(self.look_after_outbox, seconds=OUTBOX_SECONDS)
        every(self.look_after_seats, seconds=SEATS_SECONDS)
        every(self.look_for_people, minutes=PEOPLE_MINUTES)
        every(self.look_after_broadcasts, seconds=BROADCAST_SECONDS)
        every(self.keep_profiles, seconds=PROFILES_SECONDS)
        if self._back_up is not None:
            every(self._back_up, minutes=BACKUP_MINUTES)
        every(self.look_after_threads, seconds=THREADS_SECONDS)
        every(self.look_for_alarms, seconds=ALARM_SECONDS)
        if self._clear is not None:
            every(self.clear_chats, seconds=CLEARING_SECONDS)
        self._scheduler.start()

    def stop(self) -> None:
        """Wake no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def at_start(self) -> None:
        """Who was owed a card when the last run ended gets it now, however lately they wrote."""
        await self.show_owed(quiet=timedelta(0))
        await self.look_after_seats()
        await self.upkeep()
        await self.look_for_people()
        await self.keep_profiles()
        await self.look_after_threads()

    async def clock_moved(self) -> None:
        """The clock has jumped: whatever is timed is looked at anew."""
        await self.look_after_seats()
        await self.look_for_people()
        await self.look_after_outbox()
        await self.look_after_threads()
        await self.upkeep()

    async def machine_clock_jumped(self) -> None:
        """Wake now, then at the usual pace: the scheduler would wait until a clock that went back is there again."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=system_clock.now())
        await self.clock_moved()

    def ring(self, due: datetime) -> None:
        """Wake the sender when the next delivery is due; there is one such wake, and the newest word counts."""
        at = system_clock.now() + max(due - self._common.clock(), timedelta(0))
        self._scheduler.add_job(
            self._wake_sender, "date", run_date=at, id="due", replace_existing=True, misfire_grace_time=None
        )

    async def keep_staff_menus(self) -> None:
        """Tell every staff member's chat its commands, now and with each other content, for ever."""
        content = self._common.content
        while True:
            await self._try("staff_menus", self._tell_staff_menus)
            content = await self._common.shelf.other_than(content)

    async def _tell_staff_menus(self) -> None:
        menus, texts = await self._drawn(team.menus)
        for menu in menus:
            await self._presenter.menu(texts, menu)

    async def look_after_outbox(self) -> None:
        """Let the sender look whether something is due, or was left by a process that died."""
        if self._sender is not None:
            self._sender.look_after()

    async def look_after_seats(self) -> None:
        """Seats whose hold has run out go to the next person; who left in the middle is to be reminded."""
        await self._try("seats", self._look_after_seats)

    async def _look_after_seats(self) -> None:
        await self._run(joining.look_after)
        await self._run(sweeping.look_around)
        await self._run(partners.look_around)

    async def look_for_people(self) -> None:
        """Tell whom a deadline or an old answer concerns; page by page, so that a tap goes in between."""
        await self._try("people", self._look_for_people)

    async def _look_for_people(self) -> None:
        await self._run(openings.look_around)
        await self._run(broadcasting.look_for_joiners)
        await self._run(leads.nudge)
        round_ = await self._run(seeking.begin)
        while round_ is not None:
            round_ = await self._run(seeking.step, round_)

    async def look_after_broadcasts(self) -> None:
        """Plan what goes out to many, page by page, and show those who look on how far it is."""
        await self._try("broadcasts", self._look_after_broadcasts)

    async def _look_after_broadcasts(self) -> None:
        if not await self._run(broadcasting.is_anything_going_out):
            return
        more = True
        while more:
            more = await self._run(broadcasting.step)
            failpoints.reached("delivery_page_planned")
        watchers = await self._run(watching.watchers)
        self._watched = {chat_id: seen for chat_id, seen in self._watched.items() if chat_id in watchers}
        for chat_id, numbers in watchers.items():
            if self._watched.get(chat_id) != numbers and not self._intake.serves(chat_id):
                self._watched[chat_id] = numbers
                self._intake.in_turn(chat_id, partial(self._show_progress, chat_id))

    async def _show_progress(self, chat_id: int, _: Attempt) -> None:
        reply, texts = await self._drawn(watching.progress, Visitor(chat_id, person=chat_id))
        if reply is not None:
            await self._presenter.present(texts, reply)

    async def keep_profiles(self) -> None:
        """Write the profiles anew, from which audiences are made, of whom something has changed; page by page."""
        await self._try("profiles", self._keep_profiles)

    async def _keep_profiles(self) -> None:
        await keeping.catch_up(self._common.database)

    async def look_after_threads(self) -> None:
        """Pass on what was left lying of talks with people, and remind the team of who waits."""
        await self._try("threads", self._look_after_threads)

    async def _look_after_threads(self) -> None:
        await self._run(waiting.look_after)

    async def clear_chats(self) -> None:
        """Delete at the messenger what stands there of people who erased themselves."""
        if self._clear is not None:
            await self._try("clearing", self._clear)

    async def look_for_alarms(self) -> None:
        """Tell the admins what goes wrong with the bot itself, and when it is over."""
        if (look := self.seen) is not None:
            await self._try("alarms", lambda: self._look_for_alarms(look()))

    async def _look_for_alarms(self, seen: Seen) -> None:
        told = await self._run(alarms.look, seen)
        for alarm, begun in told:
            log.get().warning("alarm_begun" if begun else "alarm_over", alarm=alarm.value)

    async def _wake_sender(self) -> None:
        if self._sender is not None:
            self._sender.wake()

    async def upkeep(self) -> None:
        """Forget what may not stay; and once a night, and after a start, what is long over."""
        await self._try("upkeep", self._upkeep)
        await self._try("nightly", self._nightly)

    async def show_owed(self, quiet: timedelta = timedelta(seconds=OWED_SECONDS)) -> None:
        """Show the cards that never arrived."""
        await self._try("show_owed", lambda: self._show_owed(quiet))

    def show_in_turn(self, chat_id: int) -> None:
        """Show a chat's card, if it is owed one, in the chat's next turn: this process serves then."""
        self._intake.in_turn(chat_id, partial(self._show_again, chat_id))

    async def _upkeep(self) -> None:
        forgotten = await self._run(upkeep.forget_what_is_due)
        await self._common.database.tidy()
        if forgotten != upkeep.Forgotten(0, 0, 0):
            counts = {"chats": forgotten.chats, "answers": forgotten.answers, "inbox_ids": forgotten.inbox_ids}
            log.get().info("forgotten", **counts)

    async def _nightly(self) -> None:
        night = await self._run(upkeep.night_of)
        if night == self._night:
            return
        gone = await upkeep.night_work(self._run)
        self._night = night
        await self._common.database.tidy()
        if gone != upkeep.LongOver(0, 0, 0, 0):
            log.get().info("forgotten_long_over", **asdict(gone))

    async def _show_owed(self, quiet: timedelta) -> None:
        owed = await self._run(upkeep.owed, quiet)
        for chat_id in owed:
            if quiet and self._intake.serves(chat_id):
                continue  # its card may just be on its way
            self.show_in_turn(chat_id)

    async def _show_again(self, chat_id: int, _: Attempt) -> None:
        reply, texts = await self._drawn(upkeep.show_again, Visitor(chat_id))
        if reply is not None:
            await self._presenter.present(texts, reply)

    async def _run(self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the use case answers."""
        answer, _ = await self._drawn(use_case, *args, **kwargs)
        return answer

    async def _drawn(
        self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, Texts]:
        """What the use case answers, and the texts it is drawn with."""

        def drawn(turn: Turn) -> tuple[T, Texts]:
            turn = up_to_date(turn)
            return use_case(turn, *args, **kwargs), turn.content.texts

        return await self._common.run(drawn)

    async def _try(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        outcome = "failed"
        metrics.WAKES.add(what, outcome, by=0)  # so that the first one is an increase (see `metrics.LOOKED_FOR`)
        try:
            with log.about(wake=what):
                await work()
            outcome = "done"
        except DatabaseAway:
            outcome = "database_away"
            log.get().warning("database_away", what=what)
        except Exception as error:  # noqa: BLE001 - whatever it is, people are answered, and the next wake tries again
            log.get().error("wake_failed", what=what, error=error)
        finally:
            metrics.WAKES.add(what, outcome)
