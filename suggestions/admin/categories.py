"""类别: two levels, the committee that supervises each, the units that as a rule handle it."""

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from congress.admin import form_page, site
from congress.once import once

from .. import access, actions
from ..forms.rule_sets import CategoryForm
from ..models import Category, LikelyUnit
from .batches import KEEPERS
from .frame import FORM
from .rule_sets import READERS


def categories_link() -> tuple[str, str]:
    return "类别", reverse("admin:suggestions_categories")


@site.page("suggestions/categories/", "suggestions_categories", READERS)
def categories(request: HttpRequest) -> HttpResponse:
    """Both levels on one page."""
    likely = Prefetch("likely_units", LikelyUnit.objects.select_related("unit"))
    rows = list(
        Category.objects.select_related("committee")
        .prefetch_related(likely)
        .annotate(used=Count("suggestions"))
        .order_by("position", "pk")
    )
    below: dict[int, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    may_keep = access.may_keep(request.member)
    new = {"label": "增加分类", "url": reverse("admin:suggestions_category_new"), "primary": True}
    context = {
        "title": "类别",
        "note": "建议按两级分类。对口委员会跟踪督办，一般承办的单位在交办时自动列为参照。",
        "groups": [(top, below.get(top.pk, [])) for top in below.get(None, [])],
        "may_keep": may_keep,
        "actions": [new] if may_keep else [],
    }
    return site.render(request, "suggestions/admin/rules/categories.html", context)


@site.page("suggestions/categories/new/", "suggestions_category_new", KEEPERS)
@once
def new_category(request: HttpRequest) -> HttpResponse:
    """增加分类; `?parent=` is the one it goes below."""
    return _edit(request, None, {"parent": request.GET.get("parent"), "is_active": True})


@site.page("suggestions/categories/<int:pk>/", "suggestions_category", KEEPERS)
@once
def category(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    row = get_object_or_404(Category.objects.select_related("parent"), pk=pk)
    return _edit(request, row, CategoryForm.initial_of(row))


def _edit(request: HttpRequest, row: Category | None, initial: dict) -> HttpResponse:
    form = CategoryForm(request.POST or None, row=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_category(row, by=request.member, **form.values())
        messages.success(request, f"“{saved.name}”已保存")
        return redirect("admin:suggestions_categories")
    return form_page(
        request,
        form,
        f"修改分类：{row.name}" if row else "增加分类",
        "保存",
        [categories_link()],
        FORM,
    )


@site.page("suggestions/categories/<int:pk>/shift/<str:way>/", "suggestions_category_shift",
           KEEPERS)  # fmt: skip
@require_POST
def shift(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """One place up or down."""
    row = get_object_or_404(Category, pk=pk)
    actions.shift_category(row, by=request.member, up=way == "up")
    return redirect("admin:suggestions_categories")


@site.page("suggestions/categories/ship/", "suggestions_categories_ship", KEEPERS)
@require_POST
@once
def ship(request: HttpRequest) -> HttpResponse:
    """The usual categories, those that are missing."""
    count = actions.ship_categories()
    messages.success(request, f"已增加{count}个常用分类" if count else "常用分类都已经有了")
    return redirect("admin:suggestions_categories")
