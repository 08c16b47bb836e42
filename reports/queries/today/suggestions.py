"""Suggestions: what waits for staff at intake, at 交办, during handling and after the reply."""

import datetime as dt

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from congress.holidays import work_calendar
from congress.models import Membership, Role
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import (
    Assignment,
    ClassChange,
    ExtensionApproval,
    ExtensionRequest,
    Feedback,
    Promise,
    PromiseEvent,
    PublicationDecision,
    Reply,
    ReturnRequest,
    Review,
    RuleSet,
    Suggestion,
    Supervision,
)
from suggestions.queries import by_due, rules_in_force, tasks_by_due
from suggestions.rules import OVER, HandlingRules, closed_session_limit, publish_limit

from ... import rules
from ..parts import Matter, Subject, page_url, row_url, rows_url, subject

State, Task = Suggestion.State, Assignment.State


def _place(name: str, row: Suggestion) -> str:
    """The staff's page where this is done; until there is one, the suggestion's own."""
    return page_url(name) or row_url(row)


def _list(name: str, **filters: str) -> str:
    return page_url(name) or rows_url(Suggestion, **filters)


def _numbered(row: Suggestion) -> str:
    return f"{row.number}号 {row.title}" if row.number else row.title


# -- Before it is handed over ------------------------------------------------------------------


def _looked_at(step: str) -> Exists:
    """Whether a step of pre-review has passed the text as it was last handed in."""
    passed = Review.objects.filter(
        suggestion=OuterRef("pk"),
        step=step,
        result=Review.Result.PASSED,
        at__gte=OuterRef("submitted_at"),
    )
    return Exists(passed)


def to_pre_review(member: Membership, today: dt.date) -> Subject:
    """The street's first look at what its deputies handed in."""
    rows = access.visible_to(member).filter(~_looked_at("street"), state=State.PRE_REVIEW)
    return _submitted("待初审的建议", rows, today, "初审")


def to_review(member: Membership, today: dt.date) -> Subject:
    """What 代工委 looks at: the last review, and steps before it that are not a street's."""
    pre = Q(state=State.PRE_REVIEW) & (Q(_looked_at("street")) | Q(street=None))
    rows = access.visible_to(member).filter(Q(state=State.REVIEW) | pre)
    return _submitted("待审查登记的建议", rows, today, "审查")


def _submitted(title: str, rows: QuerySet[Suggestion], today: dt.date, step: str) -> Subject:
    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.submitted_at)
        return Matter(
            row.title,
            row_url(row),
            rules.light_by_wait(since, today),
            step,
            row_url(row),
            f"{row.lead or row.delegation}，{row.get_raised_in_display()}提出，"
            f"{cn_short_date(since, today)}提交",
            since,
        )

    url = rows_url(Suggestion, state__in="pre_review,review")
    return subject(title, rows.order_by("submitted_at", "pk"), url, say)


def to_assign(member: Membership, today: dt.date) -> Subject:
    """Registered and not handed over; between sittings the rules name the day for it."""
    rows = access.visible_to(member).filter(state__in=[State.REGISTERED, State.CONSULTING])
    in_force = rules_in_force(today)
    if in_force is None:
        return Subject("待交办的建议")
    calendar, numbers = work_calendar(), HandlingRules.of(in_force)

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.submitted_at or row.registered_at)
        due, light = since, rules.light_by_wait(since, today)
        if row.raised_in == Suggestion.RaisedIn.BETWEEN:
            due = closed_session_limit(since, numbers, calendar)
            light = rules.light_by_due(due, today)
        return Matter(
            _numbered(row),
            row_url(row),
            light,
            "交办",
            _place("suggestions_batches", row),
            f"{row.get_state_display()}，{row.category or '还没有分类'}",
            due,
        )

    url = rows_url(Suggestion, state__in="registered,consulting")
    return subject("待交办的建议", rows.order_by("registered_at", "pk"), url, say)


# -- While it is handled -----------------------------------------------------------------------


def own_tasks(member: Membership, today: dt.date) -> Subject:
    """What the committee itself has to answer."""
    rows = tasks_by_due(member)

    def say(row: Assignment) -> Matter:
        url = reverse("desk_task", args=[row.pk])
        return Matter(
            _numbered(row.suggestion),
            url,
            rules.light_by_due(row.due_on, today),
            "办理",
            url,
            f"{row.get_role_display()}，{row.get_state_display()}",
            row.due_on,
        )

    return subject("本委员会承办的建议", rows, reverse("desk_items"), say)


def late_tasks(member: Membership, today: dt.date) -> Subject:
    """Units past the day they must keep: to be urged."""
    rows = by_due(
        access.tasks_visible_to(member)
        .exclude(state__in=[*OVER, Task.OPINION_GIVEN])
        .exclude(role=Assignment.Role.OWNER, children__isnull=False)
    ).filter(due_on__lt=today)

    def say(row: Assignment) -> Matter:
        return Matter(
            _numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_due(row.due_on, today),
            "催办",
            row_url(row.suggestion),
            f"{row.unit_name}，{row.get_role_display()}，{row.get_state_display()}",
            row.due_on,
        )

    return subject("逾期未办的建议", rows, _list("suggestions_wall"), say)


def returns_to_rule(member: Membership, today: dt.date) -> Subject:
    """Returns asked of 代工委: those at the first level, and second ones of the same suggestion."""
    before = ReturnRequest.objects.filter(
        assignment__suggestion=OuterRef("assignment__suggestion"), accepted=True
    )
    rows = (
        ReturnRequest.objects.filter(accepted=None)
        .filter(Q(assignment__parent=None) | Q(Exists(before)))
        .filter(assignment__suggestion__in=_seen(member))
        .select_related("assignment__suggestion")
    )

    def say(row: ReturnRequest) -> Matter:
        since, of = timezone.localdate(row.asked_at), row.assignment.suggestion
        return Matter(
            _numbered(of),
            row_url(of),
            rules.light_by_wait(since, today),
            "审批",
            _place("suggestions_rulings", of),
            f"{row.assignment.unit_name}申请退办：{row.get_reason_display()}",
            since,
        )

    url = _list("suggestions_rulings")
    return subject("待审批的退办", rows.order_by("asked_at", "pk"), url, say)


def extensions_to_decide(member: Membership, today: dt.date) -> Subject:
    """Extensions on which 代工委 has not yet spoken."""
    spoken = ExtensionApproval.objects.filter(request=OuterRef("pk"), role=member.role)
    rows = (
        ExtensionRequest.objects.filter(~Exists(spoken), granted=None)
        .filter(assignment__suggestion__rule_set__extension_approvers__contains=member.role)
        .filter(assignment__suggestion__in=_seen(member))
        .select_related("assignment__suggestion")
    )

    def say(row: ExtensionRequest) -> Matter:
        task = row.assignment
        due = task.extended_to or task.legal_due_on
        return Matter(
            _numbered(task.suggestion),
            row_url(task.suggestion),
            rules.light_by_due(due, today),
            "审批",
            _place("suggestions_rulings", task.suggestion),
            f"{task.unit_name}申请延期至{cn_short_date(row.to_on, today)}："
            f"{row.get_reason_display()}",
            due,
        )

    url = _list("suggestions_rulings")
    return subject("待审批的延期", rows.order_by("assignment__legal_due_on", "pk"), url, say)


def replies_to_check(member: Membership, today: dt.date) -> Subject:
    """Replies 代工委 looks at before they go, where the rules say so."""
    ours = RuleSet.Precheck.DEPUTY_AFFAIRS
    rows = by_due(
        access.tasks_visible_to(member).filter(
            state=Task.CHECKING, suggestion__rule_set__reply_precheck=ours
        )
    )

    def say(row: Assignment) -> Matter:
        return Matter(
            _numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_due(row.due_on, today),
            "预审",
            row_url(row.suggestion),
            row.unit_name,
            row.due_on,
        )

    return subject("待预审的答复", rows, _list("suggestions_wall"), say)


# -- What the deputies said --------------------------------------------------------------------


def _seen(member: Membership) -> QuerySet:
    return access.visible_to(member).order_by().values("pk")


def dissatisfied(member: Membership, today: dt.date) -> Subject:
    """A deputy is not satisfied: to be studied, then handled again or explained."""
    return _judged(member, today, "不满意待研判的建议", [State.DISSATISFIED, State.ESCALATED])


def escalated(member: Membership, today: dt.date) -> Subject:
    """Matters brought before the chairpersons."""
    return _judged(member, today, "提请主任会议研究的建议", [State.ESCALATED])


def _judged(member: Membership, today: dt.date, title: str, states: list[str]) -> Subject:
    rows = (
        access.visible_to(member)
        .filter(state__in=states)
        .annotate(
            said_at=Max("feedbacks__given_at", filter=Q(feedbacks__superseded_at=None)),
        )
    )

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.said_at or row.saved_at)
        return Matter(
            _numbered(row),
            row_url(row),
            rules.light_by_wait(since, today),
            "研判" if access.may_keep(member) else "查看",
            _place("suggestions_judging", row) if access.may_keep(member) else row_url(row),
            f"{row.get_state_display()}，第{row.round}轮",
            since,
        )

    url = _list("suggestions_judging", state__in=",".join(states))
    return subject(title, rows.order_by("said_at", "pk"), url, say)


def silent(member: Membership, today: dt.date) -> Subject:
    """Answered, and the time for the deputies' word is over: to be reminded, then passed over."""
    owed = Q(
        feedbacks__state=Feedback.State.EXPECTED,
        feedbacks__superseded_at=None,
        feedbacks__due_on__lt=today,
    )
    rows = (
        access.visible_to(member)
        .filter(state=State.ANSWERED)
        .annotate(word_due=Min("feedbacks__due_on", filter=owed))
        .exclude(word_due=None)
    )

    def say(row: Suggestion) -> Matter:
        return Matter(
            _numbered(row),
            row_url(row),
            rules.light_by_due(row.word_due, today),
            "催请反馈",
            _place("suggestions_judging", row),
            "代表还没有评价",
            row.word_due,
        )

    url = _list("suggestions_judging", state__exact="answered")
    return subject("评价逾期的建议", rows.order_by("word_due", "pk"), url, say)


def forms_to_compare(member: Membership, today: dt.date) -> Subject:
    """Paper forms entered by somebody else, to be compared with their scan."""
    rows = (
        access.feedback_visible_to(member)
        .filter(on_behalf=True, confirmed_by=None, superseded_at=None)
        .exclude(entered_by__user=member.user)
    )

    def say(row: Feedback) -> Matter:
        since = timezone.localdate(row.given_at)
        return Matter(
            _numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today),
            "核对",
            _place("suggestions_judging", row.suggestion),
            f"{row.deputy}的纸质评价表",
            since,
        )

    return subject("待核对的纸质评价", rows.order_by("given_at", "pk"),
                   _list("suggestions_judging"), say)  # fmt: skip


# -- Beyond the reply --------------------------------------------------------------------------


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
            _place("suggestions_promises", row.suggestion),
            f"{row.unit.name}，{_numbered(row.suggestion)}",
            row.due_on,
        )

    return subject(title, rows, _list("suggestions_promises"), say)


def classes_to_agree(member: Membership, today: dt.date) -> Subject:
    """A class is to be raised: the supervising body has not yet said its word."""
    rows = ClassChange.objects.filter(
        committee_agreed_at=None, refused_at=None, assignment__suggestion__in=_seen(member)
    ).select_related("assignment__suggestion", "from_class", "to_class")

    def say(row: ClassChange) -> Matter:
        since, of = timezone.localdate(row.proposed_at), row.assignment.suggestion
        return Matter(
            _numbered(of),
            row_url(of),
            rules.light_by_wait(since, today),
            "确认",
            _place("suggestions_promises", of),
            f"{row.assignment.unit_name}提出由{row.from_class.mark}类调整为{row.to_class.mark}类",
            since,
        )

    url = _list("suggestions_promises")
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
            _numbered(of),
            row_url(of),
            rules.light_by_due(due, today),
            "公开审查",
            _place("suggestions_publishing", of),
            f"{row.assignment.unit_name}的答复，主动公开",
            due,
        )

    url = _list("suggestions_publishing")
    return subject("待公开审查的答复", rows.order_by("served_on", "pk"), url, say)


# -- 督办 --------------------------------------------------------------------------------------


def key_to_decide(member: Membership, today: dt.date) -> Subject:
    """Proposed for key supervision, not yet decided by the chairpersons' meeting."""
    rows = Supervision.objects.filter(
        kind=Supervision.Kind.KEY,
        state=Supervision.State.PROPOSED,
        suggestion__in=_seen(member),
    ).select_related("suggestion", "committee")

    def say(row: Supervision) -> Matter:
        since = timezone.localdate(row.created_at)
        return Matter(
            _numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today),
            "登记决定" if access.may_keep(member) else "查看",
            _place("suggestions_wall", row.suggestion),
            f"拟列为重点督办，{row.committee or '督办委员会待定'}",
            since,
        )

    return subject("待主任会议决定的重点督办", rows.order_by("created_at", "pk"),
                   _list("suggestions_wall"), say)  # fmt: skip


def supervised(member: Membership, today: dt.date) -> Subject:
    """Supervisions that are running and are the member's: led by a chairperson, a committee's."""
    mine = Q(leader=member)
    if member.role == Role.COMMITTEE:
        mine |= Q(committee__in=access.units_of(member))
    rows = (
        Supervision.objects.filter(mine, state=Supervision.State.RUNNING)
        .filter(suggestion__in=_seen(member))
        .select_related("suggestion")
        .annotate(visited_on=Max("events__on"))
    )

    def say(row: Supervision) -> Matter:
        last = row.visited_on
        since = last or row.decided_on or timezone.localdate(row.created_at)
        said = f"最近督办{cn_short_date(last, today)}" if last else "还没有督办记录"
        return Matter(
            _numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_wait(since, today) if not last else rules.Light("active", "督办中"),
            "登记督办",
            _place("suggestions_wall", row.suggestion),
            f"{row.get_kind_display()}，{said}",
            since,
        )

    title = "我领衔督办的建议" if member.role == Role.CHAIR else "本委员会督办的建议"
    return subject(title, rows.order_by("pk"), _list("suggestions_wall"), say)
