"""A unit's time limit: told to whoever holds the post that day, and up the ladder."""

import datetime as dt

import pytest

from congress import holidays
from congress.flow import NotAllowed
from congress.models import LogEntry, Membership, Role, Unit
from deadlines import actions, queries
from deadlines.models import Deadline, Extension, Post, Shift
from deadlines.rules import Limit, Plan, Rank
from deadlines.rules import Unit as In
from notices.models import Notice
from tests import cast

from .test_actions import moment

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 4, 10)


@pytest.fixture
def staff(in_binhai):
    return cast.member(in_binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def unit(in_binhai):
    return Unit.objects.get(short_name="住建局")


@pytest.fixture
def people(in_binhai, unit, staff):
    """The unit's clerk, liaison, deputy head and head."""
    found = {Rank.CLERK: cast.member(in_binhai, Role.HANDLING_UNIT)}
    for rank in (Rank.LIAISON, Rank.DEPUTY_HEAD, Rank.HEAD):
        found[rank] = cast.add_member(in_binhai, Role.HANDLING_UNIT, rank.label, rank.value)
    actions.set_posts(unit, {m.pk: rank for rank, m in found.items()}, by=staff)
    return found


def given(
    staff, unit, due: dt.date = DUE, kind: str = "t.reply", what: str = "办理12号建议"
) -> Deadline:
    actions.set_deadline(
        kind, unit, by=staff, units=[unit], what=what, limit=Limit(In.FIXED, on=due),
        start_on=dt.date(2026, 1, 12), link="/desk/tasks/1/",
    )  # fmt: skip
    return Deadline.objects.get(kind=kind, to_unit=unit)


def told(day: str) -> set[str]:
    """Who is told on a morning."""
    before = set(Notice.objects.values_list("pk", flat=True))
    actions.remind(moment(f"{day}T09:00"))
    return set(Notice.objects.exclude(pk__in=before).values_list("to__name", flat=True))


def test_the_higher_the_later_they_are_told(staff, unit, people):
    given(staff, unit)
    assert told("2026-03-10") == set()
    assert told("2026-03-11") == {"程办理"}
    assert told("2026-03-26") == {"程办理", "联络员"}
    assert told("2026-04-03") == {"程办理", "联络员", "分管负责人"}
    assert told("2026-04-09") == {"程办理", "联络员", "分管负责人", "主要负责人"}
    unit_people = {"程办理", "联络员", "分管负责人", "主要负责人"}
    assert told("2026-04-10") == set()
    assert told("2026-04-13") == unit_people | {"郑府办"}
    assert told("2026-04-15") == unit_people | {"郑府办", "代玉珍", "副主任"}
    assert told("2026-04-15") == set()
    assert told("2026-04-18") == set()  # Saturday


def test_above_the_unit_the_message_names_it(staff, unit, people):
    given(staff, unit)
    told("2026-04-15")
    office = Notice.objects.get(to__role=Role.GOVERNMENT_OFFICE)
    assert office.title == "住建局：办理12号建议：已逾期 5 天" and "（已逾期）" in office.body
    keeper = Notice.objects.get(to=staff)
    assert keeper.link == "/admin/deadlines/"
    assert office.outside == "您有一件事项需要在时限内办理，最近的已逾期 5 天"


def test_trap_52_reminders_go_to_the_post_and_not_to_who_left(staff, unit, people):
    given(staff, unit)
    gone = people[Rank.LIAISON]
    Membership.objects.filter(pk=gone.pk).update(valid_to=dt.date(2026, 3, 20))
    new = cast.add_member(staff.congress, Role.HANDLING_UNIT, "新联络员", "new")
    actions.set_posts(unit, {new.pk: Rank.LIAISON}, by=staff)
    assert told("2026-03-26") == {"程办理", "新联络员"}
    type(people[Rank.CLERK].user).objects.filter(pk=people[Rank.CLERK].user_id).update(
        is_active=False
    )
    assert told("2026-04-03") == {"新联络员", "分管负责人"}


def test_a_unit_without_anybody_is_not_forgotten(staff, unit):
    Membership.objects.filter(unit=unit).update(valid_to=dt.date(2026, 1, 1))
    given(staff, unit)
    assert told("2026-03-11") == {"郑府办"}


def test_after_an_outage_everything_missed_is_one_message_on_every_rung(staff, unit, people):
    given(staff, unit)
    given(staff, unit, kind="t.sign", what="签收13号建议", due=dt.date(2026, 4, 9))
    told("2026-04-15")
    assert Notice.objects.count() == 4 + 1 + 2
    assert {n.title for n in Notice.objects.all()} == {"您有 2 件事项需要在时限内办理"}


def test_a_unit_meets_what_it_owes_whoever_did_it(staff, unit, people):
    given(staff, unit)
    assert queries.waiting_for(people[Rank.CLERK], dt.date(2026, 3, 1)).count() == 1
    assert actions.meet("t.reply", unit, by=people[Rank.CLERK]) == 1
    assert told("2026-04-15") == set()


def test_set_again_the_units_open_one_moves(staff, unit, people):
    given(staff, unit)
    told("2026-03-11")
    row = given(staff, unit, due=dt.date(2026, 5, 8))
    assert Deadline.objects.count() == 1 and row.due_on == dt.date(2026, 5, 8)
    assert row.next_on == dt.date(2026, 4, 8)


def test_the_plan_of_the_congress_is_followed_at_once(staff, unit, people):
    given(staff, unit)
    actions.save_plan(Plan(before=(10,), liaison=None, head=None, keepers=None), by=staff)
    assert told("2026-03-11") == set()
    assert told("2026-03-31") == {"程办理"}
    assert told("2026-04-03") == {"程办理", "分管负责人"}
    assert told("2026-04-30") == {"程办理", "分管负责人", "郑府办"}
    entry = LogEntry.objects.get(step="deadlines.save_plan")
    assert entry.before["提前提醒天数"] == "30、15、5、1" and entry.after["联络员"] is None


@pytest.mark.parametrize(
    ("plan", "told_so"),
    [
        (Plan(before=()), "1 至 60"),
        (Plan(before=(0,)), "1 至 60"),
        (Plan(before=(90,)), "1 至 60"),
        (Plan(liaison=-5, deputy_head=-15), "不能早于"),
        (Plan(office=9, keepers=3), "不能早于"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(staff, plan, told_so):
    with pytest.raises(NotAllowed, match=told_so):
        actions.save_plan(plan, by=staff)


def test_others_set_neither_plan_nor_posts(staff, unit, people):
    deputy = cast.member(staff.congress, Role.DEPUTY)
    with pytest.raises(NotAllowed):
        actions.save_plan(Plan(), by=deputy)
    with pytest.raises(NotAllowed):
        actions.set_posts(unit, {}, by=deputy)
    with pytest.raises(NotAllowed):
        actions.set_posts(unit, {}, by=cast.member(staff.congress, Role.GOVERNMENT_OFFICE))
    with pytest.raises(NotAllowed, match="已不在这个单位"):
        actions.set_posts(unit, {deputy.pk: Rank.HEAD}, by=staff)
    own = people[Rank.CLERK]
    assert actions.set_posts(unit, {own.pk: Rank.LIAISON}, by=own) == 1
    assert Post.objects.get(member=own).rank == Rank.LIAISON


def test_an_extension_of_a_units_limit_is_told_to_the_unit(staff, unit, people):
    row = given(staff, unit)
    actions.extend(row, by=staff, to_on=dt.date(2026, 5, 8), reason="涉及多个部门")
    names = set(Notice.objects.values_list("to__name", flat=True))
    assert names == {"程办理", "联络员", "分管负责人", "主要负责人"}
    assert Extension.objects.get().to_on == dt.date(2026, 5, 8)


# -- The calendar changes ---------------------------------------------------------------------


def test_a_changed_calendar_moves_what_is_counted_keeps_before_and_after_and_tells_once(
    staff, unit, people
):
    for n in (1, 2):
        actions.set_deadline(
            f"t.{n}", unit, by=staff, units=[unit], what=f"第{n}项", start_on=dt.date(2026, 3, 2),
            limit=Limit(In.WORKING_DAYS, 5),
        )  # fmt: skip
    holidays.change_day(
        dt.date(2026, 3, 4), by=staff, is_working=False, name="防汛停工", reason="政府通告"
    )
    assert set(Deadline.objects.values_list("due_on", flat=True)) == {dt.date(2026, 3, 10)}
    shifts = Shift.objects.all()
    assert {(s.from_on, s.to_on, s.by) for s in shifts} == {
        (dt.date(2026, 3, 9), dt.date(2026, 3, 10), staff)
    }
    assert Notice.objects.count() == 4  # each person of the unit once, for both
    notice = Notice.objects.first()
    assert notice.title == "2 件事项的截止日期有变"
    assert notice.body.count("由2026年3月9日（周一）改为2026年3月10日（周二）") == 2
    holidays.restore_day(dt.date(2026, 3, 4), by=staff, reason="通告撤销")
    assert Shift.objects.count() == 4


def test_a_day_of_rest_moves_the_reminder_of_a_fixed_day_too(staff, unit, people):
    row = given(staff, unit)
    assert row.next_on == dt.date(2026, 3, 11)
    holidays.change_day(
        dt.date(2026, 3, 11), by=staff, is_working=False, name="停工", reason="政府通告"
    )
    row.refresh_from_db()
    assert (row.next_on, row.due_on) == (dt.date(2026, 3, 10), DUE)
    assert not Notice.objects.exists()


def test_what_is_closed_is_not_counted_anew(staff, unit, people):
    actions.set_deadline(
        "t.1", unit, by=staff, units=[unit], what="一", start_on=dt.date(2026, 3, 2),
        limit=Limit(In.WORKING_DAYS, 5),
    )  # fmt: skip
    actions.meet("t.1", unit, by=staff)
    holidays.change_day(
        dt.date(2026, 3, 4), by=staff, is_working=False, name="停工", reason="政府通告"
    )
    assert Deadline.objects.get().due_on == dt.date(2026, 3, 9) and not Shift.objects.exists()


def test_the_ladder_takes_the_same_queries_for_many_units(
    staff, in_binhai, django_assert_max_num_queries
):
    for n in range(30):
        made = Unit.objects.create(
            name=f"单位{n}", short_name=f"单位{n}", kind=Unit.Kind.HANDLING_UNIT
        )
        cast.add_member(in_binhai, Role.HANDLING_UNIT, f"人{n}", f"u{n}", unit=made.short_name)
        given(staff, made)
    with django_assert_max_num_queries(14):
        assert actions.remind(moment("2026-04-13T09:00")) == 31
