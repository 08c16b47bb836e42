"""交办函 and 交办清单 of a batch, for signature: one unit's, all in one file, the whole list."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import site
from congress.flow import NotAllowed
from congress.once import once
from congress.pdf import shown
from congress.xlsx import attachment

from .. import access, actions, documents, exports, queries
from ..models import AssignmentBatch
from .batches import READERS, way_back


def _filled(request: HttpRequest, pk: int) -> AssignmentBatch:
    batch = access.find_batch(request.member, pk)
    if not queries.batch_units(batch):
        raise NotAllowed("批次里还没有建议")
    return batch


@site.page("suggestions/batches/<int:pk>/papers/", "suggestions_batch_papers", READERS)
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """All papers of a batch."""
    batch = access.find_batch(request.member, pk)
    context = {
        "title": "交办函和清单",
        "back": way_back(batch),
        "batch": batch,
        "units": [(u, n, sum(counts.values())) for u, n, counts in queries.batch_units(batch)],
        "is_draft": batch.state == AssignmentBatch.State.DRAFT,
    }
    return site.render(request, "suggestions/admin/assigning/papers.html", context)


@site.page("suggestions/batches/<int:pk>/papers/<int:unit>/", "suggestions_batch_letter", READERS)
def letter(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """One unit's 交办函 with its list, or its list as a sheet."""
    batch = access.find_batch(request.member, pk)
    lines = queries.paper_lines(batch, unit)
    if not lines:
        raise Http404
    audit.record(request.member, "suggestions.export", batch, note=f"交办函：{lines[0].unit_name}")
    if "xlsx" in request.GET:
        name = f"{lines[0].unit_name}交办清单.xlsx"
        return attachment(name, exports.unit_sheet(batch, lines))
    return shown(f"{lines[0].unit_name}交办函", documents.assignment_letters(batch, lines))


@site.page("suggestions/batches/<int:pk>/list/", "suggestions_batch_list", READERS)
def whole_list(request: HttpRequest, pk: int) -> HttpResponse:
    """交办清单 of the whole batch."""
    batch = _filled(request, pk)
    lines = queries.paper_lines(batch)
    audit.record(request.member, "suggestions.export", batch, note="交办清单")
    if "xlsx" in request.GET:
        return attachment(f"{batch.title}交办清单.xlsx", exports.assignment_sheets(batch, lines))
    return shown(f"{batch.title}交办清单", documents.assignment_list(batch, lines))


@site.page("suggestions/batches/<int:pk>/letters/", "suggestions_batch_letters", READERS)
@require_POST
@once
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """All letters in one file: made in the background."""
    batch = _filled(request, pk)
    job = actions.start_letters(batch, by=request.member)
    return redirect("job", job.public_id)
