"""A batch of many is filled and handed over with as many queries as one of few; what comes out is
what one by one would have given."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.audit import verify
from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from deadlines.models import Deadline
from notices.models import Notice
from suggestions import actions, queries
from suggestions.models import Assignment, Category, LikelyUnit, ProposedTask, Suggestion
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db
OF_A_LIMIT = 8  # queries that set one time limit
TITLES = [
    "关于加快老旧小区加装电梯的建议", "关于在湖滨社区增设公交站点的建议",
    "关于规范住宅小区物业收费的建议", "关于整治建国路占道停车的建议",
    "关于在湖滨社区加装电梯的建议", "关于延长三路公交车末班时间的建议",
]  # fmt: skip


@pytest.fixture
def people(in_binhai):
    stage.ready()
    return stage.people(4)


@pytest.fixture
def unit(in_binhai, people):
    who = cast.member(in_binhai, Role.HANDLING_UNIT)
    LikelyUnit.objects.create(category=Category.objects.get(name="物业管理"), unit=who.unit)
    return who


def registered(congress, people, count: int) -> list[Suggestion]:
    return [
        stage.registered(congress, people[n % 4], people[(n + 1) % 4 : (n + 1) % 4 + 1],
                         title=TITLES[n % len(TITLES)])
        for n in range(count)
    ]  # fmt: skip


def filled(congress, people, count: int):
    """A batch of so many, and the queries its filling took."""
    clerk, rows = stage.clerk(congress), registered(congress, people, count)
    with stage.on(stage.ASSIGNED):
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=stage.ASSIGNED)
        with CaptureQueriesContext(connection) as found:
            taken, left = actions.fill_batch(batch, by=clerk, suggestions=rows)
    assert (len(taken), left) == (count, [])
    return batch, len(found)


def handed_over(congress, batch) -> int:
    second = cast.second(congress)
    with stage.on(stage.ASSIGNED):
        actions.check_each(Suggestion.objects.filter(proposed__batch=batch).distinct(), by=second)
        with CaptureQueriesContext(connection) as found:
            actions.hand_over(batch, by=stage.clerk(congress))
    return len(found)


def test_filling_a_batch_takes_as_many_queries_for_twelve_as_for_three(in_binhai, people, unit):
    _, few = filled(in_binhai, people, 3)
    _, many = filled(in_binhai, people, 12)
    assert many == few < 40


def test_checking_takes_as_many_queries_for_twelve_as_for_three(in_binhai, people, unit):
    second, counts = cast.second(in_binhai), []
    for count in (3, 12):
        batch, _ = filled(in_binhai, people, count)
        rows = Suggestion.objects.filter(proposed__batch=batch).distinct()
        with stage.on(stage.ASSIGNED), CaptureQueriesContext(connection) as found:
            assert actions.check_each(rows, by=second) == batch.proposed.count() >= count
        counts.append(len(found))
        assert not batch.proposed.exclude(checked_by=second).exists()
        logged = LogEntry.objects.filter(
            step="suggestions.check_units", object_id__in=[str(r.pk) for r in rows]
        )
        assert logged.count() == count  # each has its own line in the log
    assert counts[0] == counts[1] < 20
    assert verify(in_binhai) == []


def test_one_that_must_not_be_checked_by_this_person_stops_all_and_is_named(
    in_binhai, people, unit
):
    batch, _ = filled(in_binhai, people, 3)
    second, rows = cast.second(in_binhai), list(Suggestion.objects.order_by("pk"))
    proposal = actions.Proposal(actions.Plan(unit.unit, "sole"))
    actions.propose_units(rows[1], by=second, batch=batch, proposals=[proposal])
    with pytest.raises(NotAllowed, match=f"不能是同一人：第{rows[1].number}号$"):
        actions.check_each(rows, by=second)
    rows[2].proposed.all().delete()
    with pytest.raises(NotAllowed, match=f"第{rows[2].number}号还没有拟定承办单位"):
        actions.check_each([rows[0], rows[2]], by=second)
    assert not batch.proposed.exclude(checked_by=None).exists()


def test_handing_over_costs_each_further_one_its_own_time_limit_alone(in_binhai, people, unit):
    small, _ = filled(in_binhai, people, 3)
    few = handed_over(in_binhai, small)
    large, _ = filled(in_binhai, people, 12)
    many = handed_over(in_binhai, large)
    assert few < 75 and (many - few) / 9 <= OF_A_LIMIT


def test_a_batch_handed_over_has_all_that_one_by_one_gives(in_binhai, people, unit):
    """Tasks, dates, rules, time limits, messages and the log: one of a batch, one alone."""
    alone, *_ = registered(in_binhai, people, 1)
    with stage.on(stage.ASSIGNED):
        actions.assign(alone, by=stage.clerk(in_binhai), plans=[actions.Plan(unit.unit, "sole")])
    batch, _ = filled(in_binhai, people, 4)
    handed_over(in_binhai, batch)
    one = alone.assignments.get()
    rows = list(Suggestion.objects.filter(assignments__batch=batch).order_by("number"))
    assert len(rows) == 4
    for row in rows:
        task = row.assignments.get()
        assert (row.state, row.assigned_on) == ("handling", stage.ASSIGNED)
        assert row.rule_set_id and (task.unit, task.role) == (one.unit, one.role)
        assert (task.legal_due_on, task.working) == (one.legal_due_on, one.working)

        def limits(t):
            of = Deadline.objects.filter(subject_type="suggestions.assignment", subject_id=t.pk)
            return sorted(of.values_list("kind", "due_on", "to_unit", "next_on"))

        assert limits(task) == limits(one) != []
        told = Notice.objects.filter(link=f"/desk/tasks/{task.pk}/")
        assert told.get().to == unit and row.number in told.get().title + told.get().body
        deputies = Notice.objects.filter(
            template="suggestions/assigned", link=f"/me/suggestions/{row.pk}/"
        )
        assert deputies.count() == row.signatures.count() + 1
        logged = LogEntry.objects.get(step="suggestions.assign", object_id=str(row.pk))
        assert logged.after["单位"] == str(unit.unit)
    assert verify(in_binhai) == []


def test_one_that_cannot_go_stops_the_whole_batch_and_is_named(in_binhai, people, unit):
    batch, _ = filled(in_binhai, people, 3)
    last = Suggestion.objects.filter(proposed__batch=batch).latest("pk")
    second = cast.second(in_binhai)
    with stage.on(stage.ASSIGNED):
        for row in Suggestion.objects.filter(proposed__batch=batch):
            actions.check_units(row, by=second)
        Suggestion.objects.filter(pk=last.pk).update(state="withdrawn")
        with pytest.raises(NotAllowed, match=f"第{last.number}号"):
            actions.hand_over(batch, by=stage.clerk(in_binhai))
    assert (
        not Assignment.objects.exists()
        and not LogEntry.objects.filter(step="suggestions.assign").exists()
    )


def test_what_speaks_for_units_is_the_same_for_one_and_for_many(in_binhai, people, unit):
    before = registered(in_binhai, people, 6)
    other, _ = stage.unit("交通运输局")
    with stage.on(stage.SITTING, 16):
        for n, row in enumerate(before):
            plans = [actions.Plan(other if n % 2 else unit.unit, "sole")]
            actions.assign(row, by=stage.clerk(in_binhai), plans=plans)
    rows = registered(in_binhai, people, 8)
    together = queries.candidates_for([*rows, before[0]])
    apart = {row.pk: queries.candidates_of(row) for row in [*rows, before[0]]}
    assert together == apart and any(len(found) > 1 for found in apart.values())


def test_what_was_proposed_before_goes_into_the_batch_as_it_is(in_binhai, people, unit):
    clerk, (first, second) = stage.clerk(in_binhai), registered(in_binhai, people, 2)
    other, _ = stage.unit("交通运输局")
    with stage.on(stage.ASSIGNED):
        actions.propose_units(
            first, by=clerk, proposals=[actions.Proposal(actions.Plan(other, "sole"))]
        )
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=stage.ASSIGNED)
        actions.fill_batch(batch, by=clerk, suggestions=[second, first])
        assert ProposedTask.objects.get(suggestion=first).unit == other
        elsewhere = actions.open_batch(by=clerk, title="另一批次", assigned_on=stage.ASSIGNED)
        with pytest.raises(NotAllowed, match="已放入另一批次"):
            actions.fill_batch(elsewhere, by=clerk, suggestions=[first])
    assert ProposedTask.objects.filter(batch=batch).count() == 2
