"""Beyond the reply: promises, classes, publication, 督办."""

import datetime as dt

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from congress.models import Membership, Role
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import ClassChange, Promise, PromiseEvent, Suggestion, Supervision
from suggestions.queries import promising
from suggestions.queries import publishing as desk
from suggestions.queries.supervising import own, with_visits

from .... import rules
from ...parts import Matter, Subject, list_url, page_url, row_url, subject
from .frame import numbered


def promises_to_verify(member: Membership, today: dt.date) -> Subject:
    """Promises a unit says it has kept: somebody looks, then they are."""
    reports = PromiseEvent.objects.filter(
        promise=OuterRef("pk"), kind=PromiseEvent.Kind.REPORT
    ).order_by("-on")
    rows = _ledger(member, today, "reported")
    rows = rows.annotate(reported_on=Subquery(reports.values("on")[:1]))
    return _promises("待核实的承诺", rows.order_by("reported_on", "pk"), today, "reported", "核实")


def promises_late(member: Membership, today: dt.date) -> Subject:
    """Promises whose day has come without a report."""
    return _promises("到期未报的承诺", _ledger(member, today, "due"), today, "due", "催报")


def _ledger(member: Membership, today: dt.date, place: str) -> QuerySet[Promise]:
    rows = promising.ledger(access.promises_visible_to(member), today)
    return rows.filter(promising.in_place(place, today))


def _promises(
    title: str, rows: QuerySet[Promise], today: dt.date, place: str, step: str
) -> Subject:
    def say(row: Promise) -> Matter:
        reported = getattr(row, "reported_on", None)
        return Matter(
            row.content,
            row_url(row.suggestion),
            rules.light_by_wait(reported, today)
            if reported
            else rules.light_by_due(row.due_on, today),
            step,
            page_url("suggestions_promise", row.pk),
            f"{row.unit.name}，{numbered(row.suggestion)}",
            row.due_on,
        )

    url = list_url("suggestions_promises", place=place)
    return subject(title, rows, url, say, reads=["suggestion", "unit"])


def classes_to_agree(member: Membership, today: dt.date) -> Subject:
    """A class is to be raised: the supervising body has not yet said its word."""
    rows = promising.class_changes(access.followed_tasks(member))
    rows = rows.filter(promising.WAITS_FOR_COMMITTEE)
    url = list_url("suggestions_classes", show="committee")

    def say(row: ClassChange) -> Matter:
        since, of = timezone.localdate(row.proposed_at), row.assignment.suggestion
        return Matter(
            numbered(of),
            row_url(of),
            rules.light_by_wait(since, today),
            "确认",
            url,
            f"{row.assignment.unit_name}提出由{row.from_class.mark}类调整为{row.to_class.mark}类",
            since,
        )

    reads = ["assignment__suggestion", "from_class", "to_class"]
    return subject("待确认的类别调整", rows.order_by("proposed_at", "pk"), url, say, reads=reads)


def to_publish(member: Membership, today: dt.date) -> Subject:
    """Answered and not yet decided whether to publish, with the days for it nearly over."""
    rows = desk.publishable(access.visible_to(member)).filter(desk.PLACES["check"])
    rows = desk.pressing(rows, today)

    def say(row: Suggestion) -> Matter:
        return Matter(
            numbered(row),
            row_url(row),
            rules.light_by_due(row.publish_by, today),
            "公开审查",
            page_url("suggestions_publish", row.pk),
            f"{cn_short_date(row.served_last, today)}送达答复",
            row.publish_by,
        )

    url = list_url("suggestions_publishing", place="check", due="soon")
    return subject("待公开审查的答复", rows.order_by("served_last", "pk"), url, say, reads=())


def key_to_decide(member: Membership, today: dt.date) -> Subject:
    """Proposed for key supervision, not yet decided by the chairpersons' meeting."""
    rows = access.supervisions_visible_to(member).filter(
        kind=Supervision.Kind.KEY, state=Supervision.State.PROPOSED
    )

    def say(row: Supervision) -> Matter:
        since = timezone.localdate(row.created_at)
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today),
            "登记决定" if access.may_keep(member) else "查看",
            page_url("suggestions_key", row.pk),
            f"拟列为重点督办，{row.committee or '督办委员会待定'}",
            since,
        )

    url = list_url("suggestions_keys", place="proposed", kind=Supervision.Kind.KEY)
    rows = rows.order_by("created_at", "pk")
    return subject("待主任会议决定的重点督办", rows, url, say, reads=["suggestion", "committee"])


def supervised(member: Membership, today: dt.date) -> Subject:
    """Supervisions that are running and are the member's: led by a chairperson, a committee's."""
    rows = access.supervisions_visible_to(member).filter(state=Supervision.State.RUNNING)
    rows = with_visits(own(rows, member))

    def say(row: Supervision) -> Matter:
        last = row.last_on
        since = last or row.decided_on or timezone.localdate(row.created_at)
        said = f"最近督办{cn_short_date(last, today)}" if last else "还没有督办记录"
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today) if not last else rules.Light("active", "督办中"),
            "登记督办",
            page_url("suggestions_key", row.pk),
            f"{row.get_kind_display()}，{said}",
            since,
        )

    title = "我领衔督办的建议" if member.role == Role.CHAIR else "本委员会督办的建议"
    url = list_url("suggestions_keys", place="running", mine="on")
    return subject(title, rows.order_by("pk"), url, say, reads=["suggestion"])
