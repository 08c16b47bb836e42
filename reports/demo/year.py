"""The demo's years: activities with attendance, what was noted, rule-book, tallies, publication.

Everything goes through the actions on its own day (see clock.py); only the hundreds of verified
notes of a month are written at once, as their actions would have left them.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator

from django.db import connections
from django.utils import timezone

from activities import actions as act
from activities.models import ActivityKind
from activities.queries import own_level
from congress.models import Congress, Membership, Role, Unit
from congress.models.units import STREET_KINDS
from deputies.models import Deputy, Mandate
from deputies.queries import in_office_between, spells
from performance import actions as perf
from performance.models import DutyItem, DutyRecord, Period, RuleBookVersion, SelfReport

from . import clock, conduct, scenes
from .conduct import Held, Noted, Year
from .current import Current
from .long_way import LongWay
from .papers import Papers
from .places import Place
from .read import read_what_came
from .told import Told

Say = Callable[[str], object]
# First and last days of the demo's two years by stage. Where the year is to be published at the
# congress in January, it ends in November.
YEARS = {
    "mid-year": (
        ("2025年度", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ("2026年度", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ),
    "year-end": (
        ("2025年度", dt.date(2024, 11, 21), dt.date(2025, 11, 20)),
        ("2026年度", dt.date(2025, 11, 21), dt.date(2026, 11, 20)),
    ),
}
PACE = {"gulou": 1.0, "yunze": 0.55, "liuxi": 0.45}
LAST_FULL_DAY = dt.date(2026, 11, 18)  # what came later is told as scenes, step by step
RESULTS = (
    "代表实地察看了现场，听取了有关部门汇报，提出意见 {} 条，已整理转交办理。",
    "与会人员围绕主题交流发言，形成意见建议 {} 条。",
    "现场答复群众反映的问题 {} 个，其余转有关单位研究。",
)


class Story:
    """The people of one congress and what happens to them."""

    def __init__(self, congress: Congress, place: Place, stage: str):
        self.congress, self.place, self.stage = congress, place, stage
        self.chance = random.Random(place.seed * 7)
        self.level = own_level()
        members = {
            m.user.login_name.removeprefix(f"{place.key}-"): m
            for m in Membership.objects.exclude(role=Role.DEPUTY).select_related("user", "unit")
        }
        self.clerk, self.chief = members["clerk"], members["chief"]
        self.streets = list(Unit.objects.filter(kind__in=STREET_KINDS))
        self.of_street = {m.unit_id: m for m in members.values() if m.role == Role.STREET}
        self.office = Unit.objects.filter(kind=Unit.Kind.DEPUTY_AFFAIRS).get()
        self.committees = list(
            Unit.objects.filter(kind__in=[Unit.Kind.SPECIAL_COMMITTEE, Unit.Kind.WORKING_COMMITTEE])
        )
        self.kinds = {k.code: k for k in ActivityKind.objects.all()}
        seats = (
            Mandate.objects.filter(level=self.level)
            .select_related("deputy__membership__user", "street", "delegation")
            .order_by("position")
        )
        self.seats = list(seats)
        self.deputies: list[Deputy] = [s.deputy for s in self.seats]
        self.people = conduct.doers(
            self.chance, len(self.seats), len(self.streets), place.delegations
        )

        self.papers = Papers(self)

    def chapters(self, say: Say) -> Iterator[Callable[[], object]]:
        """Both years until today, and what is going on now, in parts to be carried out in this
        order, each in a transaction of its own."""
        last, this = YEARS[self.stage]
        today = timezone.localdate()

        self.steps = LongWay(self).steps() if self.place.key == "gulou" else []

        def begin() -> None:
            self.papers.begin()
            self.version = self._rule_book(last[1])
            self.items = {i.code: i for i in DutyItem.objects.all()}
            self.before, self.now = self._period(*last), None

        yield begin
        yield lambda: self.papers.year(2024)
        yield lambda: self.papers.year(2025)
        yield from self._live(last[1], last[2], say, as_notes=True)
        yield lambda: scenes.publish(self, self.before)
        yield lambda: setattr(self, "now", self._period(*this))
        yield lambda: self.papers.year(2026)
        yield lambda: say(f"{self.place.name}: {len(self.papers.raised)} suggestions")
        yield from self._live(this[1], min(this[2], LAST_FULL_DAY, today), say)
        yield lambda: scenes.awards(self, self.now)
        yield lambda: Current(self).tell()
        if self.place.key == "gulou":
            yield from Told(self).chapters()
        yield lambda: self._count(self.now)
        yield lambda: scenes.these_days(self)
        yield read_what_came
        yield lambda: say(f"{self.place.name}: told until today")

    def _count(self, period: Period) -> None:
        if self.stage == "year-end":
            scenes.tally_and_object(self, period)
        else:
            with clock.at(dt.date(2026, 7, 3), 16):
                perf.tally(period, by=self.clerk)

    # -- The rules -----------------------------------------------------------------------------

    def _rule_book(self, since: dt.date) -> RuleBookVersion:
        body = "主席团" if self.level == Mandate.Level.TOWNSHIP else "常委会"
        document = f"{self.place.name}人大{body}履职积分管理办法（试行）"
        with clock.at(since - dt.timedelta(days=20), 10):
            version = perf.make_book(
                by=self.clerk,
                name=f"{self.place.name}人大代表履职积分办法",
                template=self.place.rule_book,
                basis_document=document,
            )
        with clock.at(since - dt.timedelta(days=10), 15):
            return perf.publish_version(
                version, by=self.chief, in_force_from=since, basis_document=document
            )

    def _period(self, name: str, since: dt.date, until: dt.date) -> Period:
        with clock.at(since, 9):
            return perf.open_period(
                by=self.clerk,
                name=name,
                starts_on=since,
                ends_on=until,
                version=self.version,
                level=self.level,
            )

    # -- A year --------------------------------------------------------------------------------

    def _live(
        self, since: dt.date, until: dt.date, say: Say, as_notes: bool = False
    ) -> Iterator[Callable[[], object]]:
        """A year month by month. `as_notes`: from before the house had this system, what the
        streets held is entered on behalf afterwards, person by person."""
        year = Year(
            self.people,
            self.chance,
            since,
            until,
            [s.short_name for s in self.streets],
            PACE[self.place.key],
        )
        held, noted = year.held(), year.noted()
        if as_notes:
            noted += [note for h in held if h.street >= 0 for note in self._as_notes(h)]
            held = [h for h in held if h.street < 0]
        months: dict[tuple[int, int], list[Held | Noted]] = {}
        for one in [*held, *sorted(noted, key=lambda n: (n.on, n.item, n.number))]:
            months.setdefault((one.on.year, one.on.month), []).append(one)
        for month in sorted(months):
            yield lambda rows=months[month]: self._month(rows, until)
            yield from self._steps_of(month)
        yield lambda: say(
            f"{self.place.name}: {len(held)} activities and {len(noted)} notes until {until}"
        )

    def _steps_of(self, month: tuple[int, int]) -> Iterator[Callable[[], object]]:
        """What happened to the demo's longest suggestion until the end of a month."""
        while self.steps and (self.steps[0][0].year, self.steps[0][0].month) <= month:
            yield self.steps.pop(0)[1]

    def _as_notes(self, held: Held) -> list[Noted]:
        codes = self.kinds[held.kind].feeds.values_list("item__code", flat=True)
        came = [n for n, value in held.attendance.items() if value in ("present", "late")]
        return [Noted(held.on, code, n, held.title) for code in codes for n in came]

    def _month(self, rows: list[Held | Noted], until: dt.date) -> None:
        for row in rows:
            if isinstance(row, Held):
                self._hold(row)
        notes = [row for row in rows if isinstance(row, Noted)]
        if notes:
            self._note(notes, max(n.on for n in notes))

    def _hold(self, held: Held) -> None:
        """One activity, entered the day after."""
        by, organiser = self.who_runs(held.street, held.committee)
        ends_on = held.on + dt.timedelta(days=held.days - 1)
        long = held.days > 1 or held.kind in ("sitting", "training")
        with clock.at(ends_on + dt.timedelta(days=1), 9 + held.hour % 7, len(held.title) % 60):
            act.record_held(
                by=by,
                kind=self.kinds[held.kind],
                title=held.title,
                starts_at=clock.moment(held.on, held.hour),
                ends_at=clock.moment(ends_on, 17 if long else held.hour + 2, 30),
                place=held.place,
                organiser=organiser,
                attendance={self.deputies[n].pk: value for n, value in held.attendance.items()},
                result=self.chance.choice(RESULTS).format(self.chance.randint(2, 9)),
                source=held.source,
                source_name=held.source_name,
                level=self.level,
                is_public=held.is_public,
            )

    def who_runs(self, street: int, committee: int = -1) -> tuple[Membership, Unit]:
        """Who enters an activity, and in whose name."""
        if street >= 0 and self.streets:
            unit = self.streets[street]
            return self.of_street[unit.pk], unit
        if committee >= 0 and self.committees:
            return self.clerk, self.committees[committee % len(self.committees)]
        return self.clerk, self.office

    def _note(self, rows: list[Noted], last: dt.date) -> None:
        """A month's verified reports and entries on behalf, written at once on its last day."""
        rows = self._in_office(rows)
        with clock.at(last, 17, 30):
            reports = [
                self._report(row, pk) for row, pk in zip(rows, self._ids(len(rows)), strict=True)
            ]
            perf.record_duties(
                self.clerk,
                [
                    DutyRecord(
                        deputy=r.deputy,
                        item=r.item,
                        on=r.on,
                        title=r.title,
                        level=r.level,
                        on_behalf=r.on_behalf,
                        entered_by=r.entered_by,
                        source_kind="performance.selfreport",
                        source_id=str(r.pk),
                    )
                    for r in reports
                ],
            )
            made = DutyRecord.objects.filter(
                source_kind="performance.selfreport", source_id__in=[str(r.pk) for r in reports]
            )
            of_report = {int(pk): row for row, pk in made.values_list("pk", "source_id")}
            for report in reports:
                report.record_id = of_report[report.pk]
            SelfReport.objects.bulk_create(reports, batch_size=1000)

    def _ids(self, count: int) -> list[int]:
        """Numbers for reports to come, so that their facts can name them."""
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [SelfReport._meta.db_table, count],
            )
            return [row[0] for row in cursor.fetchall()]

    def _report(self, row: Noted, pk: int) -> SelfReport:
        seat = self.seats[row.number]
        own = seat.deputy.membership
        street = self.of_street.get(seat.street_id)
        on_behalf = own is None or not row.reported
        sent = clock.moment(row.on + dt.timedelta(days=1), 20)
        reviewer = street or (self.chief if on_behalf else self.clerk)
        return SelfReport(
            pk=pk,
            deputy=seat.deputy,
            item=self.items[row.item],
            on=row.on,
            title=row.title,
            level=row.level,
            entered_by=self.clerk if on_behalf else own,
            on_behalf=on_behalf,
            state=SelfReport.State.VERIFIED,
            submitted_at=sent,
            reviewed_by=reviewer,
            reviewed_at=sent + dt.timedelta(days=2, hours=-5),
            verified_by=self.chief if reviewer == self.clerk or street else self.clerk,
            verified_at=sent + dt.timedelta(days=5, hours=-4),
        )

    def _in_office(self, rows: list[Noted]) -> list[Noted]:
        """Only what was done on a day in office."""
        if not hasattr(self, "_spells"):
            seats = in_office_between(dt.date(2020, 1, 1), dt.date(2030, 1, 1), self.level)
            self._spells = spells(seats)
        return [
            row
            for row in rows
            if any(s.covers(row.on) for s in self._spells[self.seats[row.number].pk])
        ]
