"""The long way of a suggestion, and each refusal on it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from congress import holidays
from congress.flow import NotAllowed
from congress.models import LogEntry, Meeting, Role
from deadlines.models import Deadline
from deputies import actions as registry
from notices.models import Notice
from performance.models import DutyRecord
from suggestions import actions
from suggestions.models import (
    Assignment,
    AssignmentBatch,
    Category,
    Feedback,
    NumberSeries,
    Promise,
    Suggestion,
)
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage

State, Task = Suggestion.State, Assignment.State
MARCH, APRIL, MAY = dt.date(2026, 3, 10), dt.date(2026, 4, 15), dt.date(2026, 5, 8)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(in_binhai):
    return stage.ready()


@pytest.fixture
def clerk(in_binhai):
    return stage.clerk(in_binhai)


@pytest.fixture
def second(in_binhai):
    return cast.second(in_binhai)


@pytest.fixture
def people(in_binhai):
    return stage.people()


@pytest.fixture
def housing(in_binhai):
    """住建局 and its person."""
    who = cast.member(in_binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def finance(in_binhai):
    return stage.unit("财政局")


@pytest.fixture
def office(in_binhai):
    who = cast.member(in_binhai, Role.GOVERNMENT_OFFICE)
    return who.unit, who


def told(member) -> list[str]:
    return list(Notice.objects.filter(to=member).order_by("pk").values_list("title", flat=True))


# -- The whole way -----------------------------------------------------------------------------


def test_a_suggestion_goes_the_whole_way_and_leaves_its_duty(
    rules, people, clerk, housing, finance, office, in_binhai
):
    unit, who = housing
    row = stage.assigned(in_binhai, people[0], [(office[0], "owner")], people[1:3])
    assert (row.state, row.number, row.assigned_on) == (State.ASSIGNED, "5-001", stage.ASSIGNED)
    owner = stage.task_of(row, office[0])
    with stage.on(stage.ASSIGNED, 15):
        row = actions.assign_on(
            owner, by=office[1],
            plans=[actions.Plan(unit, "lead"), actions.Plan(finance[0], "joint")],
        )  # fmt: skip
    assert row.state == State.HANDLING
    task, joint = stage.task_of(row, unit), stage.task_of(row, finance[0])
    assert task.legal_due_on == dt.date(2026, 5, 6)  # 2 May is a holiday, so is 5 May
    assert any("2月2日" in line for line in task.working)
    with stage.on(MARCH):
        actions.sign_for(joint, by=finance[1])
        actions.give_opinion(
            joint, by=finance[1], text="资金可在今年预算内统筹安排。", signer="局长"
        )
    row = stage.answered(task, who, APRIL)
    assert row.state == State.ANSWERED
    assert Feedback.objects.filter(suggestion=row).count() == 6  # three signers, two units
    row = stage.judged(row, APRIL + dt.timedelta(days=3))
    assert row.state == State.CLOSED and row.closed_at
    assert set(row.assignments.exclude(role="owner").values_list("state", flat=True)) == {"done"}
    facts = DutyRecord.objects.filter(withdrawn_at=None).values_list("item__code", flat=True)
    assert sorted(facts) == ["A04", "A05", "A05", "B11", "B11", "B11"]
    owed = Deadline.objects.filter(done_at=None, cancelled_at=None)
    assert set(owed.values_list("kind", flat=True)) == {"suggestions.publish"}


def test_every_step_is_logged_in_words_that_exist(rules, people, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    stage.judged(stage.answered(stage.task_of(row, housing[0]), housing[1], APRIL), APRIL)
    steps = set(
        LogEntry.objects.filter(step__startswith="suggestions.").values_list("step", flat=True)
    )
    assert {"suggestions.submit", "suggestions.serve", "suggestions.give_feedback"} <= steps


# -- Signing together --------------------------------------------------------------------------


def test_an_edited_text_voids_every_confirmation(rules, people):
    row = stage.draft(people[0])
    row = actions.invite(row, by=people[0].membership, deputies=people[1:3])
    seen = stage.hash_of(row)
    actions.confirm_signature(row, by=people[1].membership, text_sha256=seen)
    row = actions.save_draft(row, by=people[0].membership, requests=["统筹安排资金和计划"])
    assert row.signatures.get(deputy=people[1]).state == "voided"
    assert any("有改动" in title for title in told(people[1].membership))
    with pytest.raises(NotAllowed, match="刚刚有改动"):
        actions.confirm_signature(row, by=people[2].membership, text_sha256=seen)
    with pytest.raises(NotAllowed, match="还有联名代表没有确认"):
        actions.submit(row, by=people[0].membership)
    row = actions.submit(row, by=people[0].membership, without_unanswered=True)
    assert row.signatures.filter(state="confirmed").count() == 0


def test_a_draft_is_read_only_after_hand_over_and_only_its_lead_writes(rules, people):
    row = stage.submitted(people[0])
    with pytest.raises(NotAllowed, match="已经提交"):
        actions.save_draft(row, by=people[0].membership, title="另外一件事情的建议")
    other = stage.draft(people[0])
    with pytest.raises(NotAllowed, match="只有领衔代表"):
        actions.save_draft(other, by=people[1].membership, title="另外一件事情的建议")


def test_a_text_with_marks_of_secrecy_is_not_taken(rules, people):
    with pytest.raises(NotAllowed, match="密级标志"):
        stage.draft(people[0], situation="附件为机密★三年的文件，内容如下，请参阅办理。")


def test_an_empty_suggestion_is_not_taken(rules, people):
    row = stage.draft(people[0], title="电梯", requests=[])
    with pytest.raises(NotAllowed) as refused:
        actions.submit(row, by=people[0].membership)
    assert "标题" in str(refused.value) and "具体建议" in str(refused.value)


def test_who_left_office_is_not_asked_to_sign(rules, people, clerk):
    seat = people[1].mandates.get()
    registry.resign(seat, by=clerk, on=dt.date(2025, 12, 1), document="常发〔2025〕9号")
    with pytest.raises(NotAllowed, match="现不在任"):
        actions.invite(stage.draft(people[0]), by=people[0].membership, deputies=[people[1]])


def test_the_next_cosigner_leads_when_the_lead_leaves_office(rules, people, clerk, in_binhai):
    joint = stage.registered(in_binhai, people[0], [people[2], people[1]])
    alone = stage.submitted(people[0])
    registry.resign(
        people[0].mandates.get(), by=clerk, on=dt.date(2026, 1, 20), document="常发〔2026〕2号"
    )
    joint.refresh_from_db(), alone.refresh_from_db()
    assert joint.lead == people[2]
    assert alone.state == State.WITHDRAWN


# -- Review ------------------------------------------------------------------------------------


def test_a_street_reviews_before_the_committee_and_a_new_text_is_looked_at_again(
    in_binhai, people, clerk
):
    stage.ready(pre_review_steps=["street"])
    street = cast.member(in_binhai, Role.STREET)
    row = stage.submitted(people[0])
    assert row.state == State.PRE_REVIEW
    row = actions.send_back(row, by=street, opinion="请写明涉及的小区名称")
    row = actions.save_draft(row, by=people[0].membership, situation=stage.SITUATION + "涉及三栋。")
    row = actions.submit(row, by=people[0].membership)
    assert (row.state, row.revisions.count()) == (State.PRE_REVIEW, 2)
    row = actions.pass_on(row, by=street, checks=dict.fromkeys(CHECKS, True))
    assert row.state == State.REVIEW
    with pytest.raises(NotAllowed):
        actions.pass_on(row, by=street, checks={})


def test_a_refusal_names_its_ground_and_comes_after_a_word_with_the_deputy(rules, people, clerk):
    row = stage.submitted(people[0])
    with pytest.raises(NotAllowed, match="须先向代表说明"):
        actions.refuse(row, by=clerk, ground="case", explanation="属个案", deputy_told_on=None)
    with pytest.raises(NotAllowed, match="请选择"):
        actions.refuse(row, by=clerk, ground="", explanation="属个案", deputy_told_on=None)
    row = actions.refuse(
        row, by=clerk, ground="case", explanation="涉及正在审理的案件。",
        deputy_told_on=dt.date(2026, 1, 14),
    )  # fmt: skip
    assert row.state == State.NOT_ACCEPTED and row.number == ""
    again = actions.revise_refused(row, by=people[0].membership)
    assert again.revised_from == row and again.title == row.title


def test_a_number_is_issued_once_and_a_withdrawn_one_stays_used(rules, people, clerk, in_binhai):
    first = stage.registered(in_binhai, people[0])
    actions.withdraw(first, by=people[0].membership, reason="问题已经解决")
    second = stage.registered(in_binhai, people[1])
    assert (first.number, second.number) == ("5-001", "5-002")
    assert NumberSeries.objects.get().last == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=second.pk).update(number="5-001")


def test_between_sittings_the_series_is_another(rules, people, clerk):
    with stage.on(dt.date(2026, 6, 3)):
        row = actions.start_draft(
            by=people[0].membership, lead=people[0], title="关于湖滨路夜间照明的建议",
            situation=stage.SITUATION, requests=stage.REQUESTS,
        )  # fmt: skip
        row = actions.submit(row, by=people[0].membership)
        row = actions.register(
            row, by=clerk, category=Category.objects.get(name="市政设施"),
            checks=dict.fromkeys(CHECKS, True),
        )  # fmt: skip
    assert (row.raised_in, row.number) == ("between", "5-闭001")


def test_a_withdrawn_suggestion_takes_its_duty_back(rules, people, in_binhai):
    row = stage.registered(in_binhai, people[0], [people[1]])
    assert DutyRecord.objects.filter(withdrawn_at=None).count() == 2
    with pytest.raises(NotAllowed, match="全体联名代表"):
        actions.withdraw(row, by=people[0].membership, reason="问题已经解决")
    actions.withdraw(row, by=people[0].membership, reason="问题已经解决", paper=True)
    assert DutyRecord.objects.filter(withdrawn_at=None).count() == 0


# -- 交办 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([], "至少确定一个"),
        (["joint"], "没有负责答复"),
        (["sole", "joint"], "独办时"),
        (["separate"], "至少要有两个"),
    ],
)
def test_a_division_of_work_that_leaves_nobody_to_answer_is_refused(
    rules, people, clerk, housing, finance, in_binhai, roles, words
):
    row = stage.registered(in_binhai, people[0])
    units = [housing[0], finance[0]]
    with stage.on(stage.ASSIGNED), pytest.raises(NotAllowed, match=words):
        actions.assign(
            row, by=clerk, plans=[actions.Plan(u, r) for u, r in zip(units, roles, strict=False)]
        )


def test_assigning_freezes_the_rules(rules, people, clerk, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    newer = actions.draft_rule_set(rules, by=clerk)
    newer = actions.edit_rule_set(newer, by=clerk, reply_months=2)
    actions.publish_rule_set(
        newer, by=clerk, in_force_from=dt.date(2026, 2, 1), basis_document="常发〔2026〕1号"
    )
    row.refresh_from_db()
    assert row.rule_set == rules
    assert stage.task_of(row, housing[0]).internal_due_on is None
    other = stage.assigned(in_binhai, people[1], [(housing[0], "sole")])
    assert other.rule_set == newer
    assert stage.task_of(other, housing[0]).internal_due_on == dt.date(2026, 4, 2)


def test_rules_beyond_the_law_are_refused(rules, clerk):
    draft = actions.draft_rule_set(rules, by=clerk)
    for values in ({"reply_months": 4}, {"reply_max_months": 7}):
        with pytest.raises(NotAllowed, match="代表法第五十一条"):
            actions.edit_rule_set(draft, by=clerk, **values)
    with pytest.raises(NotAllowed, match="退办期限"):
        actions.edit_rule_set(draft, by=clerk, return_amount=30)
    with pytest.raises(NotAllowed, match="不能修改"):
        actions.edit_rule_set(rules, by=clerk, reply_months=2)


def test_a_return_keeps_the_legal_date_and_a_second_needs_a_ruling(
    rules, people, clerk, housing, finance, office, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(office[0], "owner")])
    third = stage.unit("城管局")
    with stage.on(stage.ASSIGNED, 15):
        actions.assign_on(
            stage.task_of(row, office[0]), by=office[1], plans=[actions.Plan(housing[0], "sole")]
        )
    task = stage.task_of(row, housing[0])
    words = {"reason": "not_ours", "explanation": "属财政局职责", "legal_basis": "三定规定第二条",
             "approved_by_head": "局长程某"}  # fmt: skip
    with stage.on(dt.date(2026, 2, 5)):
        request = actions.ask_return(task, by=housing[1], proposed_unit=finance[0], **words)
        with pytest.raises(NotAllowed):
            actions.decide_return(
                request, by=clerk, accept=True, decision="同意",
                plan=actions.Plan(finance[0], "sole"),
            )  # fmt: skip
        actions.decide_return(
            request, by=office[1], accept=True, decision="同意",
            plan=actions.Plan(finance[0], "sole"),
        )  # fmt: skip
    new = stage.task_of(row, finance[0])
    assert (new.legal_due_on, new.assigned_on) == (task.legal_due_on, dt.date(2026, 2, 5))
    with stage.on(dt.date(2026, 2, 10)):
        request = actions.ask_return(new, by=finance[1], **words)
        with pytest.raises(NotAllowed, match="代工委裁定"):
            actions.decide_return(
                request, by=office[1], accept=True, decision="同意",
                plan=actions.Plan(third[0], "sole"),
            )  # fmt: skip


def test_a_return_after_its_days_or_after_a_draft_is_refused(rules, people, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    words = {"reason": "not_ours", "explanation": "不属职责", "legal_basis": "三定规定第二条",
             "approved_by_head": "局长程某"}  # fmt: skip
    with stage.on(MARCH), pytest.raises(NotAllowed, match="期限已过"):
        actions.ask_return(task, by=housing[1], **words)


def test_an_extension_ends_six_months_after_the_first_hand_over(
    rules, people, clerk, housing, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    with stage.on(APRIL):
        actions.sign_for(task, by=housing[1])
        with pytest.raises(NotAllowed, match="延期最晚到"):
            actions.ask_extension(
                task, by=housing[1], reason="wide", progress="正在调查", to_on=dt.date(2026, 9, 1)
            )
        request = actions.ask_extension(
            task, by=housing[1], reason="wide", progress="正在调查", to_on=dt.date(2026, 8, 3)
        )
        request = actions.decide_extension(request, by=clerk, agrees=True)
    task.refresh_from_db()
    assert request.granted and task.extended_to == dt.date(2026, 8, 3)
    assert task.state == Task.HANDLING and task.legal_due_on == dt.date(2026, 5, 6)


def test_an_extension_asked_after_the_limit_is_refused(rules, people, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    with stage.on(MAY):
        actions.sign_for(task, by=housing[1])
        with pytest.raises(NotAllowed, match="已过"):
            actions.ask_extension(
                task, by=housing[1], reason="wide", progress="正在调查", to_on=dt.date(2026, 7, 1)
            )


def test_a_batch_is_checked_by_a_second_person_and_handed_over_whole(
    rules, people, clerk, second, housing, finance, in_binhai
):
    rows = [stage.registered(in_binhai, p) for p in people[:3]]
    with stage.on(stage.ASSIGNED):
        batch = actions.open_batch(
            by=clerk, title="第五次会议建议交办会", assigned_on=stage.ASSIGNED,
            reply_due_on=dt.date(2026, 4, 30),
        )  # fmt: skip
        for row in rows:
            actions.propose_units(
                row, by=clerk, batch=batch,
                proposals=[actions.Proposal(actions.Plan(housing[0], "sole"))],
            )  # fmt: skip
        with pytest.raises(NotAllowed, match="还有3件没有核对"):
            actions.hand_over(batch, by=clerk)
        with pytest.raises(NotAllowed, match="同一人"):
            actions.check_units(rows[0], by=clerk)
        for row in rows:
            actions.check_units(row, by=second)
        actions.withdraw(rows[2], by=people[2].membership, reason="问题已经解决")
        with pytest.raises(NotAllowed, match="5-003"):
            actions.hand_over(batch, by=clerk)
        assert Assignment.objects.count() == 0
        actions.take_out_of_batch(rows[2], by=clerk)
        assert actions.hand_over(batch, by=clerk) == 2
    batch.refresh_from_db()
    assert batch.state == AssignmentBatch.State.DONE
    task = stage.task_of(rows[0], housing[0])
    assert (task.legal_due_on, task.batch_due_on) == (dt.date(2026, 5, 6), dt.date(2026, 4, 30))


def test_units_are_asked_beforehand_and_their_word_starts_no_clock(
    rules, people, clerk, housing, finance, in_binhai
):
    row = stage.registered(in_binhai, people[0])
    with pytest.raises(NotAllowed, match="先拟定"):
        actions.consult(row, by=clerk)
    actions.propose_units(
        row, by=clerk, proposals=[actions.Proposal(actions.Plan(housing[0], "sole"))]
    )
    row = actions.consult(row, by=clerk)
    proposed = row.proposed.get()
    with pytest.raises(NotAllowed, match="没有征询您的单位"):
        actions.answer_consultation(proposed, by=finance[1], agrees=True)
    with pytest.raises(NotAllowed, match="写明理由"):
        actions.answer_consultation(proposed, by=housing[1], agrees=False)
    actions.answer_consultation(proposed, by=housing[1], agrees=True)
    row.refresh_from_db()
    assert row.state == State.CONSULTING and row.assigned_on is None


def test_the_dates_of_open_tasks_follow_the_calendar(rules, people, housing, in_binhai):
    keeper = cast.member(in_binhai, Role.SYSTEM_ADMIN)
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    done = stage.assigned(in_binhai, people[1], [(housing[0], "sole")])
    stage.answered(stage.task_of(done, housing[0]), housing[1], MARCH)
    with stage.on(APRIL):
        holidays.change_day(
            dt.date(2026, 5, 6), by=keeper, is_working=False, name="调休", reason="本级通知"
        )
    task = stage.task_of(row, housing[0])
    assert task.legal_due_on == dt.date(2026, 5, 7)
    assert "重新计算" in task.working[-1]
    assert any(t.startswith("截止日期有变") for t in told(housing[1]))
    assert stage.task_of(done, housing[0]).legal_due_on == dt.date(2026, 5, 6)
    assert Deadline.objects.get(kind="suggestions.reply", done_at=None).due_on == dt.date(
        2026, 5, 7
    )


# -- Replies -----------------------------------------------------------------------------------


def test_no_reply_before_a_confirmed_talk_the_joint_opinion_and_the_class(
    rules, people, housing, finance, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "lead"), (finance[0], "joint")])
    task = stage.task_of(row, housing[0])
    with stage.on(MARCH):
        actions.sign_for(task, by=housing[1])
    stage.drafted(task, housing[1], MARCH, result_class=None, points={1: "已列入计划。"})
    with stage.on(MARCH), pytest.raises(NotAllowed) as refused:
        actions.sign_off(task, by=housing[1], signer="局长程某")
    for words in ("沟通记录", "1个会办单位", "结果类别", "还有1条没有答复"):
        assert words in str(refused.value)
    stage.talked(task, housing[1], MARCH)
    stage.drafted(task, housing[1], MARCH)
    with stage.on(MARCH):
        actions.waive_opinion(
            stage.task_of(row, finance[0]), by=housing[1], reason="资金事项与本件无关"
        )
        assert actions.sign_off(task, by=housing[1], signer="局长程某").state == "signed_off"


def test_a_planned_class_needs_a_dated_promise_and_an_impossible_one_its_reason(
    rules, people, housing, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    with stage.on(MARCH):
        actions.sign_for(task, by=housing[1])
    stage.talked(task, housing[1], MARCH)
    stage.drafted(task, housing[1], MARCH, "B")
    with stage.on(MARCH), pytest.raises(NotAllowed, match="承诺事项"):
        actions.sign_off(task, by=housing[1], signer="局长程某")
    stage.drafted(task, housing[1], MARCH, "C")
    with stage.on(MARCH), pytest.raises(NotAllowed, match="不能解决的原因"):
        actions.sign_off(task, by=housing[1], signer="局长程某")


def test_a_served_reply_is_never_changed_and_each_deputy_is_served(
    rules, people, housing, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")], people[1:3])
    task = stage.task_of(row, housing[0])
    with stage.on(MARCH):
        actions.sign_for(task, by=housing[1])
    stage.talked(task, housing[1], MARCH)
    stage.drafted(task, housing[1], MARCH)
    with stage.on(MARCH):
        actions.sign_off(task, by=housing[1], signer="局长程某")
        with pytest.raises(NotAllowed, match="还没有填写送达"):
            actions.serve(task, by=housing[1], served={people[0]: ("face", MARCH)})
        reply = actions.serve(
            task, by=housing[1], served={d: ("platform", MARCH) for d in people[:3]}
        )
        with pytest.raises(NotAllowed):
            actions.draft_reply(task, by=housing[1], text="改一改", result_class=stage.klass("A"))
    reply.refresh_from_db()
    assert reply.state == "served" and reply.services.count() == 3


def test_one_of_two_separate_units_answering_is_no_answer(
    rules, people, housing, finance, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "separate"), (finance[0], "separate")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    assert row.state == State.HANDLING
    row = stage.answered(stage.task_of(row, finance[0]), finance[1], MARCH)
    assert row.state == State.ANSWERED


# -- Judgement ---------------------------------------------------------------------------------


def test_silence_is_never_satisfaction(rules, people, clerk, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")], [people[1]])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    row = stage.judged(row, MARCH + dt.timedelta(days=2), deputies=[people[0]])
    assert row.state == State.ANSWERED
    with stage.on(MARCH), pytest.raises(NotAllowed, match="反馈期限还没有到"):
        actions.pass_over_silence(row, by=clerk)
    with stage.on(MAY):
        with pytest.raises(NotAllowed, match="催请"):
            actions.pass_over_silence(row, by=clerk)
        Feedback.objects.filter(suggestion=row, state="expected").update(reminders=2)
        row = actions.pass_over_silence(row, by=clerk)
    assert row.state == State.CLOSED
    silent = row.feedbacks.get(deputy=people[1])
    assert silent.state == "missed" and not silent.ratings.exists()


def test_nobody_but_the_deputy_judges(rules, people, housing, in_binhai, clerk):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    feedback = row.feedbacks.get()
    for by in (clerk, housing[1], people[1].membership):
        with pytest.raises(NotAllowed, match="本人"):
            actions.give_feedback(feedback, by=by, ratings={"态度": "satisfied"})
    with pytest.raises(NotAllowed, match="分别作出评价"):
        actions.give_feedback(feedback, by=people[0].membership, ratings={"态度": "satisfied"})
    with pytest.raises(NotAllowed, match="写明具体意见"):
        actions.give_feedback(
            feedback, by=people[0].membership,
            ratings={"态度": "satisfied", "结果": "unsatisfied"},
        )  # fmt: skip


def test_an_unsatisfied_deputy_opens_a_second_round_with_its_own_clock(
    rules, people, clerk, housing, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    row = stage.judged(stage.answered(task, housing[1], MARCH), MARCH, "unsatisfied")
    assert row.state == State.DISSATISFIED
    with stage.on(APRIL):
        row = actions.order_rehandling(row, by=clerk, opinion="请落实资金", dimensions=["结果"])
    assert (row.state, row.round) == (State.REHANDLING, 2)
    assert row.studies.get().due_on == dt.date(2026, 5, 15)
    row = stage.judged(stage.answered(task, housing[1], MAY), MAY)
    assert row.state == State.CLOSED
    first, last = row.feedbacks.order_by("round")
    assert [f.ratings.first().value for f in (first, last)] == ["unsatisfied", "satisfied"]
    assert task.replies.filter(state="served").count() == 2


def test_a_paper_form_counts_once_a_second_person_has_compared_it(
    rules, people, clerk, second, housing, in_binhai, settings
):
    from congress.files import store

    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    scan = store(
        "评价表.pdf", b"%PDF-1.4", purpose="suggestions.file", content_type="application/pdf",
        by=clerk,
    )  # fmt: skip
    feedback = actions.enter_paper_feedback(
        row.feedbacks.get(), by=clerk, scan=scan,
        ratings={"态度": "satisfied", "结果": "basically"},
    )  # fmt: skip
    row.refresh_from_db()
    assert row.state == State.ANSWERED
    with pytest.raises(NotAllowed, match="同一人"):
        actions.confirm_paper_feedback(feedback, by=clerk)
    actions.confirm_paper_feedback(feedback, by=second)
    row.refresh_from_db()
    assert row.state == State.CLOSED


def test_a_corrected_judgement_keeps_the_old_one(rules, people, clerk, second, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    row = stage.judged(row, MARCH, "unsatisfied")
    old = row.feedbacks.get()
    new = actions.correct_feedback(old, by=clerk, reason="代表误选")
    row = stage.judged(row, APRIL)
    assert row.state == State.CLOSED
    old.refresh_from_db()
    assert old.superseded_at and old.ratings.first().value == "unsatisfied"
    assert new.supersedes == old


# -- Supervision and promises --------------------------------------------------------------------


def test_key_supervision_is_decided_by_the_chairpersons_and_needs_a_visit(
    rules, people, clerk, in_binhai
):
    row = stage.registered(in_binhai, people[0])
    chair = cast.member(in_binhai, Role.CHAIR)
    committee = cast.member(in_binhai, Role.COMMITTEE).unit
    proposed = actions.propose_key(row, by=clerk, plan="实地视察两次")
    wrong = Meeting.objects.create(
        kind=Meeting.Kind.STANDING_COMMITTEE, number=30, title="常委会第三十次会议",
        held_on=dt.date(2026, 2, 20),
    )  # fmt: skip
    right = Meeting.objects.create(
        kind=Meeting.Kind.CHAIRPERSONS, number=41, title="第四十一次主任会议",
        held_on=dt.date(2026, 2, 21),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="主任会议"):
        actions.decide_key(proposed, by=clerk, meeting=wrong, leader=chair, committee=committee)
    running = actions.decide_key(
        proposed, by=clerk, meeting=right, leader=chair, committee=committee
    )
    row.refresh_from_db()
    assert row.is_key and running.decided_on == right.held_on
    with pytest.raises(NotAllowed, match="现场督办"):
        actions.end_supervision(running, by=clerk, result="已经办结", rating="好")
    with stage.on(APRIL):
        actions.note_supervision(
            running, by=chair, kind="site", on=APRIL, text="到湖滨社区现场督办", deputies=people[:2]
        )
        assert (
            actions.end_supervision(running, by=clerk, result="已开工", rating="好").state == "done"
        )


def test_a_promise_is_followed_changed_with_a_reason_and_judged_by_the_deputy(
    rules, people, clerk, housing, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    due = dt.date(2026, 10, 30)
    stage.answered(
        task, housing[1], MARCH, "B",
        promises=[actions.Pledge("完成首批十二部电梯", "通过竣工验收", "住建局", due)],
    )  # fmt: skip
    promise = Promise.objects.get()
    with stage.on(APRIL):
        with pytest.raises(NotAllowed, match="签发"):
            actions.change_promise(
                promise, by=housing[1], text="资金到位晚", signer="", new_due_on=due
            )
        promise = actions.change_promise(
            promise, by=housing[1], text="资金到位晚", signer="局长程某",
            new_due_on=dt.date(2026, 12, 20),
        )  # fmt: skip
    assert promise.events.get(kind="change").old_due_on == due
    with stage.on(dt.date(2026, 12, 20)):
        assert actions.open_due_promises(dt.date(2026, 12, 20)) == 1
        actions.open_due_promises(dt.date(2026, 12, 20))
        assert [t for t in told(clerk) if t.startswith("承诺已到期")] == [
            f"承诺已到期：第{row.number}号建议"
        ]
        actions.report_promise(promise, by=housing[1], text="已全部竣工", signer="局长程某")
        actions.receipt_promise(promise, by=people[0].membership, value="satisfied")
        promise = actions.confirm_promise(promise, by=clerk)
    assert promise.state == "kept"


# -- 并案 and 公开 ----------------------------------------------------------------------------


def test_merged_suggestions_keep_their_numbers_and_may_part_again(rules, people, clerk, in_binhai):
    one, two = (stage.registered(in_binhai, p) for p in people[:2])
    group = actions.merge(one, [two], by=clerk, reason="同一小区同一问题")
    assert {i.suggestion.number for i in group.items.all()} == {"5-001", "5-002"}
    with pytest.raises(NotAllowed, match="另一并案"):
        actions.merge(two, [one], by=clerk, reason="重复")
    actions.leave_merge(group.items.get(suggestion=two), by=clerk, reason="诉求不同")


def test_nothing_is_published_unchecked_or_without_consent(
    rules, people, clerk, housing, in_binhai
):
    row = stage.registered(in_binhai, people[0], may_publish_text=True)
    words = {"part": "text", "mode": "full", "title": row.title,
             "text": "联系人电话13812345678，身份证号110101199003074514。"}  # fmt: skip
    with pytest.raises(NotAllowed, match="保密审查"):
        actions.decide_publication(
            row, by=clerk, secrecy_checked=True, privacy_checked=False, **words
        )
    done = actions.decide_publication(
        row, by=clerk, secrecy_checked=True, privacy_checked=True, **words
    )
    assert "13812345678" not in done.text and "19900307" not in done.text
    with pytest.raises(NotAllowed, match="理由"):
        actions.take_down(done, by=clerk, reason=" ")
    assert actions.take_down(done, by=clerk, reason="含个人信息").taken_down_at
    silent = stage.registered(in_binhai, people[1])
    with pytest.raises(NotAllowed, match="没有同意公开"):
        actions.decide_publication(
            silent, by=clerk, secrecy_checked=True, privacy_checked=True, **words
        )


def test_an_opinion_sent_back_is_due_again_within_the_rules_days(
    rules, people, housing, finance, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "lead"), (finance[0], "joint")])
    joint = stage.task_of(row, finance[0])
    with stage.on(MARCH):
        actions.sign_for(joint, by=finance[1])
        actions.give_opinion(joint, by=finance[1], text="同意主办单位的办理意见。", signer="局长")
        assert not Deadline.objects.filter(subject_id=joint.pk, done_at=None).exists()
        actions.send_opinion_back(joint, by=housing[1], reason="没有具体意见")
    due = Deadline.objects.get(subject_id=joint.pk, done_at=None)
    assert due.due_on == dt.date(2026, 3, 17)  # five working days
