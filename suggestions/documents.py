"""The papers of suggestions as PDF."""

from collections.abc import Sequence

from django.utils import timezone

from congress.pdf import document

from .models import Assignment, Reply


def reply_letter(reply: Reply, *, names: Sequence[str]) -> bytes:
    """答复函 in the layout of official letters: class mark, number, salutation, the answer point
    by point, promises, contact. A reply not yet signed off bears the word 草稿."""
    suggestion = reply.assignment.suggestion
    answers = {p.number: p.answer for p in reply.points.all()}
    served = reply.services.order_by("-served_on").first()
    context = {
        "reply": reply,
        "suggestion": suggestion,
        "unit": reply.signed_in_name_of or reply.assignment.unit_name,
        "names": "、".join(names),
        "points": [(n, text, answers.get(n, "")) for n, text in enumerate(suggestion.requests, 1)],
        "promises": reply.promises.order_by("number"),
        "is_draft": reply.state == Reply.State.DRAFT,
        "dated": served.served_on if served else reply.signed_off_at,
    }
    return document("suggestions/documents/reply.html", context)


def urge_letter(tasks: Sequence[Assignment], *, text: str, office: str) -> bytes:
    """催办函 to one unit: each of its suggestions with its limit. `tasks` carry `due_on`."""
    context = {
        "unit": tasks[0].unit_name,
        "rows": tasks,
        "text": text if text.endswith("。") else f"{text}。",
        "office": office,
        "today": timezone.localdate(),
    }
    return document("suggestions/documents/urge.html", context)
