"""The annual tally: what counts, what does not, again and again until the lock."""

import datetime as dt
from collections import Counter
from decimal import Decimal as D

import pytest

from congress import audit
from congress.flow import NotAllowed
from congress.models import Job, LogEntry, Role
from congress.tenancy import in_congress
from deputies.models import CommitteeSeat, Mandate
from performance import actions
from performance.models import DutyItem, DutyRecord, Outcome, Tally
from performance.queries import difference, lines_of
from tests import cast

from . import year


@pytest.fixture
def period(in_binhai):
    return year.period()


def total_of(tally, mandate):
    return tally.totals.get(deputy=mandate.deputy_id)


def test_the_tally_equals_a_recount_fact_by_fact(period):
    seats = year.seats(9)
    year.facts(seats)
    tally = actions.tally(period, by=year.keeper())
    for mandate in seats:
        # The book by hand: reception (B06) 6 points each up to 72, honours by their level up to 20.
        mine = DutyRecord.objects.filter(deputy=mandate.deputy_id).select_related("item")
        came = sum(1 for r in mine if r.item.code == "B06" and r.outcome in ("present", "late", ""))
        honours = Counter(r.level for r in mine if r.item.code == "E05")
        worth = {"national": 10, "provincial": 8, "city": 6, "county": 4}
        sessions = sum(
            (r.quantity for r in mine if r.item.code == "A01" and r.outcome in ("present", "late")),
            D(0),
        )
        days = {r.on for r in mine if r.item.counts_as_day and r.outcome not in ("leave", "absent")}
        row = total_of(tally, mandate)
        points = {k: D(v[0]) for k, v in row.lines.items()}
        assert points.get("B06", 0) == min(6 * came, 72)
        assert points.get("E05", 0) == min(sum(worth[k] * n for k, n in honours.items()), 20)
        assert points.get("A01", 0) == min(10 * int(sessions), 80)
        assert row.total == sum(points.get(k, D(0)) for k in "ABEO")
        assert row.total == sum(D(v) for v in row.aspects.values())
        assert row.days == len(days)
    assert tally.facts == DutyRecord.objects.count()
    assert tally.deputies == 9


def test_days_before_between_and_after_office_do_not_count(period):
    resigned, suspended, late_comer, never = [
        year.seat("离任早", 1, ends_on=dt.date(2025, 3, 31), end_reason="resigned"),
        year.seat("暂停过", 2),
        year.seat("补选来", 3, starts_on=dt.date(2025, 11, 1)),
        year.seat("暂停整年", 4),
    ]
    year.suspend(suspended, dt.date(2025, 5, 1), dt.date(2025, 7, 1))
    year.suspend(never, dt.date(2024, 12, 1))
    for mandate in (resigned, suspended, late_comer, never):
        for month in (3, 6, 12):
            year.fact(mandate.deputy, "B06", dt.date(2025, month, 15), outcome="present")
    tally = actions.tally(period, by=year.keeper())
    assert tally.facts == 1 + 2 + 1
    assert [t.lines["B06"][1] for t in tally.totals.order_by("mandate__position")] == [
        "1",
        "2",
        "1",
    ]
    assert total_of(tally, suspended).in_office_days == 365 - 61
    assert total_of(tally, resigned).in_office_days == 31 + 28 + 31
    assert not tally.totals.filter(deputy=never.deputy_id).exists()


def test_two_seats_one_after_the_other_are_one_deputy(period):
    first = year.seat("再当选", 1, ends_on=dt.date(2025, 6, 30), end_reason="term_over")
    Mandate.objects.create(
        deputy=first.deputy, level="county", starts_on=dt.date(2025, 6, 30), position=2
    )
    year.fact(first.deputy, "B06", dt.date(2025, 6, 30), outcome="present")
    tally = actions.tally(period, by=year.keeper())
    row = tally.totals.get()
    assert (row.lines["B06"][1], row.in_office_days, row.days) == ("1", 365, 1)


def test_other_levels_other_years_and_withdrawn_facts_do_not_count(period):
    mandate = year.seat("单林芳", 1)
    other = year.seat("镇代表", 2, level="township")
    year.fact(mandate.deputy, "B06", dt.date(2025, 3, 1), outcome="present")
    year.fact(mandate.deputy, "B06", dt.date(2024, 12, 31), outcome="present")
    year.fact(mandate.deputy, "B06", dt.date(2025, 4, 1), outcome="present", source="withdrawn")
    year.fact(other.deputy, "B06", dt.date(2025, 3, 1), outcome="present")
    actions.withdraw_duties(
        by=year.keeper(), source_kind="test", source_id="withdrawn", reason="重复"
    )
    tally = actions.tally(period, by=year.keeper())
    assert tally.totals.get().lines["B06"][1] == "1"


def test_two_duties_on_one_day_are_one_day_of_duty_and_an_absence_is_none(period):
    mandate = year.seat("单林芳", 1)
    for code in ("B06", "B05"):
        year.fact(mandate.deputy, code, dt.date(2025, 3, 1), outcome="present")
    year.fact(mandate.deputy, "B02", dt.date(2025, 4, 1), outcome="absent")
    DutyItem.objects.filter(code="E02").update(counts_as_day=False)
    year.fact(mandate.deputy, "E02", dt.date(2025, 5, 1))
    row = total_of(actions.tally(period, by=year.keeper()), mandate)
    assert row.days == 1


def test_distinct_days_and_objects_are_counted_apart(in_binhai):
    version = actions.make_book(by=None, name="自拟办法")
    item = DutyItem.objects.get(code="B06")
    for key, aggregate in (("天", "distinct_days"), ("户", "distinct_objects")):
        actions.save_rule(
            version,
            by=year.keeper(),
            kind="linear",
            name=key,
            item=item,
            params={
                "rate": "2",
                "measure": {"aggregate": aggregate, "items": ["B06"], "outcome": ["present"]},
            },
        )
    version = actions.publish_version(
        version, by=None, in_force_from=dt.date(2022, 1, 1), basis_document="文"
    )
    period = year.period(version)
    mandate = year.seat("单林芳", 1)
    for n, (day, house) in enumerate([(1, "甲"), (1, "乙"), (2, "甲"), (3, "甲")]):
        year.fact(
            mandate.deputy,
            "B06",
            dt.date(2025, 3, day),
            outcome="present" if n < 3 else "absent",
            attributes={"object": house},
            source=str(n),
        )
    lines = actions.tally(period, by=year.keeper()).totals.get().lines
    assert {k: v[:2] for k, v in lines.items()} == {"B06": ["4.0", "2"], "B061": ["4.0", "2"]}


def test_identities_open_the_rules_that_are_for_them(in_binhai):
    version = actions.make_book(by=None, name="自拟办法")
    for who in ("committee_member", "group_leader"):
        actions.save_rule(
            version,
            by=year.keeper(),
            kind="const",
            name=who,
            params={"points": "7", "for": [who]},
        )
    version = actions.publish_version(
        version, by=None, in_force_from=dt.date(2022, 1, 1), basis_document="文"
    )
    period = year.period(version)
    one, other = year.seat("单林芳", 1), year.seat("区启明", 2)
    unit = cast.member(in_binhai, Role.COMMITTEE).unit
    CommitteeSeat.objects.create(unit=unit, deputy=one.deputy, starts_on=dt.date(2024, 1, 1))
    tally = actions.tally(period, by=year.keeper())
    assert (total_of(tally, one).total, total_of(tally, other).total) == (7, 0)


def test_awards_count_until_they_are_taken_back(period):
    mandate = year.seat("单林芳", 1)
    node = period.version.nodes.get(key="O02")
    by = year.keeper()
    given = actions.award(
        period, by=by, deputy=mandate.deputy, node=node, points=D("12.5"), reason="抢险突出"
    )
    first = actions.tally(period, by=by)
    actions.withdraw_award(given, by=by)
    second = actions.tally(period, by=by)
    assert (total_of(first, mandate).total, total_of(second, mandate).total) == (D("12.5"), 0)
    [change] = difference(first, second)
    assert change.by == D("-12.5")
    assert change.lines[0] == "常委会酌定加减分 12.5分 → 0分"
    assert change.why == ["撤回：常委会酌定加减分 12.5分"]


def test_a_gate_holds_the_grade_down(in_binhai):
    version = actions.make_book(by=None, name="自拟办法")
    actions.save_rule(
        version, by=year.keeper(), kind="const", name="基础分", params={"points": "90"}
    )
    actions.save_bands(
        version,
        by=year.keeper(),
        bands=[
            {"name": "优秀", "low": "80", "high": ""},
            {"name": "称职", "low": "", "high": "80"},
        ],
    )
    Outcome.objects.create(
        version=version,
        kind="gate",
        name="两次缺席",
        params={
            "measure": {"items": ["B02"], "outcome": ["absent"]},
            "at_least": "2",
            "effect": "cap_grade",
            "grade": "称职",
        },
    )
    version = actions.publish_version(
        version, by=None, in_force_from=dt.date(2022, 1, 1), basis_document="文"
    )
    period = year.period(version)
    good, absent = year.seat("单林芳", 1), year.seat("区启明", 2)
    for month in (3, 4):
        year.fact(absent.deputy, "B02", dt.date(2025, month, 1), outcome="absent")
    tally = actions.tally(period, by=year.keeper())
    assert [(t.band, t.gates) for t in tally.totals.order_by("mandate__position")] == [
        ("优秀", []),
        ("称职", ["两次缺席"]),
    ]
    assert total_of(tally, good).total == 90


def test_the_difference_says_which_line_changed_and_why(period):
    seats = year.seats(3)
    year.facts(seats, each=10)
    first = actions.tally(period, by=year.keeper())
    assert difference(first, actions.tally(period, by=year.keeper())) == []
    year.fact(seats[0].deputy, "B04", dt.date(2025, 8, 8), outcome="present", source="new")
    third = actions.tally(period, by=year.keeper())
    assert third.number == 3
    [change] = difference(first, third)
    assert change.deputy == seats[0].deputy and change.by == D("12")
    assert any("次 → " in line and "分 → " in line for line in change.lines)
    assert change.why == [f"新增：8月8日{DutyItem.objects.get(code='B04').name}"]


def test_every_line_is_said_in_words(period):
    [mandate] = year.seats(1, 1)
    for day in (1, 2, 3):
        year.fact(mandate.deputy, "B06", dt.date(2025, 3, day), outcome="present")
    row = total_of(actions.tally(period, by=year.keeper()), mandate)
    said = {view.rule.key: view for view in lines_of(row)}
    assert said["B06"].sentence.endswith("3次 ×6分 = 18分")
    assert (said["B"].depth, said["B06"].depth) == (0, 1)
    assert set(said) == {"B", "B06"}
    assert len(lines_of(row, zeros=True)) == period.version.nodes.count()


def test_a_locked_period_is_never_tallied_again(period):
    by = year.keeper()
    actions.lock_period(period, by=by)
    period.refresh_from_db()
    for step in (actions.tally, actions.start_tally):
        with pytest.raises(NotAllowed, match="已锁定"):
            step(period, by=by)
    assert not Tally.objects.exists()


def test_only_those_who_keep_the_figures_may_tally(period):
    for role in (Role.CHAIR, Role.STREET, Role.COMMITTEE, Role.DEPUTY, Role.SYSTEM_ADMIN):
        member = cast.member(cast.Congress.objects.get(key="binhai"), role)
        with pytest.raises(NotAllowed, match="只有代工委"):
            actions.tally(period, by=member)


def test_a_tally_is_a_job_with_its_result_and_its_log_row(binhai, run_jobs):
    with in_congress(binhai):
        period = year.period()
        year.facts(year.seats(5))
        job = actions.start_tally(period, by=year.keeper())
        assert actions.start_tally(period, by=year.keeper()) == job
    assert run_jobs(binhai) == 1
    with in_congress(binhai):
        job = Job.objects.get()
        row = Tally.objects.get()
        assert job.done_at and job.result == {"tally": row.pk} and row.job == job
        entry = LogEntry.objects.filter(step="performance.tally").get()
        assert entry.by == year.keeper() and entry.object_id == str(row.pk)
        assert audit.verify(binhai) == []


def test_the_number_of_queries_does_not_grow(period, django_assert_num_queries):
    year.facts(year.seats(3))
    actions.tally(period, by=year.keeper())
    with django_assert_num_queries(20) as few:
        actions.tally(period, by=year.keeper())
    year.facts([year.seat(f"代表丁{n}", 100 + n) for n in range(40)])
    with django_assert_num_queries(len(few)):
        actions.tally(period, by=year.keeper())


def test_the_neighbour_counts_nothing_of_it(binhai, shanyang):
    with in_congress(binhai):
        year.rule_book()
        year.facts(year.seats(3))
    with in_congress(shanyang):
        period = year.period()
        mandate = year.seat("山阳人", 1)
        year.fact(mandate.deputy, "B06", dt.date(2025, 3, 1), outcome="present")
        tally = actions.tally(period, by=year.keeper())
        assert (tally.deputies, tally.facts) == (1, 1)
