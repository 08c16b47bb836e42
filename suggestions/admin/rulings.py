"""退办与延期: what waits for a word of 代工委, and what was decided."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import site
from congress.holidays import work_calendar
from congress.models import Role
from congress.once import once
from congress.pdf import shown
from congress.xlsx import attachment
from deadlines.queries import shown_once as limits_shown

from .. import access, actions, documents, exports, queries
from ..forms.handling import DecideExtensionForm
from ..forms.rulings import ReturnRulingForm, RulingFilter
from ..models import Assignment, ExtensionRequest, ReturnRequest
from ..rules import HandlingRules, approvers, legal_limit, reassign_limit
from .batches import EACH_PAGE, READERS

TABS = {
    "returns": "待决定的退办",
    "extensions": "待决定的延期",
    "returned": "已决定的退办",
    "extended": "已决定的延期",
}
Do = Assignment.Step


def rulings_link() -> tuple[str, str]:
    return "退办与延期", reverse("admin:suggestions_rulings")


@site.page("suggestions/rulings/", "suggestions_rulings", READERS)
def rulings(request: HttpRequest) -> HttpResponse:
    """Four lists: returns and extensions, waiting and decided."""
    member = request.member
    show = request.GET.get("show", "")
    show = show if show in TABS else "returns"
    every = {
        "returns": queries.returns(member, decided=False),
        "extensions": queries.extensions(member, decided=False),
        "returned": queries.returns(member, decided=True),
        "extended": queries.extensions(member, decided=True),
    }
    form = RulingFilter(request.GET or None)
    mine = {"returns": queries.returns_waiting_for, "extensions": queries.extensions_waiting_for}
    if form.asked().get("mine") and show in mine:
        every[show] = mine[show](member)
    rows = _narrowed(every[show], form)
    is_return = show.startswith("return")
    if "export" in request.GET:
        audit.record(member, "suggestions.export", note=TABS[show])
        sheets = exports.return_sheets(rows) if is_return else exports.extension_sheets(rows)
        return attachment(f"{TABS[show]}.xlsx", sheets)
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    here = reverse("admin:suggestions_rulings")
    query = request.GET.copy()
    query["export"] = "1"
    context = {
        "title": "退办与延期",
        "note": "由交办的一级决定：代工委交办的由代工委决定，政府办分办的由政府办决定；"
        "再次退办由代工委裁定。",
        "tabs": [
            {"label": words, "count": every[key].count(), "url": f"{here}?show={key}",
             "here": key == show}
            for key, words in TABS.items()
        ],
        "show": show,
        "filter_form": form,
        "is_filtered": any(form.asked().values()),
        "page": page,
        "lines": list(_returns(page)) if is_return else list(_extensions(page)),
        "is_return": is_return,
        "actions": [{"label": "导出", "url": f"?{query.urlencode()}"}]
        if page.paginator.count
        else [],
    }  # fmt: skip
    return site.render(request, "suggestions/admin/assigning/rulings.html", context)


def _narrowed(rows: QuerySet, form: RulingFilter) -> QuerySet:
    asked = form.asked()
    if words := (asked.get("q") or "").strip():
        rows = queries.by_words(
            rows, words, "assignment__suggestion__title", "assignment__unit_name",
            number="assignment__suggestion__number",
        )  # fmt: skip
    return rows


def _returns(rows: Iterable[ReturnRequest]):
    """Each request with who decides and until when."""
    calendar = work_calendar()
    for row in rows:
        task = row.assignment
        rules = HandlingRules.of(task.suggestion.rule_set)
        due = reassign_limit(timezone.localdate(row.asked_at), rules, calendar)
        yield row, who_decides(row), due


def who_decides(row: ReturnRequest) -> str:
    """The level whose word a request to return waits for."""
    if row.granted_before:
        return "代工委裁定"
    parent = row.assignment.parent
    return parent.unit.short_name if parent else "代工委"


def _extensions(rows: Iterable[ExtensionRequest]):
    """Each request with whose word is still missing."""
    for row in rows:
        task = row.assignment
        wanted = approvers(task.suggestion.rule_set.extension_approvers, access.has_office(task))
        said = {a.role for a in row.approvals.all()}
        yield row, "、".join(Role(r).label for r in wanted if r not in said), task.legal_due_on


# -- One request -------------------------------------------------------------------------------


@site.page("suggestions/rulings/returns/<int:pk>/", "suggestions_ruling_return", READERS)
@once
def ruling_return(request: HttpRequest, pk: int) -> HttpResponse:
    """退办审批: what the unit says, what speaks for other units, the decision."""
    rows = queries.returns(request.member, decided=False)
    row = rows.filter(pk=pk).first() or get_object_or_404(
        queries.returns(request.member, decided=True), pk=pk
    )
    task, suggestion = row.assignment, row.assignment.suggestion
    may_decide = row.accepted is None and Do.ACCEPT_RETURN in access.task_steps(
        request.member, task
    )
    form = None
    if may_decide or request.method == "POST":
        initial = {"unit": row.proposed_unit_id, "role": task.role, "content": task.content}
        sent = request.POST if request.method == "POST" else None
        form = ReturnRulingForm(sent, task=task, initial=initial)
        if form.is_valid():
            return _decide(request, row, form.cleaned_data)
    context = {
        "title": f"退办申请：第{suggestion.number}号",
        "back": [rulings_link()],
        "row": row,
        "task": task,
        "suggestion": suggestion,
        "who": who_decides(row),
        "earlier": queries.returns(request.member, decided=True).filter(
            assignment__suggestion=suggestion, pk__lt=pk
        ),
        "candidates": [c for c in queries.candidates_of(suggestion) if c.unit.pk != task.unit_id]
        if may_decide
        else [],
        "form": form if may_decide else None,
        "due": next(_returns([row]))[2],
        "limits": limits_shown([row]),
    }
    status = 422 if form is not None and form.is_bound else 200
    return site.render(request, "suggestions/admin/assigning/ruling_return.html", context, status)


def _decide(request: HttpRequest, row: ReturnRequest, values: dict) -> HttpResponse:
    plan = None
    if values["accept"]:
        plan = actions.Plan(values["unit"], values["role"], values["content"].strip())
    actions.decide_return(
        row, by=request.member, accept=values["accept"], decision=values["decision"], plan=plan
    )
    words = f"已同意退办，改由{plan.unit.name}办理，法定期限不变" if plan else "已决定不同意退办"
    messages.success(request, f"{words}，已告知有关单位")
    return redirect("admin:suggestions_rulings")


@site.page("suggestions/rulings/returns/<int:pk>/letter/", "suggestions_ruling_letter", READERS)
def ruling_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """改办通知, once the return was accepted."""
    row = get_object_or_404(
        access.returns_visible_to(request.member).filter(accepted=True), pk=pk,
        new_assignment__isnull=False,
    )  # fmt: skip
    audit.record(request.member, "suggestions.export", row.new_assignment, note="改办通知")
    name = f"第{row.assignment.suggestion.number}号改办通知"
    return shown(name, documents.reassignment_letter(row))


@site.page("suggestions/rulings/extensions/<int:pk>/", "suggestions_ruling_extension", READERS)
@once
def ruling_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """延期审批: what was done, the day asked for against the law's last day, whose word is in."""
    row = get_object_or_404(
        access.extensions_visible_to(request.member).prefetch_related("approvals__by"), pk=pk
    )
    task, suggestion = row.assignment, row.assignment.suggestion
    said = {a.role for a in row.approvals.all()}
    may_decide = (
        row.granted is None
        and access.may_approve(request.member, task)
        and request.member.role not in said
    )
    form = None
    if may_decide or request.method == "POST":
        form = DecideExtensionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            row = actions.decide_extension(row, by=request.member, **form.cleaned_data)
            messages.success(request, _said(row))
            return redirect(f"{rulings_link()[1]}?show=extensions")
    rules = HandlingRules.of(suggestion.rule_set)
    context = {
        "title": f"延期申请：第{suggestion.number}号",
        "back": [rulings_link()],
        "row": row,
        "task": task,
        "suggestion": suggestion,
        "latest": legal_limit(suggestion.assigned_on, work_calendar(), rules.reply_max_months),
        "waiting": next(_extensions([row]))[1],
        "asked_in_time": timezone.localdate(row.asked_at) <= task.legal_due_on,
        "late_now": timezone.localdate() > task.legal_due_on,
        "approvals": [(Role(a.role).label, a) for a in row.approvals.all()],
        "form": form if may_decide else None,
    }
    status = 422 if form is not None and form.is_bound else 200
    return site.render(
        request, "suggestions/admin/assigning/ruling_extension.html", context, status
    )


def _said(row: ExtensionRequest) -> str:
    if row.granted is None:
        return "您的意见已记录，还要等其他机构批准"
    return "已同意延期，已告知承办单位和代表" if row.granted else "已决定不同意延期，已告知承办单位"
