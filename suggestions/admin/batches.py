"""交办会: the batches, one batch with its suggestions, what is put in and taken out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once

from .. import access, actions, queries
from ..forms.assigning import BatchFilter, BatchForm
from ..models import Assignment, AssignmentBatch, ProposedTask, Suggestion
from .frame import FORM

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
State = AssignmentBatch.State
TONES = {State.DRAFT: "active", State.DONE: "done"}
EACH_PAGE = 30


def batches_link() -> tuple[str, str]:
    return "交办会", reverse("admin:suggestions_batches")


def way_back(batch: AssignmentBatch) -> list[tuple[str, str]]:
    """The way back from a page below a batch."""
    return [batches_link(), (batch.title, reverse("admin:suggestions_batch", args=[batch.pk]))]


def found_open(request: HttpRequest, pk: int) -> AssignmentBatch:
    """A batch that may still be changed; 404 for strangers, refused once handed over."""
    batch = access.find_batch(request.member, pk)
    if batch.state != State.DRAFT:
        raise NotAllowed("这一批次已经交办，不能再改动")
    return batch


def picked(request: HttpRequest) -> list[int]:
    """The ids ticked in a list."""
    return [int(v) for v in request.POST.getlist("pick") if v.isascii() and v.isdigit()]


@site.page("suggestions/batches/", "suggestions_batches", READERS)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, the latest in front; how many suggestions wait for one."""
    rows = access.batches_visible_to(request.member).annotate(
        items=queries.suggestions_of_batch(),
        checked=Count(
            "proposed__suggestion", distinct=True, filter=Q(proposed__checked_by__isnull=False)
        ),
    )
    page = Paginator(rows.order_by("-assigned_on", "-pk"), EACH_PAGE).get_page(
        request.GET.get("page")
    )
    may_keep = access.may_keep(request.member)
    new = {"label": "建立批次", "url": reverse("admin:suggestions_batch_new"), "primary": True}
    context = {
        "title": "交办会",
        "note": "把已登记的建议成批交给承办单位。拟定和核对由两个人办理，交办之日起计算法定期限。",
        "page": page,
        "lines": [(b, TONES[b.state]) for b in page],
        "waiting": queries.assignable().count(),
        "actions": [new] if may_keep else [],
        "may_keep": may_keep,
    }
    return site.render(request, "suggestions/admin/assigning/batches.html", context)


@site.page("suggestions/batches/new/", "suggestions_batch_new", KEEPERS)
@once
def new_batch(request: HttpRequest) -> HttpResponse:
    """建立批次."""
    form = BatchForm(request.POST or None, initial={"assigned_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        batch = actions.open_batch(by=request.member, **form.cleaned_data)
        messages.success(request, "批次已建立，请选择要交办的建议")
        return redirect("admin:suggestions_batch_pick", batch.pk)
    return form_page(request, form, "建立交办批次", "建立", [batches_link()], FORM)


@site.page("suggestions/batches/<int:pk>/edit/", "suggestions_batch_edit", KEEPERS)
@once
def edit_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and days."""
    batch = found_open(request, pk)
    initial = {n: getattr(batch, n) for n in BatchForm.base_fields}
    form = BatchForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.edit_batch(batch, by=request.member, **form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("admin:suggestions_batch", pk)
    return form_page(request, form, "修改批次", "保存", way_back(batch), FORM)


@site.page("suggestions/batches/<int:pk>/discard/", "suggestions_batch_discard", KEEPERS)
@once
def discard_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch that is not handed over is given up."""
    batch = found_open(request, pk)
    if request.method == "POST":
        count = actions.discard_batch(batch, by=request.member)
        messages.success(request, f"批次已撤销，{count}件建议回到待交办")
        return redirect("admin:suggestions_batches")
    context = {
        "title": "撤销批次",
        "back": way_back(batch),
        "explain": "批次里的建议回到待交办，已经拟定的承办单位保留，可以放入别的批次。",
        "submit": "撤销批次",
        "danger": True,
        "cancel": way_back(batch)[-1][1],
    }
    return site.render(request, FORM, context)


# -- One batch ---------------------------------------------------------------------------------


@site.page("suggestions/batches/<int:pk>/", "suggestions_batch", READERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: how far it is, its suggestions with their units; afterwards its papers."""
    row = access.find_batch(request.member, pk)
    if row.state == State.DONE:
        return _done(request, row)
    units = queries.batch_units(row)
    form = BatchFilter(request.GET or None, units=[(pk, name) for pk, name, _ in units])
    every = queries.batch_items(row)
    rows = _filtered(every, form)
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    total = every.count()
    unchecked = every.filter(_unchecked()).count()
    may_keep = access.may_keep(request.member)
    here = reverse("admin:suggestions_batch", args=[pk])
    context = {
        "title": row.title,
        "back": [batches_link()],
        "batch": row,
        "tone": TONES[row.state],
        "may_keep": may_keep,
        "filter_form": form,
        "is_filtered": bool(request.GET),
        "page": page,
        "lines": list(page),
        "stage": 1 if not total else 2 if unchecked else 3,
        "figures": [
            ("建议", total, here, "件", ""),
            ("待核对", unchecked, f"{here}?show=unchecked", "件", "warn" if unchecked else ""),
            ("单位不同意", every.filter(_against()).count(), f"{here}?show=against", "件", ""),
        ],
        "units": [(u, name, _parts(counts)) for u, name, counts in units],
        "actions": _buttons(row, total, unchecked) if may_keep else [],
    }
    return site.render(request, "suggestions/admin/assigning/batch.html", context)


def _buttons(batch: AssignmentBatch, total: int, unchecked: int) -> list[dict]:
    def to(name: str) -> str:
        return reverse(f"admin:suggestions_batch_{name}", args=[batch.pk])

    found = [{"label": "选择建议", "url": to("pick"), "primary": not total}]
    if total:
        found.append({"label": "核对单位", "url": to("check"), "primary": bool(unchecked)})
        found.append({"label": "交办", "url": to("hand_over"), "primary": not unchecked})
        found.append({"label": "交办函和清单", "url": to("papers")})
    return found


def _parts(counts) -> str:
    order = [r for r in Assignment.Role if counts.get(r)]
    return "，".join(f"{r.label} {counts[r]} 件" for r in order)


def _of(**more) -> Exists:
    return Exists(ProposedTask.objects.filter(suggestion=OuterRef("pk"), **more))


def _unchecked() -> Exists:
    return _of(checked_by=None)


def _against() -> Exists:
    return _of(agrees=False)


def _filtered(rows: QuerySet[Suggestion], form: BatchFilter) -> QuerySet[Suggestion]:
    asked = form.asked()
    if words := (asked.get("q") or "").strip():
        rows = queries.by_words(rows, words, "title", number="number")
    if asked.get("unit"):
        rows = rows.filter(_of(unit=asked["unit"]))
    show = asked.get("show")
    if show == "unchecked":
        rows = rows.filter(_unchecked())
    elif show == "checked":
        rows = rows.exclude(_unchecked())
    elif show == "against":
        rows = rows.filter(_against())
    elif show == "silent":
        rows = rows.filter(_of(asked_at__isnull=False, agrees=None))
    return rows


def _done(request: HttpRequest, batch: AssignmentBatch) -> HttpResponse:
    units = queries.batch_units(batch)
    tasks = queries.batch_tasks(batch)
    first = tasks.first()
    context = {
        "title": batch.title,
        "back": [batches_link()],
        "batch": batch,
        "tone": TONES[batch.state],
        "items": tasks.values("suggestion").distinct().count(),
        "first": first,
        "units": [(u, name, _parts(counts), sum(counts.values())) for u, name, counts in units],
        "actions": [
            {
                "label": "交办函和清单",
                "url": reverse("admin:suggestions_batch_papers", args=[batch.pk]),
                "primary": True,
            }
        ],
    }
    return site.render(request, "suggestions/admin/assigning/batch_done.html", context)


@site.page("suggestions/batches/<int:pk>/bulk/", "suggestions_batch_bulk", KEEPERS)
@require_POST
@once
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """征询 or 取出 for the ticked suggestions of a batch."""
    batch = found_open(request, pk)
    chosen = list(queries.batch_items(batch).filter(pk__in=picked(request)))
    if not chosen:
        messages.warning(request, "没有勾选建议，请先勾选")
    elif "take_out" in request.POST:
        for row in chosen:
            actions.take_out_of_batch(row, by=request.member)
        messages.success(request, f"已取出{len(chosen)}件，拟定的单位保留")
    elif "consult" in request.POST:
        for row in chosen:
            actions.consult(row, by=request.member)
        messages.success(request, f"已就{len(chosen)}件征询拟定的承办单位")
    return redirect("admin:suggestions_batch", pk)
