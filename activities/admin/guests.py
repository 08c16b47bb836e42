"""Who is asked: the picker, the list with the answers, requests for leave."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import site
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports, queries
from ..forms import DecisionForm, LeaveForm
from ..models import Activity, Invitation, LeaveRequest, Outcome
from ..picker import Range, chosen, ranges
from ..rules import combined, read_names
from .frame import found, frame, refuse_closed

SHOWN = [
    ("", "全部"),
    ("signed_up", "已报名"),
    ("no_answer", "未答复"),
    ("leave", "请假"),
    *[(v, Outcome(v).label) for v in ("present", "late", "absent", "not_obliged")],
]


# -- The list ----------------------------------------------------------------------------------


def shown_guests(activity: Activity, show: str, delegation: str, words: str) -> list[queries.Guest]:
    """The lines that pass the filters."""
    rows = queries.guests(activity)
    if delegation:
        rows = [g for g in rows if g.delegation == delegation]
    if words:
        rows = [g for g in rows if words in g.deputy.name or words.lower() in g.deputy.initials]
    if show == "signed_up":
        rows = [g for g in rows if g.invitation.signed_up_at]
    elif show == "no_answer":
        rows = [g for g in rows if not g.invitation.signed_up_at and not g.leaves]
    elif show == Outcome.LEAVE:
        rows = [g for g in rows if g.leaves or combined(g.values) == Outcome.LEAVE]
    elif show in Outcome.values:
        rows = [g for g in rows if combined(g.values) == show]
    return rows


@site.page("activities/<int:pk>/guests/", "activity_guests", access.READERS)
@once
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody asked with the answer; take people off, sign them up on behalf."""
    activity = found(request, pk, to_run=request.method == "POST")
    if request.method == "POST":
        return _change(request, activity)
    everybody = queries.guests(activity)
    show, delegation = request.GET.get("show", ""), request.GET.get("delegation", "")
    words = request.GET.get("q", "").strip()
    rows = shown_guests(activity, show, delegation, words)
    page = Paginator(rows, 60).get_page(request.GET.get("page"))
    context = frame(
        request,
        activity,
        "guests",
        page=page,
        lines=[(g, combined(g.values)) for g in page],
        total=len(everybody),
        shown=len(rows),
        show=show,
        shows=SHOWN,
        delegation=delegation,
        delegations=list(dict.fromkeys(g.delegation for g in everybody if g.delegation)),
        words=words,
        sources=Counter(
            g.invitation.source_name or g.invitation.get_source_display() for g in everybody
        ).most_common(),
        left=queries.places_left(activity),
        signed=sum(bool(g.invitation.signed_up_at) for g in everybody),
        can_change=access.may_run(request.member, activity)
        and activity.state not in (Activity.State.CLOSED, Activity.State.CANCELLED),
    )
    return site.render(request, "activities/staff/guests.html", context)


def _change(request: HttpRequest, activity: Activity) -> HttpResponse:
    ids = [int(pk) for pk in request.POST.getlist("invitation") if pk.isdigit()]
    back = redirect("admin:activity_guests", activity.pk)
    if not ids:
        messages.warning(request, "请先在名单里勾选代表")
    elif "sign_up" in request.POST:
        rows = queries.live_invitations(activity).filter(pk__in=ids).select_related("activity")
        for row in rows:
            actions.sign_up_for(row, by=request.member)
        messages.success(request, f"已为 {len(rows)} 位代表登记报名")
    else:
        count = actions.uninvite(activity, by=request.member, invitation_ids=ids)
        messages.success(request, f"已把 {count} 位代表移出名单")
    return back


@site.page("activities/<int:pk>/export/", "activity_export", access.READERS)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with answers and attendance as a spreadsheet."""
    activity = found(request, pk)
    audit.record(request.member, "activities.export", activity)
    return attachment(f"{activity.title}名单.xlsx", exports.guest_list(activity))


# -- The picker --------------------------------------------------------------------------------


@site.page("activities/<int:pk>/invite/", "activity_invite", access.PLANNERS)
@once
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose ranges with their numbers, look at the names, then ask them."""
    activity = found(request, pk, to_run=True)
    refuse_closed(activity)
    on = queries.local_day(activity.starts_at)
    if request.method == "POST" and "look" not in request.POST:
        return _invite(request, activity, on)
    asked = request.POST if request.method == "POST" else request.GET
    picks, text = asked.getlist("pick"), asked.get("names", "")[:20000]
    known = set(queries.live_invitations(activity).values_list("deputy_id", flat=True))
    people, reading = [], None
    if picks or text.strip():
        found_ranges = chosen(request.member, picks, on)
        people = _people(request.member, found_ranges, on)
        if text.strip():
            pool = list(queries.candidates(request.member, "picked", "", on))
            reading = read_names(text, [(d.pk, d.name) for d in pool])
            there = {p["deputy"].pk for p in people}
            extra = [d for d in pool if d.pk in reading.found and d.pk not in there]
            people += _lines(extra, "按名单", on)
    context = frame(
        request,
        activity,
        "guests",
        title="邀请代表",
        sections=ranges(request.member, on),
        picks=picks,
        names=text,
        reading=reading,
        people=people,
        new=sum(p["deputy"].pk not in known for p in people),
        known=known,
        asked_for=bool(picks or text.strip()),
    )
    context["back"].append(
        (activity.title, reverse("admin:activities_activity_change", args=[activity.pk]))
    )
    return site.render(request, "activities/staff/invite.html", context)


def _people(member, found_ranges: list[Range], on) -> list[dict]:
    rows, there = [], set()
    for item in found_ranges:
        deputies = [d for d in item.deputies(member, on) if d.pk not in there]
        there |= {d.pk for d in deputies}
        rows += _lines(deputies, item.name, on)
    return rows


def _lines(deputies, via: str, on) -> list[dict]:
    seats = queries.seats_on([d.pk for d in deputies], on)
    lines = []
    for deputy in deputies:
        seat = seats.get(deputy.pk)
        delegation = seat.delegation if seat else None
        lines.append(
            {
                "deputy": deputy,
                "delegation": delegation.name if delegation else "",
                "street": seat.street.short_name if seat and seat.street else "",
                "via": via,
                "order": (
                    delegation.position if delegation else 10**6,
                    seat.position if seat else 10**6,
                ),
            }
        )
    return sorted(lines, key=lambda line: line["order"])


def _invite(request: HttpRequest, activity: Activity, on) -> HttpResponse:
    left = {int(pk) for pk in request.POST.getlist("deputy") if pk.isdigit()}
    if not left:
        messages.warning(request, "没有勾选代表，没有发出邀请")
        return redirect("admin:activity_invite", activity.pk)
    count = 0
    for item in chosen(request.member, request.POST.getlist("pick"), on):
        ids = left & {d.pk for d in item.deputies(request.member, on)}
        if ids:
            left -= ids
            count += actions.invite(
                activity,
                by=request.member,
                deputy_ids=ids,
                source=item.source,
                source_name=item.name,
                level=item.level,
            )
    if left:
        count += actions.invite(
            activity,
            by=request.member,
            deputy_ids=left,
            source=Invitation.Source.PICKED,
            source_name="逐个选定",
        )
    told = "，已通知" if activity.is_open and activity.ends_at > timezone.now() else ""
    messages.success(request, f"新邀请 {count} 位代表{told}")
    return redirect("admin:activity_guests", activity.pk)


# -- Leave -------------------------------------------------------------------------------------


@site.page("activities/<int:pk>/leave/", "activity_leave", access.READERS)
@once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Requests for leave of one activity: approve, decline with the reason."""
    activity = found(request, pk, to_run=request.method == "POST")
    rows = (
        access.leaves_visible_to(request.member)
        .filter(invitation__activity=activity)
        .exclude(state=LeaveRequest.State.DROPPED)
    )
    if request.method == "POST":
        return _decide(request, rows, redirect("admin:activity_leave", pk))
    everything = list(rows)
    context = frame(
        request,
        activity,
        "leave",
        waiting=[r for r in everything if r.state == LeaveRequest.State.ASKED],
        decided=[r for r in everything if r.state != LeaveRequest.State.ASKED],
    )
    return site.render(request, "activities/staff/leave.html", context)


@site.page("leaves/", "leaves_waiting", access.READERS)
@once
def leaves_waiting(request: HttpRequest) -> HttpResponse:
    """Every request that waits for this member's organ."""
    rows = queries.leaves_waiting(request.member)
    if request.method == "POST":
        return _decide(request, rows, redirect("admin:leaves_waiting"))
    page = Paginator(rows.order_by("invitation__activity__starts_at", "pk"), 30).get_page(
        request.GET.get("page")
    )
    context = {
        "title": "请假待批",
        "back": [("活动", reverse("admin:activities_activity_changelist"))],
        "page": page,
        "waiting": list(page),
        "may_run": request.member.role in access.PLANNERS,
    }
    return site.render(request, "activities/staff/leaves.html", context)


def _decide(request: HttpRequest, rows, back: HttpResponse) -> HttpResponse:
    row = get_object_or_404(rows, pk=_number(request.POST.get("leave", "")))
    form = DecisionForm(request.POST)
    decision = form.cleaned_data["decision"] if form.is_valid() else ""
    if "approve" in request.POST:
        actions.approve_leave(row, by=request.member, decision=decision)
        messages.success(request, f"已准假：{row.invitation.deputy.name}")
    elif "decline" in request.POST:
        if not decision.strip():
            messages.warning(request, "不准假要写明原因，请在“意见”里写一句")
        else:
            actions.decline_leave(row, by=request.member, decision=decision)
            messages.success(request, f"未准假：{row.invitation.deputy.name}，已告诉本人原因")
    elif "drop" in request.POST:
        actions.drop_leave(row, by=request.member)
        messages.success(request, f"已撤回{row.invitation.deputy.name}的请假")
    return back


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


@site.page("activities/<int:pk>/guests/<int:guest>/leave/", "activity_enter_leave", access.PLANNERS)
@once
def enter_leave(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    """Leave asked for by telephone, entered by staff (代录)."""
    activity = found(request, pk, to_run=True)
    row = get_object_or_404(queries.live_invitations(activity).select_related("activity"), pk=guest)
    form = LeaveForm(request.POST or None, activity=activity)
    if request.method == "POST" and form.is_valid():
        actions.enter_leave(row, by=request.member, **form.values)
        messages.success(request, f"已登记{row.deputy.name}请假")
        return redirect("admin:activity_guests", pk)
    context = {
        "title": f"代录请假：{row.deputy.name}",
        "form": form,
        "back": [
            ("活动", reverse("admin:activities_activity_changelist")),
            (activity.title, reverse("admin:activity_guests", args=[pk])),
        ],
        "submit": "登记请假",
        "explain": "代表打电话或者当面请假的，在这里登记，登记后即为准假。",
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "activities/staff/form.html", context, status)
