"""委员会 as at a day; joining and leaving groups and committees, and the offices held there."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import site
from congress.once import once
from congress.words import cn_date

from .. import access, actions, queries
from ..forms.places import (
    DayFilter,
    JoinCommitteeForm,
    JoinGroupForm,
    LeaveForm,
    RoleForm,
    TitleForm,
)
from ..models import CommitteeSeat, GroupSeat
from .pages import READERS, form_page
from .places import EACH_PAGE, KINDS, found, seat_line


def _join(request, form_class, action, place, title, back):
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        del asked["who"]
        people = asked.pop("deputies")
        for deputy in people:
            action(place, deputy, by=request.member, **asked)
        messages.success(request, f"已加入 {len(people)} 人")
        return redirect(back[-1][1])
    return form_page(request, form, title, "加入", back)


@site.page("deputies/groups/<int:pk>/join/", "deputies_group_join", access.KEEPERS)
@once
def group_join(request: HttpRequest, pk: int) -> HttpResponse:
    """加入成员, several at a time."""
    kind = KINDS["groups"]
    row = found(kind, request.member, pk)
    back = [(kind.title, kind.list_url), (row.name, kind.url(pk))]
    title = f"加入成员：{row.name}"
    return _join(request, JoinGroupForm, actions.join_group, row, title, back)


@site.page("deputies/committees/", "deputies_committees", READERS)
def committees(request: HttpRequest) -> HttpResponse:
    """The committees of the congress and who sits in them on a day."""
    form = DayFilter(request.GET or None)
    rows = access.committees()
    if form.words:
        rows = rows.filter(Q(name__contains=form.words) | Q(short_name__contains=form.words))
    seats = access.committee_seats_visible_to(request.member).filter(
        pk__in=queries.seats_on(CommitteeSeat, form.day).order_by().values("pk")
    )
    inside = Q(committee_seats__in=seats.order_by().values("pk"))
    rows = rows.annotate(people=Count("committee_seats", filter=inside, distinct=True))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    on = f"?on={form.day}" if request.GET.get("on") else ""
    context = {
        "title": "委员会",
        "note": f"截至{cn_date(form.day)}",
        "filter_form": form,
        "page": page,
        "lines": [(r, reverse("admin:deputies_committee", args=[r.pk]) + on, []) for r in page],
        "is_filtered": bool(request.GET),
        "is_committee": True,
    }
    return site.render(request, "deputies/staff/places.html", context)


@site.page("deputies/committees/<int:pk>/", "deputies_committee", READERS)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee: its deputies on a day."""
    unit = _committee(pk)
    form = DayFilter(request.GET or None)
    del form.fields["q"]
    day, keeps = form.day, access.may_keep(request.member)
    seats = (
        access.committee_seats_visible_to(request.member)
        .filter(unit=unit, pk__in=queries.seats_on(CommitteeSeat, day).order_by().values("pk"))
        .order_by("deputy__name_key", "pk")
    )
    members = [seat_line(s, s.deputy, s.title or "—") for s in seats]
    listed = f"{reverse('admin:deputies_deputy_changelist')}?committee={pk}&on={day}"
    buttons = []
    if keeps:
        join = reverse("admin:deputies_committee_join", args=[pk])
        buttons.append({"label": "加入成员", "url": join, "primary": True})
    if members:
        buttons.append({"label": "导出名单", "url": f"{listed}&export=1"})
    context = {
        "title": unit.name,
        "note": f"截至{cn_date(day)}",
        "back": [("委员会", reverse("admin:deputies_committees"))],
        "place": unit,
        "facts": [],
        "filter_form": form,
        "members": members,
        "list_url": listed,
        "may_change": keeps,
        "seat_kind": "committee",
        "actions": buttons,
    }
    return site.render(request, "deputies/staff/place.html", context)


def _committee(pk: int):
    unit = access.committees().filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


@site.page("deputies/committees/<int:pk>/join/", "deputies_committee_join", access.KEEPERS)
@once
def committee_join(request: HttpRequest, pk: int) -> HttpResponse:
    """加入成员, several at a time."""
    unit = _committee(pk)
    back = [
        ("委员会", reverse("admin:deputies_committees")),
        (unit.name, reverse("admin:deputies_committee", args=[pk])),
    ]
    title = f"加入成员：{unit.name}"
    return _join(request, JoinCommitteeForm, actions.join_committee, unit, title, back)


SEATS = {
    "group": (GroupSeat, "group", RoleForm, actions.change_role, "role"),
    "committee": (CommitteeSeat, "unit", TitleForm, actions.change_title, "title"),
}


def _seat(kind: str, pk: int):
    if kind not in SEATS:
        raise Http404
    model, place, *_ = SEATS[kind]
    seat = model.objects.select_related("deputy", place).filter(pk=pk).first()
    if seat is None:
        raise Http404
    row = getattr(seat, place)
    if kind == "group":
        groups = KINDS["groups"]
        back = [(groups.title, groups.list_url), (row.name, groups.url(row.pk))]
    else:
        back = [
            ("委员会", reverse("admin:deputies_committees")),
            (row.name, reverse("admin:deputies_committee", args=[row.pk])),
        ]
    return seat, back


@site.page("deputies/<slug:kind>-seats/<int:pk>/change/", "deputies_seat_change", access.KEEPERS)
@once
def seat_change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """调整职务 from a day."""
    seat, back = _seat(kind, pk)
    _, _, form_class, action, name = SEATS[kind]
    form = form_class(request.POST or None, initial={name: getattr(seat, name)})
    if request.method == "POST" and form.is_valid():
        action(seat, by=request.member, **form.cleaned_data)
        messages.success(request, f"已调整{seat.deputy.name}的职务")
        return redirect(back[-1][1])
    return form_page(request, form, f"调整职务：{seat.deputy.name}", "保存", back)


@site.page("deputies/<slug:kind>-seats/<int:pk>/leave/", "deputies_seat_leave", access.KEEPERS)
@once
def seat_leave(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """退出 on a day."""
    seat, back = _seat(kind, pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave(seat, by=request.member, **form.cleaned_data)
        messages.success(request, f"{seat.deputy.name}已退出")
        return redirect(back[-1][1])
    return form_page(request, form, f"退出：{seat.deputy.name}", "保存", back)
