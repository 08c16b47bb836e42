"""What was there before a kind of time limit existed is found, and gets what it owes."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress import invariants
from congress.models import Congress, LogEntry, Membership, Role
from congress.tenancy import in_congress
from deadlines.models import Deadline
from deputies.models import Deputy
from suggestions import actions
from suggestions import invariants as suggested
from suggestions.models import Suggestion
from suggestions.queries.owing import may_owe
from suggestions.tasks import mend_open, start_mending
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 10)
TITLE = "建议的时限与办理情况一致"
NEW = ["suggestions.publish", "suggestions.assign"]


@pytest.fixture
def answered(binhai):
    """One that was answered, one that is being handled, one that waits to be handed over."""
    with in_congress(binhai):
        stage.ready(first_contact_days=20)
        people, (unit, who) = stage.people(), stage.unit("住建局")
        row = stage.assigned(binhai, people[0], [(unit, "sole")])
        stage.answered(stage.task_of(row, unit), who, MARCH)
        stage.assigned(binhai, people[1], [(unit, "sole")])
        with stage.on(MARCH):
            other = actions.start_draft(
                by=people[2].membership, lead=people[2], title="关于湖滨路夜间照明的建议",
                situation=stage.SITUATION, requests=stage.REQUESTS,
            )  # fmt: skip
            actions.submit(other, by=people[2].membership)


def faults(congress) -> list[str]:
    with stage.on(MARCH):
        return invariants.check(congress)[TITLE]


def repair() -> str:
    out = io.StringIO()
    with stage.on(MARCH):
        call_command("keep_limits", "--congress", "binhai", stdout=out)
    return out.getvalue()


def test_what_the_verbs_kept_agrees(binhai, answered):
    assert faults(binhai) == []
    assert "0项时限有变动" in repair()


def test_kinds_that_came_with_an_upgrade_are_missed_and_set(binhai, answered):
    with in_congress(binhai):
        kept = Deadline.objects.filter(kind__in=NEW).delete()[0]
    found = faults(binhai)
    assert len(found) == kept == 4  # each of two people of 代工委
    assert sum("是否公开" in f for f in found) == 2 and all(f.startswith("缺少") for f in found)
    with stage.on(MARCH), pytest.raises(CommandError, match="4 处问题"):
        call_command("check_invariants", "--congress", "binhai", stdout=io.StringIO())
    assert "4项时限有变动" in repair()
    assert faults(binhai) == [] and "0项时限有变动" in repair()
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="suggestions.mend_limits").count() == 1


def test_what_is_owed_no_more_and_another_day_are_found(binhai, answered):
    with in_congress(binhai):
        reply = Deadline.objects.get(kind="suggestions.reply", done_at=None)
        Deadline.objects.filter(pk=reply.pk).update(due_on=MARCH)
        done = Deadline.objects.filter(kind="suggestions.reply").exclude(pk=reply.pk)
        done.update(done_at=None)
    found = faults(binhai)
    assert sorted(f[:2] for f in found) == ["多出", "时限"]
    repair()
    assert faults(binhai) == []
    with in_congress(binhai):
        reply.refresh_from_db()
        assert reply.due_on == dt.date(2026, 5, 6) and done.get().done_at


def test_who_comes_to_the_committee_owes_what_the_others_owe(binhai, answered):
    with in_congress(binhai):
        colleague = cast.member(binhai, Role.CHAIR)
        Membership.objects.filter(pk=colleague.pk).update(role=Role.DEPUTY_AFFAIRS)
    assert len(faults(binhai)) == 2
    with stage.on(MARCH):
        assert mend_open(binhai.pk) == 2
        assert mend_open(binhai.pk) == 0
    assert faults(binhai) == []


def closed(binhai) -> Suggestion:
    """One that was judged well, decided on for the public, and is over."""
    with in_congress(binhai):
        stage.ready()
        people, (unit, who) = stage.people(), stage.unit("住建局")
        row = stage.assigned(binhai, people[0], [(unit, "sole")])
        row = stage.answered(stage.task_of(row, unit), who, MARCH)
        row = stage.judged(row, MARCH)
        assert row.state == "closed"
    return row


def withhold(binhai, row: Suggestion) -> None:
    """Text and reply are decided on: nothing of them waits for the public."""
    checks = {"secrecy_checked": True, "privacy_checked": True, "reason": "涉及个人"}
    with in_congress(binhai), stage.on(MARCH):
        keeper = stage.clerk(binhai)
        for part in ("text", "reply"):
            actions.decide_publication(
                row, by=keeper, part=part, mode="not", title="", text="", **checks
            )


def looked_at(congress) -> int:
    with in_congress(congress):
        return may_owe(Suggestion.objects.all()).count()


def test_at_night_what_is_over_and_owes_nothing_is_not_looked_at(binhai):
    row = closed(binhai)
    assert looked_at(binhai) == 1  # its publication waits
    withhold(binhai, row)
    assert looked_at(binhai) == 0 and faults(binhai) == []
    with in_congress(binhai):
        left = Deadline.objects.filter(kind="suggestions.reply").update(done_at=None)
    assert left == looked_at(binhai) == len(faults(binhai)) == 1
    with stage.on(MARCH):
        assert mend_open(binhai.pk) == 1
    assert faults(binhai) == [] and looked_at(binhai) == 0


def test_at_night_a_closed_one_gets_what_nobody_was_there_to_owe(binhai):
    closed(binhai)
    with in_congress(binhai):
        Deadline.objects.filter(kind="suggestions.publish").delete()
    assert len(faults(binhai)) == 2
    with stage.on(MARCH):
        assert mend_open(binhai.pk) == 2
    assert faults(binhai) == []


def test_a_promise_of_a_closed_one_is_looked_at_until_it_is_kept(binhai):
    with in_congress(binhai):
        stage.ready()
        people, (unit, who) = stage.people(), stage.unit("住建局")
        row = stage.assigned(binhai, people[0], [(unit, "sole")])
        pledge = actions.Pledge("全部完工", "全部验收", "副局长韩某", dt.date(2026, 11, 30))
        row = stage.answered(stage.task_of(row, unit), who, MARCH, "B", promises=[pledge])
        row = stage.judged(row, MARCH)
    withhold(binhai, row)
    with in_congress(binhai):
        Deadline.objects.filter(kind="suggestions.promise").delete()
    assert looked_at(binhai) == len(faults(binhai)) == 1
    with stage.on(MARCH):
        assert mend_open(binhai.pk) == 1
    assert faults(binhai) == []


def test_each_congress_that_works_gets_a_task_of_its_own(binhai, shanyang):
    sent: list[int] = []
    assert start_mending(sent.append) == 2 and sent == sorted([binhai.pk, shanyang.pk])
    Congress.objects.filter(pk=shanyang.pk).update(is_active=False)
    sent.clear()
    assert start_mending(sent.append) == 1 and sent == [binhai.pk]


def test_another_congress_is_left_alone(binhai, shanyang, answered):
    with in_congress(binhai):
        Deadline.objects.filter(kind__in=NEW).delete()
    out = io.StringIO()
    call_command("keep_limits", "--congress", "shanyang", stdout=out)
    assert "0项时限有变动" in out.getvalue() and len(faults(binhai)) == 4
    with pytest.raises(CommandError):
        call_command("keep_limits", "--congress", "nowhere")


def test_looking_takes_as_many_queries_for_many_as_for_one(binhai, answered):
    def queries() -> int:
        with in_congress(binhai), stage.on(MARCH), CaptureQueriesContext(connection) as seen:
            suggested.limits_agree(binhai)
        return len(seen)

    before = queries()
    with in_congress(binhai):
        people, unit = Deputy.objects.order_by("pk")[:4], cast.member(binhai, Role.HANDLING_UNIT)
        for who in people:
            row = stage.assigned(binhai, who, [(unit.unit, "sole")])
            stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
    assert queries() == before
