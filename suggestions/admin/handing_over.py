"""交办: shown whole with its rules and days before it is confirmed, then done at one stroke."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congress.admin import site
from congress.once import once

from .. import actions, queries
from .batches import KEEPERS, found_open, way_back


@site.page("suggestions/batches/<int:pk>/hand-over/", "suggestions_batch_hand_over", KEEPERS)
@once
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules that will be frozen, the three days with their working, faults and warnings; the
    confirmation begins the job."""
    batch = found_open(request, pk)
    found = queries.preview(batch)
    if request.method == "POST" and not found.faults:
        job = actions.start_hand_over(batch, by=request.member)
        if job.by_id != request.member.pk:
            messages.info(request, f"{job.by.name}正在交办这一批次，没有重复交办")
            return redirect("admin:suggestions_batch", pk)
        return redirect("job", job.public_id)
    context = {
        "title": "交办",
        "back": way_back(batch),
        "batch": batch,
        "preview": found,
        "units": queries.batch_units(batch),
    }
    status = 409 if request.method == "POST" else 200
    return site.render(request, "suggestions/admin/assigning/hand_over.html", context, status)
