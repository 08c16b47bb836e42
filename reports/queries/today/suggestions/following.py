"""Beyond the reply: promises, classes, publication, 督办."""

import datetime as dt

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from congress.access import units_of
from congress.holidays import work_calendar
from congress.models import Membership, Role
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import (
    ClassChange,
    Promise,
    PromiseEvent,
    PublicationDecision,
    Reply,
    Suggestion,
    Supervision,
)
from suggestions.rules import HandlingRules, publish_limit

from .... import rules
from ...parts import Matter, Subject, page_url, row_url, subject
from .frame import numbered, seen

State = Suggestion.State


def promises_to_verify(member: Membership, today: dt.date) -> Subject:
    """Promises a unit says it has kept: somebody looks, then they are."""
    reported = Q(events__kind=PromiseEvent.Kind.REPORT)
    rows = (
        access.promises_visible_to(member)
        .filter(state=Promise.State.REPORTED)
        .annotate(reported_on=Max("events__on", filter=reported))
    )
    return _promises("待核实的承诺", rows.order_by("reported_on", "pk"), today, "核实")


def promises_late(member: Membership, today: dt.date) -> Subject:
    """Promises whose day is over without a report."""
    rows = access.promises_visible_to(member).filter(
        state__in=[Promise.State.RUNNING, Promise.State.CHANGED],
        reply__state=Reply.State.SERVED,
        due_on__lt=today,
    )
    return _promises("到期未报的承诺", rows.order_by("due_on", "pk"), today, "催报")


def _promises(title: str, rows: QuerySet[Promise], today: dt.date, step: str) -> Subject:
    def say(row: Promise) -> Matter:
        reported = getattr(row, "reported_on", None)
        return Matter(
            row.content,
            row_url(row.suggestion),
            rules.light_by_wait(reported, today)
            if reported
            else rules.light_by_due(row.due_on, today),
            step,
            page_url("suggestions_promises"),
            f"{row.unit.name}，{numbered(row.suggestion)}",
            row.due_on,
        )

    return subject(title, rows, page_url("suggestions_promises"), say)


def classes_to_agree(member: Membership, today: dt.date) -> Subject:
    """A class is to be raised: the supervising body has not yet said its word."""
    rows = ClassChange.objects.filter(
        committee_agreed_at=None, refused_at=None, assignment__suggestion__in=seen(member)
    ).select_related("assignment__suggestion", "from_class", "to_class")

    def say(row: ClassChange) -> Matter:
        since, of = timezone.localdate(row.proposed_at), row.assignment.suggestion
        return Matter(
            numbered(of),
            row_url(of),
            rules.light_by_wait(since, today),
            "确认",
            page_url("suggestions_promises"),
            f"{row.assignment.unit_name}提出由{row.from_class.mark}类调整为{row.to_class.mark}类",
            since,
        )

    url = page_url("suggestions_promises")
    return subject("待确认的类别调整", rows.order_by("proposed_at", "pk"), url, say)


def to_publish(member: Membership, today: dt.date) -> Subject:
    """Replies that are to be public and on which nobody has decided yet."""
    decided = PublicationDecision.objects.filter(
        suggestion=OuterRef("assignment__suggestion"), part=PublicationDecision.Part.REPLY
    )
    rows = (
        access.replies_visible_to(member)
        .filter(
            ~Exists(decided),
            publicity=Reply.Publicity.FULL,
            round=1,
            assignment__suggestion__state__in=[State.CLOSED, State.ARCHIVED],
        )
        .select_related("assignment__suggestion__rule_set")
        .annotate(served_on=Max("services__served_on"))
        .exclude(served_on=None)
    )
    calendar = work_calendar()

    def say(row: Reply) -> Matter:
        of = row.assignment.suggestion
        due = publish_limit(row.served_on, HandlingRules.of(of.rule_set), calendar)
        return Matter(
            numbered(of),
            row_url(of),
            rules.light_by_due(due, today),
            "公开审查",
            page_url("suggestions_publishing"),
            f"{row.assignment.unit_name}的答复，主动公开",
            due,
        )

    url = page_url("suggestions_publishing")
    return subject("待公开审查的答复", rows.order_by("served_on", "pk"), url, say)


def key_to_decide(member: Membership, today: dt.date) -> Subject:
    """Proposed for key supervision, not yet decided by the chairpersons' meeting."""
    rows = Supervision.objects.filter(
        kind=Supervision.Kind.KEY,
        state=Supervision.State.PROPOSED,
        suggestion__in=seen(member),
    ).select_related("suggestion", "committee")

    def say(row: Supervision) -> Matter:
        since = timezone.localdate(row.created_at)
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today),
            "登记决定" if access.may_keep(member) else "查看",
            page_url("suggestions_wall"),
            f"拟列为重点督办，{row.committee or '督办委员会待定'}",
            since,
        )

    return subject("待主任会议决定的重点督办", rows.order_by("created_at", "pk"),
                   page_url("suggestions_wall"), say)  # fmt: skip


def supervised(member: Membership, today: dt.date) -> Subject:
    """Supervisions that are running and are the member's: led by a chairperson, a committee's."""
    mine = Q(leader=member)
    if member.role == Role.COMMITTEE:
        mine |= Q(committee__in=units_of(member))
    rows = (
        Supervision.objects.filter(mine, state=Supervision.State.RUNNING)
        .filter(suggestion__in=seen(member))
        .select_related("suggestion")
        .annotate(visited_on=Max("events__on"))
    )

    def say(row: Supervision) -> Matter:
        last = row.visited_on
        since = last or row.decided_on or timezone.localdate(row.created_at)
        said = f"最近督办{cn_short_date(last, today)}" if last else "还没有督办记录"
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today) if not last else rules.Light("active", "督办中"),
            "登记督办",
            page_url("suggestions_wall"),
            f"{row.get_kind_display()}，{said}",
            since,
        )

    title = "我领衔督办的建议" if member.role == Role.CHAIR else "本委员会督办的建议"
    return subject(title, rows.order_by("pk"), page_url("suggestions_wall"), say)
