"""单位 as a tree: added, moved, renamed, merged, closed; whom to call there."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .. import access, actions, queries
from ..forms.units import (
    CloseForm,
    ContactForm,
    MergeForm,
    NewUnitForm,
    PlaceForm,
    RenameForm,
    UnitFilter,
    today,
)
from ..models import Membership, Unit, UnitContact
from ..once import once
from .members import member_url
from .pages import Way, attempt, form_page
from .site import site
from .staff import StaffAdmin

KEEPERS = access.FRAME_KEEPERS


def list_link() -> tuple[str, str]:
    return "单位", reverse("admin:congress_unit_changelist")


def unit_url(pk: int) -> str:
    return reverse("admin:congress_unit_change", args=[pk])


def way_back(unit: Unit) -> Way:
    return [list_link(), (unit.short_name, unit_url(unit.pk))]


class UnitAdmin(StaffAdmin):
    search_fields = ["name", "short_name"]
    roles_view = tuple(access.UNIT_READERS)
    roles_add = roles_change = KEEPERS

    def changelist_view(self, request, extra_context=None):
        """The tree; found units alone where something is asked for."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = UnitFilter(request.GET or None)
        lines = queries.unit_tree(queries.units_narrowed(form.asked()))
        liaisons = queries.liaisons(u for u, _ in lines)
        links = []
        if self.has_add_permission(request):
            add = reverse("admin:congress_unit_add")
            links.append({"label": "新增单位", "url": add, "primary": True})
        context = {
            "title": "单位",
            "filter_form": form,
            "lines": [(u, depth, liaisons.get(u.pk, [])) for u, depth in lines],
            "is_filtered": bool(form.asked()),
            "actions": links,
        }
        return site.render(request, "congress/staff/units.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """A new unit."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return add_page(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One unit: names, place, people, contacts, what was merged into it."""
        row = self.row_or_404(request, object_id)
        return unit_page(request, row)


site.register(Unit, UnitAdmin)


def unit_page(request: HttpRequest, row: Unit) -> HttpResponse:
    keeps = access.may_keep_frame(request.member)
    people = Membership.objects.filter(queries.in_force(today()), unit=row).order_by("role", "pk")
    seen = set(access.members_visible_to(request.member).filter(unit=row).values_list("pk", flat=1))
    steps = ("rename", "move", "merge", "close") if row.valid_to is None else ("reopen",)
    if row.merged_into_id:
        steps = ()
    context = {
        "title": row.name,
        "back": [list_link()],
        "row": row,
        "keeps": keeps,
        "people": [(m, member_url(m.pk) if m.pk in seen else "") for m in people],
        "contacts": row.contacts.all(),
        "old_names": row.old_names.all(),
        "children": row.children.filter(valid_to=None),
        "absorbed": row.absorbed.all(),
        "actions": [_button(row, step) for step in steps] if keeps else [],
    }
    return site.render(request, "congress/staff/unit.html", context)


LABELS = {
    "rename": "改名",
    "move": "调整",
    "merge": "合并",
    "close": "停用",
    "reopen": "恢复使用",
}


def _button(row: Unit, step: str) -> dict:
    url = reverse(f"admin:congress_unit_{step}", args=[row.pk])
    return {"label": LABELS[step], "url": url, "danger": step == "close"}


@once
def add_page(request: HttpRequest) -> HttpResponse:
    form = NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = attempt(form, actions.add_unit, by=request.member, **form.cleaned_data)
        if row:
            messages.success(request, f"已新增{row}")
            return redirect(unit_url(row.pk))
    return form_page(request, form, "新增单位", "新增", [list_link()])


def _unit(pk: int) -> Unit:
    row = Unit.objects.select_related("parent", "merged_into").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _step(
    request: HttpRequest, row: Unit, step: str, form: forms.Form, action: Callable, **more
) -> HttpResponse:
    """One step on a unit: ask, do, back to the unit."""
    if request.method == "POST" and form.is_valid():
        done = attempt(form, action, row, by=request.member, **form.cleaned_data)
        if done:
            messages.success(request, f"已{LABELS[step]}")
            return redirect(unit_url(row.pk))
    title = f"{LABELS[step]}：{row.short_name}"
    return form_page(request, form, title, LABELS[step], way_back(row), **more)


@site.page("congress/unit/<int:pk>/rename/", "congress_unit_rename", KEEPERS)
@once
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """改名 from a day on."""
    row = _unit(pk)
    initial = {"name": row.name, "short_name": row.short_name, "on": today()}
    form = RenameForm(request.POST or None, initial=initial)
    return _step(request, row, "rename", form, actions.rename_unit)


@site.page("congress/unit/<int:pk>/move/", "congress_unit_move", KEEPERS)
@once
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another kind, parent or place in the order."""
    row = _unit(pk)
    initial = {"kind": row.kind, "parent": row.parent_id, "position": row.position}
    form = PlaceForm(request.POST or None, initial=initial, unit=row)
    return _step(request, row, "move", form, actions.move_unit)


@site.page("congress/unit/<int:pk>/merge/", "congress_unit_merge", KEEPERS)
@once
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """并入 another unit."""
    row = _unit(pk)
    form = MergeForm(request.POST or None, unit=row, initial={"on": today()})
    say = (
        f"{row.short_name}的人员和下级单位转到新单位，没有办完的事由新单位接着办，办过的记录"
        "仍写原单位。合并后不能恢复。"
    )
    return _step(request, row, "merge", form, actions.merge_unit, explain=say, danger=True)


@site.page("congress/unit/<int:pk>/close/", "congress_unit_close", KEEPERS)
@once
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """停用."""
    row = _unit(pk)
    say = "停用后不再出现在选择里，办过的记录都保留。以后可以恢复使用。"
    form = CloseForm(request.POST or None)
    return _step(request, row, "close", form, actions.close_unit, explain=say, danger=True)


@site.page("congress/unit/<int:pk>/reopen/", "congress_unit_reopen", KEEPERS)
@once
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """恢复使用."""
    row = _unit(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return _step(request, row, "reopen", form, actions.reopen_unit)


@site.page("congress/unit/<int:pk>/contacts/", "congress_contact_add", KEEPERS)
@once
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new contact of a unit."""
    row = _unit(pk)
    form = ContactForm(request.POST or None)
    return _contact(request, UnitContact(unit=row), form, "添加联系人")


@site.page("congress/contact/<int:pk>/", "congress_contact", KEEPERS)
@once
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contact, or take it away."""
    row = UnitContact.objects.select_related("unit").filter(pk=pk).first()
    if row is None:
        raise Http404
    if "remove" in request.POST:
        actions.remove_contact(row, by=request.member)
        messages.success(request, f"已删除联系人{row.name}")
        return redirect(unit_url(row.unit_id))
    initial = {n: getattr(row, n) for n in ContactForm.base_fields}
    form = ContactForm(request.POST or None, initial=initial)
    more = {"secondary": "remove", "secondary_label": "删除"}
    return _contact(request, row, form, f"联系人：{row.name}", **more)


def _contact(request, row: UnitContact, form: ContactForm, title: str, **more) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        if attempt(form, actions.set_contact, row, by=request.member, **form.cleaned_data):
            messages.success(request, f"已保存联系人{row.name}")
            return redirect(unit_url(row.unit_id))
    return form_page(request, form, title, "保存", way_back(row.unit), **more)
