"""承诺, 并案: what goes beside and beyond the reply."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from notices.actions import send

from .. import access, queries
from ..models import (
    MergedItem,
    MergeGroup,
    Promise,
    PromiseEvent,
    Reply,
    Suggestion,
)
from ..queries.promising import promises_come_due
from ..rules import PROMISE_FLOW
from .beats import hold
from .duties import count_duties, take_duties_back
from .limits import keep_limits
from .telling import standing_tasks, tell_deputies, tell_units

State = Suggestion.State
COME_DUE = "承诺的完成日期已到，尚未报告落实，重新跟踪。"
OVER = (State.WITHDRAWN, State.TERMINATED, State.NOT_ACCEPTED)


def _staff(by: Membership, sentence: str, *roles: Role) -> None:
    if by.role not in (Role.DEPUTY_AFFAIRS, *roles):
        raise NotAllowed(sentence)


# -- 承诺 -------------------------------------------------------------------------------------


def _promise(row: Promise, step: Promise.Step, by: Membership) -> Promise:
    row = (
        Promise.objects.select_for_update(of=("self",))
        .select_related("suggestion__lead__membership", "suggestion__rule_set", "unit", "reply")
        .get(pk=row.pk)
    )
    if row.reply.state != Reply.State.SERVED:
        raise NotAllowed("答复还没有送达，承诺尚未生效")
    state = PROMISE_FLOW.after(row.state, step)
    if step not in access.promise_steps(by, row):
        raise NotAllowed(f"您不能对这项承诺“{step.label}”")
    row.state = state
    return row


def _event(row: Promise, kind: str, text: str, by: Membership | None, **more: Any) -> PromiseEvent:
    """Write down what happened with a promise, which is saved; its time limits follow."""
    event = PromiseEvent.objects.create(
        promise=row, kind=kind, on=timezone.localdate(), text=text.strip(), by=by, **more
    )
    keep_limits([row.suggestion_id])
    return event


@transaction.atomic
def report_promise(row: Promise, *, by: Membership, text: str, signer: str, **more: Any) -> Promise:
    """落实情况, signed by the head; the deputies and the committee are told, and the deputies'
    word is asked for within the days of the rules."""
    if not text.strip() or not signer.strip():
        raise NotAllowed("请写明落实情况，并填写签发人")
    row = _promise(row, Promise.Step.REPORT, by)
    row.save()
    _event(row, PromiseEvent.Kind.REPORT, text, by, signer=signer.strip(), **more)
    _tell_of_promise("suggestions/promise_reported", row, deputies=True)
    audit.record(by, "suggestions.report_promise", row, note=text.strip())
    return row


def _tell_of_promise(
    template: str, row: Promise, *, deputies: bool = False, units: bool = False
) -> None:
    """Tell 代工委, and the deputies or the unit, each with the page that is theirs."""
    words = {"promise": row, "suggestion": row.suggestion}
    send(template, to=queries.keepers(), link=f"/admin/suggestions/promises/{row.pk}/", **words)
    if deputies:
        told = [d.membership for d in queries.speakers(row.suggestion) if d.membership_id]
        send(template, to=told, link=f"/me/suggestions/{row.suggestion_id}/", **words)
    if units:
        to = queries.people_of(row.unit)
        send(template, to=to, link=f"/desk/promises/{row.pk}/", **words)


@transaction.atomic
def change_promise(
    row: Promise, *, by: Membership, text: str, signer: str, new_due_on: dt.date
) -> Promise:
    """调整承诺: another day, with a signed reason to the deputy; the old day stays on record."""
    if not text.strip() or not signer.strip():
        raise NotAllowed("调整承诺须书面说明原因，并由负责人签发")
    if new_due_on <= timezone.localdate():
        raise NotAllowed("新的完成日期应当晚于今天")
    row = _promise(row, Promise.Step.CHANGE, by)
    old, row.due_on = row.due_on, new_due_on
    row.save()
    _event(row, PromiseEvent.Kind.CHANGE, text, by, signer=signer.strip(), old_due_on=old,
           new_due_on=new_due_on)  # fmt: skip
    _tell_of_promise("suggestions/promise_changed", row, deputies=True)
    audit.record(by, "suggestions.change_promise", row, note=text.strip(),
                 before={"完成日期": old}, after={"完成日期": new_due_on})  # fmt: skip
    return row


@transaction.atomic
def fail_promise(row: Promise, *, by: Membership, text: str, signer: str) -> Promise:
    """无法落实, with a signed explanation."""
    if not text.strip() or not signer.strip():
        raise NotAllowed("无法落实的，须书面说明原因，并由负责人签发")
    row = _promise(row, Promise.Step.FAIL, by)
    row.save()
    _event(row, PromiseEvent.Kind.FAIL, text, by, signer=signer.strip())
    _tell_of_promise("suggestions/promise_failed", row, deputies=True)
    audit.record(by, "suggestions.fail_promise", row, note=text.strip())
    return row


@transaction.atomic
def confirm_promise(row: Promise, *, by: Membership, text: str = "") -> Promise:
    """代工委 or the committee has looked: the promise is kept."""
    row = _promise(row, Promise.Step.CONFIRM, by)
    row.kept_on = timezone.localdate()
    row.save()
    _event(row, PromiseEvent.Kind.VERIFY, text or "核实已落实", by)
    audit.record(by, "suggestions.confirm_promise", row, note=text)
    return row


@transaction.atomic
def receipt_promise(row: Promise, *, by: Membership, value: str, text: str = "") -> PromiseEvent:
    """The deputy's word on how a promise was kept; it never changes what the unit reported."""
    deputies = {d.membership_id: d for d in queries.speakers(row.suggestion)}
    if by.pk not in deputies:
        raise NotAllowed("只有提出建议的代表可以评价承诺的落实")
    if value not in ("satisfied", "basically", "unsatisfied"):
        raise NotAllowed("没有这个评价档次")
    if value == "unsatisfied" and not text.strip():
        raise NotAllowed("评价为不满意的，请写明具体意见")
    event = _event(row, PromiseEvent.Kind.RECEIPT, text, by, value=value, deputy=deputies[by.pk])
    if value == "unsatisfied":
        _tell_of_promise("suggestions/promise_disputed", row)
    audit.record(by, "suggestions.receipt_promise", row, after={"评价": value})
    return event


@transaction.atomic
def open_due_promises(on: dt.date) -> int:
    """Promises whose day has come without a report are taken up again by themselves, each once
    for its day: it stands in the record, the unit is asked for a report, 代工委 is told; gives how
    many. From here on the time limit reminds."""
    rows = promises_come_due(Promise.objects.all(), on).select_related(
        "unit", "suggestion", "reply"
    )
    rows = list(rows.select_for_update(of=("self",), skip_locked=True))
    PromiseEvent.objects.bulk_create(
        PromiseEvent(promise=row, kind=PromiseEvent.Kind.REOPEN, on=on, text=COME_DUE)
        for row in rows
    )
    for row in rows:
        _tell_of_promise("suggestions/promise_due", row, units=True)
    return len(rows)


@transaction.atomic
def note_progress(row: Promise, *, by: Membership, text: str, signer: str) -> PromiseEvent:
    """四季度报告: how far a promise has come that is not yet kept; the deputy is told."""
    if not text.strip() or not signer.strip():
        raise NotAllowed("请写明进展情况，并填写签发人")
    row = Promise.objects.select_for_update(of=("self",)).select_related(
        "suggestion__lead__membership", "unit", "reply").get(pk=row.pk)  # fmt: skip
    if Promise.Step.REPORT not in access.promise_steps(by, row):
        raise NotAllowed("这项承诺现在不需要报告进展")
    if row.reply.state != Reply.State.SERVED:
        raise NotAllowed("答复还没有送达，承诺尚未生效")
    event = _event(row, PromiseEvent.Kind.PROGRESS, text, by, signer=signer.strip())
    _tell_of_promise("suggestions/promise_progress", row, deputies=True)
    audit.record(by, "suggestions.note_progress", row, note=text.strip())
    return event


@transaction.atomic
def ask_progress(row: Promise, *, by: Membership) -> int:
    """The unit is asked to report on a promise; gives how many people were told. Asked again the
    same day nobody is told twice."""
    _staff(by, "承诺的落实情况由代工委和专工委催报", Role.COMMITTEE)
    if row.state not in (Promise.State.RUNNING, Promise.State.CHANGED):
        raise NotAllowed(f"这项承诺{row.get_state_display()}，不需要催报")
    told = send(
        "suggestions/promise_ask", to=queries.people_of(row.unit), promise=row,
        suggestion=row.suggestion, link=f"/desk/promises/{row.pk}/",
        dedupe_key=f"promise-ask-{row.pk}-{timezone.localdate():%Y%m%d}",
    )  # fmt: skip
    audit.record(by, "suggestions.ask_progress", row)
    return told


@transaction.atomic
def reopen_promise(row: Promise, *, by: Membership, text: str) -> Promise:
    """A promise said to be kept, or given up, is followed again: the deputy or a look on the spot
    showed otherwise."""
    if not text.strip():
        raise NotAllowed("请写明重新跟踪的理由")
    row = _promise(row, Promise.Step.REOPEN, by)
    row.kept_on = None
    row.save()
    _event(row, PromiseEvent.Kind.REOPEN, text, by)
    _tell_of_promise("suggestions/promise_reopened", row, deputies=True, units=True)
    audit.record(by, "suggestions.reopen_promise", row, note=text.strip())
    return row


# -- 并案 -------------------------------------------------------------------------------------


@transaction.atomic
def merge(
    main: Suggestion, others: Iterable[Suggestion], *, by: Membership, reason: str
) -> MergeGroup:
    """并案: handled together; each keeps its number, its letter and its judgement. As duty the
    matter counts once, for those who raised the main item."""
    _staff(by, "并案由代工委办理")
    others = list(others)
    if not others or main in others:
        raise NotAllowed("请选择要并入的其他建议")
    if not reason.strip():
        raise NotAllowed("请写明并案的理由")
    rows = [hold(s) for s in sorted([main, *others], key=lambda s: s.pk)]
    for row in rows:
        access.need_own(row)
    early = (State.REGISTERED, State.CONSULTING, State.ASSIGNED, State.HANDLING)
    if any(s.state not in early for s in rows):
        raise NotAllowed("只有已登记且尚未答复的建议可以并案")
    if MergedItem.objects.filter(suggestion__in=rows, left_at=None).exists():
        raise NotAllowed("其中有的建议已在另一并案中")
    group = MergeGroup.objects.create(main=main, reason=reason.strip(), by=by)
    MergedItem.objects.bulk_create(MergedItem(group=group, suggestion=s) for s in rows)
    for row in rows:
        if row.pk != main.pk:
            take_duties_back(row, by=by, reason=f"并入第{main.number}号建议")
        tell_deputies("suggestions/merged", row, main=main, count=len(rows))
        tell_units("suggestions/merged", standing_tasks(row), main=main, count=len(rows))
    audit.record(by, "suggestions.merge", main, after={"件数": len(rows)}, note=reason.strip())
    return group


@transaction.atomic
def leave_merge(item: MergedItem, *, by: Membership, reason: str) -> MergedItem:
    """One item is handled by itself again, and counts as duty again."""
    _staff(by, "并案由代工委办理")
    if item.left_at or not reason.strip():
        raise NotAllowed("请写明分出的理由")
    item.left_at, item.left_reason = timezone.now(), reason.strip()
    item.save()
    suggestion = hold(item.suggestion)
    if suggestion.state not in OVER:
        count_duties(suggestion, queries.rules_of(suggestion), by=by)
    audit.record(by, "suggestions.leave_merge", item.suggestion, note=reason.strip())
    return item
