"""异议: 错、重、漏 raised by deputies, decided with a reason that both sides see."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import StaffAdmin, StepPage, site
from congress.once import once
from deputies import access as registry

from .. import access, actions
from ..forms.records import DecisionForm, EnterMissingForm, ObjectionFilter
from ..models import Objection
from ..queries.accounts import details_of
from ..queries.objections import line_objected
from ..queries.records import counts_by_state, objections_narrowed, source_of
from ..rules import OBJECTION_FLOW
from .periods import READERS
from .records import OBJECTION_TONES
from .reports import tabs

State, Step, Kind = Objection.State, Objection.Step, Objection.Kind
EACH_PAGE = 30
TABS = (State.OPEN, State.UPHELD, State.REJECTED, State.DROPPED)


def objections_link() -> tuple[str, str]:
    return "异议", reverse("admin:performance_objection_changelist")


class ObjectionAdmin(StaffAdmin):
    roles_view = READERS
    flow = OBJECTION_FLOW
    step_template = "performance/admin/objection_step.html"
    step_pages = (
        StepPage(
            Step.REJECT,
            actions.reject,
            form=DecisionForm,
            done="已答复代表",
            explain="记录和得分不变，理由会告知代表。",
        ),
    )

    def rows(self, member):
        return access.objections_visible_to(member)

    def steps_for(self, member, row):
        return access.objection_steps(member, row)

    def step_context(self, request, row, step):
        return {"title": f"不予采纳：{row}", "back": way_back(row), "objection": row}

    def changelist_view(self, request, extra_context=None):
        """Objections by state, the oldest open one in front."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        asked = request.GET.get("state__exact", "")
        is_first = not set(request.GET) - {"page"}
        state = asked if asked in State.values else State.OPEN if is_first else ""
        form = ObjectionFilter(
            request.GET or None, member=request.member, initial={"state__exact": state}
        )
        visible = access.objections_visible_to(request.member)
        rows = objections_narrowed(visible, form.asked(), registry.visible_to(request.member))
        counts = counts_by_state(rows)
        if state:
            rows = rows.filter(state=state)
        rows = rows.order_by("raised_at" if state == State.OPEN else "-raised_at", "pk")
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": "异议",
            "note": "代表对履职记录和得分提出的错、重、漏。考核期锁定以前要全部处理。",
            "filter_form": form,
            "tabs": tabs(request, counts, state, State, TABS),
            "page": page,
            "lines": [(row, OBJECTION_TONES[row.state]) for row in page],
            "state": state,
            "is_filtered": any(v for k, v in form.asked().items() if k != "state__exact"),
        }
        return site.render(request, "performance/admin/objections.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One objection beside the record it is about."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            if request.member.role in READERS:
                raise Http404
            return super().change_view(request, object_id, form_url, extra_context)
        may_decide = Step.UPHOLD in access.objection_steps(request.member, row)
        same = _same_day(request.member, row)
        context = {
            "title": str(row),
            "back": [objections_link()],
            "row": row,
            "tone": OBJECTION_TONES[row.state],
            "details": details_of(row.record, behalf=False) if row.record else "",
            "source": source_of(row.record) if row.record else "",
            "same": [(r, details_of(r, behalf=False), source_of(r)) for r in same],
            "objected": line_objected(row, request.member),
            "entered": _entered(request.member, row),
            "may_decide": may_decide,
            "step_buttons": self.step_buttons(request, row),
        }
        return site.render(request, "performance/admin/objection.html", context)


def _same_day(member, row: Objection) -> list:
    """Other facts that help to decide: of the record's day, or of the duty that is missing."""
    rows = access.records_visible_to(member).filter(deputy=row.deputy_id, withdrawn_at=None)
    if row.record:
        return list(rows.filter(on=row.record.on).exclude(pk=row.record_id)[:10])
    if row.item:
        span = (row.period.starts_on, row.period.ends_on)
        return list(rows.filter(item=row.item, on__range=span)[:10])
    return []


def _entered(member, row: Objection):
    """The fact that was entered when the objection was upheld."""
    return (
        access.records_visible_to(member)
        .filter(source_kind="performance.objection", source_id=str(row.pk))
        .first()
    )


site.register(Objection, ObjectionAdmin)


def way_back(row: Objection) -> list[tuple[str, str]]:
    here = reverse("admin:performance_objection_change", args=[row.pk])
    return [objections_link(), (str(row), here)]


@site.page("performance/objections/<int:pk>/uphold/", "performance_uphold", access.KEEPERS)
@once
def uphold(request: HttpRequest, pk: int) -> HttpResponse:
    """采纳: the wrong or double record is taken back, the missing one is entered."""
    row = access.find(access.objections_visible_to(request.member), pk)
    if Step.UPHOLD not in access.objection_steps(request.member, row):
        OBJECTION_FLOW.after(row.state, Step.UPHOLD)
        raise Http404
    missing = row.kind == Kind.MISSING
    if missing:
        initial = {"item": row.item_id, "title": "", "on": None}
        form = EnterMissingForm(request.POST or None, initial=initial, objection=row)
    else:
        form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.uphold(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已采纳并答复代表。再次汇总后，得分按更正后的记录计算。")
        return redirect("admin:performance_objection_change", pk)
    if missing:
        explain = "选择补记的事项和日期，采纳后直接记入代表的履职，标明代录。"
    elif row.record:
        explain = "采纳后，这条履职记录会撤回，不再计分。内容有误需要重记的，撤回后再代录。"
    else:
        explain = "采纳后请按核实的情况更正有关记录，再次汇总。"
    context = {
        "title": f"采纳：{row}",
        "back": way_back(row),
        "objection": row,
        "explain": explain,
        "form": form,
        "submit": "采纳",
        "cancel": way_back(row)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "performance/admin/uphold.html", context, status)
