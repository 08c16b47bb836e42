"""Whatever is owed by a day stands as a time limit, and ends with what it was for."""

import datetime as dt

import pytest
from django.utils import timezone

from congress import holidays
from congress.models import Role
from deadlines import actions as limits
from deadlines.models import Deadline
from notices.models import Notice
from suggestions import actions
from suggestions.models import Assignment, Category, Feedback, Promise, RuleSet, Suggestion
from suggestions.tasks import start_sweep
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 20)
JUNE = dt.date(2026, 6, 3)
PLEDGE = actions.Pledge("完成二期加装", "两栋投入使用", "副局长", dt.date(2026, 9, 30))


@pytest.fixture
def rules(in_binhai):
    return stage.ready(first_contact_days=20)


@pytest.fixture
def people(rules):
    return stage.people()


@pytest.fixture
def housing(rules):
    return stage.unit("住建局")


@pytest.fixture
def finance(rules):
    return stage.unit("财政局")


def of(kind: str, **more) -> Deadline:
    return Deadline.objects.filter(kind=f"suggestions.{kind}", **more).latest("pk")


def open_kinds(**more) -> list[str]:
    rows = Deadline.objects.filter(done_at=None, cancelled_at=None, **more)
    return sorted(k.removeprefix("suggestions.") for k in rows.values_list("kind", flat=True))


def ended(kind: str) -> str:
    row = of(kind)
    return "done" if row.done_at else "cancelled" if row.cancelled_at else "open"


def lead_and_joint(congress, people, housing, finance):
    row = stage.assigned(congress, people[0], [(housing[0], "lead"), (finance[0], "joint")])
    return row, stage.task_of(row, housing[0]), stage.task_of(row, finance[0])


def test_handing_over_sets_what_each_unit_owes_with_its_working(
    people, housing, finance, in_binhai
):
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    assert open_kinds(to_unit=housing[0]) == ["first_contact", "reply", "sign"]
    assert open_kinds(to_unit=finance[0]) == ["opinion", "sign"]
    sign = of("sign", to_unit=housing[0])
    assert (sign.start_on, sign.due_on) == (stage.ASSIGNED, dt.date(2026, 2, 9))
    assert sign.working[0].startswith("期限5个工作日（本级办理规则）")
    assert of("first_contact").limit.amount == 20
    reply, opinion = of("reply"), of("opinion")
    assert (reply.due_on, reply.law) == (task.legal_due_on, "代表法第五十一条")
    assert reply.working == task.working and opinion.working == joint.working
    assert (opinion.due_on, opinion.law) == (joint.legal_due_on, "本级办理规则")
    assert {d.link for d in Deadline.objects.all()} == {
        f"/desk/tasks/{task.pk}/", f"/desk/tasks/{joint.pk}/"
    }  # fmt: skip


def test_signing_talking_opinion_and_reply_each_meet_their_own(people, housing, finance, in_binhai):
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    with stage.on(MARCH):
        actions.sign_for(task, by=housing[1])
        actions.sign_for(joint, by=finance[1])
        assert ended("sign") == "done"
        assert open_kinds() == ["first_contact", "opinion", "reply"]
        actions.give_opinion(joint, by=finance[1], text="同意由主办单位统一答复。", signer="局长")
    assert ended("opinion") == "done"
    stage.talked(task, housing[1], MARCH)
    assert ended("first_contact") == "done"
    row = stage.answered(task, housing[1], MARCH)
    assert ended("reply") == "done"
    assert open_kinds() == ["feedback", "publish", "publish"]  # each of 代工委 owes the last
    mine = of("feedback")
    assert mine.member == people[0].membership and mine.start_on == MARCH
    assert mine.link == f"/me/suggestions/{row.pk}/judge/"
    words = Feedback.objects.filter(suggestion=row)
    assert set(words.values_list("due_on", flat=True)) == {mine.due_on}
    stage.judged(row, APRIL)
    assert ended("feedback") == "done" and open_kinds() == ["publish", "publish"]


def between(people, **more) -> Suggestion:
    """Handed in between sittings, on a Wednesday."""
    with stage.on(JUNE):
        row = actions.start_draft(
            by=people[0].membership, lead=people[0], title="关于湖滨路夜间照明的建议",
            situation=stage.SITUATION, requests=stage.REQUESTS, **more,
        )  # fmt: skip
        return actions.submit(row, by=people[0].membership)


def numbered(row: Suggestion, clerk) -> Suggestion:
    light = Category.objects.get(name="市政设施")
    return actions.register(row, by=clerk, category=light, checks=dict.fromkeys(stage.CHECKS, True))


def test_between_sittings_the_committee_owes_the_handing_over(
    people, housing, in_binhai, client_of
):
    clerk = stage.clerk(in_binhai)
    row = between(people)
    assert open_kinds() == open_kinds(start_on=JUNE) == ["assign", "assign"]
    due = of("assign", member=clerk)
    assert due.due_on == dt.date(2026, 6, 12)
    assert due.what == "交办《关于湖滨路夜间照明的建议》"
    assert due.working[0].startswith("期限7个工作日（本级办理规则），自2026年6月3日（周三）起算")
    with stage.on(JUNE):
        row = numbered(row, clerk)
        assert of("assign").what == f"交办{row.number}号建议" and len(open_kinds()) == 2
        page = client_of(clerk).get(due.link).content.decode()
        assert page.count("期限7个工作日（本级办理规则）") == 1 and "6月12日" in page
        actions.assign(row, by=clerk, plans=[actions.Plan(housing[0], "sole")])
    assert ended("assign") == "done" and "assign" not in open_kinds()


def test_what_is_sent_back_is_owed_anew_from_the_day_it_comes_again(people, in_binhai):
    clerk = stage.clerk(in_binhai)
    row = between(people)
    with stage.on(dt.date(2026, 6, 5)):
        row = actions.send_back(row, by=clerk, opinion="请写明路段")
    assert ended("assign") == "cancelled"
    with stage.on(dt.date(2026, 6, 8)):
        row = actions.submit(row, by=people[0].membership)
    assert of("assign").start_on == dt.date(2026, 6, 8)
    with stage.on(dt.date(2026, 6, 9)):
        actions.refuse(
            row, by=clerk, ground="personal", explanation="已说明",
            deputy_told_on=dt.date(2026, 6, 9),
        )  # fmt: skip
    assert ended("assign") == "cancelled" and open_kinds() == []


def test_nothing_is_owed_of_what_was_raised_at_the_sitting_or_is_secret(people, in_binhai):
    stage.registered(in_binhai, people[0])
    with stage.on(JUNE):
        actions.reserve_secret(by=stage.clerk(in_binhai), received_on=JUNE, lead=people[0])
    assert Deadline.objects.count() == 0


def test_new_rules_for_days_past_move_what_waits_to_be_handed_over(people, in_binhai):
    between(people)
    with stage.on(dt.date(2026, 6, 4)):
        row = actions.draft_rule_set(RuleSet.objects.get(), by=stage.clerk(in_binhai))
        row = actions.edit_rule_set(row, by=stage.clerk(in_binhai), assign_closed_days=5)
        actions.publish_rule_set(
            row, by=stage.clerk(in_binhai), in_force_from=JUNE, basis_document="常发〔2026〕8号"
        )
    assert (of("assign").limit.amount, of("assign").due_on) == (5, dt.date(2026, 6, 10))


def test_each_served_reply_is_owed_a_word_on_publication(people, housing, in_binhai, client_of):
    clerk = stage.clerk(in_binhai)
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")],
                         may_publish_text=True, may_publish_reply=True)  # fmt: skip
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    due = of("publish", member=clerk)
    assert (due.start_on, due.due_on) == (MARCH, dt.date(2026, 4, 8))
    assert due.link == f"/admin/suggestions/publishing/{row.pk}/"
    said = {"mode": "full", "title": row.title, "text": "同意。", "secrecy_checked": True,
            "privacy_checked": True, "by": clerk}  # fmt: skip
    with stage.on(MARCH):
        text = actions.decide_publication(row, part="text", **said)
        assert ended("publish") == "open"
        actions.decide_publication(row, part="reply", **said)
        assert ended("publish") == "done"
        browser = client_of(clerk)
        page = browser.get(due.link).content.decode()
        assert "怎样推算的" in page and "期限20个工作日（本级办理规则）" in page
        actions.take_down(text, by=clerk, reason="有住户的姓名")
    again = of("publish")
    assert again.is_open and (again.start_on, again.due_on) == (MARCH, dt.date(2026, 4, 8))


def test_the_committee_is_reminded_and_a_new_calendar_moves_both(people, housing, in_binhai):
    clerk, keeper = stage.clerk(in_binhai), cast.member(in_binhai, Role.SYSTEM_ADMIN)
    between(people)
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    stage.answered(stage.task_of(row, housing[0]), housing[1], dt.date(2026, 5, 25))
    before = of("assign").due_on, of("publish").due_on
    with stage.on(dt.date(2026, 6, 4)):
        holidays.change_day(
            dt.date(2026, 6, 9), by=keeper, is_working=False, name="停工", reason="通告"
        )
    moved = of("assign").due_on, of("publish").due_on
    assert all(now > then for now, then in zip(moved, before, strict=True))
    told = Notice.objects.get(to=clerk, template="deadlines/moved")
    assert "交办《" in told.body and "是否公开" in told.body
    with stage.on(of("assign").due_on):
        limits.remind(timezone.now())
    assert "交办《" in Notice.objects.filter(to=clerk, template="deadlines/due").latest("pk").body


def test_an_opinion_sent_back_has_its_own_days_also_in_the_list(
    people, housing, finance, in_binhai, client_of
):
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    with stage.on(MARCH):
        actions.sign_for(joint, by=finance[1])
        actions.give_opinion(joint, by=finance[1], text="同意由主办单位统一答复。", signer="局长")
        actions.send_opinion_back(joint, by=housing[1], reason="没有具体意见")
        back = of("opinion")
        assert (back.start_on, back.due_on) == (MARCH, dt.date(2026, 3, 17))
        browser = client_of(finance[1])
        page = browser.get("/desk/items/").content.decode()
        assert "3月17日" in page
        actions.give_opinion(joint, by=finance[1], text="资金从市政维护费列支。", signer="局长")
    assert ended("opinion") == "done"


def test_a_return_is_decided_by_whoever_assigned_within_the_rules_days(
    people, housing, finance, in_binhai
):
    keeper = stage.clerk(in_binhai)
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    with stage.on(MARCH - dt.timedelta(days=29)):  # 9 February
        request = actions.ask_return(
            task, by=housing[1], reason="not_ours", explanation="由财政局主管",
            legal_basis="三定规定", approved_by_head="局长", proposed_unit=finance[0],
        )  # fmt: skip
        assert ended("sign") == "cancelled"
        assert of("return", member=keeper).limit.amount == 10
        due = of("return")
        assert due.link == f"/admin/suggestions/rulings/returns/{request.pk}/"
        actions.decide_return(
            request, by=keeper, accept=True, decision="同意", plan=actions.Plan(finance[0], "sole")
        )
    assert ended("return") == "done"
    assert open_kinds(to_unit=housing[0]) == []
    assert open_kinds(to_unit=finance[0]) == ["first_contact", "reply", "sign"]
    assert of("reply").due_on == task.legal_due_on


@pytest.mark.parametrize("way", ["withdrawn", "terminated", "replaced"])
def test_what_falls_away_is_owed_no_more(people, housing, finance, in_binhai, way):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    task, keeper = stage.task_of(row, housing[0]), stage.clerk(in_binhai)
    with stage.on(MARCH):
        if way == "withdrawn":
            actions.withdraw(row, by=people[0].membership, reason="问题已经解决")
        elif way == "terminated":
            actions.terminate(row, by=keeper, reason="法律已经修改")
        else:
            actions.change_unit(
                task, by=keeper, plan=actions.Plan(finance[0], "sole"), reason="职责已调整"
            )
    assert open_kinds(to_unit=housing[0]) == []
    assert not Deadline.objects.filter(to_unit=housing[0]).exclude(done_at=None).exists()
    expected = ["first_contact", "reply", "sign"] if way == "replaced" else []
    assert open_kinds() == expected


def test_the_deputies_days_begin_when_the_last_unit_has_answered(
    people, housing, finance, in_binhai
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "separate"), (finance[0], "separate")])
    stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    assert "feedback" not in open_kinds()
    row = stage.answered(stage.task_of(row, finance[0]), finance[1], APRIL)
    words = Feedback.objects.filter(suggestion=row)
    assert set(words.values_list("asked_on", flat=True)) == {APRIL}
    assert open_kinds(member=people[0].membership) == ["feedback"]
    assert of("feedback").due_on == words.first().due_on > APRIL


def test_more_time_to_judge_moves_the_word_with_its_time_limit(people, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    later = of("feedback").due_on + dt.timedelta(days=20)
    with stage.on(MARCH):
        limits.extend(of("feedback"), by=stage.clerk(in_binhai), to_on=later, reason="代表出国考察")
    assert Feedback.objects.get(suggestion=row).due_on == later
    actions.keep_limits([row])
    assert of("feedback").due_on == later


def test_a_promise_is_owed_by_its_unit_until_it_reports(people, housing, in_binhai):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, "B", promises=[PLEDGE])
    stage.judged(row, MARCH)
    promise = Promise.objects.get()
    due = of("promise")
    assert (due.to_unit, due.due_on) == (housing[0], PLEDGE.due_on)
    assert due.link == f"/desk/promises/{promise.pk}/"
    with stage.on(APRIL):
        actions.change_promise(
            promise, by=housing[1], text="汛期推迟施工", signer="局长",
            new_due_on=dt.date(2026, 11, 30),
        )  # fmt: skip
    assert of("promise").due_on == dt.date(2026, 11, 30)
    assert "原承诺于2026年9月30日" in of("promise").working[0]
    with stage.on(dt.date(2026, 11, 20)):
        actions.report_promise(promise, by=housing[1], text="两栋已经投入使用。", signer="局长")
        assert ended("promise") == "done"
        word = of("promise_word")
        assert word.member == people[0].membership and word.limit.amount == 20
        assert word.link == f"/me/suggestions/promises/{promise.pk}/"
        actions.receipt_promise(promise, by=people[0].membership, value="satisfied")
        assert ended("promise_word") == "done"
        promise.refresh_from_db()
        actions.reopen_promise(promise, by=stage.clerk(in_binhai), text="现场仍未投入使用")
    assert ended("promise") == "open" and of("promise").due_on == dt.date(2026, 11, 30)


def test_a_promise_come_due_is_taken_up_again_once_and_each_reads_an_own_page(
    people, housing, in_binhai, client_of
):
    row = stage.assigned(in_binhai, people[0], [(housing[0], "sole")])
    stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, "B", promises=[PLEDGE])
    promise = Promise.objects.get()
    with stage.on(PLEDGE.due_on):
        assert actions.open_due_promises(timezone.localdate()) == 1
        assert actions.open_due_promises(timezone.localdate()) == 0
    with stage.on(PLEDGE.due_on + dt.timedelta(days=5)):
        assert actions.open_due_promises(timezone.localdate()) == 0
        links = dict(
            Notice.objects.filter(template="suggestions/promise_due").values_list("to", "link")
        )
        assert links[housing[1].pk] == f"/desk/promises/{promise.pk}/"
        keeper = stage.clerk(in_binhai)
        assert links[keeper.pk] == f"/admin/suggestions/promises/{promise.pk}/"
        browser = client_of(housing[1])
        assert browser.get(links[housing[1].pk]).status_code == 200
    event = promise.events.get()
    assert (event.get_kind_display(), event.on) == ("到期重新跟踪", PLEDGE.due_on)


@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
def test_the_sweep_goes_only_where_a_promise_was_not_taken_up(binhai):
    from congress.tenancy import in_congress

    with in_congress(binhai):
        stage.ready()
        people, housing = stage.people(), stage.unit("住建局")
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, "B", promises=[PLEDGE])
    asked: list[int] = []
    with stage.on(PLEDGE.due_on):
        assert start_sweep(asked.append) == 1
        with in_congress(binhai):
            actions.open_due_promises(PLEDGE.due_on)
        assert start_sweep(asked.append) == 0
    assert asked == [binhai.pk]


def test_a_changed_calendar_moves_all_of_them_and_their_matters(
    people, housing, finance, in_binhai
):
    keeper = cast.member(in_binhai, Role.SYSTEM_ADMIN)
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    other = stage.assigned(in_binhai, people[1], [(finance[0], "sole")])
    other = stage.answered(stage.task_of(other, finance[0]), finance[1], dt.date(2026, 2, 5))
    word = Feedback.objects.get(suggestion=other)
    before = {d.pk: d.due_on for d in Deadline.objects.all()}
    Notice.objects.all().delete()
    with stage.on(dt.date(2026, 2, 6)):
        for day in (dt.date(2026, 2, 9), dt.date(2026, 3, 2)):
            holidays.change_day(day, by=keeper, is_working=False, name="停工", reason="通告")
    moved = {d.kind for d in Deadline.objects.all() if d.due_on != before[d.pk]}
    assert {f"suggestions.{k}" for k in ("sign", "first_contact", "feedback", "opinion")} <= moved
    joint.refresh_from_db()
    assert of("opinion", subject_id=joint.pk).due_on == joint.legal_due_on == dt.date(2026, 3, 3)
    assert Feedback.objects.get(pk=word.pk).due_on == of("feedback").due_on > word.due_on
    told = Notice.objects.filter(template="deadlines/moved")
    assert told.filter(to=people[1].membership, link=f"/me/suggestions/{other.pk}/judge/").exists()


def test_one_change_tells_a_person_once_of_all_kinds(people, housing, finance, in_binhai):
    keeper = cast.member(in_binhai, Role.SYSTEM_ADMIN)
    lead_and_joint(in_binhai, people, housing, finance)
    stage.assigned(in_binhai, people[1], [(finance[0], "sole")])
    with stage.on(dt.date(2026, 2, 6)):
        # The last day of the opinion, which the matter counts itself, and one of the twenty
        # working days to the first talk, which the time limits count.
        holidays.change_day(
            dt.date(2026, 3, 2), by=keeper, is_working=False, name="停工", reason="通告"
        )
    told = Notice.objects.get(to=finance[1], template="deadlines/moved")
    assert "会办意见" in told.body and "首次沟通" in told.body


def test_the_queries_of_keeping_do_not_grow(
    people, housing, finance, in_binhai, django_assert_max_num_queries
):
    rows = [lead_and_joint(in_binhai, people, housing, finance)[0] for _ in range(3)]
    Deadline.objects.all().delete()
    with django_assert_max_num_queries(16):
        assert actions.keep_limits(rows) == 15
    with django_assert_max_num_queries(12):
        assert actions.keep_limits(rows) == 0


def test_the_pages_say_how_each_day_was_come_by(people, housing, finance, in_binhai, client_of):
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    with stage.on(MARCH):
        browser = client_of(housing[1])
        page = browser.get(f"/desk/tasks/{task.pk}/").content.decode()
        assert page.count("怎样推算的") == 3 and "期限5个工作日（本级办理规则）" in page
        actions.sign_for(joint, by=finance[1])
        actions.give_opinion(joint, by=finance[1], text="同意由主办单位统一答复。", signer="局长")
    row = stage.answered(task, housing[1], MARCH)
    with stage.on(MARCH):
        browser = client_of(people[0].membership)
        page = browser.get(f"/me/suggestions/{row.pk}/judge/").content.decode()
        assert "怎样推算的" in page and "期限15个工作日（本级办理规则）" in page
        browser = client_of(stage.clerk(in_binhai))
        page = browser.get(f"/admin/suggestions/suggestion/{row.pk}/change/").content.decode()
        assert "怎样推算的" in page


def test_states_and_limits_agree_after_the_whole_way(people, housing, finance, in_binhai):
    """What the actions kept one by one is what the state says as a whole."""
    row, task, joint = lead_and_joint(in_binhai, people, housing, finance)
    with stage.on(MARCH):
        actions.sign_for(joint, by=finance[1])
        actions.give_opinion(joint, by=finance[1], text="同意由主办单位统一答复。", signer="局长")
    row = stage.answered(task, housing[1], MARCH)
    row = stage.judged(row, APRIL, "unsatisfied")
    with stage.on(APRIL):
        actions.order_rehandling(
            row, by=stage.clerk(in_binhai), opinion="请落实资金", dimensions=["结果"]
        )
    again = of("reply")
    assert again.working[0].startswith("重新办理通知要求") and again.due_on > APRIL
    assert actions.keep_limits([row]) == 0
    assert Suggestion.objects.get(pk=row.pk).round == 2
    assert Assignment.objects.get(pk=task.pk).state == "rehandling"
