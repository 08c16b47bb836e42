"""The demo's suggestions: as many as districts have, in every state, whole, and of the shares that
are published."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from congress import invariants
from congress.models import Congress, Membership, Unit
from congress.tenancy import in_congress
from deadlines.models import Deadline
from deputies.models import Delegation
from notices.models import Notice
from performance.models import DutyRecord
from reports.demo import load
from reports.demo.current import Current
from reports.demo.long_way import TITLE, LongWay
from reports.demo.places import PLACES
from reports.demo.read import LATELY, SELDOM, read_what_came
from reports.demo.told import Told
from reports.demo.year import Story
from suggestions import access
from suggestions.actions import keep_limits
from suggestions.models import (
    Assignment,
    Commendation,
    Contact,
    Coordination,
    ExtensionRequest,
    Feedback,
    FeedbackCorrection,
    LookBackItem,
    NumberSeries,
    PreReviewer,
    Promise,
    PublicationDecision,
    Rating,
    Reply,
    ReturnRequest,
    Review,
    RuleSet,
    ScoreObjection,
    ScoreSheet,
    Signature,
    Suggestion,
    Supervision,
    YearlyReport,
)
from suggestions.queries import desk_tasks, pre_reviews_of
from suggestions.rules import OVER
from suggestions.rules.texts import fingerprint
from tests.conftest import empty_all_tables, take_statistics

State, Task = Suggestion.State, Assignment.State


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The suggestions of all three congresses, of the smaller ones this year's, told once for the
    whole file; committed, so that there can be statistics of them."""
    with django_db_blocker.unblock():
        try:
            tell_all()
            yield
        finally:
            empty_all_tables(["default", "platform"])


def tell_all() -> None:
    load.load("fresh", lambda words: None)
    take_statistics()
    for place in PLACES:
        congress = Congress.objects.get(key=place.key)
        with in_congress(congress):
            story = Story(congress, place, "year-end")
            for year in (2024, 2025, 2026) if place.key == "gulou" else (2026,):
                story.papers.year(year)
        take_statistics()
        with in_congress(congress):
            if place.key == "gulou":
                for _, step in LongWay(story).steps():
                    step()
            Current(story).tell()
        load.finish_jobs(congress)
        for chapter in Told(story).chapters() if place.key == "gulou" else ():
            with in_congress(congress):
                chapter()
            load.finish_jobs(congress)


@pytest.fixture
def gulou(told):
    congress = Congress.objects.get(key="gulou")
    with in_congress(congress):
        yield congress


def share(part: int, whole: int) -> float:
    return part / whole


def test_a_district_has_as_many_a_year_as_districts_have(gulou):
    numbered = Suggestion.objects.exclude(number="")
    for number in (3, 4, 5):
        count = numbered.filter(sitting__number=number).count()
        assert 170 <= count <= 280, (number, count)
    with in_congress(Congress.objects.get(key="yunze")):
        numbered = Suggestion.objects.exclude(number="")
        assert 60 <= numbered.filter(sitting__number=5).count() <= 120


def test_each_congress_goes_by_rules_of_its_own(told):
    found = {}
    for key in ("gulou", "yunze", "liuxi"):
        with in_congress(Congress.objects.get(key=key)):
            used = RuleSet.objects.filter(suggestions__isnull=False).distinct()
            found[key] = {r.template_key for r in used}
            assert all(r.state == RuleSet.State.PUBLISHED for r in used)
    assert found == {"gulou": {"plain"}, "yunze": {"strict"}, "liuxi": {"township"}}


def test_every_state_of_the_flow_can_be_seen(told):
    suggestions, tasks = set(), set()
    for key in ("gulou", "yunze"):
        with in_congress(Congress.objects.get(key=key)):
            suggestions |= set(Suggestion.objects.values_list("state", flat=True))
            tasks |= set(Assignment.objects.values_list("state", flat=True))
    assert suggestions == set(State.values)
    assert tasks == set(Task.values)


def test_promises_supervisions_and_feedback_are_there_in_every_state(gulou):
    for model in (Promise, Supervision):
        found = set(model.objects.values_list("state", flat=True))
        assert found >= set(model.State.values) - {"dropped"}, model
    found = set(Feedback.objects.values_list("state", flat=True))
    assert found == {"expected", "given", "missed"}
    assert Feedback.objects.filter(on_behalf=True, confirmed_by__isnull=False).exists()


def test_the_classes_are_shared_as_published(gulou):
    rows = Reply.objects.filter(state="served", round=1)
    counted = Counter(rows.values_list("result_class__canonical", flat=True))
    whole = sum(counted.values())
    bounds = {"solved": (45, 68), "planned": (20, 36), "not_now": (5, 16), "explained": (2, 10)}
    for name, (least, most) in bounds.items():
        assert least <= 100 * share(counted[name], whole) <= most, (name, counted)


def test_deputies_are_as_satisfied_as_published_and_not_all_are(gulou):
    counted = Counter(Rating.objects.filter(dimension="结果").values_list("value", flat=True))
    whole = sum(counted.values())
    assert 0.96 <= share(counted["satisfied"] + counted["basically"], whole) < 1
    assert counted["unsatisfied"] >= 10
    attitude = Rating.objects.filter(dimension="态度", value="satisfied").count()
    assert attitude > counted["satisfied"]
    missed = Feedback.objects.filter(state="missed").count()
    assert 0.005 <= share(missed, Feedback.objects.count()) <= 0.08
    assert Suggestion.objects.filter(round=2, closed_at__isnull=False).count() >= 8


def test_some_are_late_some_returned_some_extended(gulou):
    tasks = Assignment.objects.filter(role__in=["sole", "lead", "separate"])
    served = tasks.filter(replies__round=1, replies__state="served").annotate(
        served_on=Max("replies__services__served_on", filter=Q(replies__round=1))
    )
    late = sum(t.served_on > (t.extended_to or t.legal_due_on) for t in served)
    assert 0.01 <= share(late, len(served)) <= 0.07
    returned = ReturnRequest.objects.filter(accepted=True).count()
    assert 0.02 <= share(returned, tasks.count()) <= 0.08
    extended = ExtensionRequest.objects.filter(granted=True).count()
    assert 0.02 <= share(extended, tasks.count()) <= 0.09


def test_most_promises_are_kept_and_some_broken(gulou):
    today = dt.date.today()
    due = Promise.objects.filter(due_on__lt=today)
    kept = due.filter(state=Promise.State.KEPT).count()
    assert 0.7 <= share(kept, due.count()) < 1
    assert Promise.objects.filter(state=Promise.State.BROKEN).exists()
    assert Promise.objects.filter(events__kind="change").exists()


def test_no_category_has_more_than_half_and_most_are_met(gulou):
    rows = Suggestion.objects.exclude(category=None)
    counted = Counter(rows.values_list("category__parent__name", flat=True))
    assert len(counted) >= 8
    assert max(counted.values()) < sum(counted.values()) * 0.4


def test_nothing_hangs_in_the_air(gulou):
    answered = Suggestion.objects.filter(state__in=["answered", "closed", "archived"])
    assert not answered.exclude(assignments__replies__state="served").exists()
    assert not answered.exclude(feedbacks__isnull=False).exists()
    assert not Suggestion.objects.filter(state__in=["closed", "archived"], closed_at=None).exists()
    assert not Reply.objects.filter(state="served", services=None).exists()
    assert not Reply.objects.filter(state="served", points=None).exists()
    assert not Feedback.objects.filter(state="given", ratings=None).exists()
    planned = Reply.objects.filter(state="served", result_class__needs_promise=True)
    assert not planned.filter(promises=None).exists()
    talked = Contact.objects.filter(confirmations__confirmed=True).values("assignment")
    silent = Assignment.objects.filter(replies__state="served").exclude(pk__in=talked)
    assert not silent.exists()
    before = Contact.objects.filter(on__lt=dt.date(2024, 1, 1))
    assert not before.exists()


def test_numbers_have_no_gaps_and_the_series_know_their_last(gulou):
    for series in NumberSeries.objects.all():
        _, sitting, word = series.key.split("/")
        found = sorted(
            int(n.split("-")[1].removeprefix(word))
            for n in Suggestion.objects.filter(sitting__number=sitting).values_list(
                "number", flat=True
            )
            if n and "".join(w for w in ("闭", "转") if w in n) == word
        )
        assert found == list(range(1, series.last + 1)), series.key


def test_co_signers_confirmed_the_text_that_stands(gulou):
    rows = Signature.objects.filter(state="confirmed").select_related("suggestion")
    for row in rows:
        of = row.suggestion
        assert row.text_sha256 == fingerprint(of.title, of.situation, of.requests), of


def test_what_is_registered_counts_once_as_duty(gulou):
    facts = DutyRecord.objects.filter(source_kind="suggestions.suggestion", withdrawn_at=None)
    led = {int(pk) for pk in facts.filter(role="lead").values_list("source_id", flat=True)}
    gone = [State.WITHDRAWN, State.NOT_ACCEPTED]
    rows = Suggestion.objects.exclude(assigned_on=None).exclude(state__in=gone)
    rows = rows.filter(Q(merges=None) | Q(merges__group__main=F("pk")))
    assert set(rows.exclude(lead=None).values_list("pk", flat=True)) <= led
    twice = facts.values("source_id", "deputy").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()


def test_units_are_reminded_of_what_is_open(gulou):
    handled = Assignment.objects.exclude(state__in=[*OVER, "opinion_given"])
    open_tasks = handled.exclude(role="owner")
    kinds = ["suggestions.reply", "suggestions.opinion"]
    kept = Deadline.objects.filter(kind__in=kinds, done_at=None, cancelled_at=None)
    known = set(kept.values_list("subject_id", flat=True))
    assert set(open_tasks.values_list("pk", flat=True)) <= known


def test_the_limits_of_the_demo_are_those_of_its_states(gulou):
    assert keep_limits(Suggestion.objects.values_list("pk", flat=True)) == 0
    owed = Deadline.objects.filter(done_at=None, cancelled_at=None)
    for kind in ("promise", "assign", "publish"):
        assert owed.filter(kind=f"suggestions.{kind}").exists(), kind


def test_one_went_the_long_way(gulou):
    row = Suggestion.objects.get(title=TITLE)
    assert (row.state, row.round, row.is_key) == (State.ARCHIVED, 2, True)
    states = Counter(row.signatures.values_list("state", flat=True))
    assert states == {"confirmed": 3, "declined": 1}
    assert row.reviews.filter(result="sent_back").count() == 1
    roles = Counter(row.assignments.values_list("role", "state"))
    assert roles[("joint", "done")] == 2 and roles[("lead", "returned")] == 1
    marks = Reply.objects.filter(assignment__suggestion=row, state="served").order_by("round")
    assert list(marks.values_list("result_class__mark", flat=True)) == ["B", "A"]
    assert row.assignments.get(role="lead", state="done").extended_to == dt.date(2025, 7, 10)
    assert list(row.promises.values_list("state", flat=True)) == ["kept", "kept"]
    assert row.promises.last().kept_on.year == 2026
    first = Rating.objects.filter(feedback__suggestion=row, feedback__round=1)
    assert first.filter(value="unsatisfied").count() == 1
    assert row.publication_decisions.exclude(published_at=None).count() == 3


def test_a_street_handles_a_suggestion_alone(gulou):
    task = Assignment.objects.get(unit__kind=Unit.Kind.STREET_COMMITTEE)
    assert (task.role, task.state, task.suggestion.state) == ("sole", Task.HANDLING, State.HANDLING)
    assert task.contacts.filter(confirmations__confirmed=True).exists()
    street = Membership.objects.get(user__login_name="gulou-street")
    assert street.unit_id == task.unit_id and task in desk_tasks(street)


def test_units_were_brought_together_and_will_be(gulou):
    today = timezone.localdate()
    held, coming = Coordination.objects.order_by("on")
    assert held.on < today and held.result and held.noted_at
    assert today < coming.on <= today + dt.timedelta(days=12) and not coming.result
    for row in (held, coming):
        assert row.suggestion.state == State.HANDLING and row.tasks.count() >= 2


def test_a_correction_on_paper_waits_for_a_second_person(gulou):
    row = FeedbackCorrection.objects.get()
    assert row.agrees is None and row.feedback.state == Feedback.State.GIVEN
    assert row.scan.size > 0 and row.entered_by.user.login_name == "gulou-clerk"


def test_two_of_this_year_are_commended_and_count_so(gulou):
    rows = list(Commendation.objects.select_related("suggestion__sitting"))
    assert [(r.name, r.suggestion.sitting.number) for r in rows] == [("优秀建议", 5)] * 2
    facts = DutyRecord.objects.filter(item__code="E05", source_id__in=[str(r.pk) for r in rows])
    leads = {r.suggestion.lead_id for r in rows}
    assert leads <= set(facts.values_list("deputy_id", flat=True))


def test_a_petition_was_sent_to_where_petitions_go(gulou):
    review = Review.objects.get(outcome=Review.Outcome.PETITION)
    assert review.suggestion.state == State.NOT_ACCEPTED and review.sent_to == "古楼区信访局"
    clerk = Membership.objects.get(user__login_name="gulou-clerk")
    assert review in access.sent_on_by(clerk)  # its letter can be printed


def test_two_papers_came_from_the_citys_congress(gulou):
    rows = list(Suggestion.objects.filter(channel=Suggestion.Channel.ABOVE).order_by("pk"))
    assert [r.state for r in rows] == [State.HANDLING, State.REGISTERED]
    assert all("转" in r.number and r.received.reply_by and r.lead_id is None for r in rows)
    assert rows[0].assignments.exclude(signed_at=None).exists()


def test_a_co_signer_took_the_name_back_while_it_is_handled(gulou):
    row = Signature.objects.get(state=Signature.State.WITHDRAWN)
    assert row.withdrawn_reason and row.suggestion.state == State.HANDLING
    assert row.suggestion.signatures.filter(state="confirmed").count() == 1


def test_a_head_of_a_delegation_has_a_suggestion_on_the_phone(told):
    with in_congress(Congress.objects.get(key="yunze")):
        heads = PreReviewer.objects.filter(step="delegation", ends_on=None)
        assert heads.count() == Delegation.objects.count()
        waiting = [(head, row) for head in heads for row, _ in pre_reviews_of(head.member)]
        assert waiting
        for head, row in waiting:
            assert row.state == State.PRE_REVIEW and row.lead.membership_id != head.member_id


def test_what_is_public_was_agreed_and_checked(gulou):
    rows = PublicationDecision.objects.exclude(published_at=None).select_related("suggestion")
    assert rows.count() > 300
    for row in rows:
        agreed = row.suggestion.may_publish_text
        if row.part == "reply":
            agreed = row.suggestion.may_publish_reply
        assert agreed is True and row.secrecy_checked and row.privacy_checked


def test_what_must_be_true_at_all_times_is_true(told):
    for key in ("gulou", "yunze", "liuxi"):
        found = invariants.check(Congress.objects.get(key=key))
        del found["文件都在"]  # every test has a folder of its own; this file's is another
        assert {title: faults for title, faults in found.items() if faults} == {}


def test_the_year_before_is_told_in_a_report_scored_and_looked_back_on(gulou):
    report = YearlyReport.objects.get()
    assert report.state == YearlyReport.State.PUBLISHED and report.sitting.number == 4
    last, this = ScoreSheet.objects.order_by("sitting__opens_on")
    assert (last.state, this.state) == ("frozen", "draft")
    assert last.results.count() > 20 and last.results.filter(rank=1).exists()
    assert set(ScoreObjection.objects.values_list("state", flat=True)) == {"upheld", "rejected"}
    answered = LookBackItem.objects.exclude(finding="").count()
    assert 0 < answered < LookBackItem.objects.count()


def test_what_came_long_ago_is_read_by_day_and_what_came_lately_waits(gulou):
    with transaction.atomic():
        last = Notice.objects.order_by("created_at").last().created_at
        now = last + dt.timedelta(days=2)
        waiting = Notice.objects.filter(read_at=None)
        old = waiting.filter(created_at__lt=now - LATELY).count()
        assert old > 200 and read_what_came(now) == old
        assert not waiting.filter(created_at__lt=now - SELDOM).exists()
        assert waiting.filter(routed_at=None).exists()  # the first start sends these
        to_call = waiting.exclude(routed_at=None).values("to").distinct().count()
        assert to_call < 40
        read = Notice.objects.exclude(read_at=None).values_list("created_at", "read_at")
        assert all(a <= b <= now for a, b in read)
        assert not [b for _, b in read if timezone.localtime(b).hour < 6]
        transaction.set_rollback(True)
