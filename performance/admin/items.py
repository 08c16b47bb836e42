"""履职事项: the congress's list of duties."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congress.admin import StaffAdmin, site
from congress.once import once

from .. import access, actions
from ..forms.books import ItemForm
from ..models import Aspect, DutyItem
from .books import KEEPERS, READERS

ITEMS = ("履职事项", "/admin/performance/dutyitem/")


class DutyItemAdmin(StaffAdmin):
    roles_view = READERS

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            return super().changelist_view(request)
        rows = DutyItem.objects.annotate(
            facts=Count("records", filter=Q(records__withdrawn_at=None))
        ).order_by("-is_active", "position", "pk")
        may_keep = request.member.role in KEEPERS
        context = {
            "title": "履职事项",
            "note": "履职记录和申报都归到这里的某一项；名称可以改，用过的不能删除，只能停用。",
            "groups": [
                (Aspect(a).label, [r for r in rows if r.aspect == a]) for a in Aspect.values
            ],
            "may_keep": may_keep,
            "actions": [{"label": "添加事项", "url": "/admin/performance/items/new/"}]
            if may_keep
            else [],
        }
        return site.render(request, "performance/admin/items.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if self.get_object(request, object_id) and request.member.role in KEEPERS:
            return redirect("admin:performance_item", object_id)
        return super().change_view(request, object_id, form_url, extra_context)


site.register(DutyItem, DutyItemAdmin)


@site.page("performance/items/new/", "performance_item_new", KEEPERS)
@once
def new_item(request: HttpRequest) -> HttpResponse:
    """A further duty."""
    return _edit(request, None)


@site.page("performance/items/<int:pk>/", "performance_item", KEEPERS)
@once
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, describe or retire a duty."""
    return _edit(request, access.find(DutyItem.objects.all(), pk))


def _edit(request: HttpRequest, row: DutyItem | None) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_item(by=request.member, item=row, **form.cleaned_data)
        messages.success(request, f"已保存“{saved.name}”")
        return redirect("admin:performance_dutyitem_changelist")
    context = {
        "title": f"修改事项：{row.name}" if row and row.pk else "添加事项",
        "form": form,
        "back": [ITEMS],
        "submit": "保存",
        "cancel": ITEMS[1],
    }
    return site.render(request, "admin/one_form.html", context, 422 if form.is_bound else 200)
