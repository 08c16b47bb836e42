"""After 交办: a delegation is answered through its head, units change, several answer together."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from congress.files import store
from congress.flow import NotAllowed
from congress.models import Role, Unit
from congress.tenancy import in_congress
from deputies.models import Delegation
from notices.models import Notice
from performance.models import DutyRecord
from suggestions import actions, documents
from suggestions.models import Assignment, Category, Feedback, RuleSet, Service, Suggestion
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage

FEBRUARY, MARCH, APRIL = dt.date(2026, 2, 5), dt.date(2026, 3, 10), dt.date(2026, 4, 15)
LEGAL = dt.date(2026, 5, 6)
State, Task = Suggestion.State, Assignment.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def february():
    with stage.on(FEBRUARY):
        yield


@pytest.fixture
def housing(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def desk(clerk, client_of):
    return client_of(clerk)


def staff(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def at(name: str, *args) -> str:
    return reverse(f"desk_{name}", args=args)


def page_of(row: Suggestion) -> str:
    return reverse("admin:suggestions_suggestion_change", args=[row.pk])


def words(response) -> str:
    return response.content.decode()


def told(member) -> list[str]:
    return list(Notice.objects.filter(to=member).order_by("pk").values_list("title", flat=True))


# -- 代表团建议 -------------------------------------------------------------------------------


@pytest.fixture
def delegations(binhai, people, clerk, housing):
    """A delegation's suggestion, handed over to one unit; nobody named to speak for it."""
    with in_congress(binhai), stage.on(stage.SITTING):
        own = Delegation.objects.create(name="东湖代表团")
        paper = store(
            "建议.pdf", b"%PDF-1.4", purpose="suggestions.file", by=clerk,
            content_type="application/pdf",
        )  # fmt: skip
        row = actions.enter(
            by=clerk, delegation=own, title="关于东湖片区公交接驳的建议", scan=paper,
            received_on=stage.SITTING, situation=stage.SITUATION, requests=stage.REQUESTS,
        )  # fmt: skip
        row = actions.register(
            row, by=clerk, category=Category.objects.get(name="物业管理"),
            checks=dict.fromkeys(CHECKS, True),
        )  # fmt: skip
    with in_congress(binhai), stage.on(stage.ASSIGNED):
        return actions.assign(row, by=clerk, plans=[actions.Plan(housing.unit, "sole")])


TALK = {"phase": "before", "mode": "face", "on": "2026-02-05", "who": "副局长李某",
        "opinions": "代表团同意分两批实施。"}  # fmt: skip
REPLY = {
    "document_number": "滨建函〔2026〕12号", "text": "收悉代表团的建议后，我们到现场作了调查。",
    "publicity": "full", "point_1": "已列入今年计划。", "point_2": "已减为三个环节。",
    "contact_person": "李某", "contact_phone": "025-10000000",
}  # fmt: skip


def test_trap_16_a_delegation_is_talked_with_answered_and_judges_through_its_head(
    binhai, people, delegations, housing, clerk, desk, client_of
):
    row, unit = delegations, client_of(housing)
    with in_congress(binhai):
        task = stage.task_of(row, housing.unit)
    assert "还没有登记团长" in words(desk.get(page_of(row)))
    unit.post(at("task_sign", task.pk))
    answer = unit.post(at("task_contact", task.pk), TALK)
    assert answer.status_code == 409 and "还没有登记团长" in words(answer)

    assert "请填写团长的姓名" in words(desk.post(staff("head", row.pk), {"head_name": ""}))
    desk.post(staff("head", row.pk), {"head_name": people[0].name})
    head = client_of(people[0].membership)
    with in_congress(binhai):
        assert "您已登记为代表团建议的团长：第5-001号" in told(people[0].membership)
    page = words(unit.get(at("task", task.pk)))
    assert f"东湖代表团（团长{people[0].name}）" in page
    unit.post(at("task_contact", task.pk), TALK)
    with in_congress(binhai):
        contact = task.contacts.get()
    assert "东湖代表团提出" in words(head.get("/me/suggestions/"))
    head.post(f"/me/suggestions/contacts/{contact.pk}/", {"confirmed": "yes"})
    with in_congress(binhai):
        klass = stage.klass("A")
    unit.post(at("task_reply", task.pk), REPLY | {"result_class": klass.pk})
    assert unit.post(at("task_sign_off", task.pk), {"signer": "局长程某"}).status_code == 302
    name = people[0].pk
    served = {f"mode_{name}": "face", f"on_{name}": "2026-02-05"}
    assert unit.post(at("task_serve", task.pk), served).status_code == 302
    with in_congress(binhai):
        service = Service.objects.get(reply__assignment=task)
        assert (service.deputy, service.delegation.name) == (people[0], "东湖代表团")
        row.refresh_from_db()
        assert row.state == State.ANSWERED
        assert [f.deputy for f in Feedback.objects.filter(suggestion=row)] == [people[0]]
        stage.judged(row, FEBRUARY)
        row.refresh_from_db()
        assert row.state == State.CLOSED
        # Nobody led it, so nobody is credited with raising it; judging it was duty done.
        codes = DutyRecord.objects.filter(deputy=people[0]).values_list("item__code", flat=True)
        assert list(codes) == ["B11"]


def test_trap_16_without_a_head_nothing_is_served(binhai, people, delegations, housing, clerk):
    with in_congress(binhai):
        task = stage.task_of(delegations, housing.unit)
        actions.sign_for(task, by=housing)
        actions.name_head(delegations, by=clerk, head=people[0])
        contact = actions.record_contact(
            task, by=housing, phase="before", mode="face", on=FEBRUARY, who="副局长李某",
            opinions="同意分两批。",
        )  # fmt: skip
        actions.confirm_contact(contact, by=people[0].membership, confirmed=True)
        stage.drafted(task, housing, FEBRUARY)
        actions.sign_off(task, by=housing, signer="局长程某")
        Suggestion.objects.update(delegation_head=None)
        with pytest.raises(NotAllowed, match="还没有登记团长"):
            actions.serve(task, by=housing, served={})


def test_trap_16_a_new_head_takes_over_what_still_waits(
    binhai, people, delegations, housing, clerk, desk
):
    with in_congress(binhai):
        task = stage.task_of(delegations, housing.unit)
        actions.sign_for(task, by=housing)
        actions.name_head(delegations, by=clerk, head=people[0])
        contact = actions.record_contact(
            task, by=housing, phase="before", mode="face", on=FEBRUARY, who="副局长李某",
            opinions="同意分两批。",
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="已经登记为团长"):
            actions.name_head(delegations, by=clerk, head=people[0])
        actions.name_head(delegations, by=clerk, head=people[1])
        assert contact.confirmations.get().deputy == people[1]
        with pytest.raises(NotAllowed, match="由代工委登记"):
            actions.name_head(delegations, by=housing, head=people[2])
        ordinary = stage.assigned(binhai, people[0], [(housing.unit, "sole")])
    assert desk.get(staff("head", ordinary.pk)).status_code == 409
    assert "变更团长" in words(desk.get(page_of(delegations)))


def test_a_neighbours_delegation_has_no_head_from_here(binhai, delegations, shanyang, client_of):
    with in_congress(shanyang):
        stranger = stage.clerk(shanyang)
    assert client_of(stranger).get(staff("head", delegations.pk)).status_code == 404


# -- 调整承办单位 -----------------------------------------------------------------------------


@pytest.fixture
def finance(binhai, people):
    with in_congress(binhai):
        return stage.unit("财政局")


@pytest.fixture
def planning(binhai, people):
    with in_congress(binhai):
        return stage.unit("资规局")


def direct(binhai, people, *plans) -> Suggestion:
    return stage.assigned(binhai, people[0], plans)


def handed_on(binhai, people, office, *plans) -> Suggestion:
    row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
    with stage.on(stage.ASSIGNED):
        return actions.assign_on(
            stage.task_of(row, office.unit), by=office, plans=[actions.Plan(*p) for p in plans]
        )


def test_a_joint_unit_is_added_later_with_the_first_hand_overs_day(
    binhai, people, housing, finance, clerk, desk, client_of
):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "sole"))
    assert "增加承办单位" in words(desk.get(page_of(row)))
    form = {"unit": finance[0].pk, "role": "joint", "reason": "资金由其安排"}
    answer = desk.post(staff("unit_add", row.pk), {**form, "reason": ""})
    assert answer.status_code == 422
    with stage.on(MARCH):
        desk = client_of(clerk)
        assert desk.post(staff("unit_add", row.pk), form).url == page_of(row)
        again = desk.post(staff("unit_add", row.pk), form)
        assert again.status_code == 422 and "已在承办" in words(again)
    with in_congress(binhai):
        lead, joint = stage.task_of(row, housing.unit), stage.task_of(row, finance[0])
        assert (lead.role, joint.role, joint.assigned_on) == ("lead", "joint", MARCH)
        assert joint.legal_due_on <= lead.legal_due_on == LEGAL
        notice = "承办单位有调整：第5-001号建议"
        assert notice in told(people[0].membership) and notice in told(housing)
        assert "新交办的建议：第5-001号" in told(finance[1])
        page = words(desk.get(page_of(row)))
    assert "由独办改为主办。理由：资金由其安排" in page


def test_a_joint_unit_comes_in_under_the_day_an_extension_moved(
    in_binhai, people, housing, finance, planning, clerk
):
    RuleSet.objects.update(
        joint_limit="before", joint_amount=20, joint_count="d", extension_approvers=[]
    )
    row = direct(in_binhai, people, (housing.unit, "lead"), (finance[0], "joint"))
    task = stage.task_of(row, housing.unit)
    with stage.on(MARCH):
        actions.sign_for(task, by=housing)
        actions.ask_extension(
            task, by=housing, reason="wide", progress="正在会商", to_on=dt.date(2026, 7, 1)
        )
        plan = actions.Plan(planning[0], "joint")
        actions.add_unit(row, by=clerk, plan=plan, reason="涉及规划审批")
    other, new = stage.task_of(row, finance[0]), stage.task_of(row, planning[0])
    assert new.legal_due_on == other.legal_due_on > LEGAL


def test_trap_47_another_unit_leads_the_day_stands_and_the_talks_stay(
    binhai, people, housing, finance, clerk, desk, client_of
):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "lead"), (finance[0], "joint"))
        old = stage.task_of(row, housing.unit)
        actions.sign_for(old, by=housing)
        stage.talked(old, housing, FEBRUARY)
        stage.drafted(old, housing, FEBRUARY)
    assert "变更为其他单位" in words(desk.get(page_of(row)))
    form = {"unit": finance[0].pk, "role": "lead", "content": "", "stays_joint": "on",
            "reason": "主要是资金问题"}  # fmt: skip
    with stage.on(MARCH):
        answer = client_of(clerk).post(staff("unit_change", old.pk), form)
        assert answer.url == page_of(row)
    with in_congress(binhai):
        new, joint = stage.task_of(row, finance[0]), stage.task_of(row, housing.unit)
        assert (new.role, new.legal_due_on, joint.role) == ("lead", LEGAL, "joint")
        old.refresh_from_db()
        assert old.state == Task.CANCELLED and old.contacts.count() == 1
        assert list(old.replies.values_list("state", flat=True)) == ["dropped"]
        assert "不再由你单位承办：第5-001号建议" in told(housing)
        assert "承办单位有调整：第5-001号建议" in told(people[0].membership)
        with pytest.raises(NotAllowed, match="还没有经代表确认的沟通记录"):
            actions.sign_for(new, by=finance[1])
            stage.drafted(new, finance[1], MARCH)
            actions.sign_off(new, by=finance[1], signer="局长")
    page = words(client_of(finance[1]).get(at("task", new.pk)))
    assert "原承办单位的沟通记录" in page and "代表同意分两批实施" in page
    page = words(desk.get(page_of(row)))
    assert "改由滨海区财政局（主办）" in page and "转为会办" in page
    page = words(client_of(people[0].membership).get(f"/me/suggestions/{row.pk}/"))
    assert "变更承办单位" in page and "主要是资金问题" in page


def test_a_unit_is_taken_out_with_a_reason_but_never_the_last_that_answers(
    binhai, people, housing, finance, planning, clerk, desk
):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "lead"), (finance[0], "joint"))
        joint, lead = stage.task_of(row, finance[0]), stage.task_of(row, housing.unit)
    answer = desk.post(staff("unit_out", lead.pk), {"reason": "职责不符"})
    assert answer.status_code == 422 and "唯一负责答复" in words(answer)
    assert desk.post(staff("unit_out", joint.pk), {"reason": ""}).status_code == 422
    assert desk.post(staff("unit_out", joint.pk), {"reason": "不涉及资金"}).url == page_of(row)
    with in_congress(binhai):
        joint.refresh_from_db()
        assert joint.state == Task.CANCELLED
        assert "不再由你单位承办：第5-001号建议" in told(finance[1])
        two = direct(binhai, people, (housing.unit, "separate"), (finance[0], "separate"))
        actions.cancel_task(stage.task_of(two, finance[0]), by=clerk, reason="并不涉及")
        assert stage.task_of(two, housing.unit).role == "sole"
        actions.ask_return(
            stage.task_of(two, housing.unit), by=housing, reason="not_ours", explanation="不属",
            legal_basis="三定规定", approved_by_head="程局长",
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="退办申请还没有决定"):
            actions.change_unit(
                stage.task_of(two, housing.unit), by=clerk, reason="改办",
                plan=actions.Plan(planning[0], "sole"),
            )  # fmt: skip


def test_another_office_hands_on_and_all_below_the_first_is_released(
    binhai, people, housing, finance, office, clerk
):
    with in_congress(binhai):
        row = handed_on(binhai, people, office, (housing.unit, "lead"), (finance[0], "joint"))
        court = stage.unit("法院", role=Role.GOVERNMENT_OFFICE)
        first = stage.task_of(row, office.unit)
        made = actions.change_unit(
            first, by=clerk, plan=actions.Plan(court[0], "owner"), reason="属于审判工作"
        )
        row.refresh_from_db()
        assert (row.state, made.legal_due_on) == (State.ASSIGNED, LEGAL)
        states = set(row.assignments.exclude(pk=made.pk).values_list("state", flat=True))
        assert states == {Task.CANCELLED}
        assert "承办单位有调整：第5-001号建议" not in told(court[1])
        assert "新交办的建议：第5-001号" in told(court[1])


def test_the_office_changes_the_units_of_its_own_system_and_of_no_other(
    binhai, people, housing, finance, planning, office, clerk, client_of
):
    with in_congress(binhai):
        row = handed_on(binhai, people, office, (housing.unit, "sole"))
        owner, task = stage.task_of(row, office.unit), stage.task_of(row, housing.unit)
        other = direct(binhai, people, (housing.unit, "sole"))
        outside = stage.task_of(other, housing.unit)
    own = client_of(office)
    assert "增加承办单位" in words(own.get(at("task", owner.pk)))
    assert "变更为其他单位" in words(own.get(at("task", task.pk)))
    form = {"unit": finance[0].pk, "role": "joint", "reason": "资金由其安排"}
    assert own.post(at("unit_add", owner.pk), form).status_code == 302
    form = {"unit": planning[0].pk, "role": "lead", "reason": "职责已调整"}
    assert own.post(at("unit_change", task.pk), form).status_code == 302
    with in_congress(binhai):
        assert stage.task_of(row, planning[0]).parent == owner
        assert "承办单位有调整：第5-001号建议" in told(clerk)
    assert own.get(at("unit_change", outside.pk)).status_code == 404
    unit = client_of(planning[1])
    with in_congress(binhai):
        new = stage.task_of(row, planning[0])
    assert "变更为其他单位" not in words(unit.get(at("task", new.pk)))
    assert unit.get(at("unit_change", new.pk)).status_code == 409
    assert unit.get(at("unit_add", new.pk)).status_code == 404
    with in_congress(binhai), pytest.raises(NotAllowed, match="由交办的一级调整"):
        actions.add_unit(
            row, by=planning[1], plan=actions.Plan(housing.unit, "joint"), reason="会办",
            parent=owner,
        )  # fmt: skip


def test_no_unit_is_changed_once_all_have_answered(binhai, people, housing, finance, desk):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "sole"))
        task = stage.task_of(row, housing.unit)
        stage.answered(task, housing, FEBRUARY)
    assert desk.get(staff("unit_add", row.pk)).status_code == 409
    assert desk.get(staff("unit_change", task.pk)).status_code == 409
    assert "增加承办单位" not in words(desk.get(page_of(row)))


def test_the_lead_objects_to_a_unit_and_is_answered(
    binhai, people, housing, finance, clerk, desk, client_of
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing.unit, "sole")], people[1:2])
    lead, signer = client_of(people[0].membership), client_of(people[1].membership)
    address = f"/me/suggestions/{row.pk}/object/"
    assert "对承办单位提出异议" in words(lead.get(f"/me/suggestions/{row.pk}/"))
    assert signer.get(address).status_code == 409
    assert "请写明您的意见" in words(lead.post(address, {"text": "不对"}))
    form = {"text": "加装电梯的资金由财政局安排", "wished_unit": finance[0].pk}
    assert lead.post(address, form).status_code == 302
    assert lead.post(address, form).status_code == 409
    with in_congress(binhai):
        objection = row.unit_objections.get()
        assert "代表对承办单位有异议：第5-001号" in told(clerk)
    page = words(desk.get(page_of(row)))
    assert "加装电梯的资金由财政局安排" in page and staff("objection", objection.pk) in page
    answer = {"upheld": "yes", "answer": "增加财政局会办"}
    assert desk.post(staff("objection", objection.pk), answer).url.endswith("#tasks")
    with in_congress(binhai):
        assert "您对承办单位的异议已答复：第5-001号" in told(people[0].membership)
        with pytest.raises(NotAllowed, match="已经答复"):
            actions.answer_objection(objection, by=clerk, upheld=False, answer="再看")
    assert "采纳：增加财政局会办" in words(lead.get(f"/me/suggestions/{row.pk}/"))


def test_the_neighbours_staff_change_no_units_here(binhai, people, housing, shanyang, client_of):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "sole"))
        task = stage.task_of(row, housing.unit)
    with in_congress(shanyang):
        stranger = client_of(stage.clerk(shanyang))
    for name, pk in (("unit_add", row.pk), ("unit_out", task.pk), ("unit_change", task.pk)):
        assert stranger.get(staff(name, pk)).status_code == 404


# -- 联合答复, 补充答复, 区外单位 -------------------------------------------------------------


def test_trap_10_several_leads_agree_first_and_answer_with_one_document(
    binhai, people, housing, finance, clerk, desk, client_of
):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "lead"), (finance[0], "lead"))
        one, two = stage.task_of(row, housing.unit), stage.task_of(row, finance[0])
        for task, who in ((one, housing), (two, finance[1])):
            actions.sign_for(task, by=who)
        stage.talked(one, housing, FEBRUARY)
        draft = stage.drafted(one, housing, FEBRUARY, document_number="滨建函〔2026〕12号")
        with pytest.raises(NotAllowed, match="还没有会签：滨海区财政局"):
            actions.sign_off(one, by=housing, signer="局长程某")
    other = client_of(finance[1])
    assert "会签滨海区住房和城乡建设局的答复稿" in words(other.get(at("task", two.pk)))
    page = words(other.get(at("task_countersign", two.pk)))
    assert "我们到现场作了调查" in page and "审批环节减为三个" in page
    form = {"version": draft.version, "signer": "局长钱某", "document_number": "滨财函〔2026〕7号"}
    answer = other.post(at("task_countersign", two.pk), {**form, "version": 9})
    assert answer.status_code == 409 and "重新阅读" in words(answer)
    assert other.post(at("task_countersign", two.pk), form).status_code == 302
    assert other.get(at("task_countersign", two.pk)).status_code == 409
    with in_congress(binhai):
        stage.drafted(one, housing, FEBRUARY, document_number="滨建函〔2026〕12号")
        two.refresh_from_db()
        assert two.state == Task.DRAFTED  # what was signed is no more: it signs the new draft
        actions.countersign(two, by=finance[1], version=2, signer="局长钱某",
                            document_number="滨财函〔2026〕7号")  # fmt: skip
        with pytest.raises(NotAllowed, match="联合答复由滨海区住房和城乡建设局送达"):
            actions.serve(two, by=finance[1], served={people[0]: ("face", FEBRUARY)})
        reply = actions.sign_off(one, by=housing, signer="局长程某")
        actions.serve(one, by=housing, served={people[0]: ("face", FEBRUARY)})
        two.refresh_from_db(), row.refresh_from_db()
        assert (two.state, row.state) == (Task.ANSWERED, State.ANSWERED)
        # Each unit was answered for and is judged apart.
        assert {f.assignment_id for f in row.feedbacks.all()} == {one.pk, two.pk}
        assert Service.objects.filter(reply__assignment=two).count() == 1
        text = PdfReader(io.BytesIO(documents.reply_letter(reply, names=[people[0].name])))
        letter = text.pages[0].extract_text()
        assert "滨财函〔2026〕7号" in letter and "滨建函〔2026〕12号" in letter
    page = words(client_of(people[0].membership).get(f"/me/suggestions/{row.pk}/"))
    assert page.count("我们到现场作了调查") == 1 and "联合答复" in page
    assert "滨海区住房和城乡建设局、滨海区财政局的联合答复" in page


def test_trap_10_a_lead_that_came_in_after_the_signature_signs_too(
    in_binhai, people, housing, finance, clerk
):
    row = direct(in_binhai, people, (housing.unit, "lead"))
    task = stage.task_of(row, housing.unit)
    actions.sign_for(task, by=housing)
    stage.talked(task, housing, FEBRUARY)
    stage.drafted(task, housing, FEBRUARY)
    actions.sign_off(task, by=housing, signer="局长程某")
    actions.add_unit(row, by=clerk, plan=actions.Plan(finance[0], "lead"), reason="共同主办")
    with pytest.raises(NotAllowed, match="还没有会签：滨海区财政局"):
        actions.serve(task, by=housing, served={people[0]: ("face", FEBRUARY)})


def test_trap_11_a_joint_unit_that_writes_to_the_deputy_closes_nothing(
    binhai, people, housing, finance, desk, client_of
):
    with in_congress(binhai):
        row = direct(binhai, people, (housing.unit, "lead"), (finance[0], "joint"))
        lead, joint = stage.task_of(row, housing.unit), stage.task_of(row, finance[0])
    unit = client_of(finance[1])
    assert unit.get(at("task_supplement", joint.pk)).status_code == 404  # not signed for yet
    unit.post(at("task_sign", joint.pk))
    assert "向代表补充答复" in words(unit.get(at("task", joint.pk)))
    form = {"text": "资金已列入今年第二批计划，三季度下达。", "signer": "局长钱某"}
    assert "内容太短" in words(unit.post(at("task_supplement", joint.pk), {**form, "text": "好"}))
    assert unit.post(at("task_supplement", joint.pk), form).status_code == 302
    with in_congress(binhai):
        row.refresh_from_db(), joint.refresh_from_db()
        assert (row.state, joint.state) == (State.HANDLING, Task.SIGNED)
        assert not row.feedbacks.exists() and not joint.opinions.exists()
        assert "会办单位补充答复：第5-001号建议" in told(people[0].membership)
        assert "会办单位补充答复：第5-001号建议" in told(housing)
    page = words(client_of(people[0].membership).get(f"/me/suggestions/{row.pk}/"))
    assert "滨海区财政局的补充答复" in page and "三季度下达" in page
    assert "补充答复代表" in words(desk.get(page_of(row)))
    leading = client_of(housing)
    assert leading.get(at("task_supplement", lead.pk)).status_code == 404


def test_trap_21_a_body_outside_is_not_handed_to_and_an_own_organ_answers_for_it(
    binhai, people, housing, finance, clerk, desk
):
    with in_congress(binhai):
        power = Unit.objects.create(name="市供电公司滨海分公司", kind=Unit.Kind.ORGAN)
        row = direct(binhai, people, (housing.unit, "sole"))
        task = stage.task_of(row, housing.unit)
    page = words(desk.get(staff("unit_add", row.pk)))
    assert "财政局" in page
    assert "市供电公司" not in page
    form = {"unit": power.pk, "role": "joint", "reason": "涉及供电"}
    assert desk.post(staff("unit_add", row.pk), form).status_code == 422
    with in_congress(binhai):
        # The district's organ coordinates with it and answers under its own name.
        actions.sign_for(task, by=housing)
        stage.talked(task, housing, FEBRUARY)
        stage.drafted(task, housing, FEBRUARY, signed_in_name_of=power.name)
        with pytest.raises(NotAllowed, match="不能由内设机构或者其他单位署名"):
            actions.sign_off(task, by=housing, signer="局长程某")
        # Or the deputy is told why it is none of this level's, and where it goes.
        other = stage.submitted(people[1], title="关于调整市供电公司电价的建议")
        other = actions.refuse(
            other, by=clerk, ground="competence", deputy_told_on=stage.SITTING,
            explanation="属市级事权，已转请本区选出的市人大代表提出。",
        )  # fmt: skip
        assert (other.state, other.number) == (State.NOT_ACCEPTED, "")
