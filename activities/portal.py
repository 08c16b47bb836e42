"""活动 on the deputy's phone: what I am asked to, and one page for each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from deputies import access as registry

from . import access, actions, queries
from .forms import CodeForm, LeaveForm
from .models import Activity, LeaveRequest, Outcome, Participation
from .rules import ATTENDED

ANSWER_TONES = {
    LeaveRequest.State.ASKED: ("请假待批", "warn"),
    LeaveRequest.State.APPROVED: ("已准假", "waiting"),
    LeaveRequest.State.DECLINED: ("未准假", "late"),
}
OUTCOME_TONES = {
    Outcome.PRESENT: "done",
    Outcome.LATE: "warn",
    Outcome.LEAVE: "waiting",
    Outcome.ABSENT: "late",
    Outcome.NOT_OBLIGED: "off",
}


def answer_of(line: queries.Mine) -> tuple[str, str]:
    """The deputy's own answer in words, with a tone."""
    if line.activity.state == Activity.State.CANCELLED:
        return "已取消", "off"
    if line.leave and line.leave.state != LeaveRequest.State.DECLINED:
        return ANSWER_TONES[line.leave.state]
    if line.invitation.signed_up_at:
        return ("已报名" if line.activity.by_sign_up else "确认参加"), "done"
    if line.leave:
        return ANSWER_TONES[line.leave.state]
    return "", ""


@only(Role.DEPUTY)
def activities(request: HttpRequest) -> HttpResponse:
    """需要我答复, 将要举行, 已结束."""
    mine = queries.mine(registry.own(request.member))
    over = Paginator(mine["over"], 15).get_page(request.GET.get("page"))
    context = {
        "to_answer": mine["to_answer"],
        "coming": [(line, *answer_of(line)) for line in mine["coming"]],
        "over": over,
        "over_lines": queries.with_outcomes(list(over)),
        "tones": OUTCOME_TONES,
    }
    return render(request, "activities/portal/list.html", context)


def _own(request: HttpRequest, pk: int):
    activity = access.find(request.member, pk)
    return activity, access.invitation_of(request.member, activity)


@only(Role.DEPUTY)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """What, where, when; what I can do now; what I got for it."""
    row, invitation = _own(request, pk)
    now = timezone.now()
    sessions = list(row.sessions.all())
    leaves = list(
        invitation.leaves.exclude(state=LeaveRequest.State.DROPPED).select_related("session")
    )
    whole = next((x for x in reversed(leaves) if x.session_id is None), None)
    marks = {p.session_id: p for p in Participation.objects.filter(invitation=invitation)}
    closes = row.sign_up_closes_at or row.starts_at
    can_answer = row.is_open and now < closes
    on_leave = whole is not None and whole.state != LeaveRequest.State.DECLINED
    open_sessions = [
        s
        for s in sessions
        if s.code and s.code_opens_at <= now < s.code_closes_at and not _came(marks.get(s.pk))
    ]
    context = {
        "activity": row,
        "invitation": invitation,
        "sessions": [(s, marks.get(s.pk)) for s in sessions],
        "several": len(sessions) > 1,
        "leaves": leaves,
        "whole_leave": whole if on_leave else None,
        "closes": closes,
        "can_sign_up": can_answer and not invitation.signed_up_at and not on_leave,
        "can_cancel": can_answer and invitation.signed_up_at is not None,
        "can_leave": row.is_open and not on_leave and _can_leave(row, sessions, now, closes),
        "left": queries.places_left(row),
        "open_sessions": open_sessions if row.is_open else [],
        "came": [(s, marks[s.pk]) for s in sessions if _came(marks.get(s.pk))],
        "is_over": row.ends_at < now,
        "facts": queries.facts_of(row).filter(deputy=invitation.deputy).select_related("item"),
        "files": row.files.select_related("file"),
        "tones": OUTCOME_TONES,
    }
    return render(request, "activities/portal/activity.html", context)


def _came(mark: Participation | None) -> bool:
    return mark is not None and mark.value in ATTENDED


def _can_leave(row: Activity, sessions, now, closes) -> bool:
    return now < closes or (len(sessions) > 1 and any(now < s.starts_at for s in sessions))


@only(Role.DEPUTY)
@require_POST
@once
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """报名 / 确认参加."""
    row, _ = _own(request, pk)
    actions.sign_up(row, by=request.member)
    messages.success(request, "报名成功" if row.by_sign_up else "已确认参加")
    return redirect("portal_activity", pk)


@only(Role.DEPUTY)
@require_POST
@once
def cancel_sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """取消报名: the undo of a press by mistake."""
    row, _ = _own(request, pk)
    actions.cancel_sign_up(row, by=request.member)
    messages.success(request, "已取消报名" if row.by_sign_up else "已撤回确认")
    return redirect("portal_activity", pk)


@only(Role.DEPUTY)
@once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """请假, with the reason."""
    row, _ = _own(request, pk)
    if not row.is_open:
        raise NotAllowed(f"活动“{row.get_state_display()}”，不能再请假")
    form = LeaveForm(request.POST or None, activity=row)
    if request.method == "POST" and form.is_valid():
        actions.ask_leave(row, by=request.member, **form.values)
        messages.success(request, f"请假已提交，{row.organiser}答复后会发消息给您")
        return redirect("portal_activity", pk)
    context = {"activity": row, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "activities/portal/leave.html", context, status=status)


@only(Role.DEPUTY)
@require_POST
@once
def drop_leave(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """撤回请假."""
    _, invitation = _own(request, pk)
    row = get_object_or_404(invitation.leaves.select_related("invitation__activity"), pk=request_pk)
    actions.drop_leave(row, by=request.member)
    messages.success(request, "请假已撤回")
    return redirect("portal_activity", pk)


@only(Role.DEPUTY)
@once
def check_in(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """签到 with the code on the venue's screen; the QR brings it along."""
    row, invitation = _own(request, pk)
    place = get_object_or_404(row.sessions.select_related("activity"), pk=session)
    done = Participation.objects.filter(session=place, invitation=invitation).first()
    if _came(done):
        messages.info(request, f"{place.name}已经签到，不用再签")
        return redirect("portal_activity", pk)
    given = {"code": request.GET["code"][:12]} if request.GET.get("code") else None
    form = CodeForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        mark = actions.check_in(place, by=request.member, code=form.cleaned_data["code"])
        if mark:
            words = "签到成功" if mark.value == Outcome.PRESENT else "签到成功，记为迟到"
            messages.success(request, words)
            return redirect("portal_activity", pk)
        form.add_error("code", "签到码不对，请看会场屏幕上的六位数字")
    context = {
        "activity": row,
        "session": place,
        "several": row.sessions.count() > 1,
        "form": form,
        "scanned": bool(given) and not form.is_bound,
    }
    status = 422 if form.is_bound else 200
    return render(request, "activities/portal/check_in.html", context, status=status)


urlpatterns = [
    path("activities/", activities, name="portal_activities"),
    path("activities/<int:pk>/", activity, name="portal_activity"),
    path("activities/<int:pk>/sign-up/", sign_up, name="portal_sign_up"),
    path("activities/<int:pk>/cancel-sign-up/", cancel_sign_up, name="portal_cancel_sign_up"),
    path("activities/<int:pk>/leave/", leave, name="portal_leave"),
    path("activities/<int:pk>/leave/<int:request_pk>/drop/", drop_leave, name="portal_drop_leave"),
    path("activities/<int:pk>/check-in/<int:session>/", check_in, name="portal_check_in"),
]
