"""Suggestions while units handle them: own tasks, late ones, what 代工委 rules on."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from congress.models import Membership, Role
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import (
    Assignment,
    ExtensionRequest,
    ReturnRequest,
)
from suggestions.queries import desk_tasks, extensions_waiting_for, returns_waiting_for
from suggestions.queries import wall as board

from .... import rules
from ...parts import Matter, Subject, list_url, page_url, row_url, subject
from .frame import numbered


def own_tasks(member: Membership, today: dt.date) -> Subject:
    """What the committee or street itself has to answer."""
    rows = desk_tasks(member)

    def say(row: Assignment) -> Matter:
        url = reverse("desk_task", args=[row.pk])
        return Matter(
            numbered(row.suggestion),
            url,
            rules.light_by_due(row.due_on, today),
            "办理",
            url,
            f"{row.get_role_display()}，{row.get_state_display()}",
            row.due_on,
        )

    title = "本街道（镇）承办的建议" if member.role == Role.STREET else "本委员会承办的建议"
    return subject(title, rows, reverse("desk_items"), say, reads=["suggestion"])


def late_tasks(member: Membership, today: dt.date) -> Subject:
    """Units past the day they must keep: to be urged."""
    rows = board.waiting(access.followed_tasks(member), today).filter(light=board.LATE)

    def say(row: Assignment) -> Matter:
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_due(row.due_on, today),
            "催办",
            row_url(row.suggestion),
            f"{row.unit_name}，{row.get_role_display()}，{row.get_state_display()}",
            row.due_on,
        )

    url = list_url("suggestions_wall", light=board.LATE)
    return subject("逾期未办的建议", rows, url, say, reads=["suggestion"])


def returns_to_rule(member: Membership, today: dt.date) -> Subject:
    """Returns asked of 代工委: those at the first level, and second ones of the same suggestion."""
    rows = returns_waiting_for(member)

    def say(row: ReturnRequest) -> Matter:
        since, of = timezone.localdate(row.asked_at), row.assignment.suggestion
        return Matter(
            numbered(of),
            row_url(of),
            rules.light_by_wait(since, today),
            "审批",
            page_url("suggestions_rulings"),
            f"{row.assignment.unit_name}申请退办：{row.get_reason_display()}",
            since,
        )

    url = list_url("suggestions_rulings", show="returns", mine="on")
    return subject("待审批的退办", rows, url, say, reads=["assignment__suggestion"])


def extensions_to_decide(member: Membership, today: dt.date) -> Subject:
    """Extensions on which 代工委 has not yet spoken."""
    rows = extensions_waiting_for(member)

    def say(row: ExtensionRequest) -> Matter:
        task = row.assignment
        due = task.extended_to or task.legal_due_on
        return Matter(
            numbered(task.suggestion),
            row_url(task.suggestion),
            rules.light_by_due(due, today),
            "审批",
            page_url("suggestions_rulings"),
            f"{task.unit_name}申请延期至{cn_short_date(row.to_on, today)}："
            f"{row.get_reason_display()}",
            due,
        )

    url = list_url("suggestions_rulings", show="extensions", mine="on")
    rows = rows.order_by("assignment__legal_due_on", "pk")
    return subject("待审批的延期", rows, url, say, reads=["assignment__suggestion"])


def replies_to_check(member: Membership, today: dt.date) -> Subject:
    """Replies 代工委 looks at before they go, where the rules say so."""
    rows = board.waiting(access.tasks_to_check(member), today)

    def say(row: Assignment) -> Matter:
        return Matter(
            numbered(row.suggestion),
            row_url(row.suggestion),
            rules.light_by_due(row.due_on, today),
            "预审",
            reverse("admin:suggestions_reply_check", args=[row.pk]),
            row.unit_name,
            row.due_on,
        )

    url = list_url("suggestions_wall", checking="on")
    return subject("待预审的答复", rows, url, say, reads=["suggestion"])
