"""More of what a set of rules says: days for urgent ones, who signs a reply, how
long and how often more time is given, who collects the words of deputies on paper."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from congress import files
from congress.flow import NotAllowed
from congress.models import Role, Unit
from congress.rules import WorkCalendar
from congress.tenancy import in_congress
from deadlines.actions import recompute
from suggestions import access, actions
from suggestions.models import Assignment, Feedback, Suggestion
from suggestions.rules import (
    HandlingRules,
    extension_faults,
    reply_dates,
    signer_fault,
)
from tests import cast

from . import stage
from .test_desk import at, words
from .test_judging_desk import PNG

D = dt.date
MARCH, APRIL = D(2026, 3, 10), D(2026, 4, 1)
PLAIN = WorkCalendar({})
on_database = pytest.mark.django_db(databases=["default", "platform"])


def ready(congress, **rules):
    with in_congress(congress):
        stage.ready(**rules)
        return stage.people()


def assigned(congress, people, unit, **more):
    row = stage.assigned(congress, people[0], [(unit.unit, "sole")], **more)
    return stage.task_of(row, unit.unit)


# -- 加急 --------------------------------------------------------------------------------------


def test_an_urgent_one_has_a_day_of_the_house_never_later_than_the_laws():
    rules = HandlingRules(urgent_days=30)
    urgent = reply_dates(D(2026, 2, 10), rules, PLAIN, is_urgent=True)
    plain = reply_dates(D(2026, 2, 10), rules, PLAIN)
    assert urgent.internal == D(2026, 3, 12) and plain.internal is None
    assert urgent.legal == plain.legal and urgent.effective == urgent.internal
    late = reply_dates(D(2026, 2, 10), HandlingRules(urgent_days=120), PLAIN, is_urgent=True)
    assert late.internal == late.legal
    sooner = HandlingRules(reply_months=1, urgent_days=60)
    assert reply_dates(D(2026, 2, 10), sooner, PLAIN, is_urgent=True).internal == D(2026, 3, 10)


@on_database
def test_the_day_of_an_urgent_one_is_frozen_with_its_rules(binhai, unit):
    people = ready(binhai, urgent_days=20)
    with in_congress(binhai):
        urgent = assigned(binhai, people, unit, urgent_reason="汛期将至")
        plain = assigned(binhai, people, unit)
        # Twenty days on is the last but one of the Spring Festival holidays.
        assert urgent.internal_due_on == D(2026, 2, 24)
        assert plain.internal_due_on is None
        assert any("加急" in line for line in urgent.working)
        # A later version does not reach what was handed over.
        with stage.on(MARCH):
            stage.rules("strict", urgent_days=5)
            recompute(by=stage.clerk(binhai))
        urgent.refresh_from_db()
        assert urgent.internal_due_on == D(2026, 2, 24)


# -- 签发 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rank", "least", "fits"),
    [
        ("", "any", True),
        ("other", "any", True),
        ("", "head", False),
        ("other", "deputy_head", False),
        ("deputy_head", "deputy_head", True),
        ("head", "deputy_head", True),
        ("deputy_head", "head", False),
        ("head", "head", True),
    ],
)
def test_who_may_sign(rank, least, fits):
    assert (signer_fault(rank, least) == "") is fits


@on_database
def test_a_reply_is_signed_by_the_head_where_the_rules_say_so(binhai, unit, client_of):
    people = ready(binhai, signer_min_rank="head")
    with in_congress(binhai):
        task = assigned(binhai, people, unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
        stage.talked(task, unit, MARCH)
        stage.drafted(task, unit, MARCH)
        with stage.on(MARCH), pytest.raises(NotAllowed, match="须由主要负责人签发"):
            actions.sign_off(task, by=unit, signer="局长程某")
    asked = {"signer": "副局长李某", "signer_rank": "deputy_head"}
    with stage.on(MARCH):
        desk = client_of(unit)
        refused = desk.post(at("task_sign_off", task.pk), asked)
        assert refused.status_code == 422 and "须由主要负责人签发" in words(refused)
        sent = desk.post(
            at("task_sign_off", task.pk), {"signer": "局长程某", "signer_rank": "head"}
        )
        assert sent.status_code == 302
    with in_congress(binhai):
        reply = task.replies.get(state="signed_off")
        assert (reply.signer, reply.signer_rank) == ("局长程某", "head")


# -- 延期 --------------------------------------------------------------------------------------


def test_more_time_is_neither_longer_nor_more_often_than_the_rules_allow():
    asked = {"asked_on": D(2026, 3, 10), "assigned_on": D(2026, 2, 2), "calendar": PLAIN,
             "current_due_on": D(2026, 5, 2)}  # fmt: skip
    rules = HandlingRules(extension_max_days=30, extension_max_times=1)
    assert extension_faults(to_on=D(2026, 6, 1), rules=rules, **asked) == []
    assert "最长30日" in extension_faults(to_on=D(2026, 6, 2), rules=rules, **asked)[0]
    again = extension_faults(to_on=D(2026, 6, 1), rules=rules, granted=1, **asked)
    assert "已经延期1次" in again[0]
    assert extension_faults(to_on=D(2026, 7, 31), rules=HandlingRules(), granted=3, **asked) == []


@on_database
def test_a_second_extension_is_refused_where_one_is_the_most(binhai, unit):
    people = ready(binhai, extension_max_times=1)
    with in_congress(binhai), stage.on(APRIL):
        task = assigned(binhai, people, unit)
        with stage.on(APRIL):
            actions.sign_for(task, by=unit)
            words_of = {"by": unit, "reason": "wide", "progress": "涉及多个部门"}
            first = actions.ask_extension(task, to_on=D(2026, 6, 1), **words_of)
            actions.decide_extension(
                first, by=stage.clerk(binhai), agrees=False, note="先抓紧办理"
            )  # fmt: skip
            second = actions.ask_extension(task, to_on=D(2026, 6, 1), **words_of)  # none was given
            actions.decide_extension(second, by=stage.clerk(binhai), agrees=True)
            task.refresh_from_db()
            assert task.state == Assignment.State.HANDLING
            with pytest.raises(NotAllowed, match="已经延期1次"):
                actions.ask_extension(task, to_on=D(2026, 7, 1), **words_of)


# -- 收集评价 ------------------------------------------------------------------------------------


def paper() -> dict:
    scan = SimpleUploadedFile("评价表.png", PNG, content_type="image/png")
    return {"d0": "satisfied", "d1": "satisfied", "scan": scan}


def awaited(congress, people, unit) -> Feedback:
    task = assigned(congress, people, unit)
    stage.answered(task, unit, MARCH)
    return Feedback.objects.get(suggestion=task.suggestion)


@on_database
def test_a_street_collects_its_deputies_words_where_the_rules_say_so(binhai, unit, client_of):
    people = ready(binhai, feedback_collector="street")
    street = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        feedback = awaited(binhai, people, unit)
        west = cast.add_member(binhai, Role.STREET, "街西园", login="west", unit="西园街道")
        seat = people[0].mandates.get()
        seat.street = street.unit
        seat.save()
        assert list(access.feedback_to_collect(street)) == [feedback]
        assert not access.feedback_to_collect(west).exists()
        assert not access.feedback_visible_to(street).exists()  # what was said stays unseen
    entry = reverse("admin:suggestions_paper", args=[feedback.pk])
    with stage.on(MARCH):
        desk = client_of(street)
        assert "待收集的评价" in words(desk.get("/admin/")) and entry in words(desk.get("/admin/"))
        listed = words(desk.get(reverse("admin:suggestions_collect")))
        assert people[0].name in listed and entry in listed
        assert client_of(west).get(entry).status_code == 404
        sent = desk.post(entry, paper())
        assert sent.status_code == 302 and sent.url == reverse("admin:suggestions_collect")
        assert desk.get(entry).status_code == 404  # entered once
    with in_congress(binhai):
        feedback.refresh_from_db()
        assert feedback.entered_by == street and feedback.on_behalf
        assert Suggestion.objects.get().state == "answered"  # until it was compared
        with stage.on(MARCH):
            actions.confirm_paper_feedback(feedback, by=stage.clerk(binhai))
        assert Suggestion.objects.get().state == "closed"


@on_database
def test_otherwise_a_street_collects_nothing(binhai, unit, client_of):
    people, street = ready(binhai), cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        feedback = awaited(binhai, people, unit)
        people[0].mandates.update(street=street.unit)
        assert not access.feedback_to_collect(street).exists()
        assert feedback in access.feedback_to_collect(stage.clerk(binhai))
    entry = reverse("admin:suggestions_paper", args=[feedback.pk])
    assert client_of(street).get(entry).status_code == 404


@on_database
def test_a_street_never_collects_words_on_its_own_work(binhai):
    people = ready(binhai, feedback_collector="street")
    street = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        feedback = awaited(binhai, people, street)
        people[0].mandates.update(street=Unit.objects.get(pk=street.unit_id))
        assert not access.feedback_to_collect(street).exists()
        scan = files.store("评价表.png", PNG, purpose=access.PAPER_PURPOSE,
                           content_type="image/png", by=street)  # fmt: skip
        with stage.on(MARCH), pytest.raises(NotAllowed, match="由代表所在街道录入"):
            actions.enter_paper_feedback(
                feedback, by=street, ratings={"态度": "satisfied", "结果": "satisfied"}, scan=scan
            )  # fmt: skip
