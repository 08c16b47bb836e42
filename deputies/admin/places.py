"""代表小组, 代表团, 选区: the lists as at a day, who belongs where, and what changes."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import StaffAdmin, site
from congress.models import Membership, Role
from congress.once import once
from congress.words import cn_date

from .. import access, actions, queries
from ..forms.places import ConstituencyForm, DayFilter, DelegationForm, GroupForm, PlaceForm
from ..models import Constituency, Delegation, DeputyGroup, GroupSeat
from .pages import READERS, form_page

EACH_PAGE = 50


@dataclass(frozen=True)
class Kind:
    """One kind of place as the pages show it."""

    word: str  # also the part of its addresses
    title: str
    model: type[Model]
    form: type[PlaceForm]
    empty: str

    @property
    def list_url(self) -> str:
        return reverse(f"admin:deputies_{self.model._meta.model_name}_changelist")

    def url(self, pk: int) -> str:
        return reverse(f"admin:deputies_{self.model._meta.model_name}_change", args=[pk])

    @property
    def filter_name(self) -> str:
        """How the list of deputies asks for it."""
        return "group" if self.model is DeputyGroup else self.model._meta.model_name


KINDS = {
    k.word: k
    for k in (
        Kind("groups", "代表小组", DeputyGroup, GroupForm, "新建小组，或者导入写有小组的名册"),
        Kind("delegations", "代表团", Delegation, DelegationForm, "新建代表团，或者导入名册"),
        Kind("constituencies", "选区", Constituency, ConstituencyForm, "新建选区，或者导入名册"),
    )
}


def rows_of(kind: Kind, member: Membership) -> QuerySet:
    """Places of one kind a member may see."""
    if kind.model is DeputyGroup:
        return access.groups_visible_to(member)
    rows = kind.model.objects.all()
    return rows.select_related("street") if kind.model is Constituency else rows


def found(kind: Kind, member: Membership, pk: int) -> Model:
    """One place this member may see, otherwise 404."""
    row = rows_of(kind, member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def counted(kind: Kind, rows: QuerySet, member: Membership, on: dt.date) -> QuerySet:
    """Places with how many people this member sees there on a day as `people`."""
    if kind.model is DeputyGroup:
        seats = queries.seats_on(GroupSeat, on)
        if member.role == Role.STREET:
            seats = seats.filter(deputy__in=access.visible_to(member).order_by().values("pk"))
        path = "seats"
    else:
        seats = access.mandates_visible_to(member).filter(
            pk__in=queries.in_office(on).order_by().values("pk")
        )
        path = "mandates"
    inside = Q(**{f"{path}__in": seats.order_by().values("pk")})
    return rows.annotate(people=Count(path, filter=inside, distinct=True))


class PlaceAdmin(StaffAdmin):
    roles_view = READERS
    roles_add = roles_change = tuple(access.KEEPERS)
    kind: Kind

    def rows(self, member):
        return rows_of(self.kind, member)

    def changelist_view(self, request, extra_context=None):
        """The places of this kind, with how many belong to each on a day."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return list_page(request, self.kind)

    def add_view(self, request, form_url="", extra_context=None):
        """A new one."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return edit_page(request, self.kind, None)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One place: what it is, who belongs to it on a day."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        if not object_id.isdigit():
            raise Http404
        return place_page(request, self.kind, found(self.kind, request.member, int(object_id)))


class GroupAdmin(PlaceAdmin):
    kind = KINDS["groups"]
    search_fields = ["name"]


class DelegationAdmin(PlaceAdmin):
    kind = KINDS["delegations"]
    search_fields = ["name"]


class ConstituencyAdmin(PlaceAdmin):
    kind = KINDS["constituencies"]
    search_fields = ["name"]


site.register(DeputyGroup, GroupAdmin)
site.register(Delegation, DelegationAdmin)
site.register(Constituency, ConstituencyAdmin)


def list_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    form = DayFilter(request.GET or None)
    rows = rows_of(kind, request.member)
    if form.words:
        rows = rows.filter(name__contains=form.words)
    page = Paginator(
        counted(kind, rows, request.member, form.day).order_by("position", "pk"), EACH_PAGE
    ).get_page(request.GET.get("page"))
    leaders = {}
    if kind.model is DeputyGroup:
        leaders = queries.group_leaders([r.pk for r in page], form.day)
    keeps = access.may_keep(request.member)
    add = reverse(f"admin:deputies_{kind.model._meta.model_name}_add")
    on = f"?on={form.day}" if request.GET.get("on") else ""
    context = {
        "title": kind.title,
        "note": f"截至{cn_date(form.day)}",
        "kind": kind,
        "filter_form": form,
        "page": page,
        "lines": [(r, kind.url(r.pk) + on, leaders.get(r.pk, [])) for r in page],
        "has_street": kind.model is not Delegation,
        "is_group": kind.model is DeputyGroup,
        "is_constituency": kind.model is Constituency,
        "is_filtered": bool(request.GET),
        "add_url": add if keeps else "",
        "actions": [{"label": f"新建{kind.title}", "url": add, "primary": True}] if keeps else [],
    }
    return site.render(request, "deputies/staff/places.html", context)


def place_page(request: HttpRequest, kind: Kind, row: Model) -> HttpResponse:
    form = DayFilter(request.GET or None)
    del form.fields["q"]
    day, keeps = form.day, access.may_keep(request.member)
    buttons = []
    if keeps and kind.model is DeputyGroup:
        join = reverse("admin:deputies_group_join", args=[row.pk])
        buttons.append({"label": "加入成员", "url": join, "primary": True})
    members = _members(kind, row, request.member, day)
    if members:
        buttons.append({"label": "导出名单", "url": _list(kind, row, day) + "&export=1"})
    if keeps:
        for label, name in (("修改", "edit"), ("删除", "remove")):
            url = reverse(f"admin:deputies_place_{name}", args=[kind.word, row.pk])
            buttons.append({"label": label, "url": url, "danger": name == "remove"})
    context = {
        "title": row.name,
        "note": f"截至{cn_date(day)}",
        "back": [(kind.title, kind.list_url)],
        "kind": kind,
        "place": row,
        "facts": _facts(kind, row),
        "filter_form": form,
        "members": members,
        "list_url": _list(kind, row, day),
        "may_change": keeps and kind.model is DeputyGroup,
        "seat_kind": "group",
        "actions": buttons,
    }
    return site.render(request, "deputies/staff/place.html", context)


def _list(kind: Kind, row: Model, day: dt.date) -> str:
    """The list of deputies that shows exactly these."""
    return f"{reverse('admin:deputies_deputy_changelist')}?{kind.filter_name}={row.pk}&on={day}"


def _facts(kind: Kind, row: Model) -> list[tuple]:
    if kind.model is Delegation:
        return []
    facts = [("类别", row.get_kind_display()), ("所在街道（镇）", row.street)]
    if kind.model is Constituency:
        facts.append(("应选名额", row.seats))
    return facts


def _members(kind: Kind, row: Model, member: Membership, day: dt.date) -> list[dict]:
    """Who belongs to a place on a day, leaders first."""
    if kind.model is DeputyGroup:
        seats = queries.seats_on(GroupSeat, day).filter(group=row).select_related("deputy")
        if member.role == Role.STREET:
            seats = seats.filter(deputy__in=access.visible_to(member).order_by().values("pk"))
        order = {role: n for n, role in enumerate(GroupSeat.Role.values)}
        seats = sorted(seats, key=lambda s: (order[s.role], s.deputy.name_key, s.pk))
        return [seat_line(s, s.deputy, s.get_role_display()) for s in seats]
    seats = (
        access.mandates_visible_to(member)
        .filter(**{kind.filter_name: row})
        .filter(pk__in=queries.in_office(day).order_by().values("pk"))
        .order_by("level", "position", "deputy__name_key", "pk")
    )
    return [seat_line(s, s.deputy, s.get_level_display()) for s in seats]


def seat_line(seat, deputy, words: str) -> dict:
    return {"seat": seat, "deputy": deputy, "words": words, "is_open": seat.ends_on is None}


@once
def edit_page(request: HttpRequest, kind: Kind, row: Model | None) -> HttpResponse:
    form = kind.form(request.POST or None, place=row)
    if request.method == "POST" and form.is_valid():
        row = actions.arrange(row or kind.model(), by=request.member, **form.cleaned_data)
        messages.success(request, f"已保存{row.name}")
        return redirect(kind.url(row.pk))
    title = f"修改：{row.name}" if row else f"新建{kind.title}"
    back = [(kind.title, kind.list_url)] + ([(row.name, kind.url(row.pk))] if row else [])
    return form_page(request, form, title, "保存", back)


def _kind(word: str) -> Kind:
    if word not in KINDS:
        raise Http404
    return KINDS[word]


@site.page("deputies/<slug:word>/<int:pk>/edit/", "deputies_place_edit", access.KEEPERS)
def edit(request: HttpRequest, word: str, pk: int) -> HttpResponse:
    """修改 a group, delegation or constituency."""
    kind = _kind(word)
    return edit_page(request, kind, found(kind, request.member, pk))


@site.page("deputies/<slug:word>/<int:pk>/remove/", "deputies_place_remove", access.KEEPERS)
@once
def remove(request: HttpRequest, word: str, pk: int) -> HttpResponse:
    """删除 a place made by mistake."""
    kind = _kind(word)
    row = found(kind, request.member, pk)
    if request.method == "POST":
        actions.remove_place(row, by=request.member)
        messages.success(request, f"已删除{row.name}")
        return redirect(kind.list_url)
    back = [(kind.title, kind.list_url), (row.name, kind.url(row.pk))]
    say = "只有建错的、从来没有人归入过的才能删除；有过记录的可以改名。"
    return form_page(request, forms.Form(), f"删除：{row.name}", "确认删除", back, explain=say)
