"""What the deputies said of the replies, and who has said nothing yet."""

import datetime as dt

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from congress.models import Membership
from suggestions import access
from suggestions.models import (
    ContactConfirmation,
    Feedback,
    Suggestion,
)
from suggestions.queries import judging as desk
from suggestions.rules import OVER

from .... import rules
from ...parts import Matter, Subject, list_url, page_url, row_url, subject
from .frame import numbered


def dissatisfied(member: Membership, today: dt.date) -> Subject:
    """A deputy is not satisfied: to be studied, then handled again or explained."""
    return _judged(member, today, "不满意待研判的建议", "study")


def escalated(member: Membership, today: dt.date) -> Subject:
    """Matters brought before the chairpersons."""
    return _judged(member, today, "提请主任会议研究的建议", "escalated")


def _answered(member: Membership) -> QuerySet[Suggestion]:
    return desk.answered(access.judged_before(member))


def _judged(member: Membership, today: dt.date, title: str, place: str) -> Subject:
    said = Feedback.objects.filter(suggestion=OuterRef("pk"), superseded_at=None)
    said = said.exclude(given_at=None).order_by("-given_at").values("given_at")[:1]
    rows = _answered(member).filter(desk.IN[place]).annotate(said_at=Subquery(said))

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.said_at or row.saved_at)
        return Matter(
            numbered(row),
            row_url(row),
            rules.light_by_wait(since, today),
            "研判" if access.may_keep(member) else "查看",
            page_url("suggestions_judged", row.pk),
            f"{row.get_state_display()}，第{row.round}轮",
            since,
        )

    url = list_url("suggestions_judging", place=place)
    return subject(title, rows.order_by("said_at", "pk"), url, say, reads=())


def silent(member: Membership, today: dt.date) -> Subject:
    """Answered, and the time for the deputies' word is over: to be reminded, then passed over."""
    rows = desk.awaited(access.judged_before(member))
    rows = rows.filter(desk.IN["open"], due_on__lt=today)

    def say(row: Suggestion) -> Matter:
        return Matter(
            numbered(row),
            row_url(row),
            rules.light_by_due(row.due_on, today),
            "催请反馈",
            page_url("suggestions_judged", row.pk),
            "代表还没有评价",
            row.due_on,
        )

    url = list_url("suggestions_judging", place="open", due="late")
    return subject("评价逾期的建议", rows.order_by("due_on", "pk"), url, say, reads=())


def talks_to_confirm(member: Membership, today: dt.date) -> Subject:
    """Talks whose deputy cannot answer here: the word is entered from paper, then compared by a
    second person."""
    rows = (
        access.talk_words_visible_to(member)
        .filter(confirmed=None, contact__round=F("contact__assignment__suggestion__round"))
        .filter(Q(paper_word__isnull=False) | Q(deputy__membership=None))
        .exclude(entered_by__user=member.user)
        .exclude(contact__assignment__state__in=OVER)
    )

    def say(row: ContactConfirmation) -> Matter:
        since = timezone.localdate(row.contact.at)
        step = "word" if row.paper_word is None else "compare"
        return Matter(
            numbered(row.contact.assignment.suggestion),
            row_url(row.contact.assignment.suggestion),
            rules.light_by_wait(since, today),
            "代为确认" if step == "word" else "核对",
            reverse(f"admin:suggestions_talk_{step}", args=[row.pk]),
            f"{row.contact.assignment.unit_name}与{row.deputy}的沟通",
            since,
        )

    return subject("待代为确认的沟通", rows.order_by("contact__at", "pk"),
                   page_url("suggestions_wall"), say,
                   reads=["contact__assignment__suggestion", "deputy"])  # fmt: skip


def forms_to_collect(member: Membership, today: dt.date) -> Subject:
    """What a street has still to collect from its deputies."""
    rows = access.feedback_to_collect(member).filter(suggestion__state=Suggestion.State.ANSWERED)

    def say(row: Feedback) -> Matter:
        url = reverse("admin:suggestions_paper", args=[row.pk])
        return Matter(
            numbered(row.suggestion),
            url,
            rules.light_by_due(row.due_on, today),
            "录入",
            url,
            f"{row.deputy.name}评价{row.assignment.unit_name}",
            row.due_on,
        )

    return subject("待收集的评价", rows.order_by("due_on", "pk"),
                   page_url("suggestions_collect"), say,
                   reads=["suggestion", "assignment", "deputy"])  # fmt: skip


def forms_to_compare(member: Membership, today: dt.date) -> Subject:
    """Paper forms entered by somebody else, to be compared with their scan."""
    rows = desk.to_compare(_answered(member), member)

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.paper_since)
        return Matter(
            numbered(row),
            row_url(row),
            rules.light_by_wait(since, today),
            "核对",
            page_url("suggestions_judged", row.pk),
            "代录的纸质评价表",
            since,
        )

    url = list_url("suggestions_judging", place="paper", mine="on")
    return subject("待核对的纸质评价", rows.order_by("paper_since", "pk"), url, say, reads=())
