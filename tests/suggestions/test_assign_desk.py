"""The assignment desk: a batch filled, divided, checked by a second person, handed over whole."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from congress import outbox
from congress.models import Job, LogEntry, Role, Unit
from congress.tenancy import in_congress
from congress.xlsx import read
from deputies.models import Mandate
from suggestions import actions, queries
from suggestions.models import (
    Assignment,
    AssignmentBatch,
    Category,
    LikelyUnit,
    ProposedTask,
    Suggestion,
)
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage

State = Suggestion.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _day_of_the_meeting():
    with stage.on(stage.ASSIGNED):
        yield


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def second(binhai):
    return cast.second(binhai)


@pytest.fixture
def batch(binhai, clerk, people):
    with in_congress(binhai):
        return actions.open_batch(
            by=clerk, title="五次会议建议交办会", assigned_on=stage.ASSIGNED,
            reply_due_on=dt.date(2026, 4, 30),
        )  # fmt: skip


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def likely(unit, category: str = "物业管理"):
    LikelyUnit.objects.create(category=Category.objects.get(name=category), unit=unit)


def work(congress):
    """Carry out what waits in the outbox."""
    with in_congress(congress):
        waiting = list(
            Job.objects.filter(done_at=None, failed_at=None).values_list("pk", flat=True)
        )
    for pk in waiting:
        outbox.run(congress.pk, pk)


def test_a_clerk_opens_a_batch_fills_it_and_it_is_handed_over_once(
    binhai, people, clerk, second, unit, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        rows = [stage.registered(binhai, p) for p in people[:3]]
    desk, other = client_of(clerk), client_of(second)
    answer = desk.post(
        at("batch_new"),
        {"title": "五次会议建议交办会", "assigned_on": "2026-02-02", "reply_due_on": "2026-04-30"},
    )
    with in_congress(binhai):
        batch = AssignmentBatch.objects.get()
    assert answer.url == at("batch_pick", batch.pk)
    page = words(desk.get(answer.url))
    assert all(r.number in page for r in rows)
    desk.post(at("batch_pick", batch.pk), {"pick": [r.pk for r in rows]})
    page = words(desk.get(at("batch", batch.pk)))
    assert "“物业管理”一般由其承办" in page and "待核对" in page
    # The one who proposed does not check.
    assert desk.post(at("batch_check", batch.pk), {"pick": [rows[0].pk]}).status_code == 409
    page = words(other.get(at("batch_check", batch.pk)))
    assert "无误" in page and "代玉珍拟定" in page
    page = words(desk.get(at("batch_hand_over", batch.pk)))
    assert "还没有经第二人核对：5-001、5-002、5-003，共3件" in page and "确认交办" not in page
    assert desk.post(at("batch_hand_over", batch.pk)).status_code == 409
    other.post(at("batch_check", batch.pk), {"pick": [r.pk for r in rows]})
    page = words(desk.get(at("batch_hand_over", batch.pk)))
    assert "2026年5月6日（周三）" in page and "2026年4月30日（周四）" in page
    assert "区县代表建议办理规则 第1版" in page and "常发〔2022〕5号" in page
    assert "确认交办 3 件" in page
    first = desk.post(at("batch_hand_over", batch.pk))
    again = desk.post(at("batch_hand_over", batch.pk))
    assert first.url == again.url  # the same job, not two
    assert other.post(at("batch_hand_over", batch.pk)).url == at("batch", batch.pk)
    with in_congress(binhai):
        assert Job.objects.filter(task="suggestions.hand_over").count() == 1
    work(binhai)
    with in_congress(binhai):
        assert Job.objects.get(task="suggestions.hand_over").done_at
        assert Assignment.objects.count() == 3
        rows = Suggestion.objects.filter(pk__in=[r.pk for r in rows])
        assert {r.state for r in rows} == {State.HANDLING}
        assert {r.rule_set.number for r in rows} == {1}
    assert "已交办" in words(desk.get(at("batch", batch.pk)))
    assert desk.post(at("batch_hand_over", batch.pk)).status_code == 409


def test_units_are_proposed_from_wish_category_history_and_likeness_with_reasons(
    binhai, people, clerk, unit
):
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        roads, _ = stage.unit("交通局")
        before = stage.registered(binhai, people[0], title="关于湖滨社区增设公交站点的建议")
        actions.assign(
            before, by=clerk,
            plans=[actions.Plan(roads, "lead"), actions.Plan(finance, "joint")],
        )  # fmt: skip
        row = stage.registered(
            binhai, people[1], title="关于在湖滨社区增设公交站点的建议",
            wished_units=[unit.unit],
        )  # fmt: skip
        found = queries.candidates_of(row)
        assert [c.unit for c in found] == [roads, finance, unit.unit]
        assert "同类建议1件" in found[0].reason and "相似" in found[0].reason
        assert found[2].reason == "代表希望由其承办"
        division = actions.suggested(row)
        assert [(p.plan.unit, p.plan.role) for p in division] == [
            (roads, "lead"), (finance, "joint")
        ]  # fmt: skip


def test_trap_19_several_systems_have_several_first_level_owners(
    binhai, people, clerk, second, unit, batch, client_of
):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        court, judge = stage.unit("人民法院")
        row = stage.registered(binhai, people[0])
    desk = client_of(clerk)
    form = {"unit_1": office.unit_id, "role_1": "owner", "content_1": "加装电梯资金",
            "unit_2": court.pk, "role_2": "owner", "content_2": "加装电梯纠纷审理"}  # fmt: skip
    assert desk.post(at("batch_units", batch.pk, row.pk), form).status_code == 302
    with in_congress(binhai):
        actions.check_units(row, by=second)
        actions.hand_over(batch, by=clerk)
        row.refresh_from_db()
        assert row.state == State.ASSIGNED
        first = stage.task_of(row, office.unit)
        actions.assign_on(first, by=office, plans=[actions.Plan(unit.unit, "sole")])
        row.refresh_from_db()
        assert row.state == State.ASSIGNED  # the court has not named its part yet
        inner, _ = stage.unit("法院民一庭")
        actions.assign_on(stage.task_of(row, court), by=judge, plans=[actions.Plan(inner, "sole")])
        row.refresh_from_db()
        assert row.state == State.HANDLING


def test_trap_20_a_committee_of_the_congress_handles_what_is_its_own(
    binhai, people, clerk, second, batch, client_of
):
    committee = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai):
        row = stage.registered(binhai, people[0])
    form = {"unit_1": committee.unit_id, "role_1": "sole"}
    assert client_of(clerk).post(at("batch_units", batch.pk, row.pk), form).status_code == 302
    with in_congress(binhai):
        actions.check_units(row, by=second)
        actions.hand_over(batch, by=clerk)
        task = stage.task_of(row, committee.unit)
        assert actions.sign_for(task, by=committee).state == Assignment.State.SIGNED


def test_a_unit_that_is_closed_or_has_nobody_is_told_before_the_hand_over(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        empty = Unit.objects.create(
            name="滨海区档案馆", short_name="档案馆", kind=Unit.Kind.HANDLING_UNIT
        )
        for row, where in zip(
            [stage.registered(binhai, p) for p in people[:2]], [empty, unit.unit], strict=True
        ):
            proposal = actions.Proposal(actions.Plan(where, "sole"))
            actions.propose_units(row, by=clerk, batch=batch, proposals=[proposal])
            actions.check_units(row, by=second)
    page = words(client_of(clerk).get(at("batch_hand_over", batch.pk)))
    assert "收不到通知的单位：档案馆" in page and "确认交办 2 件" in page
    with in_congress(binhai):
        Unit.objects.filter(pk=unit.unit_id).update(valid_to=dt.date(2026, 1, 31))
    page = words(client_of(clerk).get(at("batch_hand_over", batch.pk)))
    assert "单位已停用，请改由其他单位承办" in page and "确认交办" not in page
    assert "住房和城乡建设局" not in words(
        client_of(clerk).get(at("batch_units", batch.pk, row.pk))
    )


def test_the_office_of_a_unit_is_proposed_as_its_owner(binhai, people, clerk, unit, batch):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        Unit.objects.filter(pk=unit.unit_id).update(parent=office.unit)
        likely(Unit.objects.get(pk=unit.unit_id))
        row = stage.registered(binhai, people[0])
        actions.fill_batch(batch, by=clerk, suggestions=[row], through_owners=True)
        proposed = ProposedTask.objects.get()
        assert (proposed.unit, proposed.role) == (office.unit, "owner")
        assert proposed.content == "建议由住建局承办"


def test_wrong_divisions_are_refused_in_words(binhai, people, clerk, unit, batch, client_of):
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        row = stage.registered(binhai, people[0])
    desk = client_of(clerk)
    here = at("batch_units", batch.pk, row.pk)

    def said(**form):
        answer = desk.post(here, form)
        assert answer.status_code == 422
        return words(answer)

    assert "请至少确定一个承办单位" in said()
    both = {"unit_1": unit.unit_id, "unit_2": finance.pk}
    assert "独办时不能再有其他承办单位" in said(**both, role_1="sole", role_2="joint")
    assert "没有负责答复的单位" in said(**both, role_1="joint", role_2="joint")
    assert "请选择承办方式" in said(unit_1=unit.unit_id)
    assert "这个单位已经选过" in said(
        unit_1=unit.unit_id, role_1="lead", unit_2=unit.unit_id, role_2="joint"
    )
    with in_congress(binhai):
        assert not ProposedTask.objects.exists()


def test_a_change_after_the_check_asks_for_another_check(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        finance, _ = stage.unit("财政局")
        row = stage.registered(binhai, people[0])
        actions.fill_batch(batch, by=clerk, suggestions=[row])
        actions.check_units(row, by=second)
    form = {"unit_1": unit.unit_id, "role_1": "lead", "unit_2": finance.pk, "role_2": "joint",
            "next": "check"}  # fmt: skip
    answer = client_of(second).post(at("batch_units", batch.pk, row.pk), form)
    assert answer.url == at("batch_check", batch.pk)
    with in_congress(binhai):
        rows = list(row.proposed.order_by("pk"))
        assert [r.checked_by for r in rows] == [None, None]
        assert rows[0].reason and not rows[1].reason
    assert "您拟定的" in words(client_of(second).get(at("batch_check", batch.pk)))


def test_units_are_asked_before_and_their_no_is_shown(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        row = stage.registered(binhai, people[0])
        actions.fill_batch(batch, by=clerk, suggestions=[row])
    desk = client_of(clerk)
    desk.post(at("batch_bulk", batch.pk), {"pick": [row.pk], "consult": "1"})
    with in_congress(binhai):
        proposed = ProposedTask.objects.get()
        actions.answer_consultation(
            proposed, by=unit, agrees=False, answer="属街道职责，见权责清单第三条"
        )
        actions.check_units(row, by=second)
    page = words(desk.get(at("batch", batch.pk) + "?show=against"))
    assert "单位不同意" in page and "权责清单第三条" in page
    page = words(desk.get(at("batch_hand_over", batch.pk)))
    assert "有单位表示不属于其职责" in page and "确认交办" in page
    # A unit proposed since then is asked too; who has answered is not asked again.
    with in_congress(binhai):
        finance, officer = stage.unit("财政局")
        actions.propose_units(
            row, by=clerk, batch=batch,
            proposals=[actions.Proposal(actions.Plan(unit.unit, "sole"))],
        )  # fmt: skip
        assert ProposedTask.objects.get().agrees is False
        actions.propose_units(
            row, by=clerk, batch=batch,
            proposals=[actions.Proposal(actions.Plan(finance, "sole"))],
        )  # fmt: skip
        actions.consult(row, by=clerk)
        assert ProposedTask.objects.get().asked_at


def test_one_is_taken_out_and_a_batch_given_up_without_losing_the_proposals(
    binhai, people, clerk, unit, batch, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        rows = [stage.registered(binhai, p) for p in people[:2]]
        actions.fill_batch(batch, by=clerk, suggestions=rows)
    desk = client_of(clerk)
    desk.post(at("batch_bulk", batch.pk), {"pick": [rows[0].pk], "take_out": "1"})
    with in_congress(binhai):
        assert list(queries.assignable()) == [rows[0]]
        assert rows[0].proposed.count() == 1
    answer = desk.post(at("batch_discard", batch.pk))
    assert answer.url == at("batches")
    with in_congress(binhai):
        assert set(queries.assignable()) == set(rows)
        assert LogEntry.objects.filter(step="suggestions.discard_batch").exists()
        assert not AssignmentBatch.objects.exists()


def test_what_nothing_speaks_for_is_left_for_a_person(binhai, people, clerk, batch, client_of):
    with in_congress(binhai):
        row = stage.registered(binhai, people[0])
    answer = client_of(clerk).post(at("batch_pick", batch.pk), {"all": "1"}, follow=True)
    assert "没有可以参照的承办单位" in words(answer) and row.number in words(answer)
    with in_congress(binhai):
        assert not ProposedTask.objects.exists()


def test_trap_02_meeting_signature_and_hand_over_days_are_kept_apart(
    binhai, people, clerk, second, unit, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        row = stage.registered(binhai, people[0])
        batch = actions.open_batch(
            by=clerk, title="交办会", assigned_on=dt.date(2026, 1, 28),
            meeting_on=dt.date(2026, 1, 30), signed_on=dt.date(2026, 2, 1),
        )  # fmt: skip
        actions.fill_batch(batch, by=clerk, suggestions=[row])
        actions.check_units(row, by=second)
        actions.hand_over(batch, by=clerk)
        row.refresh_from_db()
        task = row.assignments.get()
        assert row.assigned_on == dt.date(2026, 1, 28)
        assert task.legal_due_on == dt.date(2026, 4, 28)
        batch.refresh_from_db()
        kept = (batch.meeting_on, batch.signed_on, batch.assigned_on)
        assert kept == (dt.date(2026, 1, 30), dt.date(2026, 2, 1), dt.date(2026, 1, 28))
    page = words(client_of(clerk).get(at("batch", batch.pk)))
    assert "2026年1月30日" in page and "2026年2月1日" in page and "2026年1月28日" in page


def test_trap_04_a_batch_day_after_the_law_is_told_and_does_not_count(
    binhai, people, clerk, second, unit, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        row = stage.registered(binhai, people[0])
        batch = actions.open_batch(
            by=clerk, title="交办会", assigned_on=stage.ASSIGNED,
            reply_due_on=dt.date(2026, 6, 30),
        )  # fmt: skip
        actions.fill_batch(batch, by=clerk, suggestions=[row])
        actions.check_units(row, by=second)
    page = words(client_of(clerk).get(at("batch_hand_over", batch.pk)))
    assert "晚于法定期限，仍以法定期限为准" in page


def test_a_batch_of_tomorrow_waits(binhai, people, clerk, second, unit, client_of):
    with in_congress(binhai):
        likely(unit.unit)
        row = stage.registered(binhai, people[0])
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=dt.date(2026, 2, 3))
        actions.fill_batch(batch, by=clerk, suggestions=[row])
        actions.check_units(row, by=second)
    assert "到那一天才能交办" in words(client_of(clerk).get(at("batch_hand_over", batch.pk)))
    assert client_of(clerk).post(at("batch_hand_over", batch.pk)).status_code == 409


def test_strangers_and_the_neighbour_stay_outside(
    binhai, shanyang, people, clerk, unit, batch, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        row = stage.registered(binhai, people[0])
        actions.fill_batch(batch, by=clerk, suggestions=[row])
    for page in ("batch", "batch_pick", "batch_check", "batch_hand_over", "batch_edit"):
        assert client_of(stage.clerk(shanyang)).get(at(page, batch.pk)).status_code == 404
        assert client_of(cast.member(binhai, Role.STREET)).get(at(page, batch.pk)).status_code in (
            403, 404
        )  # fmt: skip
        assert client_of(unit).get(at(page, batch.pk)).status_code == 403
    chair = client_of(cast.member(binhai, Role.CHAIR))
    page = words(chair.get(at("batch", batch.pk)))
    assert row.number in page and "取出所选" not in page
    assert chair.get(at("batch_hand_over", batch.pk)).status_code in (403, 404)


def test_the_pages_ask_as_often_for_one_as_for_many(
    binhai, people, clerk, second, unit, batch, client_of
):
    def counts():
        found = {}
        for who, name in (
            (clerk, "batch"), (second, "batch_check"), (clerk, "batch_hand_over"),
            (clerk, "batch_pick"), (clerk, "batches"),
        ):  # fmt: skip
            args = () if name == "batches" else (batch.pk,)
            client = client_of(who)
            client.get(at(name, *args))
            with CaptureQueriesContext(connection) as found_queries:
                assert client.get(at(name, *args)).status_code == 200
            found[name] = len(found_queries)
        return found

    with in_congress(binhai):
        likely(unit.unit)
        actions.fill_batch(batch, by=clerk, suggestions=[stage.registered(binhai, people[0])])
        stage.registered(binhai, people[1])
    few = counts()
    with in_congress(binhai):
        many = [stage.registered(binhai, people[n % 4]) for n in range(12)]
        actions.fill_batch(batch, by=clerk, suggestions=many[:6])
    assert counts() == few


def test_between_sittings_a_single_one_is_handed_over_within_its_days(
    binhai, people, clerk, unit, client_of
):
    with in_congress(binhai):
        likely(unit.unit)
        with stage.on(dt.date(2026, 1, 28)):
            row = actions.start_draft(
                by=people[0].membership, lead=people[0], title="关于疏通湖滨路雨水管的建议",
                situation=stage.SITUATION, requests=stage.REQUESTS,
            )  # fmt: skip
            row = actions.submit(row, by=people[0].membership)
            row = actions.register(
                row, by=clerk, category=Category.objects.get(name="物业管理"),
                checks=dict.fromkeys(CHECKS, True),
            )  # fmt: skip
        other = stage.registered(binhai, people[1])
    desk = client_of(clerk)
    assert "还有 2 件已登记的建议" in words(desk.get(at("batches")))
    page = words(desk.get(at("batches_waiting")))
    assert "应在2月6日前交办" in page and "还有 4 天" in page and other.number in page
    answer = desk.post(at("batches_waiting"), {"pick": [row.pk]})
    with in_congress(binhai):
        batch = AssignmentBatch.objects.get()
        assert batch.title == f"2月2日交办（第{row.number}号）"
        assert list(queries.batch_items(batch)) == [row]
    assert answer.url == at("batch_units", batch.pk, row.pk)
    answer = desk.post(at("batches_waiting"), {}, follow=True)
    assert "没有勾选建议" in words(answer)
    desk.post(at("batches_waiting"), {"pick": [other.pk, row.pk]})  # row is in a batch already
    with in_congress(binhai):
        assert AssignmentBatch.objects.first().title == f"2月2日交办（第{other.number}号）"


# -- Papers ------------------------------------------------------------------------------------


def text_of(response) -> str:
    reader = PdfReader(io.BytesIO(response.content))
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def handed_over(binhai, people, clerk, second, unit, batch):
    """Two suggestions: 住建局 alone, and with 财政局 as a joint unit."""
    finance, _ = stage.unit("财政局")
    rows = [
        stage.registered(binhai, people[0], [people[1]]),
        stage.registered(binhai, people[2], hides_name=True),
    ]
    lone = [actions.Proposal(actions.Plan(unit.unit, "sole"))]
    both = [
        actions.Proposal(actions.Plan(unit.unit, "lead")),
        actions.Proposal(actions.Plan(finance, "joint", "资金安排")),
    ]
    for row, proposals in zip(rows, (lone, both), strict=True):
        actions.propose_units(row, by=clerk, batch=batch, proposals=proposals)
        actions.check_units(row, by=second)
    return rows, finance


def test_letters_and_lists_are_made_for_signature_and_again_after_the_hand_over(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        rows, finance = handed_over(binhai, people, clerk, second, unit, batch)
        actions.edit_batch(
            batch, by=clerk, title=batch.title, assigned_on=batch.assigned_on,
            reply_due_on=batch.reply_due_on, document_number="滨人代函〔2026〕3号",
            contact="李某，0510-10000000",
        )  # fmt: skip
    desk = client_of(clerk)
    assert "住房和城乡建设局" in words(desk.get(at("batch_papers", batch.pk)))
    letter = text_of(desk.get(at("batch_letter", batch.pk, unit.unit_id)))
    assert "送审稿" in letter and "滨人代函〔2026〕3号" in letter
    assert "2件（独办1件，主办1件）" in letter
    assert "不晚于2026年5月6日" in letter and "请于2026年4月30日前答复" in letter
    assert "自收到之日起7个工作日内" in letter and "联系人：李某" in letter
    assert f"{people[0].name}等2人" in letter
    assert people[2].name not in letter and "姓名保密" in letter
    with in_congress(binhai):
        actions.hand_over(batch, by=clerk)
    joint = text_of(desk.get(at("batch_letter", batch.pk, finance.pk)))
    assert "送审稿" not in joint and "1件（会办1件）" in joint and "资金安排" in joint
    assert "会办意见送主办单位" in joint and "三个月内答复代表" not in joint
    whole = text_of(desk.get(at("batch_list", batch.pk)))
    assert all(r.number in whole for r in rows) and "拟定：" in whole
    book = desk.get(at("batch_list", batch.pk) + "?xlsx=1")
    sheets = read(book.content, "x.xlsx")
    assert [s.title for s in sheets] == ["交办清单", "分单位"]
    assert any("财政局" in str(c) for line in sheets[0].rows for c in line)
    one = desk.get(at("batch_letter", batch.pk, finance.pk) + "?xlsx=1")
    assert "财政局" in str(read(one.content, "x.xlsx")[0].rows)
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="suggestions.export").count() == 5


def test_all_letters_come_in_one_file_for_the_one_who_asked(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        handed_over(binhai, people, clerk, second, unit, batch)
    job_page = client_of(clerk).post(at("batch_letters", batch.pk)).url
    work(binhai)
    answer = client_of(clerk).get(job_page)
    assert answer.url.startswith("/files/")
    reader = PdfReader(io.BytesIO(b"".join(client_of(clerk).get(answer.url).streaming_content)))
    assert len(reader.pages) == 6  # each: two pages and its list
    assert client_of(second).get(answer.url).status_code == 404


def test_trap_22_a_unit_renamed_since_keeps_the_name_of_the_day(
    binhai, people, clerk, second, unit, batch, client_of
):
    with in_congress(binhai):
        handed_over(binhai, people, clerk, second, unit, batch)
        actions.hand_over(batch, by=clerk)
        was = unit.unit.name
        Unit.objects.filter(pk=unit.unit_id).update(name="滨海区住房保障局", short_name="住保局")
    desk = client_of(clerk)
    for page in (
        text_of(desk.get(at("batch_letter", batch.pk, unit.unit_id))),
        text_of(desk.get(at("batch_list", batch.pk))),
        words(desk.get(at("batch", batch.pk))),
    ):
        assert was in page and "住房保障局" not in page


def test_trap_24_in_a_township_the_presidium_hands_over(
    binhai, people, clerk, second, unit, batch, client_of
):
    binhai.level = "township"
    binhai.standing_committee_name = "滨江镇人民代表大会主席团"
    binhai.save()
    with in_congress(binhai):
        Mandate.objects.filter(deputy__in=people).update(level=Mandate.Level.TOWNSHIP)
        handed_over(binhai, people, clerk, second, unit, batch)
    letter = text_of(client_of(clerk).get(at("batch_letter", batch.pk, unit.unit_id)))
    assert "滨江镇人民代表大会主席团" in letter
