"""The handling desk's first screen: what waits for a unit, or for the office that hands on."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from congress.access import units_of
from congress.models import Membership, Role
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import (
    Assignment,
    ExtensionRequest,
    Promise,
    ProposedTask,
    Reply,
    ReturnRequest,
)
from suggestions.queries import desk_tasks

from ..rules import Light, light_by_due, light_by_wait
from .parts import Figure, Matter, Subject, subject

MANY = 10  # rows of a subject at the desk, which has few subjects
PROMISES_AHEAD = 30  # days before a promise's day from which it stands on the first screen
Task, Part = Assignment.State, Assignment.Role
# What comes next, as the unit would say it.
NEXT = {
    Task.TO_SIGN: "请签收",
    Task.SIGNED: "请与代表沟通",
    Task.HANDLING: "办理中",
    Task.OPINION_BACK: "会办意见被退回",
    Task.DRAFTED: "答复待签发",
    Task.SIGNED_OFF: "答复待送达",
    Task.CHECKING: "答复在预审",
    Task.RETURN_ASKED: "退办待审批",
    Task.EXTENSION_ASKED: "延期待审批",
    Task.REHANDLING: "请重新办理",
}


def home_of(member: Membership) -> tuple[list[Subject], list[Figure]]:
    """Everything of a desk's first screen, in a constant number of queries: what waits, and how
    many tasks there are."""
    today = timezone.localdate()
    office = member.role == Role.GOVERNMENT_OFFICE
    builders = OFFICE if office else UNIT
    found = [build(member, today) for build in builders]
    return [s for s in found if s.count], _figures(member, today)


def _figures(member: Membership, today: dt.date) -> list[Figure]:
    items = reverse("desk_items")
    late = desk_tasks(member, "late", today).count()
    answered = desk_tasks(member, "answered").filter(assigned_on__year=today.year)
    return [
        Figure("正在办理", desk_tasks(member).count(), items, "件"),
        Figure("已逾期", late, f"{items}?show=late", "件", tone="late" if late else ""),
        Figure(
            f"{today.year}年交办，已答复",
            answered.count(),
            f"{items}?show=answered&year={today.year}",
            "件",
        ),
    ]


# -- A unit ------------------------------------------------------------------------------------


def _task(row: Assignment, today: dt.date, word: str = "") -> Matter:
    word = word or f"{row.get_role_display()}，{NEXT.get(row.state, row.get_state_display())}"
    return Matter(
        row.suggestion.title,
        reverse("desk_task", args=[row.pk]),
        light_by_due(row.due_on, today),
        note=f"第{row.suggestion.number}号，{word}，{cn_short_date(row.due_on, today)}前",
        due_on=row.due_on,
    )


def own(member: Membership, today: dt.date) -> Subject:
    """The unit's open tasks by days left; a joint opinion that was given waits for the others."""
    rows = desk_tasks(member)
    title, url = "待办的建议", reverse("desk_items")
    return subject(title, rows, url, lambda row: _task(row, today), MANY)


def asked(member: Membership, today: dt.date) -> Subject:
    """Asked before 交办 whether the matter is the unit's."""
    rows = access.consultations_of(member).filter(agrees=None)

    def say(row: ProposedTask) -> Matter:
        since = timezone.localdate(row.asked_at)
        return Matter(
            row.suggestion.title,
            reverse("desk_consultations"),
            light_by_wait(since, today),
            note=f"第{row.suggestion.number}号，拟由本单位{row.get_role_display()}，请答复是否承办",
            due_on=since,
        )

    return subject("预交办征询", rows, reverse("desk_consultations"), say)


def promises(member: Membership, today: dt.date) -> Subject:
    """Promises that are due soon or over, without a report."""
    rows = access.promises_visible_to(member).filter(
        unit__in=units_of(member),
        state__in=[Promise.State.RUNNING, Promise.State.CHANGED],
        reply__state=Reply.State.SERVED,
        due_on__lte=today + dt.timedelta(days=PROMISES_AHEAD),
    )

    def say(row: Promise) -> Matter:
        return Matter(
            row.content,
            reverse("desk_promise", args=[row.pk]),
            light_by_due(row.due_on, today),
            note=f"第{row.suggestion.number}号建议，{cn_short_date(row.due_on, today)}前完成",
            due_on=row.due_on,
        )

    return subject("到期的承诺", rows.order_by("due_on", "pk"), reverse("desk_promises"), say)


# -- The office that hands on ------------------------------------------------------------------


def to_hand_on(member: Membership, today: dt.date) -> Subject:
    """Handed to the office, no unit named yet."""
    rows = desk_tasks(member, "to_hand_on").order_by("assigned_on", "pk")

    def say(row: Assignment) -> Matter:
        return Matter(
            row.suggestion.title,
            reverse("desk_task", args=[row.pk]),
            light_by_wait(row.assigned_on, today),
            note=f"第{row.suggestion.number}号，{cn_short_date(row.assigned_on, today)}交办，"
            "请确定承办单位",
            due_on=row.assigned_on,
        )

    url = reverse("desk_items") + "?show=to_hand_on"
    return subject("待分办的建议", rows, url, say, MANY)


def returns(member: Membership, today: dt.date) -> Subject:
    """Returns the office decides: of tasks it assigned."""
    rows = (
        ReturnRequest.objects.filter(accepted=None)
        .filter(assignment__parent__unit__in=units_of(member))
        .select_related("assignment__suggestion")
    )

    def say(row: ReturnRequest) -> Matter:
        since = timezone.localdate(row.asked_at)
        return Matter(
            row.assignment.suggestion.title,
            reverse("desk_task_decide_return", args=[row.assignment_id]),
            light_by_wait(since, today),
            note=f"{row.assignment.unit_name}申请退办：{row.get_reason_display()}",
            due_on=since,
        )

    url = reverse("desk_items") + "?show=returns"
    return subject("待审批的退办", rows.order_by("asked_at", "pk"), url, say)


def extensions(member: Membership, today: dt.date) -> Subject:
    """Extensions on which the office has its word and has not said it."""
    rows = access.extensions_to_decide(member)

    def say(row: ExtensionRequest) -> Matter:
        task = row.assignment
        due = task.extended_to or task.legal_due_on
        return Matter(
            task.suggestion.title,
            reverse("desk_task_decide_extension", args=[task.pk]),
            light_by_due(due, today),
            note=f"{task.unit_name}申请延期至{cn_short_date(row.to_on, today)}",
            due_on=due,
        )

    url = reverse("desk_items") + "?show=extensions"
    return subject("待审批的延期", rows.order_by("assignment__legal_due_on", "pk"), url, say)


def replies(member: Membership, today: dt.date) -> Subject:
    """Replies the office looks at before they go."""
    rows = desk_tasks(member, "to_check")
    return subject(
        "待预审的答复",
        rows,
        reverse("desk_items") + "?show=to_check",
        lambda row: _task(row, today, row.unit_name),
    )


def system(member: Membership, today: dt.date) -> Subject:
    """Everything the units of its system have in hand, the most pressing first."""
    rows = desk_tasks(member, "system")
    return subject(
        "本系统在办的建议",
        rows,
        reverse("desk_items") + "?show=system",
        lambda row: _task(row, today, f"{row.unit_name}{row.get_role_display()}"),
        MANY,
    )


def late_promises(member: Membership, today: dt.date) -> Subject:
    """Promises of the system's units whose day is over without a report."""
    rows = access.promises_visible_to(member).filter(
        state__in=[Promise.State.RUNNING, Promise.State.CHANGED],
        reply__state=Reply.State.SERVED,
        due_on__lt=today,
    )

    def say(row: Promise) -> Matter:
        days = (today - row.due_on).days
        return Matter(
            row.content,
            reverse("desk_promise", args=[row.pk]),
            Light("late", f"已逾期 {days} 天"),
            note=f"{row.unit}，第{row.suggestion.number}号建议",
            due_on=row.due_on,
        )

    return subject("到期未报的承诺", rows.order_by("due_on", "pk"), reverse("desk_promises"), say)


UNIT = (own, asked, promises)
OFFICE = (to_hand_on, returns, extensions, replies, system, late_promises)
