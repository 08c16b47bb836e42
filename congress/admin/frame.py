"""届, 会次, 会议: the frame of a congress's year, each a list and a form."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .. import access, actions
from ..forms.frame import FrameForm, MeetingForm, SittingForm, TermForm
from ..models import Meeting, Sitting, Term
from ..once import once
from ..words import cn_date
from .pages import attempt, form_page
from .site import site
from .staff import StaffAdmin

EACH_PAGE = 50


@dataclass(frozen=True)
class Kind:
    """One kind of row as its pages show it."""

    model: type[Model]
    form: type[FrameForm]
    head: tuple[str, ...]
    cells: Callable[[Model], tuple[str, ...]]
    empty: str

    @property
    def word(self) -> str:
        return str(self.model._meta.verbose_name)

    def url(self, page: str, *args) -> str:
        return reverse(f"admin:congress_{self.model._meta.model_name}_{page}", args=args)


def _span(first, last) -> str:
    return f"{cn_date(first)}至{cn_date(last)}" if last else f"{cn_date(first)}起"


TERMS = Kind(
    Term,
    TermForm,
    ("名称", "起止"),
    lambda r: (r.name, _span(r.starts_on, r.ends_on)),
    "建议编号、代表任期都按届归集。",
)
SITTINGS = Kind(
    Sitting,
    SittingForm,
    ("名称", "届", "会期"),
    lambda r: (r.name, r.term.name, _span(r.opens_on, r.closes_on)),
    "登记大会会期以后，会议期间和闭会期间的建议分开编号。",
)
MEETINGS = Kind(
    Meeting,
    MeetingForm,
    ("名称", "会议", "日期"),
    lambda r: (r.title, r.get_kind_display(), cn_date(r.held_on)),
    "登记常委会会议、主任会议和主席团会议以后，列席、审议可以对应到会议。",
)


class FrameAdmin(StaffAdmin):
    kind: Kind
    roles_view = tuple(access.UNIT_READERS)
    roles_add = roles_change = roles_delete = access.FRAME_KEEPERS

    def changelist_view(self, request, extra_context=None):
        """All rows, the latest first."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        kind = self.kind
        rows = kind.model.objects.all()
        if kind.model is Sitting:
            rows = rows.select_related("term")
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        keeps = access.may_keep_frame(request.member)
        add = kind.url("add")
        context = {
            "title": kind.word,
            "kind": kind,
            "page": page,
            "lines": [(kind.url("change", r.pk), kind.cells(r)) for r in page],
            "keeps": keeps,
            "add_url": add if keeps else "",
            "actions": [{"label": f"登记{kind.word}", "url": add, "primary": True}]
            if keeps
            else [],
        }
        return site.render(request, "congress/staff/frame.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """A new one."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return edit_page(request, self.kind, None)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Correct one."""
        if not self.has_change_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        return edit_page(request, self.kind, self.row_or_404(request, object_id))

    def delete_view(self, request, object_id, extra_context=None):
        """Take back one that was registered by mistake."""
        if not self.has_delete_permission(request):
            return super().delete_view(request, object_id, extra_context)
        return remove_page(request, self.kind, self.row_or_404(request, object_id))


class TermAdmin(FrameAdmin):
    kind = TERMS


class SittingAdmin(FrameAdmin):
    kind = SITTINGS


class MeetingAdmin(FrameAdmin):
    kind = MEETINGS


site.register(Term, TermAdmin)
site.register(Sitting, SittingAdmin)
site.register(Meeting, MeetingAdmin)


@once
def edit_page(request: HttpRequest, kind: Kind, row: Model | None) -> HttpResponse:
    form = kind.form(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, actions.keep, row or kind.model(), by=request.member, **form.cleaned_data
        )
        if saved:
            messages.success(request, f"已保存：{saved}")
            return redirect(kind.url("changelist"))
    title = f"修改：{row}" if row else f"登记{kind.word}"
    remove = {"label": "删除", "url": kind.url("delete", row.pk), "danger": True} if row else None
    back = [(kind.word, kind.url("changelist"))]
    return form_page(request, form, title, "保存", back, actions=[remove] if remove else [])


@once
def remove_page(request: HttpRequest, kind: Kind, row: Model) -> HttpResponse:
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = str(row)
        attempt(form, actions.remove, row, by=request.member)
        if not form.errors:
            messages.success(request, f"已删除{name}")
            return redirect(kind.url("changelist"))
    back = [(kind.word, kind.url("changelist")), (str(row), kind.url("change", row.pk))]
    say = "只删除登记错的。已有建议、代表任期等归到它下面的，不能删除。"
    return form_page(request, form, f"删除：{row}", "确认删除", back, explain=say, danger=True)
