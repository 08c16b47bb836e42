"""The check-in desk: the list of a session, a pasted list, the code for the venue's screen."""

from collections import Counter

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from congress.admin import site
from congress.once import once

from .. import access, actions, queries
from ..forms import MarkNamesForm
from ..models import Activity, Outcome, Session
from ..rules import ATTENDED, OBLIGED, read_names
from .frame import found, frame

CHOICES = [("", "未登记")] + [
    (v.value, v.label) for v in (Outcome.PRESENT, Outcome.LATE, Outcome.LEAVE, Outcome.ABSENT)
]


def _counts(seats: list[queries.Seat]) -> dict[str, int]:
    """How a session stands: obliged, came, on leave, absent, not yet entered."""
    obliged = [s for s in seats if s.value in OBLIGED]
    marked = Counter(s.marked for s in obliged)
    on_leave = sum(s.value == Outcome.LEAVE for s in obliged)
    return {
        "obliged": len(obliged),
        "came": sum(s.marked in ATTENDED for s in obliged),
        "late": marked[Outcome.LATE],
        "leave": on_leave,
        "absent": marked[Outcome.ABSENT],
        "open": sum(not s.marked and s.value != Outcome.LEAVE for s in obliged),
        "not_obliged": len(seats) - len(obliged),
    }


@site.page("activities/<int:pk>/check-in/", "activity_checkin", access.READERS)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions with how each stands; with one session, its desk at once."""
    activity = found(request, pk)
    sessions = list(activity.sessions.all())
    lines = [(s, _counts(queries.session_seats(activity, s))) for s in sessions]
    context = frame(
        request,
        activity,
        "checkin",
        lines=lines,
        now=timezone.now(),
        can_change=access.may_run(request.member, activity) and activity.is_open,
        could_split=access.may_run(request.member, activity)
        and activity.state not in (Activity.State.CLOSED, Activity.State.CANCELLED),
    )
    return site.render(request, "activities/staff/checkin.html", context)


def _session(activity: Activity, pk: int) -> Session:
    return get_object_or_404(activity.sessions.select_related("activity"), pk=pk)


@site.page("activities/<int:pk>/check-in/<int:session>/", "activity_desk", access.READERS)
@once
def desk(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """Everybody of a session on one page: one press each, or the rest at once."""
    activity = found(request, pk, to_run=request.method == "POST")
    row = _session(activity, session)
    query = "?" + request.GET.urlencode() if request.GET else ""
    if request.method == "POST":
        values = _entered(request)
        counts = actions.mark(row, by=request.member, values=values)
        messages.success(request, _told(counts))
        return redirect(reverse("admin:activity_desk", args=[pk, session]) + query)
    everybody = queries.session_seats(activity, row)
    delegation, words = request.GET.get("delegation", ""), request.GET.get("q", "").strip()
    seats = [s for s in everybody if not delegation or s.delegation == delegation]
    if words:
        seats = [s for s in seats if words in s.deputy.name or words.lower() in s.deputy.initials]
    if request.GET.get("open"):
        seats = [s for s in seats if not s.marked and s.value not in ("leave", "not_obliged")]
    context = frame(
        request,
        activity,
        "checkin",
        session=row,
        seats=seats,
        total=len(everybody),
        counts=_counts(everybody),
        choices=CHOICES,
        delegation=delegation,
        delegations=list(dict.fromkeys(s.delegation for s in everybody if s.delegation)),
        words=words,
        only_open=bool(request.GET.get("open")),
        can_change=access.may_run(request.member, activity) and activity.is_open,
        too_early=queries.local_day(row.starts_at) > timezone.localdate(),
        code_is_open=bool(row.code and row.code_closes_at > timezone.now()),
    )
    return site.render(request, "activities/staff/desk.html", context)


def _entered(request: HttpRequest) -> dict[int, str]:
    """What was changed on this page: a line left as it was shown is not touched, so two desks may
    work at once. `rest` gives every line still open on the page one outcome."""
    rest = request.POST.get("rest", "")
    values = {}
    for name, value in request.POST.items():
        if not name.startswith("v-") or not name[2:].isdigit():
            continue
        pk = int(name[2:])
        was = request.POST.get(f"was-{pk}", "")
        if not value and rest in Outcome.values and not request.POST.get(f"leave-{pk}"):
            value = rest
        if value != was and (value in Outcome.values or not value):
            values[pk] = value
    return values


def _told(counts: Counter) -> str:
    if not counts:
        return "已保存"
    parts = [f"{Outcome(v).label} {n} 人" for v, n in counts.items() if v != Outcome.NOT_OBLIGED]
    sentence = "已登记：" + "，".join(parts) if parts else "已保存"
    if counts.get(Outcome.NOT_OBLIGED):
        sentence += f"；{counts[Outcome.NOT_OBLIGED]} 人当天不在任，不用登记"
    return sentence


@site.page("activities/<int:pk>/check-in/<int:session>/names/", "activity_names", access.PLANNERS)
@once
def names(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """A pasted list: read, shown with what does not fit, then entered."""
    activity = found(request, pk, to_run=True)
    row = _session(activity, session)
    desk_url = reverse("admin:activity_desk", args=[pk, session])
    form = MarkNamesForm(request.POST or None)
    reading, people = None, []
    if request.method == "POST" and form.is_valid():
        seats = queries.session_seats(activity, row)
        reading = read_names(
            form.cleaned_data["names"], [(s.invitation.pk, s.deputy.name) for s in seats]
        )
        if "confirm" in request.POST:
            values = dict.fromkeys(reading.found, form.cleaned_data["value"])
            messages.success(request, _told(actions.mark(row, by=request.member, values=values)))
            return redirect(desk_url)
        people = [s for s in seats if s.invitation.pk in set(reading.found)]
    context = {
        "title": "粘贴名单登记",
        "note": f"{activity.title}，{row.name}",
        "form": form,
        "reading": reading,
        "people": people,
        "value_words": Outcome(form.cleaned_data["value"]).label if reading else "",
        "back": [
            (activity.title, reverse("admin:activities_activity_change", args=[pk])),
            ("签到", desk_url),
        ],
        "desk_url": desk_url,
    }
    status = 422 if form.is_bound and form.errors else 200
    return site.render(request, "activities/staff/names.html", context, status)


@site.page("activities/<int:pk>/check-in/<int:session>/code/", "activity_code", access.PLANNERS)
@once
def code(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """The code for the venue's screen: digits and a QR that leads to the check-in page."""
    activity = found(request, pk, to_run=True)
    row = _session(activity, session)
    if request.method == "POST":
        if "stop" in request.POST:
            actions.close_check_in(row, by=request.member)
            messages.success(request, "已停止签到")
            return redirect("admin:activity_desk", pk, session)
        actions.open_check_in(row, by=request.member)
        return redirect("admin:activity_code", pk, session)
    is_open = bool(row.code and row.code_closes_at > timezone.now())
    path = f"/me/activities/{pk}/check-in/{row.pk}/?code={row.code}"
    context = frame(
        request,
        activity,
        "checkin",
        title="签到码",
        note=f"{activity.title}，{row.name}",
        session=row,
        is_open=is_open,
        counts=_counts(queries.session_seats(activity, row)),
        qr=qr(request.build_absolute_uri(path)) if is_open else "",
        digits=f"{row.code[:3]} {row.code[3:]}",
    )
    context["back"] = [
        (activity.title, reverse("admin:activities_activity_change", args=[pk])),
        ("签到", reverse("admin:activity_desk", args=[pk, session])),
    ]
    return site.render(request, "activities/staff/code.html", context)


def qr(address: str) -> str:
    """A QR drawn as SVG in the page: it prints, and nothing is loaded."""
    drawing = segno.make_qr(address, error="m").svg_inline(
        scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None, title="扫码签到"
    )
    return mark_safe(drawing)
