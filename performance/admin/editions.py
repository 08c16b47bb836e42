"""更正版: a numbered later edition with its entries after the lock."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congress.admin import site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.publications import CorrectForm, CorrectionForm
from ..forms.tallies import choices_of
from ..models import Correction, Publication, TallyTotal
from ..queries import rule_tree
from ..queries.results import ROSTER
from .periods import KEEPERS
from .publications import found, way_back

State = Publication.State


@site.page("performance/publications/<int:pk>/correct/", "performance_publication_correct", KEEPERS)
@once
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """出更正版: why."""
    row = found(request, pk)
    if not row.is_frozen:
        raise NotAllowed("还没有公布，直接修改即可，不需要更正版")
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        later = actions.correct_publication(row, by=request.member, **form.cleaned_data)
        messages.success(request, f"已拟订第{later.edition}版，请登记要更正的内容")
        return redirect("admin:performance_publication_change", later.pk)
    context = {
        "title": "出更正版",
        "form": form,
        "back": way_back(row),
        "explain": "公布的内容不能改动。更正版是新的一版，登记更正的内容后，同样由两个人先后确认"
        "再公布；原版仍可查看，并注明已有更正版。",
        "submit": "拟订更正版",
        "cancel": way_back(row)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


@site.page("performance/publications/<int:pk>/entries/new/", "performance_correction_new", KEEPERS)
@once
def new_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """登记更正: one rule of one deputy."""
    row = found(request, pk)
    if row.edition == 1 or row.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed("更正只登记在还没有提交的更正版上")
    totals = TallyTotal.objects.filter(tally=row.tally).select_related(
        "mandate__deputy", "mandate__delegation"
    )
    form = CorrectionForm(
        request.POST or None,
        tally=row.tally,
        root=rule_tree(row.tally.version),
        deputies=choices_of(t.mandate for t in totals.order_by(*ROSTER)),
    )
    if request.method == "POST" and form.is_valid():
        entry = actions.enter_correction(row, by=request.member, **form.cleaned_data)
        messages.success(request, f"已登记{entry.deputy.name}的更正")
        return redirect("admin:performance_publication_change", pk)
    context = {
        "title": "登记更正",
        "form": form,
        "back": way_back(row),
        "submit": "登记",
        "cancel": way_back(row)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


@site.page("performance/entries/<int:pk>/remove/", "performance_correction_remove", KEEPERS)
@once
def remove_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """删除更正 of a draft."""
    entry = access.find(
        Correction.objects.select_related("publication", "deputy", "node").filter(
            publication__in=access.publications_visible_to(request.member)
        ),
        pk,
    )
    publication = found(request, entry.publication_id)
    if request.method == "POST":
        actions.remove_correction(entry, by=request.member)
        messages.success(request, "已删除这条更正")
        return redirect("admin:performance_publication_change", publication.pk)
    context = {
        "title": "删除更正",
        "back": way_back(publication),
        "explain": f"删除{entry.deputy.name}“{entry.node.name}”的更正：{entry.reason}",
        "submit": "删除",
        "danger": True,
        "cancel": way_back(publication)[1][1],
    }
    return site.render(request, "admin/one_form.html", context)
