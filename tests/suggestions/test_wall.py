"""督办: what is under way, by light and by what it is stuck at; key supervision; 催办."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress import files
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Meeting, Role, Unit
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import actions
from suggestions.models import Assignment, Supervision, Urge
from suggestions.queries import wall as board
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
LIMIT = dt.date(2026, 5, 2)  # three months from 交办 of 2 February
pytestmark = pytest.mark.django_db


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def clerk(binhai, people, client_of):
    return client_of(stage.clerk(binhai))


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def rows_on(day: dt.date):
    return board.wall(Assignment.objects.all(), day, work_calendar())


def stuck(task: Assignment, day: dt.date) -> list[str]:
    row = rows_on(day).filter(pk=task.pk).first()
    return board.points_of(row) if row else ["not on the wall"]


def test_the_light_follows_the_day_that_must_be_kept(in_binhai, people, housing):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    due = rows_on(MARCH).get().due_on
    lights = {
        due - dt.timedelta(8): "fine", due - dt.timedelta(7): "soon", due: "soon",
        due + dt.timedelta(1): "late",
    }  # fmt: skip
    for day, light in lights.items():
        assert rows_on(day).get().light == light, day
    counts = board.counts(rows_on(due + dt.timedelta(1)))
    assert (counts["late"], counts["soon"], counts["all"]) == (1, 0, 1)
    assert row.assignments.get().legal_due_on == due


def test_each_stuck_point_is_seen_and_goes_when_it_is_cleared(in_binhai, people, housing):
    unit, who = housing
    joint, joint_who = stage.unit("财政局")
    row = stage.assigned(in_binhai, people[0], [(unit, "lead"), (joint, "joint")])
    task, its = stage.task_of(row, unit), stage.task_of(row, joint)
    assert stuck(task, stage.ASSIGNED + dt.timedelta(2)) == []
    assert stuck(task, stage.ASSIGNED + dt.timedelta(3)) == ["未签收"]
    with stage.on(stage.ASSIGNED + dt.timedelta(3)):
        for t, w in ((task, who), (its, joint_who)):
            actions.sign_for(t, by=w)
    assert stuck(task, stage.ASSIGNED + dt.timedelta(30)) == []
    assert stuck(task, MARCH) == ["未联系代表"]
    assert stuck(its, MARCH) == ["会办意见未交"]  # a month for joint opinions
    stage.talked(task, who, MARCH)
    assert stuck(task, MARCH) == []
    with stage.on(MARCH):
        actions.give_opinion(
            its, by=joint_who, text="同意安排专项资金，分两年拨付。", signer="局长钱某"
        )
    assert stuck(its, MARCH) == ["not on the wall"]
    stage.drafted(task, who, MARCH)
    assert stuck(task, MARCH + dt.timedelta(4)) == []
    assert stuck(task, MARCH + dt.timedelta(5)) == ["签发或预审未完成"]
    with stage.on(MARCH):
        actions.sign_off(task, by=who, signer="局长程某")
    assert stuck(task, MARCH + dt.timedelta(3)) == ["已签发未送达"]
    with stage.on(MARCH):
        served = {d: ("face", MARCH) for d in actions.answered_deputies(task)}
        actions.serve(task, by=who, served=served)
    assert stuck(task, MARCH + dt.timedelta(5)) == ["not on the wall"]
    assert stuck(task, MARCH + dt.timedelta(40)) == ["逾期未反馈"]


def test_what_the_government_office_has_not_handed_on_is_stuck_there(in_binhai, people, housing):
    office = cast.member(in_binhai, Role.GOVERNMENT_OFFICE)
    row = stage.assigned(in_binhai, people[0], [(office.unit, "owner")])
    assert stuck(row.assignments.get(), MARCH) == ["未分办"]
    with stage.on(MARCH):
        actions.assign_on(
            row.assignments.get(), by=office, plans=[actions.Plan(housing[0], "sole")]
        )
    assert [t.unit for t in rows_on(MARCH)] == [housing[0]]


def test_trap_05_an_extension_moves_the_light(in_binhai, people, housing):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    until = dt.date(2026, 7, 20)
    Assignment.objects.filter(pk=task.pk).update(extended_to=until)
    assert rows_on(dt.date(2026, 6, 1)).get().light == "fine"
    assert rows_on(until + dt.timedelta(1)).get().light == "late"


def test_every_figure_opens_its_rows(binhai, clerk, people, housing):
    with in_congress(binhai):
        late = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        other, _ = stage.unit("交通局")
        fresh = stage.assigned(binhai, people[0], [(other, "sole")], day=dt.date(2026, 5, 6))
    with stage.on(dt.date(2026, 5, 8)):
        home = clerk.get(page("wall"))
        assert home.context["all"] == 2
        for label, value, url, _ in home.context["lights"]:
            shown = clerk.get(page("wall") + url)
            assert shown.context["page"].paginator.count == value, label
        for label, value, url in home.context["points"]:
            shown = clerk.get(page("wall") + url)
            assert shown.context["page"].paginator.count == value, label
        units = clerk.get(page("wall_units"))
        for name, count, url, cells in units.context["lines"]:
            assert clerk.get(url).context["page"].paginator.count == count, name
            for label, value, link in cells:
                assert clerk.get(link).context["page"].paginator.count == value, label
        text = clerk.get(page("wall"), {"light": "late"}).content.decode()
    assert late.title in text and fresh.title not in text and "已逾期" in text


def test_several_are_urged_with_one_letter_for_each_unit(binhai, clerk, people, housing, client_of):
    with in_congress(binhai):
        tasks = [
            stage.assigned(binhai, people[0], [(housing[0], "sole")]).assignments.get()
            for _ in range(2)
        ]
        other, other_who = stage.unit("交通局")
        tasks.append(stage.assigned(binhai, people[0], [(other, "sole")]).assignments.get())
    pick = {"pick": [t.pk for t in tasks]}
    with stage.on(dt.date(2026, 5, 8)):
        form = clerk.post(page("urge"), pick).content.decode()
        assert "向 2 个单位催办 3 项任务" in form
        assert clerk.post(page("urge"), pick | {"send": "1", "text": ""}).status_code == 422
        clerk.post(page("urge"), pick | {"send": "1", "text": "请尽快答复", "with_letter": "on"})
    with in_congress(binhai):
        letters = list(Urge.objects.order_by("pk").values_list("letter", flat=True))
        assert len(letters) == 3 and len(set(letters)) == 2
        told = Notice.objects.filter(template="suggestions/urged")
        assert told.filter(to=housing[1]).count() == 2
        letter = Urge.objects.filter(assignment=tasks[0]).get().letter
        assert files.read(letter).startswith(b"%PDF")
        assert rows_on(dt.date(2026, 5, 9)).get(pk=tasks[0].pk).urged == 1
    assert "催办函" in clerk.get(page("urges")).content.decode()
    address = reverse("file", args=[letter.public_id])
    assert client_of(housing[1]).get(address).status_code == 200
    assert client_of(other_who).get(address).status_code == 404
    assert "请尽快答复" in client_of(housing[1]).get(f"/desk/tasks/{tasks[0].pk}/").content.decode()
    assert clerk.post(page("urge"), {}).status_code == 409


def test_who_sees_which_part_of_the_wall(binhai, shanyang, people, housing, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
    seen = {
        role: row.title in client_of(cast.member(binhai, role)).get(page("wall")).content.decode()
        for role in (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE)
    }
    assert seen == {Role.DEPUTY_AFFAIRS: True, Role.CHAIR: True, Role.COMMITTEE: False}
    assert client_of(cast.member(binhai, Role.AUDIT_ADMIN)).get(page("wall")).status_code == 403
    there = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert row.title not in there.get(page("wall")).content.decode()
    task = row.assignments
    with in_congress(binhai):
        pk = task.get().pk
    assert there.post(page("urge"), {"pick": [pk]}).status_code == 409
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert chair.post(page("urge"), {"pick": [pk]}).status_code == 403


# -- 重点督办 ---------------------------------------------------------------------------------


@pytest.fixture
def committee(binhai):
    return cast.member(binhai, Role.COMMITTEE).unit


def meeting(kind=Meeting.Kind.CHAIRPERSONS) -> Meeting:
    return Meeting.objects.create(
        kind=kind, number=12, title="第十二次主任会议", held_on=dt.date(2026, 3, 2)
    )


def test_key_supervision_from_proposal_to_result(
    binhai, clerk, people, housing, committee, client_of
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        chair = cast.member(binhai, Role.CHAIR)
        held = meeting()
    plan = {"kind": "key", "committee": committee.pk, "plan": "三月现场督办，六月听取汇报。"}
    with stage.on(MARCH):
        clerk.post(page("supervise", row.pk), plan)
        assert clerk.post(page("supervise", row.pk), plan).status_code == 409
        with in_congress(binhai):
            found = Supervision.objects.get()
        assert (
            "登记主任会议的决定" in clerk.get(page("keys"), {"place": "proposed"}).content.decode()
        )
        form = {f"k{found.pk}-{name}": value for name, value in {
            "taken": "yes", "committee": committee.pk, "government_leader": "副区长李某",
        }.items()}  # fmt: skip
        assert clerk.post(page("keys_decide"), form).status_code == 422  # no meeting, no leader
        form |= {"meeting": held.pk, f"k{found.pk}-leader": chair.pk}
        clerk.post(page("keys_decide"), form)
        with in_congress(binhai):
            row.refresh_from_db()
            found.refresh_from_db()
        assert row.is_key and found.decided_on == held.held_on
        own = client_of(chair)
        page_of_chair = own.get(page("keys")).content.decode()
        assert "我领衔的督办" in page_of_chair and row.title in page_of_chair
        with in_congress(binhai):
            task = row.assignments.get().pk
        desk = client_of(housing[1]).get(f"/desk/tasks/{task}/").content.decode()
        assert "副区长李某领办" in desk and f"{chair.name}领衔督办" in desk
        end = {"result": "已开工。", "rating": "好"}
        refused = clerk.post(page("key_end", found.pk), end)
        assert refused.status_code == 409 and "现场督办" in refused.content.decode()
        visit = {"kind": "site", "on": "2026-03-10", "text": "到现场察看。", "names": "查无此人"}
        assert own.post(page("key_note", found.pk), visit).status_code == 422
        own.post(page("key_note", found.pk), visit | {"names": people[1].name})
        shown = clerk.get(page("key", found.pk)).content.decode()
        assert people[1].name in shown and "副区长李某" in shown
        clerk.post(page("key_end", found.pk), end)
        assert clerk.post(page("key_note", found.pk), visit).status_code == 409
    with in_congress(binhai):
        found.refresh_from_db()
        assert (found.state, found.result) == ("done", "已开工。")


def test_a_proposal_the_meeting_did_not_take_up_is_kept_with_its_reason(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        found = actions.propose_key(row, by=stage.clerk(binhai), plan="现场督办。")
        held = meeting()
    form = {"meeting": held.pk, f"k{found.pk}-taken": "no"}
    assert clerk.post(page("keys_decide"), form).status_code == 422
    clerk.post(page("keys_decide"), form | {f"k{found.pk}-reason": "已列入民生实事"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert not row.is_key and Supervision.objects.get().state == "dropped"
    assert "已列入民生实事" in clerk.get(page("key", found.pk)).content.decode()


def test_trap_40_a_leader_who_leaves_is_followed_and_stays_on_record(
    in_binhai, people, housing, committee
):
    clerk = stage.clerk(in_binhai)
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    due = row.assignments.get().legal_due_on
    found = actions.propose_key(row, by=clerk, plan="现场督办。")
    chair = cast.member(in_binhai, Role.CHAIR)
    with pytest.raises(NotAllowed, match="主任会议"):
        actions.decide_key(found, by=clerk, meeting=meeting(Meeting.Kind.STANDING_COMMITTEE),
                           leader=chair, committee=committee)  # fmt: skip
    held = Meeting.objects.create(kind="chairpersons", number=13, title="第十三次主任会议",
                                  held_on=dt.date(2026, 7, 2))  # fmt: skip
    with stage.on(dt.date(2026, 7, 3)):
        found = actions.decide_key(found, by=clerk, meeting=held, leader=chair,
                                   committee=committee, government_leader="副区长李某")  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.change_leader(found, by=chair, leader=None, government_leader="", reason="离任")
        found = actions.change_leader(found, by=clerk, leader=None, government_leader="副区长王某",
                                      reason="李某调离")  # fmt: skip
    assert found.leader is None and "副区长李某" in found.events.get().text
    assert row.assignments.get().legal_due_on == due  # nothing changes backwards


def test_a_street_follows_its_own_deputies_items_without_a_meeting(
    binhai, people, housing, client_of
):
    who = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        type(row).objects.filter(pk=row.pk).update(street=who.unit)
        street = client_of(who)
        asked = {"kind": "key", "committee": who.unit_id, "plan": "跟踪。"}
        assert street.post(page("supervise", row.pk), asked).status_code == 422
        street.post(page("supervise", row.pk), asked | {"kind": "street"})
    with in_congress(binhai):
        found = Supervision.objects.get()
        assert (found.state, found.committee) == ("running", Unit.objects.get(pk=who.unit_id))


def test_a_street_rewrites_the_plan_of_what_it_follows(binhai, people, housing):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        street = cast.member(binhai, Role.STREET)
        found = actions.start_supervision(
            row, by=street, kind="street", plan="每季度走访一次", committee=street.unit
        )
        actions.plan_supervision(found, by=street, plan="每月走访一次")
        found.refresh_from_db()
        assert found.plan == "每月走访一次"
        found.kind = Supervision.Kind.COMMITTEE
        found.save()
        with pytest.raises(NotAllowed):
            actions.plan_supervision(found, by=street, plan="不走访")


@pytest.mark.parametrize("role", [Role.DEPUTY_AFFAIRS, Role.STREET])
def test_the_page_of_a_suggestion_leads_to_supervision(binhai, people, housing, client_of, role):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        who = cast.member(binhai, role)
        type(row).objects.filter(pk=row.pk).update(street=who.unit)
    shown = client_of(who).get(f"/admin/suggestions/suggestion/{row.pk}/change/")
    assert page("supervise", row.pk) in shown.content.decode()


@pytest.mark.parametrize("name", ["wall", "wall_units", "keys", "urges"])
def test_the_lists_ask_the_database_the_same_however_long(
    binhai, clerk, people, housing, committee, name
):
    def one(number: int):
        with in_congress(binhai):
            row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
            who, chair = stage.clerk(binhai), cast.member(binhai, Role.CHAIR)
            actions.urge(row.assignments.get(), by=who, text="请抓紧。")
            held = Meeting.objects.create(kind="chairpersons", number=number, title=f"第{number}次",
                                          held_on=dt.date(2026, 3, 2))  # fmt: skip
            found = actions.propose_key(row, by=who, plan="督办。")
            actions.decide_key(found, by=who, meeting=held, leader=chair, committee=committee)

    one(1)
    for asked in ({}, {"export": "1"}):
        clerk.get(page(name), asked)
        with CaptureQueriesContext(connection) as few:
            clerk.get(page(name), asked)
        one(2)
        one(3)
        with CaptureQueriesContext(connection) as many:
            assert clerk.get(page(name), asked).status_code == 200
        assert len(many) == len(few), asked
