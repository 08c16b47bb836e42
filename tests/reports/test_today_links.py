"""Every figure of 今日 opens exactly the rows it counts."""

import datetime as dt
import re

import pytest
import time_machine

from activities.models import Activity
from congress import files
from congress.models import Job, Role
from congress.tenancy import in_congress
from performance.models import DutyItem, SelfReport
from reports.queries import figures, today
from suggestions import access, actions
from suggestions.models import (
    Assignment,
    ClassChange,
    Feedback,
    Promise,
    RuleSet,
    Suggestion,
    Supervision,
)
from tests import cast
from tests.activities import stage as activities
from tests.performance import year
from tests.suggestions import stage

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
NOW = dt.datetime(2026, 6, 10, 2, tzinfo=dt.UTC)
APRIL = dt.date(2026, 4, 15)
STAFF = [Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET, Role.SYSTEM_ADMIN,
         Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]  # fmt: skip


def seed(congress) -> None:
    """Of everything one that counts and one beside it that does not."""
    stage.ready(publish_needs_consent=False)
    people = stage.people(4)
    who = {role: cast.member(congress, role) for role in Role}
    clerk, unit, office = (
        who[Role.DEPUTY_AFFAIRS], who[Role.HANDLING_UNIT], who[Role.GOVERNMENT_OFFICE]
    )  # fmt: skip
    street = who[Role.STREET].unit
    _intake(congress, people, clerk, street)
    _handling(congress, people, clerk, unit, office)
    _judging(congress, people, clerk, unit, who)
    _activities(people, clerk, who[Role.COMMITTEE])
    _reports(people, clerk)
    Job.objects.create(title="导入", by=clerk, link="/", failed_at=NOW)
    Job.objects.create(title="导入", by=clerk, link="/", failed_at=NOW - dt.timedelta(days=30))
    Job.objects.create(title="导入", by=clerk, link="/", done_at=NOW)
    Job.objects.create(title="导入", by=who[Role.STREET], link="/", failed_at=NOW)


def _intake(congress, people, clerk, street) -> None:
    stage.submitted(people[0])
    stage.registered(congress, people[0])
    for _ in range(2):
        row = stage.submitted(people[1])
        Suggestion.objects.filter(pk=row.pk).update(state="pre_review", street=street)
    row = stage.submitted(people[1])
    Suggestion.objects.filter(pk=row.pk).update(state="pre_review", street=None)
    row = stage.registered(congress, people[0])
    Suggestion.objects.filter(pk=row.pk).update(state="withdrawn")


def _handling(congress, people, clerk, unit, office) -> None:
    def task(day=dt.date(2026, 5, 25)):
        row = stage.assigned(congress, people[0], [(unit.unit, "sole")], day=day)
        return stage.task_of(row, unit.unit)

    for _ in range(7):  # more than a first screen shows
        task(stage.ASSIGNED)
    asked = {"reason": "not_ours", "explanation": "属城管局职责", "legal_basis": "三定规定",
             "approved_by_head": "局长程某"}  # fmt: skip
    with stage.on(dt.date(2026, 5, 26)):
        actions.ask_return(task(), by=unit, **asked)
        row = stage.assigned(congress, people[0], [(office.unit, "owner")],
                             day=dt.date(2026, 5, 25))  # fmt: skip
    with stage.on(dt.date(2026, 5, 26), 12):
        actions.assign_on(
            stage.task_of(row, office.unit), by=office, plans=[actions.Plan(unit.unit, "sole")]
        )
        actions.ask_return(stage.task_of(row, unit.unit), by=unit, **asked)  # the office decides
    own = task()
    with stage.on(dt.date(2026, 5, 27)):
        actions.sign_for(own, by=unit)
        actions.ask_extension(
            own, by=unit, reason="wide", progress="正在调查", to_on=dt.date(2026, 10, 3)
        )
    Assignment.objects.filter(pk=task().pk).update(state="checking")
    RuleSet.objects.update(reply_precheck=RuleSet.Precheck.DEPUTY_AFFAIRS)


def _judging(congress, people, clerk, unit, who) -> None:
    RuleSet.objects.update(reply_precheck=RuleSet.Precheck.NONE)
    rows = []
    for n in range(5):
        row = stage.assigned(congress, people[0], [(unit.unit, "sole")])
        promises = [
            actions.Pledge("完成首批十二部电梯", "通过验收", "副局长李某", dt.date(2026, 6, 1 + n))
        ]
        task = stage.task_of(row, unit.unit)
        rows.append(stage.answered(task, unit, APRIL, "B", promises=promises))
    stage.judged(rows[0], APRIL, "unsatisfied")
    stage.judged(rows[1], APRIL, "unsatisfied")
    Suggestion.objects.filter(pk=rows[1].pk).update(state="escalated", is_key=True)
    scan = files.store(
        "评价表.pdf", b"%PDF", purpose=access.PAPER_PURPOSE, content_type="x/y", by=clerk
    )
    Feedback.objects.filter(suggestion=rows[2]).update(
        state="given", scan=scan, on_behalf=True, entered_by=who[Role.CHAIR], given_at=NOW
    )
    Feedback.objects.filter(suggestion=rows[3]).update(due_on=dt.date(2026, 7, 1))
    first = Promise.objects.order_by("pk").first()
    Promise.objects.filter(pk=first.pk).update(state="reported")
    Promise.objects.filter(suggestion=rows[4]).update(due_on=dt.date(2026, 12, 1))
    task = rows[0].assignments.get()
    for more in ({}, {"committee_agreed_at": NOW}):
        ClassChange.objects.create(
            assignment=task, from_class=stage.klass("B"), to_class=stage.klass("A"),
            reason="已落实", proposed_by=unit, **more,
        )  # fmt: skip
    with stage.on(APRIL):
        actions.propose_key(rows[3], by=clerk, plan="到现场督办")
    for row, leader in ((rows[2], who[Role.CHAIR]), (rows[4], None)):
        Supervision.objects.create(
            suggestion=row, kind="committee", state="running", leader=leader,
            committee=who[Role.COMMITTEE].unit, plan="跟踪", by=clerk,
        )  # fmt: skip
    RuleSet.objects.update(reply_precheck=RuleSet.Precheck.DEPUTY_AFFAIRS)


def _activities(people, clerk, committee) -> None:
    with time_machine.travel(NOW, tick=False):
        activities.published(clerk, people)
        activities.over(clerk, people)
        activities.planned(clerk)
        activities.planned(clerk, starts_at=activities.soon(60), ends_at=activities.soon(60, 3))
        now = activities.published(clerk, people)
        Activity.objects.filter(pk=now.pk).update(
            starts_at=activities.soon(0), ends_at=activities.soon(0, 5)
        )
        closed = activities.over(clerk, people)
        Activity.objects.filter(pk=closed.pk).update(state="closed", closed_at=NOW)


def _reports(people, clerk) -> None:
    item = DutyItem.objects.order_by("pk").first()
    other = cast.second(clerk.congress)
    for state, more in (
        ("submitted", {}), ("returned", {"return_reason": "缺少照片"}),
        ("reviewed", {"reviewed_by": clerk}),
        ("reviewed", {"reviewed_by": other}),
    ):  # fmt: skip
        SelfReport.objects.create(
            deputy=people[0], item=item, on=APRIL, title="走访选民", state=state,
            submitted_at=NOW, reviewed_at=NOW if more else None,
            entered_by=people[0].membership, **more,
        )  # fmt: skip
    year.fact(people[1], item.code, APRIL)


def shown(page) -> int:
    """How many rows a list has in all."""
    return page.context["page"].paginator.count


def amiss(binhai, client_of, role) -> list:
    """What the first screen of a role counts otherwise than the list behind it, or lacks."""
    member = cast.member(binhai, role)
    with time_machine.travel(NOW, tick=False):
        client = client_of(member)
        client.get("/admin/")
        with in_congress(binhai):
            waiting = today.waiting_for(member)
            groups = figures.of_the_year(member)
        counted = [(s.title, s.count, s.url) for s in waiting]
        counted += [
            (f.label, f.value, f.url)
            for group in groups
            for f in group.figures
            if f.unit != "%" and f.label not in WITHOUT_ROWS
        ]
        assert counted
        wrong = []
        for title, count, url in counted:
            page = client.get(url) if url else None
            rows = shown(page) if page is not None and page.status_code == 200 else "没有列表"
            if rows != count:
                wrong.append((title, count, url, rows))
    return wrong + sorted(EXPECTED.get(role, set()) - {s.title for s in waiting})


def test_a_figure_opens_exactly_the_rows_it_counts(binhai, client_of):
    with in_congress(binhai):
        seed(binhai)
    found = {role: amiss(binhai, client_of, role) for role in STAFF}
    assert found == {role: [] for role in STAFF}
    page = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS)).get("/admin/").content.decode()
    ways = re.findall(r'href="#(subject-\d+)"', page)
    assert len(ways) > 10
    assert [way for way in ways if page.count(f'id="{way}"') != 1] == []


WITHOUT_ROWS = {"出席率", "还没有履职的代表", "平均积分"}  # means, and people who did nothing
EXPECTED = {
    Role.DEPUTY_AFFAIRS: {
        "逾期未办的建议", "待审查登记的建议", "待交办的建议", "待审批的退办", "待审批的延期",
        "待预审的答复", "不满意待研判的建议", "提请主任会议研究的建议", "评价逾期的建议",
        "待核对的纸质评价", "待核实的承诺", "到期未报的承诺", "待确认的类别调整",
        "待公开审查的答复", "待主任会议决定的重点督办", "今天的活动", "待办结的活动",
        "待发布的活动", "待复核的申报", "没有完成的后台任务",
    },
    Role.STREET: {"待初审的建议", "没有完成的后台任务"},
    Role.COMMITTEE: {"本委员会督办的建议"},
    Role.CHAIR: {"我领衔督办的建议", "提请主任会议研究的建议", "待主任会议决定的重点督办"},
}  # fmt: skip
