"""All tasks of the unit, what is due first in front; one page for each."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress import audit
from congress.models import Membership, Role
from congress.xlsx import attachment
from deadlines.queries import shown as limits_shown

from .. import access, exports, queries
from ..actions import faults_of
from ..forms.handling import TaskFilter
from ..models import Assignment, Attachment, Reply, Suggestion
from ..rules import OVER
from .frame import TONES, desk, found, names_of

Do, State = Assignment.Step, Assignment.State
# A step of a task → the page it is done on, and whether it is the next thing to do.
PAGES = {
    Do.SIGN: ("desk_task_sign", True),
    Do.GIVE_OPINION: ("desk_task_opinion", True),
    Do.DRAFT_REPLY: ("desk_task_reply", True),
    Do.SIGN_OFF: ("desk_task_sign_off", True),
    Do.CHECK: ("desk_task_check", True),
    Do.SERVE: ("desk_task_serve", True),
    Do.ASK_EXTENSION: ("desk_task_extension", False),
    Do.ASK_RETURN: ("desk_task_return", False),
    Do.SEND_OPINION_BACK: ("desk_task_opinion_back", False),
}


def filtered(request: HttpRequest) -> tuple[TaskFilter, QuerySet[Assignment]]:
    """The filter form and the own tasks it leaves, by what must be kept first."""
    is_office = request.member.role == Role.GOVERNMENT_OFFICE
    form = TaskFilter(request.GET or None, hands_on=is_office)
    asked = form.asked()
    rows = queries.desk_tasks(request.member, asked.get("show", ""), timezone.localdate())
    if asked.get("role"):
        rows = rows.filter(role=asked["role"])
    if asked.get("year"):
        rows = rows.filter(assigned_on__year=asked["year"])
    if words := (asked.get("q") or "").strip():
        rows = queries.by_words(rows, words, "suggestion__title", number="suggestion__number")
    return form, rows


def _pick(member: Membership, task: Assignment) -> str:
    """What a row may be ticked for: the own to be signed for, those of the system to be urged."""
    if task.state == State.TO_SIGN and access.works_for(member, task):
        return "sign"
    return "urge" if access.may_urge_on(member, task) else ""


@desk
def items(request: HttpRequest) -> HttpResponse:
    """全部办件."""
    form, rows = filtered(request)
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="承办任务")
        return attachment("承办代表建议.xlsx", exports.task_list(rows))
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["export"] = "1"
    picks = {t.pk: _pick(request.member, t) for t in page}
    context = {
        "filter_form": form,
        "page": page,
        "lines": [(t, TONES[t.state], t.state in OVER, picks[t.pk]) for t in page],
        "may_sign": "sign" in picks.values(),
        "may_pick": any(picks.values()),
        "may_urge": "urge" in picks.values(),
        "export": "?" + query.urlencode(),
        "asked": access.consultations_of(request.member).filter(agrees=None).count(),
        "is_office": request.member.role == Role.GOVERNMENT_OFFICE,
    }
    return render(request, "suggestions/desk/items.html", context)


@desk
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: until when, what to do now, what was done."""
    row = found(request, pk)
    suggestion, member = row.suggestion, request.member
    possible = access.task_steps(member, row)
    steps = [
        {"label": step.label, "page": PAGES[step][0], "primary": PAGES[step][1]}
        for step in possible if step in PAGES and _fits(row, step)
    ]  # fmt: skip
    own = access.works_for(member, row)
    reply = row.replies.exclude(state=Reply.State.DROPPED).order_by("-round", "-version").first()
    others = suggestion.assignments.exclude(pk=row.pk).exclude(state=State.CANCELLED)
    served = row.replies.filter(state=Reply.State.SERVED)
    context = {
        "task": row,
        "suggestion": suggestion,
        "tone": TONES[row.state],
        "steps": steps,
        "is_over": row.state in OVER,
        "own": own,
        "sees_names": access.may_see_names(member, suggestion),
        "names": list(names_of(request, row).values()) or [suggestion.raised_by],
        "head": suggestion.delegation_head if access.may_see_names(member, suggestion) else None,
        "reach": _reach(row) if own and row.state not in OVER
        and access.may_see_names(member, suggestion) else [],
        "before": suggestion.raised_before,
        "contacts": row.contacts.select_related("photo").prefetch_related(
            "confirmations__deputy"
        ),
        "earlier": queries.talks_before(row),
        "received": suggestion.received if suggestion.is_received else None,
        "may_talk": own and not suggestion.is_received
        and row.state not in (*OVER, State.TO_SIGN, State.RETURN_ASKED),
        "reply": reply,
        "faults": faults_of(reply) if reply and reply.state == Reply.State.DRAFT else [],
        "served": served.select_related("result_class").prefetch_related("services__deputy"),
        "opinions": row.opinions.order_by("version"),
        "joint": [
            (t, list(t.opinions.all()), bool(t.waivers.all()))
            for t in others.filter(role=Assignment.Role.JOINT).prefetch_related(
                "opinions", "waivers"
            )
        ]
        if row.role == Assignment.Role.LEAD
        else [],
        "merged": queries.merged_with(suggestion),
        "others": others.exclude(role=Assignment.Role.OWNER).select_related("unit"),
        "return_requests": row.return_requests.select_related("proposed_unit"),
        "extension_requests": row.extension_requests.all(),
        "decides": access.assigned_by(member, row),
        "may_assign_on": own and row.role == Assignment.Role.OWNER
        and suggestion.state in (Suggestion.State.ASSIGNED, Suggestion.State.HANDLING),
        "may_add": own and row.children.exists()
        and access.may_change_units(member, suggestion, row),
        "may_change": Do.CANCEL in possible and row.parent_id is not None
        and access.may_change_units(member, suggestion, row.parent),
        "coordinations": suggestion.coordinations.filter(tasks=row) if own
        else suggestion.coordinations.filter(by__unit=member.unit),
        "may_coordinate": access.tasks_to_coordinate(member, suggestion).count() > 1,
        "to_note": set(access.coordinations_to_note(member).values_list("pk", flat=True)),
        "may_approve": access.may_approve(member, row),
        "may_urge": access.may_urge_on(member, row),
        "may_check": access.may_check(member, row),
        "to_sign": queries.draft_to_sign(row) if Do.DRAFT_REPLY in possible else None,
        "may_supplement": access.may_supplement(member, row),
        "supplements": row.supplements.all(),
        "promises": served and row.suggestion.promises.filter(
            reply__assignment=row, reply__state=Reply.State.SERVED
        ),
        "judgement": queries.judgement_for_unit(row),
        "may_change_class": own and served.exists() and suggestion.closed_at is not None
        and not suggestion.is_received,
        "limits": limits_shown(
            [row, *(row.return_requests.all() if access.assigned_by(member, row) else ())]
        ),
        "urges": row.urges.select_related("letter")[:3],
        "supervisions": suggestion.supervisions.filter(state="running").select_related(
            "leader", "committee"
        ),
        "files": Attachment.objects.filter(suggestion=suggestion).select_related("file"),
    }  # fmt: skip
    return render(request, "suggestions/desk/task.html", context)


def _reach(row: Assignment) -> list[tuple[str, str]]:
    """The proposers with their telephones, for the unit that has to talk with them."""
    return [(d.name, d.phone) for d in queries.speakers(row.suggestion)]


def _fits(row: Assignment, step: Assignment.Step) -> bool:
    """Of the steps the flow allows, those that lead on: a check only where the rules ask one, more
    time only before the day has passed."""
    if step == Do.ASK_EXTENSION:
        return timezone.localdate() <= (row.extended_to or row.legal_due_on)
    if step not in (Do.CHECK, Do.SERVE):
        return True
    present = row.replies.filter(round=row.suggestion.round)
    checked = present.filter(state=Reply.State.CHECKED).exists()
    signed = present.filter(state=Reply.State.SIGNED_OFF).select_related(
        "assignment__suggestion__rule_set", "result_class"
    )
    reply = signed.order_by("-version").first()
    if reply is not None and reply.joint_of_id:
        return False  # the unit that drafted serves it for all
    waits = not checked and reply is not None and queries.is_checked_first(reply)
    return waits if step == Do.CHECK else not waits


urlpatterns = [
    path("items/", items, name="desk_items"),
    path("tasks/<int:pk>/", task, name="desk_task"),
]
