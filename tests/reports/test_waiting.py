"""What waits for whom with suggestions: on the first screen of each role, each a link."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from reports.queries import deputy as deputy_home
from reports.queries import desk as desk_home
from reports.queries import search, today
from suggestions import actions
from suggestions.models import Category, Feedback, Promise, Suggestion, Supervision
from tests import cast
from tests.suggestions import stage

MARCH, APRIL, MAY = dt.date(2026, 3, 10), dt.date(2026, 4, 15), dt.date(2026, 5, 11)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture
def clerk(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


def waits(member, day: dt.date) -> dict[str, list[str]]:
    """The subjects that wait for a member on a day, with what each row says."""
    with time_machine.travel(dt.datetime.combine(day, dt.time(2), tzinfo=dt.UTC), tick=False):
        found = today.waiting_for(member)
    return {s.title: [f"{m.title} {m.light.words} {m.note}" for m in s.matters] for s in found}


def at_desk(member, day: dt.date) -> dict[str, list[str]]:
    with time_machine.travel(dt.datetime.combine(day, dt.time(2), tzinfo=dt.UTC), tick=False):
        found, _ = desk_home.home_of(member)
    return {s.title: [f"{m.title} {m.light.words} {m.note}" for m in s.matters] for s in found}


def for_deputy(who, day: dt.date) -> list[str]:
    with time_machine.travel(dt.datetime.combine(day, dt.time(2), tzinfo=dt.UTC), tick=False):
        found = deputy_home.home_of(who.membership)
    return [f"{m.light.words} {m.note}" for m in found.matters]


def pledges() -> list[actions.Pledge]:
    return [actions.Pledge("完成首批十二部电梯", "通过验收", "副局长李某", dt.date(2026, 5, 8))]


# -- 代工委 -------------------------------------------------------------------------------------


def test_intake_waits_for_the_committee_until_it_is_handed_over(binhai, people, clerk, unit):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        assert list(waits(clerk, stage.SITTING)) == ["待审查登记的建议"]
        with stage.on(stage.SITTING, 14):
            row = actions.register(
                row, by=clerk, category=Category.objects.get(name="物业管理"),
                checks=dict.fromkeys(stage.CHECKS, True),
            )  # fmt: skip
        assert "5-001" in waits(clerk, stage.SITTING)["待交办的建议"][0]
        with stage.on(stage.ASSIGNED):
            actions.assign(row, by=clerk, plans=[actions.Plan(unit.unit, "sole")])
        assert waits(clerk, stage.ASSIGNED) == {}


def test_between_sittings_the_day_of_handing_over_is_the_rules_own(binhai, people, clerk):
    with in_congress(binhai):
        with stage.on(dt.date(2026, 6, 3)):
            row = actions.start_draft(
                by=people[0].membership, lead=people[0], title="关于湖滨路夜间照明的建议",
                situation=stage.SITUATION, requests=stage.REQUESTS,
            )  # fmt: skip
            actions.submit(row, by=people[0].membership)
            actions.register(
                row, by=clerk, category=Category.objects.get(name="市政设施"),
                checks=dict.fromkeys(stage.CHECKS, True),
            )  # fmt: skip
        # seven working days after 3 June 2026
        assert "还有 7 天" in waits(clerk, dt.date(2026, 6, 5))["待交办的建议"][0]


def test_a_street_sees_what_it_has_not_passed_yet(binhai, people, clerk):
    with in_congress(binhai):
        stage.rules("strict")  # street, then delegation
        street = cast.member(binhai, Role.STREET)
        row = stage.submitted(people[0])
        Suggestion.objects.filter(pk=row.pk).update(street=street.unit)
        assert "待初审的建议" in waits(street, stage.SITTING)
        assert waits(clerk, stage.SITTING) == {}
        with stage.on(stage.SITTING, 13):
            actions.pass_on(row, by=street, checks=dict.fromkeys(stage.CHECKS, True))
        assert waits(street, stage.SITTING) == {}
        assert "待审查登记的建议" in waits(clerk, stage.SITTING)


def test_late_units_dissatisfied_deputies_and_promises_wait_for_the_committee(
    binhai, people, clerk, unit
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        assert waits(clerk, MARCH) == {}
        assert "已逾期" in waits(clerk, MAY)["逾期未办的建议"][0]
        row = stage.answered(task, unit, APRIL, "B", promises=pledges())
        assert waits(clerk, APRIL) == {}
        assert "评价逾期的建议" in waits(clerk, dt.date(2026, 6, 1))
        assert "到期未报的承诺" in waits(clerk, MAY)
        stage.judged(row, APRIL + dt.timedelta(days=2), "unsatisfied")
        assert "不满意待研判" in waits(clerk, MAY)["不满意待研判的建议"][0]


def test_an_extension_moves_the_day_and_a_second_round_has_its_own(binhai, people, clerk, unit):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(APRIL):
            actions.sign_for(task, by=unit)
            request = actions.ask_extension(
                task, by=unit, reason="wide", progress="正在调查", to_on=dt.date(2026, 8, 3)
            )
        assert "申请延期至8月3日" in waits(clerk, APRIL)["待审批的延期"][0]
        with stage.on(APRIL):
            actions.decide_extension(request, by=clerk, agrees=True)
        assert waits(clerk, MAY) == {}
        assert "8月3日前" in at_desk(unit, MAY)["待办的建议"][0]
        row = stage.answered(task, unit, MAY)
        stage.judged(row, MAY, "unsatisfied")
        with stage.on(dt.date(2026, 9, 1)):
            actions.order_rehandling(row, by=clerk, opinion="请落实资金", dimensions=["结果"])
        line = at_desk(unit, dt.date(2026, 9, 2))["待办的建议"][0]
        assert "请重新办理" in line and "10月8日前" in line and "还有" in line


# -- The desk ----------------------------------------------------------------------------------


def test_the_desk_shows_days_left_and_links_to_the_task(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
    with time_machine.travel(dt.datetime(2026, 5, 4, 2, tzinfo=dt.UTC), tick=False):
        page = client_of(unit).get(reverse("desk_home")).content.decode()
    assert reverse("desk_task", args=[task.pk]) in page
    assert "还有 2 天" in page and "请签收" in page


def test_the_government_office_hands_on_and_decides(binhai, people, unit, clerk):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        assert list(at_desk(office, stage.ASSIGNED)) == ["待分办的建议"]
        with stage.on(stage.ASSIGNED, 15):
            actions.assign_on(
                stage.task_of(row, office.unit), by=office,
                plans=[actions.Plan(unit.unit, "sole")],
            )  # fmt: skip
        assert list(at_desk(office, stage.ASSIGNED)) == ["本系统在办的建议"]
        with stage.on(stage.ASSIGNED, 16):
            actions.ask_return(
                stage.task_of(row, unit.unit), by=unit, reason="not_ours",
                explanation="属城管局职责", legal_basis="三定规定", approved_by_head="局长程某",
            )  # fmt: skip
        assert "不属于本单位职责" in at_desk(office, stage.ASSIGNED)["待审批的退办"][0]
        assert waits(clerk, stage.ASSIGNED) == {}  # the office assigned, the office decides


def test_a_unit_is_shown_its_promises_before_their_day(binhai, people, unit):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH, "B", promises=pledges())
        assert at_desk(unit, MARCH) == {}
        assert "到期的承诺" in at_desk(unit, APRIL)
        Promise.objects.update(state="kept")
        assert at_desk(unit, APRIL) == {}


# -- Deputies ----------------------------------------------------------------------------------


def test_a_deputy_is_asked_to_sign_confirm_and_judge(binhai, people, unit, client_of):
    lead, second = people[:2]
    with in_congress(binhai):
        row = stage.draft(lead)
        with stage.on(stage.SITTING, 11):
            actions.invite(row, by=lead.membership, deputies=[second])
        assert for_deputy(second, stage.SITTING) == [f"邀请您联名 领衔：{lead}"]
        Suggestion.objects.filter(pk=row.pk).update(state="withdrawn")
        row = stage.assigned(binhai, lead, [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
            actions.record_contact(
                task, by=unit, phase="before", mode="phone", on=MARCH, who="副局长李某",
                opinions="已说明情况",
            )  # fmt: skip
        assert any("确认沟通" in line for line in for_deputy(lead, MARCH))
        stage.answered(task, unit, APRIL)
        assert any("请评价办理情况" in line for line in for_deputy(lead, APRIL))
    with time_machine.travel(dt.datetime(2026, 4, 16, 2, tzinfo=dt.UTC), tick=False):
        page = client_of(lead.membership).get(reverse("portal_home")).content.decode()
    assert reverse("portal_suggestion_judge", args=[row.pk]) in page
    assert reverse("portal_suggestion_new") in page


# -- Chairpersons and committees ---------------------------------------------------------------


def test_the_chairpersons_see_what_is_to_be_decided_and_what_they_lead(binhai, people, unit):
    chair = cast.member(binhai, Role.CHAIR)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        with stage.on(MARCH):
            actions.propose_key(row, by=stage.clerk(binhai), plan="到现场督办")
        assert "待主任会议决定的重点督办" in waits(chair, MARCH)
        Supervision.objects.update(kind="committee", state="running", leader=chair)
        assert "我领衔督办的建议" in waits(chair, MARCH)


def test_a_committee_sees_what_it_answers_itself(binhai, people):
    committee = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai):
        stage.assigned(binhai, people[0], [(committee.unit, "sole")])
        assert "本委员会承办的建议" in waits(committee, MARCH)


# -- Others, and how many queries --------------------------------------------------------------


def test_the_neighbour_sees_nothing(binhai, shanyang, people, unit):
    with in_congress(binhai):
        stage.assigned(binhai, people[0], [(unit.unit, "sole")])
    for role in (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE):
        with in_congress(shanyang):
            assert waits(cast.member(shanyang, role), MAY) == {}
            assert search.find(cast.member(shanyang, role), "电梯") == []
    with in_congress(shanyang):
        for role in (Role.HANDLING_UNIT, Role.GOVERNMENT_OFFICE):
            assert at_desk(cast.member(shanyang, role), MAY) == {}


def test_search_finds_a_suggestion_by_number_title_and_text(binhai, people, unit, clerk):
    with in_congress(binhai):
        stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        for words in ("5-001", "加装老旧小区电梯", "湖滨社区"):
            found = {f.title: f.hits for f in search.find(clerk, words)}
            assert "5-001" in found["代表建议"][0].title
        street = cast.member(binhai, Role.STREET)
        Suggestion.objects.update(street=None)
        assert "代表建议" not in {f.title for f in search.find(street, "湖滨社区")}


def test_today_takes_as_many_queries_for_one_as_for_many(binhai, people, unit):
    roles = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
    counts = {role: [] for role in roles}
    with in_congress(binhai):
        for rows in (1, 7):  # together more than a first screen shows
            for _ in range(rows):
                stage.assigned(binhai, people[0], [(unit.unit, "sole")])
                stage.submitted(people[1])
                stage.registered(binhai, people[2])
                judged = stage.assigned(binhai, people[3], [(unit.unit, "sole")])
                task = stage.task_of(judged, unit.unit)
                stage.answered(task, unit, APRIL, "B", promises=pledges())
            assert Feedback.objects.filter(state="expected").exists()
            for role in roles:
                member = cast.member(binhai, role)
                with CaptureQueriesContext(connection) as queries:
                    waits(member, dt.date(2026, 6, 3))
                counts[role].append(len(queries))
    for role, (few, many) in counts.items():
        # one more to count a subject that is longer than what is shown
        longer = {Role.DEPUTY_AFFAIRS: 5}.get(role, 0)
        assert many - few <= longer and few > 1, role
    # who may see everything asks nothing beside the subjects
    assert counts[Role.DEPUTY_AFFAIRS][0] == len(today.SUBJECTS[Role.DEPUTY_AFFAIRS])


def test_the_desk_takes_as_many_queries_for_one_as_for_many(binhai, people, unit):
    counts = []
    with in_congress(binhai):
        for rows in (1, 7):
            for _ in range(rows):
                stage.assigned(binhai, people[0], [(unit.unit, "sole")])
            at_desk(unit, MARCH)  # the member's units are known from here on
            with CaptureQueriesContext(connection) as queries:
                at_desk(unit, MARCH)
            counts.append(len(queries))
    assert counts[0] == counts[1]
