"""What the numbers and switches of a set of rules do: the check of what says no, the days for the
deputies' word on a promise, one reply for what is handled together."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.tenancy import in_congress
from deadlines.models import Deadline
from suggestions import access, actions, queries
from suggestions.models import Promise, Reply
from suggestions.rules import needs_check

from . import stage
from .test_desk import at, words
from .test_letters_and_urging import text_of

MARCH = dt.date(2026, 3, 10)
JUNE = dt.date(2026, 6, 1)
on_database = pytest.mark.django_db(databases=["default", "platform"])


def ready(congress, **rules):
    with in_congress(congress):
        stage.ready(**rules)
        return stage.people()


# -- 不能解决的须复核 ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_all", "of_no", "says_no", "found"),
    [
        (False, False, True, False),
        (False, True, False, False),
        (False, True, True, True),
        (True, False, False, True),
    ],
)
def test_who_is_read_before_it_goes(of_all, of_no, says_no, found):
    assert needs_check(of_all, of_no, says_no) is found


def signed_off(congress, people, unit, mark: str, **more):
    row = stage.assigned(congress, people[0], [(unit.unit, "sole")])
    task = stage.task_of(row, unit.unit)
    with stage.on(MARCH):
        actions.sign_for(task, by=unit)
    stage.talked(task, unit, MARCH)
    stage.drafted(task, unit, MARCH, mark, **more)
    with stage.on(MARCH):
        actions.sign_off(task, by=unit, signer="局长程某")
    return stage.task_of(row, unit.unit)


def serve(task, unit):
    with stage.on(MARCH):
        to = actions.answered_deputies(task)
        return actions.serve(task, by=unit, served={d: ("face", MARCH) for d in to})


@on_database
def test_a_reply_that_says_no_is_read_by_a_second_person_first(binhai, unit, client_of):
    people, clerk = ready(binhai), stage.clerk(binhai)
    with in_congress(binhai):
        task = signed_off(binhai, people, unit, "C", reason_code="funds")
        with pytest.raises(NotAllowed, match="须先送预审"):
            serve(task, unit)
    with stage.on(MARCH):
        desk = client_of(unit)
        page = words(desk.get(at("task", task.pk)))
        assert at("task_check", task.pk) in page and at("task_serve", task.pk) not in page
        assert desk.post(at("task_check", task.pk)).status_code == 302
    with in_congress(binhai):
        task = stage.task_of(task.suggestion, unit.unit)
        assert list(access.tasks_to_check(clerk)) == [task]
        assert not access.may_check(unit, task)
        with stage.on(MARCH):
            actions.check_reply(task, by=clerk, passes=True)
        serve(stage.task_of(task.suggestion, unit.unit), unit)
        reply = Reply.objects.get()
        assert (reply.state, reply.checked_by) == (Reply.State.SERVED, clerk)


@on_database
def test_what_is_solved_goes_without(binhai, unit):
    people = ready(binhai)
    with in_congress(binhai):
        task = signed_off(binhai, people, unit, "A")
        with stage.on(MARCH), pytest.raises(NotAllowed, match="不要求预审"):
            actions.send_to_check(task, by=unit)
        assert serve(task, unit).state == Reply.State.SERVED


@on_database
def test_rules_that_do_not_ask_for_it_let_a_no_go(binhai, unit):
    people = ready(binhai, needs_second_check_of_no=False)
    with in_congress(binhai):
        task = signed_off(binhai, people, unit, "C", reason_code="funds")
        assert serve(task, unit).state == Reply.State.SERVED


# -- 承诺评价 -----------------------------------------------------------------------------------


@on_database
def test_the_deputies_word_on_a_promise_is_asked_for_within_the_days_of_the_rules(
    binhai, unit, client_of
):
    people = ready(binhai, promise_feedback_days=5)
    deputies = [d.membership for d in people[:2]]
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")], people[1:2])
        pledge = actions.Pledge("首批加装电梯十二部", "通过验收", "副局长李某", JUNE)
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH, "B", promises=[pledge])
        promise = Promise.objects.get()
        with stage.on(JUNE):
            actions.report_promise(promise, by=unit, text="十二部已经验收。", signer="局长程某")
        asked = Deadline.objects.filter(kind="suggestions.promise_word", done_at=None)
        assert {d.member for d in asked} == set(deputies)
        assert {d.due_on for d in asked} == {dt.date(2026, 6, 8)}
        assert all(d.lapses for d in asked)  # who is silent is not taken for satisfied
    with stage.on(JUNE):
        page = client_of(deputies[0])
        address = reverse("portal_promise_receipt", args=[promise.pk])
        assert address in words(page.get(reverse("portal_suggestions")))
        assert "请在6月8日前评价" in words(page.get(reverse("portal_suggestions")))
        assert "2026年6月8日（周一）前评价" in words(page.get(address))
        page.post(address, {"value": "unsatisfied", "text": "只装了八部。"})
    with in_congress(binhai):
        assert [d.member for d in asked.all()] == deputies[1:]
        with stage.on(JUNE):
            promise.refresh_from_db()
            actions.reopen_promise(promise, by=stage.clerk(binhai), text="现场只有八部")
        assert not asked.filter(cancelled_at=None).exists()
        assert not queries.promises_to_judge(people[0]).exists()
        with stage.on(JUNE + dt.timedelta(days=30)):
            promise.refresh_from_db()
            actions.report_promise(promise, by=unit, text="其余四部已装。", signer="局长程某")
        # Reported anew, both are asked anew, also who has spoken before.
        assert {d.member for d in asked.filter(cancelled_at=None)} == set(deputies)
        assert list(queries.promises_to_judge(people[0])) == [promise]


# -- 并案 ---------------------------------------------------------------------------------------


def two_merged(congress, people, unit):
    rows = [stage.assigned(congress, p, [(unit.unit, "sole")]) for p in people[:2]]
    with stage.on(MARCH):
        actions.merge(rows[0], [rows[1]], by=stage.clerk(congress), reason="同一小区同一问题")
    stage.answered(stage.task_of(rows[0], unit.unit), unit, MARCH)
    task = stage.task_of(rows[1], unit.unit)
    with stage.on(MARCH):
        actions.sign_for(task, by=unit)
    return rows, task


@on_database
def test_merged_ones_are_answered_with_one_reply_where_the_rules_say_so(binhai, unit, client_of):
    people = ready(binhai, merge_mode="one")
    with in_congress(binhai):
        rows, task = two_merged(binhai, people, unit)
    with stage.on(MARCH):
        desk = client_of(unit)
        assert "与第5-001号合并办理、一并答复" in words(desk.get(at("task", task.pk)))
        form = desk.get(at("task_reply", task.pk)).context["form"]
        assert form["text"].value().startswith("收悉您提出的建议后")
        assert form["result_class"].value() and form["point_1"].value() == "已列入今年计划。"
        assert not form["document_number"].value()  # each letter has its own
    with in_congress(binhai):
        first = Reply.objects.get()
        letter = text_of(actions.letter_of(first, by=unit))
        assert "与第5-002号建议并案办理" in letter and "现一并答复如下" in letter
        stage.answered(task, unit, MARCH)
        assert Reply.objects.filter(state="served").count() == 2  # two letters, two judgements
        assert {f.deputy for r in rows for f in r.feedbacks.all()} == set(people[:2])


@on_database
def test_otherwise_each_is_answered_apart(binhai, unit, client_of):
    people = ready(binhai)
    with in_congress(binhai):
        _, task = two_merged(binhai, people, unit)
        assert queries.reply_to_share(task) is None
        letter = text_of(actions.letter_of(Reply.objects.get(), by=unit))
        assert "并案" not in letter
    with stage.on(MARCH):
        desk = client_of(unit)
        assert "与第5-001号合并办理、分别答复" in words(desk.get(at("task", task.pk)))
        assert not desk.get(at("task_reply", task.pk)).context["form"]["text"].value()
