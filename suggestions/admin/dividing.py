"""拟定承办单位 for one suggestion, and the second column: another person's check."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import site
from congress.once import once

from .. import access, actions, queries
from ..forms.assigning import UnitsForm
from ..models import ProposedTask, Suggestion
from .batches import EACH_PAGE, KEEPERS, found_open, picked, way_back

Source = ProposedTask.Source


@site.page("suggestions/batches/<int:pk>/units/<int:item>/", "suggestions_batch_units", KEEPERS)
@once
def units(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Who handles one suggestion and how; what speaks for whom beside it."""
    batch = found_open(request, pk)
    suggestion = access.find(request.member, item)
    candidates = queries.candidates_of(suggestion)
    known = list(suggestion.proposed.select_related("unit", "by", "checked_by"))
    sent = request.POST if request.method == "POST" else None
    form = UnitsForm(sent, initial=_initial(request, known, candidates))
    if form.is_valid():
        why = {c.unit.pk: (c.ranked.source, c.reason) for c in candidates}
        why |= {p.unit_id: (p.source, p.reason) for p in known}
        proposals = [
            actions.Proposal(
                actions.Plan(unit, role, content), *why.get(unit.pk, (Source.STAFF, ""))
            )
            for unit, role, content in form.rows
        ]
        actions.propose_units(suggestion, by=request.member, batch=batch, proposals=proposals)
        messages.success(request, f"第{suggestion.number}号的承办单位已拟定，请另一人核对")
        return redirect(_next(request, batch.pk))
    context = {
        "title": f"拟定承办单位：第{suggestion.number}号",
        "back": way_back(batch),
        "batch": batch,
        "suggestion": suggestion,
        "form": form,
        "shown": form.lines[: form.filled],
        "more": form.lines[form.filled :],
        "candidates": candidates,
        "taken": {p.unit_id for p in known},
        "known": known,
        "own": _own_units(suggestion),
        "wishes": [w.unit for w in suggestion.wishes.select_related("unit")],
        "checked": bool(known) and all(p.checked_by_id for p in known),
        "next": request.GET.get("next", ""),
    }
    return site.render(
        request, "suggestions/admin/assigning/units.html", context, 422 if form.is_bound else 200
    )


def _own_units(suggestion: Suggestion) -> list[tuple[str, str]]:
    """The units in which a proposer works, with who."""
    units = list(queries.assignable_units())
    found = queries.conflicts([suggestion], units)[suggestion.pk]
    return [(u.name, "、".join(found[u.pk])) for u in units if u.pk in found]


def _initial(request: HttpRequest, known, candidates) -> dict:
    rows = [(p.unit_id, p.role, p.content) for p in known]
    asked = request.GET.get("use", "")
    wanted = next((c for c in candidates if str(c.unit.pk) == asked), None)
    if wanted and wanted.unit.pk not in [r[0] for r in rows]:
        rows.append((wanted.unit.pk, "joint" if rows else "sole", ""))
        # Beside a joint unit, who answered alone is the one who leads.
        rows = [(u, "lead" if r == "sole" and len(rows) > 1 else r, c) for u, r, c in rows]
    return UnitsForm.initial_of(rows)


def _next(request: HttpRequest, pk: int) -> str:
    name = "check" if request.POST.get("next") == "check" else ""
    return reverse(f"admin:suggestions_batch_{name}" if name else "admin:suggestions_batch",
                   args=[pk])  # fmt: skip


@site.page("suggestions/batches/<int:pk>/check/", "suggestions_batch_check", KEEPERS)
@once
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """核对: what was proposed on the left, the second person's word on the right."""
    batch = found_open(request, pk)
    rows = queries.batch_items(batch)
    if request.method == "POST":
        chosen = list(rows.filter(pk__in=picked(request)))
        if chosen:
            actions.check_each(chosen, by=request.member)
            messages.success(request, f"已核对{len(chosen)}件")
        else:
            messages.warning(request, "没有勾选建议，请先勾选")
        return redirect(request.get_full_path())
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    lines = []
    units = {p.unit for row in page for p in row.proposed.all()}
    found = queries.conflicts(list(page), units)
    for row in page:
        proposed = list(row.proposed.all())
        for task in proposed:
            task.own = "、".join(found[row.pk].get(task.unit_id, []))
        own = any(p.by_id == request.member.pk for p in proposed)
        done = all(p.checked_by_id for p in proposed)
        lines.append((row, proposed, "done" if done else "own" if own else "open"))
    context = {
        "title": "核对承办单位",
        "note": "拟定和核对由两个人办理。认为不妥的，点“修改”重新拟定，改后由另一人核对。",
        "back": way_back(batch),
        "batch": batch,
        "page": page,
        "lines": lines,
        "open_lines": sum(state == "open" for *_, state in lines),
        "ticked": "ticked" in request.GET,
    }
    return site.render(request, "suggestions/admin/assigning/check.html", context)
