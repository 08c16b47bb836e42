"""承诺台账: by due day, fourth-quarter reports, confirmed or followed again; classes that three
parties raise."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.xlsx import attachment
from deadlines.queries import shown as limits_shown

from .. import access, actions, exports, queries
from ..forms.promising import ClassWordForm, PromiseFilter, ReopenForm, TextForm
from ..models import ClassChange, Promise
from ..queries import promising as ledger
from ..rules.kinds import PROMISE
from .frame import ABOUT_FORM, keep_paper
from .worklists import EACH_PAGE, picked, tabs, with_query

READERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.CHAIR, Role.STREET)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
FOLLOWERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE)
State, Step = Promise.State, Promise.Step
TONES = {
    State.RUNNING: "active", State.REPORTED: "waiting", State.KEPT: "done",
    State.CHANGED: "warn", State.BROKEN: "late",
}  # fmt: skip


def promises_link() -> tuple[str, str]:
    return "承诺台账", reverse("admin:suggestions_promises")


def _rows(request: HttpRequest) -> QuerySet[Promise]:
    return ledger.ledger(access.promises_visible_to(request.member), timezone.localdate())


def _page(pk: int) -> str:
    return reverse("admin:suggestions_promise", args=[pk])


@site.page("suggestions/promises/", "suggestions_promises", READERS)
def promises(request: HttpRequest) -> HttpResponse:
    """The ledger, what is due first in front."""
    today = timezone.localdate()
    every = _rows(request)
    years = sorted(set(every.order_by().values_list("due_on__year", flat=True)))
    form = PromiseFilter(request.GET or None, years=years)
    asked = form.asked()
    rows = every
    if words := (asked.get("q") or "").strip():
        rows = queries.by_words(
            rows, words, "content", "suggestion__title", number="suggestion__number"
        )
    if asked.get("unit"):
        rows = rows.filter(unit=asked["unit"])
    if asked.get("term"):
        rows = rows.filter(suggestion__term=asked["term"])
    if asked.get("year"):
        rows = rows.filter(due_on__year=asked["year"])
    counts = ledger.place_counts(rows, today)
    place = asked.get("place") or "due"
    place = place if place in ledger.PLACES else "due"
    shown = rows.filter(ledger.in_place(place, today)).distinct()
    shown = shown.select_related("suggestion__term").prefetch_related("events")
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="承诺台账")
        return attachment("承诺台账.xlsx", exports.promise_list(shown))
    page = Paginator(shown, EACH_PAGE).get_page(request.GET.get("page"))
    now_term = queries.term_on(today)
    changes = ledger.class_changes(access.followed_tasks(request.member))
    context = {
        "title": "承诺台账",
        "note": "答复里的每项承诺，到期自动要求报告；四季度报告进展；跨年、跨届一直跟踪到落实。",
        "filter_form": form,
        "tabs": tabs(request, ledger.PLACES, counts, place),
        "place": place,
        "page": page,
        "lines": [(p, TONES[p.state], p.suggestion.term_id != getattr(now_term, "pk", None))
                  for p in page],
        "actions": [
            {"label": "类别调整", "url": reverse("admin:suggestions_classes")},
            *([{"label": "导出", "url": with_query(request, export="1")}] if page else []),
        ],
        "classes_wait": changes.filter(ledger.WAITS_FOR_COMMITTEE).count(),
        "may_ask": request.member.role in FOLLOWERS and place in ("due", "quarter", "running"),
        "is_filtered": any(request.GET.get(n) for n in ("q", "unit", "term", "year")),
        "ticked": "ticked" in request.GET,
        "tick_url": with_query(request, ticked="1"),
    }  # fmt: skip
    return site.render(request, "suggestions/admin/promises.html", context)


@site.page("suggestions/promises/<int:pk>/", "suggestions_promise", READERS)
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise and its whole record."""
    row = get_object_or_404(_rows(request).select_related("suggestion__term"), pk=pk)
    possible = access.promise_steps(request.member, row)
    pages = {
        Step.CONFIRM: ("确认落实", "suggestions_promise_confirm", True),
        Step.REOPEN: ("重新跟踪", "suggestions_promise_reopen", False),
    }
    events = row.events.select_related("by__unit", "deputy", "evidence").order_by("on", "pk")
    context = {
        "title": row.content[:40],
        "back": [promises_link()],
        "row": row,
        "tone": TONES[row.state],
        "events": [(e, _word(e.value)) for e in events],
        "is_open": row.state in ledger.OPEN,
        "limits": limits_shown([row], [PROMISE]),
        "step_buttons": [
            {"label": label, "url": reverse(f"admin:{name}", args=[pk]), "primary": primary}
            for step, (label, name, primary) in pages.items() if step in possible
        ],
    }  # fmt: skip
    return site.render(request, "suggestions/admin/promise.html", context)


def _word(value: str) -> str:
    return {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}.get(value, "")


@site.page("suggestions/promises/ask/", "suggestions_promises_ask", FOLLOWERS)
@require_POST
@once
def ask(request: HttpRequest) -> HttpResponse:
    """The units of the ticked promises are asked to report."""
    rows = picked(request, _rows(request))
    count = 0
    for row in rows:
        try:
            actions.ask_progress(row, by=request.member)
            count += 1
        except NotAllowed as refusal:
            messages.warning(request, f"{row.content[:20]}：{refusal}")
    if count:
        messages.success(request, f"已请承诺单位报告 {count} 项")
    return redirect("admin:suggestions_promises")


def _step(request, pk, step, form, act, *, title, submit, done, explain) -> HttpResponse:
    row = get_object_or_404(_rows(request), pk=pk)
    if step not in access.promise_steps(request.member, row):
        raise NotAllowed(f"这项承诺{row.get_state_display()}，现在不能“{step.label}”")
    if request.method == "POST" and form.is_valid():
        act(row, by=request.member, **form.cleaned_data)
        messages.success(request, done)
        return redirect("admin:suggestions_promise", pk)
    return form_page(
        request,
        form,
        title,
        submit,
        [promises_link(), ("承诺", _page(pk))],
        ABOUT_FORM,
        about=[("承诺", row.content), ("单位", row.unit.name), ("完成标准", row.criterion)],
        explain=explain,
    )


@site.page("suggestions/promises/<int:pk>/confirm/", "suggestions_promise_confirm", FOLLOWERS)
@once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee has looked: it is kept."""
    return _step(request, pk, Step.CONFIRM, TextForm(request.POST or None),
                 actions.confirm_promise, title="确认落实", submit="确认落实", done="已确认落实",
                 explain="到现场看过或者核对过材料，确认达到完成标准。")  # fmt: skip


@site.page("suggestions/promises/<int:pk>/reopen/", "suggestions_promise_reopen", FOLLOWERS)
@once
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not kept after all; it is followed again."""
    return _step(request, pk, Step.REOPEN, ReopenForm(request.POST or None),
                 actions.reopen_promise, title="重新跟踪", submit="重新跟踪",
                 done="已重新跟踪，已告知单位和代表",
                 explain="代表不满意或者没有落实的，重新跟踪；以前的记录都保留。")  # fmt: skip


# -- Classes raised later ---------------------------------------------------------------------


@site.page("suggestions/promises/classes/", "suggestions_classes", READERS)
def classes(request: HttpRequest) -> HttpResponse:
    """结果类别调整: the unit proposes, the deputy and the committee agree."""
    rows = ledger.class_changes(access.followed_tasks(request.member))
    shows = {"committee": ledger.WAITS_FOR_COMMITTEE, "waiting": ledger.WAITS, "all": Q()}
    show = request.GET.get("show", "waiting")
    show = show if show in shows else "waiting"
    rows = rows.filter(shows[show])
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "类别调整",
        "note": "承诺落实以后，单位提出、代表同意、督办机构同意，三方一致才调整；原类别保留。",
        "back": [promises_link()],
        "page": page,
        "show": show,
        "may_agree": request.member.role in FOLLOWERS,
        "may_enter": request.member.role in KEEPERS,
    }
    return site.render(request, "suggestions/admin/classes.html", context)


@site.page("suggestions/promises/classes/<int:pk>/", "suggestions_class_agree", FOLLOWERS)
@require_POST
@once
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee's word on a change of class."""
    rows = ledger.class_changes(access.followed_tasks(request.member))
    row = get_object_or_404(rows, pk=pk)
    agrees = request.POST.get("agrees") == "yes"
    actions.agree_class(row, by=request.member, agrees=agrees)
    messages.success(request, "已同意调整" if agrees else "已记为不同意调整")
    return redirect("admin:suggestions_classes")


# -- The word of a deputy without a login -----------------------------------------------------


def _change(request: HttpRequest, pk: int) -> ClassChange:
    rows = ledger.class_changes(access.followed_tasks(request.member))
    return get_object_or_404(rows.select_related("entered_by", "scan"), pk=pk)


def _about(row: ClassChange) -> list[tuple[str, str]]:
    suggestion = row.assignment.suggestion
    return [
        ("建议", f"第{suggestion.number}号 {suggestion.title}"),
        ("单位", row.assignment.unit_name),
        ("调整", f"{row.from_class.mark}类调整为{row.to_class.mark}类：{row.reason}"),
        ("代表", suggestion.raised_by),
    ]


CLASSES = [("承诺台账", "suggestions_promises"), ("类别调整", "suggestions_classes")]


def _way_back() -> list[tuple[str, str]]:
    return [(label, reverse(f"admin:{name}")) for label, name in CLASSES]


@site.page("suggestions/promises/classes/<int:pk>/word/", "suggestions_class_word", KEEPERS)
@once
def class_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The deputy's word on a change of class is entered from paper; a second person compares it."""
    row = _change(request, pk)
    form = ClassWordForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scan = keep_paper(form.cleaned_data["scan"], request.member)
        actions.enter_class_word(
            row, by=request.member, agrees=form.cleaned_data["agrees"], scan=scan
        )
        messages.success(request, "已录入，请另一位同事核对后生效")
        return redirect("admin:suggestions_classes")
    return form_page(
        request, form, "录入代表的书面意见", "录入", _way_back(), ABOUT_FORM, about=_about(row),
        explain="代表自己能在手机上答复的，请代表本人答复。录入人和核对人不能是同一人。",
    )  # fmt: skip


@site.page("suggestions/promises/classes/<int:pk>/compare/", "suggestions_class_compare", KEEPERS)
@once
def compare_class_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person compares the entry with the scan, or gives it back."""
    row = _change(request, pk)
    if row.paper_word is None or row.compared_by_id:
        raise NotAllowed("没有需要核对的书面意见")
    if request.method == "POST":
        agrees = "redo" not in request.POST
        actions.compare_class_word(row, by=request.member, agrees=agrees)
        messages.success(request, "已核对，意见生效" if agrees else "已退回，请重新录入")
        return redirect("admin:suggestions_classes")
    context = {
        "title": "核对代表的书面意见",
        "back": _way_back(),
        "about": [
            *_about(row),
            ("代表的意见", "同意" if row.paper_word else "不同意"),
            ("录入", row.entered_by.name),
        ],
        "scan": row.scan,
        "own": row.entered_by.user_id == request.member.user_id,
    }
    return site.render(request, "suggestions/admin/compare.html", context)
