"""What waits for me, what I raised, how it goes."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from congress.access import only
from congress.models import Role
from congress.pdf import shown
from deputies.queries import deputy_of

from .. import access, actions, queries
from ..models import Attachment, Reply, Signature, Suggestion, SupplementaryLetter

State = Suggestion.State
TONES = {
    State.DRAFT: "draft", State.COSIGNING: "waiting", State.PRE_REVIEW: "waiting",
    State.SENT_BACK: "warn", State.REVIEW: "waiting", State.NOT_ACCEPTED: "off",
    State.REGISTERED: "active", State.CONSULTING: "active", State.ASSIGNED: "active",
    State.HANDLING: "active", State.ANSWERED: "warn", State.DISSATISFIED: "late",
    State.REHANDLING: "active", State.ESCALATED: "late", State.CLOSED: "done",
    State.ARCHIVED: "done", State.WITHDRAWN: "off", State.TERMINATED: "off",
}  # fmt: skip


@only(Role.DEPUTY)
def suggestions(request: HttpRequest) -> HttpResponse:
    """待我办, then what I led and signed, the latest first."""
    deputy = deputy_of(request.member)
    rows = access.visible_to(request.member).exclude(
        state=State.COSIGNING, signatures__deputy=deputy
    )
    page = Paginator(rows.distinct().order_by("-pk"), 20).get_page(request.GET.get("page"))
    context = {
        "waiting": queries.waiting_for(deputy),
        "page": page,
        "lines": [(s, TONES[s.state], s.lead_id == getattr(deputy, "pk", None)) for s in page],
        "can_write": deputy is not None,
    }
    return render(request, "suggestions/portal/list.html", context)


@only(Role.DEPUTY)
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: where it stands, its course, the replies, its text."""
    row = access.find(request.member, pk)
    deputy = deputy_of(request.member)
    is_lead = access.is_lead(request.member, row)
    replies = (
        Reply.objects.filter(assignment__suggestion=row, state=Reply.State.SERVED, joint_of=None)
        .select_related("assignment", "result_class")
        .prefetch_related("points", "promises", "joint_copies__assignment")
        .order_by("round", "pk")
    )
    signatures = list(
        row.signatures.exclude(state=Signature.State.DECLINED).select_related("deputy")
    )
    rules = queries.rules_of(row)
    possible = access.steps(
        request.member, row, withdraw_until=rules.withdraw_until if rules else ""
    )
    context = {
        "suggestion": row,
        "tone": TONES[row.state],
        "is_lead": is_lead,
        "to_consent": is_lead
        and row.consent_asked_at is not None
        and None in (row.may_publish_text, row.may_publish_reply),
        "events": queries.course(row, request.member),
        "replies": replies,
        "supplements": SupplementaryLetter.objects.filter(
            assignment__suggestion=row
        ).select_related("assignment"),
        "signatures": signatures,
        "to_judge": queries.expected_of(row, deputy) if deputy and row.state == State.ANSWERED
        else [],
        "contacts": queries.contacts_to_confirm(deputy).filter(contact__assignment__suggestion=row)
        if deputy
        else [],
        "files": Attachment.objects.filter(suggestion=row).select_related("file"),
        "can_write": is_lead and row.state in access.WRITABLE,
        "can_object": access.may_object_to_units(request.member, row)
        and not row.unit_objections.filter(upheld=None).exists(),
        "can_withdraw": Suggestion.Step.WITHDRAW in possible and row.state != State.DRAFT,
        "can_unsign": any(
            access.may_unsign(request.member, row, s) for s in signatures
        ),
        "can_revise": is_lead and row.state == State.NOT_ACCEPTED,
        "refusal": row.reviews.exclude(result="passed").order_by("-pk").first(),
    }  # fmt: skip
    return render(request, "suggestions/portal/suggestion.html", context)


@only(Role.DEPUTY)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函 as it was served; opening it is 查收."""
    reply = get_object_or_404(access.replies_visible_to(request.member), pk=pk)
    actions.receive_letter(reply, by=request.member)
    name = actions.letter_name(reply).removesuffix(".pdf")
    return shown(name, actions.letter_of(reply, by=request.member))


urlpatterns = [
    path("suggestions/letters/<int:pk>/", letter, name="portal_suggestion_letter"),
    path("suggestions/", suggestions, name="portal_suggestions"),
    path("suggestions/<int:pk>/", suggestion, name="portal_suggestion"),
]
