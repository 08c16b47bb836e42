"""The course of a suggestion in plain words, from its own rows."""

import datetime as dt
from typing import Any

from django.utils import timezone

from congress.models import Membership, Role
from congress.words import cn_date

from .. import access
from ..models import (
    Assignment,
    Feedback,
    PromiseEvent,
    Reply,
    Review,
    Signature,
    Study,
    Suggestion,
    Supervision,
    SupplementaryLetter,
)
from ..rules import GONE

State = Suggestion.State
# What happens next, for the one who waits.
NEXT = {
    State.DRAFT: "写好后提交，或者先邀请其他代表联名",
    State.COSIGNING: "等待联名代表确认",
    State.PRE_REVIEW: "等待初审",
    State.SENT_BACK: "修改后可以再次提交",
    State.REVIEW: "等待代工委审查",
    State.REGISTERED: "等待交办",
    State.CONSULTING: "正在征询承办单位",
    State.ASSIGNED: "等待确定承办单位",
    State.HANDLING: "承办单位正在办理",
    State.ANSWERED: "等待代表评价",
    State.DISSATISFIED: "代工委正在研究代表的意见",
    State.REHANDLING: "承办单位正在重新办理",
    State.ESCALATED: "提请主任会议协调",
}


def course(suggestion: Suggestion, member: Membership) -> list[dict[str, Any]]:
    """What happened, oldest first, then what is awaited; in a constant number of queries.

    Each entry: title, at (day), by, note, done or now, as components/course.html draws it. Who
    judged how is told only to those who may see it.
    """
    events = [
        *_before_assigning(suggestion, access.may_see_names(member, suggestion)),
        *_tasks(suggestion),
        *_supervisions(suggestion),
        *_changes(suggestion, member),
        *_coordinations(suggestion),
        *_replies(suggestion, member),
        *_judgement(suggestion, member),
        *_studies(suggestion),
        *_afterwards(suggestion),
    ]
    events.sort(key=lambda e: e["at"])
    if suggestion.state in NEXT:
        now = "由代工委在系统以外办理" if suggestion.is_outside else NEXT[suggestion.state]
        events.append({"title": now, "at": None, "now": True, **_due(suggestion)})
    return events


def _day(value: dt.datetime | dt.date | None) -> dt.date | None:
    return timezone.localdate(value) if isinstance(value, dt.datetime) else value


def _event(title: str, at, by: str = "", note: str = "") -> dict[str, Any]:
    return {"title": title, "at": _day(at), "by": by, "note": note, "done": True, "moment": at}


def _before_assigning(s: Suggestion, named: bool) -> list[dict]:
    found = []
    signed = list(s.signatures.filter(state=Signature.State.CONFIRMED).select_related("deputy"))
    if signed:
        who = "、".join(x.deputy.name for x in signed) if named else f"{len(signed)}位代表"
        found.append(
            _event(
                "联名确认",
                max((x.answered_at for x in signed if x.answered_at), default=s.submitted_at),
                who,
            )
        )
    by = s.raised_by if named else "提出代表"
    handed_in = list(s.revisions.order_by("number").values_list("at", flat=True))
    if s.submitted_at:
        word = "收到来文" if s.is_received else "提交"
        found.append(_event(word, min([s.submitted_at, *handed_in]), by))
    found += [_event("修改后提交", at, by) for at in handed_in[1:]]
    words = {
        Review.Result.PASSED: "审查通过",
        Review.Result.SENT_BACK: "退回修改",
        Review.Result.REFUSED: "不作为建议处理",
    }
    for review in s.reviews.select_related("by__unit"):
        found.append(
            _event(words[review.result], review.at, str(review.by.unit or ""), review.opinion)
        )
    if s.registered_at:
        found.append(_event("登记编号", s.registered_at, note=s.number))
    return sorted(found, key=lambda e: e["moment"])  # all have their hour


def _tasks(s: Suggestion) -> list[dict]:
    tasks = list(
        s.assignments.prefetch_related(
            "contacts__confirmations", "opinions", "return_requests", "extension_requests"
        )
    )
    found = _handed_out(tasks)
    for task in tasks:
        for contact in task.contacts.all():
            said = [c.confirmed for c in contact.confirmations.all()]
            state = (
                "已确认" if True in said else "代表认为不属实" if False in said else "待代表确认"
            )
            found.append(
                _event(f"沟通（{contact.get_mode_display()}）", contact.on, task.unit_name,
                       f"{contact.opinions}（{state}）")
            )  # fmt: skip
        for opinion in task.opinions.all():
            back = f"被退回：{opinion.sent_back_reason}" if opinion.sent_back_reason else ""
            found.append(_event("提交会办意见", opinion.given_at, task.unit_name, back))
        for request in task.extension_requests.all():
            if request.granted:
                found.append(_event("同意延期答复", request.decided_at, task.unit_name,
                                    f"延至{cn_date(request.to_on)}"))  # fmt: skip
    return found


def _handed_out(tasks: list[Assignment]) -> list[dict]:
    """交办, 签收 and returns in the order they happened; what happened to several units on one day
    is told once."""
    returned = [
        (r.decided_at, _event("同意退办，改由其他单位办理", r.decided_at, t.unit_name, r.decision))
        for t in tasks
        for r in t.return_requests.all()
        if r.accepted
    ]
    handed: dict[tuple, list[Assignment]] = {}
    signed: dict[dt.date, list[Assignment]] = {}
    for task in tasks:
        handed.setdefault((bool(task.parent_id), task.assigned_on), []).append(task)
        if task.signed_at:
            signed.setdefault(_day(task.signed_at), []).append(task)
    given = [
        (
            min(t.created_at for t in group),
            _event("分办" if is_second else "交办", on, note="、".join(
                f"{t.unit_name}（{t.get_role_display()}）" for t in group)),
        )
        for (is_second, on), group in handed.items()
    ]  # fmt: skip
    taken = [
        (min(t.signed_at for t in group), _event("签收", on, "、".join(t.unit_name for t in group)))
        for on, group in signed.items()
    ]
    return [event for _, event in sorted([*returned, *given, *taken], key=lambda pair: pair[0])]


def _changes(s: Suggestion, member: Membership) -> list[dict]:
    """Units changed after 交办; the deputy's objections for the deputies and for staff."""
    found = [_event(c.get_kind_display(), c.at, note=f"{c.text}。理由：{c.reason}")
             for c in s.unit_changes.all()]  # fmt: skip
    if member.role in access.UNIT_ROLES:
        return found
    for row in s.unit_objections.select_related("deputy"):
        found.append(_event("对承办单位提出异议", row.at, row.deputy.name, row.text))
        if row.upheld is not None:
            words = "采纳" if row.upheld else "未采纳"
            found.append(_event("答复异议", row.answered_at, note=f"{words}：{row.answer}"))
    return found


def _coordinations(s: Suggestion) -> list[dict]:
    return [_event("协调会", c.on, c.office, c.result or c.issue) for c in s.coordinations.all()]


def _replies(s: Suggestion, member: Membership) -> list[dict]:
    rows = Reply.objects.filter(assignment__suggestion=s, state=Reply.State.SERVED)
    found: list[dict] = []
    letters = SupplementaryLetter.objects.filter(assignment__suggestion=s)
    found += [_event("会办单位补充答复", x.at, x.assignment.unit_name)
              for x in letters.select_related("assignment")]  # fmt: skip
    for reply in rows.select_related("assignment", "result_class").prefetch_related("services"):
        last = max((x.served_on for x in reply.services.all()), default=_day(reply.signed_off_at))
        again = "" if reply.round == 1 else f"（第{reply.round}次办理）"
        found.append(
            _event(f"答复{again}", last, reply.assignment.unit_name,
                   f"办理结果：{reply.result_class}")
        )  # fmt: skip
    return found


def _judgement(s: Suggestion, member: Membership) -> list[dict]:
    rows = Feedback.objects.filter(suggestion=s, state=Feedback.State.GIVEN, superseded_at=None)
    if member.role == Role.DEPUTY:
        rows = rows.filter(deputy__membership=member)
    elif member.role not in (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.CHAIR):
        return []
    found = []
    for f in rows.select_related("deputy", "assignment").prefetch_related("ratings"):
        words = "、".join(f"{r.dimension}{r.word}" for r in f.ratings.all())
        found.append(_event(f"评价{f.assignment.unit_name}", f.given_at, f.deputy.name, words))
    return found


def _studies(s: Suggestion) -> list[dict]:
    words = {
        Study.Result.REHANDLE: "决定重新办理",
        Study.Result.EXPLAIN: "向代表说明后办结",
        Study.Result.ESCALATE: "提请主任会议协调",
    }
    found = [_event(words[x.result], x.at, note=x.opinion) for x in s.studies.all()]
    if s.closed_at:
        found.append(_event("在系统以外办结" if s.is_secret_placeholder else "办结", s.closed_at))
    return found


def _supervisions(s: Suggestion) -> list[dict]:
    """What was decided on watching it, where it was looked at, how it ended."""
    found = []
    rows = s.supervisions.exclude(decided_on=None).exclude(state=Supervision.State.DROPPED)
    for row in rows.select_related("meeting", "leader", "committee").prefetch_related("events"):
        lead = f"{row.leader.name}领衔" if row.leader else ""
        words = [str(row.meeting or ""), lead, str(row.committee or "")]
        found.append(
            _event(f"列入{row.get_kind_display()}", row.decided_on,
                   note="，".join(w for w in words if w))
        )  # fmt: skip
        for event in row.events.all():
            found.append(_event(event.get_kind_display(), event.on, note=event.text))
        if row.ended_on:
            found.append(_event(f"{row.get_kind_display()}结束", row.ended_on, note=row.result))
    return found


TOLD_OF_PROMISES = (
    PromiseEvent.Kind.REPORT,
    PromiseEvent.Kind.CHANGE,
    PromiseEvent.Kind.FAIL,
    PromiseEvent.Kind.REOPEN,
)


def _afterwards(s: Suggestion) -> list[dict]:
    """What became public, and what became of each promise."""
    found = []
    for row in s.publication_decisions.exclude(published_at=None).order_by("pk"):
        found.append(_event(f"公开{row.get_part_display()}", row.published_at))
        if row.taken_down_at:
            words = f"撤下公开的{row.get_part_display()}"
            found.append(_event(words, row.taken_down_at, note=row.taken_down_reason))
    served = s.promises.filter(reply__state=Reply.State.SERVED)
    for promise in served.select_related("unit").prefetch_related("events"):
        for event in promise.events.all():
            if event.kind in TOLD_OF_PROMISES:
                words = f"承诺：{event.get_kind_display()}"
                note = f"{promise.content}。{event.text}"
                found.append(_event(words, event.on, promise.unit.name, note))
        if promise.kept_on:
            found.append(_event("承诺已落实", promise.kept_on, promise.unit.name, promise.content))
    return found


def _due(s: Suggestion) -> dict[str, str]:
    open_tasks = [a for a in s.assignments.all() if a.answers and a.state not in GONE]
    if s.state == State.HANDLING and open_tasks:
        last = max(a.extended_to or a.legal_due_on for a in open_tasks)
        return {"note": f"法定期限{cn_date(last)}"}
    return {}
