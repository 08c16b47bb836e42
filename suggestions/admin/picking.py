"""What waits to be handed over, put into a batch or made into one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from congress.admin import site
from congress.once import once

from .. import actions, queries
from ..forms.assigning import PickFilter
from ..models import AssignmentBatch, Suggestion
from .batches import EACH_PAGE, KEEPERS, batches_link, found_open, picked, way_back


@site.page("suggestions/batches/waiting/", "suggestions_batches_waiting", KEEPERS)
@once
def waiting(request: HttpRequest) -> HttpResponse:
    """待交办: what is registered and in no batch, with the day by which it is to be assigned;
    what is ticked makes a batch at once, be it a single one between sittings."""
    form = PickFilter(request.GET or None)
    rows = _picked(queries.assignable(), form)
    if request.method == "POST":
        return _at_once(request)
    context = {
        "title": "待交办的建议",
        "note": "已登记、还没有放入批次的建议。闭会期间的建议可以随时单件交办。",
        "back": [batches_link()],
        **_listed(request, rows, form),
    }
    return site.render(request, "suggestions/admin/assigning/waiting.html", context)


def _at_once(request: HttpRequest) -> HttpResponse:
    chosen = list(queries.assignable().filter(pk__in=picked(request)))
    if not chosen:
        messages.warning(request, "没有勾选建议，请先勾选")
        return redirect(request.get_full_path())
    today = timezone.localdate()
    what = f"第{chosen[0].number}号" if len(chosen) == 1 else f"{len(chosen)}件"
    batch = actions.open_batch(
        by=request.member, title=f"{today.month}月{today.day}日交办（{what}）", assigned_on=today
    )
    if len(chosen) == 1:
        actions.fill_batch(
            batch, by=request.member, suggestions=chosen,
            through_owners="through_owners" in request.POST,
        )  # fmt: skip
        messages.success(request, "已建立批次，请拟定承办单位")
        return redirect("admin:suggestions_batch_units", batch.pk, chosen[0].pk)
    return _told(request, batch, chosen)


@site.page("suggestions/batches/<int:pk>/pick/", "suggestions_batch_pick", KEEPERS)
@once
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose registered suggestions; units are proposed for each at once."""
    batch = found_open(request, pk)
    form = PickFilter(request.GET or None)
    rows = _picked(queries.assignable(), form)
    if request.method == "POST":
        return _put_in(request, batch, rows)
    context = {
        "title": "选择建议",
        "back": way_back(batch),
        "batch": batch,
        **_listed(request, rows, form),
    }
    return site.render(request, "suggestions/admin/assigning/pick.html", context)


def _listed(request: HttpRequest, rows: QuerySet[Suggestion], form: PickFilter) -> dict:
    """A page of what may be picked, each with the day by which it is to be assigned."""
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    return {
        "filter_form": form,
        "is_filtered": bool(request.GET),
        "page": page,
        "lines": [(row, row.assign_by) for row in page],
        "ticked": "ticked" in request.GET,
    }


def _picked(rows: QuerySet[Suggestion], form: PickFilter) -> QuerySet[Suggestion]:
    asked = form.asked()
    if words := (asked.get("q") or "").strip():
        rows = queries.by_words(rows, words, "title", number="number")
    if top := asked.get("category"):
        rows = rows.filter(Q(category=top) | Q(category__parent=top))
    if asked.get("raised_in"):
        rows = rows.filter(raised_in=asked["raised_in"])
    return rows


def _put_in(request: HttpRequest, batch: AssignmentBatch, rows) -> HttpResponse:
    if "all" in request.POST:
        chosen = list(rows)
    else:
        chosen = list(queries.assignable().filter(pk__in=picked(request)))
    if not chosen:
        messages.warning(request, "没有勾选建议，请先勾选")
        return redirect(request.get_full_path())
    return _told(request, batch, chosen)


def _told(request: HttpRequest, batch: AssignmentBatch, chosen: list) -> HttpResponse:
    """Put them in and say what could not be proposed by itself."""
    taken, left = actions.fill_batch(
        batch, by=request.member, suggestions=chosen,
        through_owners="through_owners" in request.POST,
    )  # fmt: skip
    if taken:
        messages.success(request, f"已放入{len(taken)}件，承办单位已初步拟定，请逐件查看")
    if left:
        numbers = "、".join(s.number for s in left[:10])
        messages.warning(
            request,
            f"{len(left)}件没有可以参照的承办单位，没有放入：{numbers}。请逐件拟定单位",
        )
        return redirect("admin:suggestions_batch_pick", batch.pk)
    return redirect("admin:suggestions_batch", batch.pk)
