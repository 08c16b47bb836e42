"""Rosters from spreadsheets: send in, look at the dry run, answer, confirm, take back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.admin import site
from congress.models import Term, Unit
from congress.models.units import STREET_KINDS
from congress.once import once
from congress.xlsx import attachment

from .. import access, exports
from ..actions import rosters
from ..actions.undoing import obstacles
from ..forms import AnswersForm, RosterForm
from ..imports import KIND_WORDS, TITLES
from ..models import Delegation, RosterBatch, RosterRow

State, Outcome = RosterBatch.State, RosterRow.Outcome
EACH_PAGE = 50
TONES = {
    Outcome.NEW: "active",
    Outcome.CHANGED: "waiting",
    Outcome.UNCHANGED: "off",
    Outcome.CONFLICT: "warn",
    Outcome.ERROR: "late",
}
STATE_TONES = {
    State.UPLOADED: "active",
    State.CHECKED: "waiting",
    State.APPLYING: "active",
    State.APPLIED: "done",
    State.UNDOING: "active",
    State.UNDONE: "off",
    State.REFUSED: "late",
}
IN_WORK = (State.UPLOADED, State.APPLYING, State.UNDOING)


def found(request: HttpRequest, pk: int) -> RosterBatch:
    """A roster this member may see, otherwise 404."""
    batch = access.batches_visible_to(request.member).filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


@site.page("deputies/rosters/", "deputies_import", access.KEEPERS)
@once
def roster_list(request: HttpRequest) -> HttpResponse:
    """Send a roster in; those sent in before."""
    term = Term.objects.first()
    begins = {
        "default_level": access.own_level(),
        "starts_on": term.starts_on if term else timezone.localdate(),
    }
    form = RosterForm(request.POST or None, request.FILES or None, initial=begins)
    if request.method == "POST" and form.is_valid():
        batch = rosters.upload_roster(
            by=request.member,
            name=form.cleaned_data["file"].name,
            content=form.content,
            starts_on=form.cleaned_data["starts_on"],
            default_level=form.cleaned_data["default_level"],
            document=form.cleaned_data["document"],
        )
        return redirect("job", batch.job.public_id)
    batches = access.batches_visible_to(request.member)
    waiting = request.GET.get("show") == "checked"
    if waiting:
        batches = batches.filter(state=State.CHECKED)
    page = Paginator(batches, 20).get_page(request.GET.get("page"))
    context = {
        "title": "导入名册",
        "note": "先核对，再确认；确认以后也可以整批撤销。",
        "form": form,
        "page": page,
        "lines": [(b, STATE_TONES[b.state]) for b in page],
        "waiting": waiting,
        "actions": [{"label": "下载模板", "url": reverse("admin:deputies_roster_template")}],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "deputies/staff/rosters.html", context, status)


@site.page("deputies/rosters/template/", "deputies_roster_template", access.KEEPERS)
def roster_template(request: HttpRequest) -> HttpResponse:
    """The empty roster to fill in."""
    streets = Unit.objects.filter(kind__in=STREET_KINDS).values_list("short_name", flat=True)
    return attachment(
        "代表名册模板.xlsx", exports.template_sheets(streets, Delegation.objects.all())
    )


@site.page("deputies/rosters/<int:pk>/", "deputies_roster", access.KEEPERS)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """A roster: what its dry run says, or what became of it."""
    batch = found(request, pk)
    if batch.state in IN_WORK and batch.job and not batch.job.is_over:
        return redirect("job", batch.job.public_id)
    rows = batch.rows.select_related("deputy")
    shown = request.GET.get("show", "")
    if shown in Outcome.values:
        rows = rows.filter(outcome=shown)
    elif shown == "repaired":
        rows = rows.exclude(repairs=[])
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    failed = batch.job.message if batch.job and batch.job.failed_at else ""
    can_undo = batch.state == State.APPLIED or (batch.state == State.UNDOING and failed)
    context = {
        "title": batch.file.name,
        "note": f"{batch.by.name}上传；默认{_level_words(batch)}，任职自 {batch.starts_on} 起",
        "back": [("导入名册", reverse("admin:deputies_import"))],
        "batch": batch,
        "state_tone": STATE_TONES[batch.state],
        "step": _step(batch),
        "figures": _figures(batch),
        "page": page,
        "lines": [_line(batch, row) for row in page],
        "shown": shown,
        "places": [_place(p) for p in batch.places],
        "asks": batch.state == State.CHECKED
        and bool(batch.counts.get("conflict") or any(p["near"] for p in batch.places)),
        "can_confirm": batch.state == State.CHECKED or (batch.state == State.APPLYING and failed),
        "writes": batch.counts.get("new", 0) + batch.counts.get("changed", 0),
        "left_out": batch.counts.get("conflict", 0) + batch.counts.get("error", 0),
        "can_undo": can_undo,
        "obstacles": obstacles(batch) if can_undo else [],
        "failed": failed,
    }
    return site.render(request, "deputies/staff/roster.html", context)


def _level_words(batch: RosterBatch) -> str:
    from ..models import Mandate

    return Mandate.Level(batch.default_level).label if batch.default_level else "层级见表"


def _step(batch: RosterBatch) -> int:
    return {State.UPLOADED: 2, State.CHECKED: 2, State.APPLYING: 3}.get(batch.state, 4)


def _figures(batch: RosterBatch) -> list[tuple]:
    """Counts with the link to exactly those lines."""
    counts = batch.counts
    here = reverse("admin:deputies_roster", args=[batch.pk])
    figures = [
        (o.label, counts.get(o.value, 0), f"{here}?show={o.value}#lines", tone)
        for o, tone in zip(Outcome, ("", "", "", "warn", "late"), strict=True)
    ]
    figures.append(("有修整", counts.get("repaired", 0), f"{here}?show=repaired#lines", ""))
    return figures


def _line(batch: RosterBatch, row: RosterRow) -> dict:
    answers = batch.decisions.get("rows", {})
    key = f"{row.sheet}!{row.line}"
    choices = list(row.candidates)
    return {
        "row": row,
        "key": key,
        "tone": TONES[row.outcome],
        "answer": answers.get(key, ""),
        "choices": choices,
        "can_skip": batch.state == State.CHECKED and row.outcome == Outcome.CONFLICT and choices,
        "skipped": answers.get(key) == "skip",
        "values": [
            (title, row.values[k])
            for k, title in TITLES.items()
            if k != "name" and row.values.get(k)
        ],
        "changes": [(title, old, new) for title, (old, new) in row.changes.items()],
        "deputy": row.deputy if batch.state != State.UNDONE else None,
    }


def _place(place: dict) -> dict:
    return {
        **place,
        "words": KIND_WORDS[place["kind"]],
        "key": f"{place['kind']}:{place['name']}",
        "can_make": place["kind"] in ("constituency", "delegation", "group"),
        "choices": [(str(pk), name) for pk, name in place["near"]],
    }


@site.page("deputies/rosters/<int:pk>/answers/", "deputies_roster_answers", access.KEEPERS)
@require_POST
@once
def roster_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is meant, and which places are new; then the dry run again."""
    batch = found(request, pk)
    given = AnswersForm(request.POST)
    batch = rosters.answer_roster(batch, by=request.member, rows=given.rows, places=given.places)
    return redirect("job", batch.job.public_id)


@site.page("deputies/rosters/<int:pk>/confirm/", "deputies_roster_confirm", access.KEEPERS)
@require_POST
@once
def roster_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run is right: write it."""
    batch = rosters.confirm_roster(found(request, pk), by=request.member)
    return redirect("job", batch.job.public_id)


@site.page("deputies/rosters/<int:pk>/undo/", "deputies_roster_undo", access.KEEPERS)
@once
def roster_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole batch back, after saying what that means."""
    batch = found(request, pk)
    if request.method == "POST":
        batch = rosters.undo_roster(batch, by=request.member)
        messages.info(request, "已开始撤销")
        return redirect("job", batch.job.public_id)
    context = {
        "title": "撤销这次导入",
        "back": [
            ("导入名册", reverse("admin:deputies_import")),
            (batch.file.name, reverse("admin:deputies_roster", args=[batch.pk])),
        ],
        "batch": batch,
        "obstacles": obstacles(batch),
    }
    return site.render(request, "deputies/staff/roster_undo.html", context)
