"""What the staff's pages of suggestions share: the way back, links to pages that exist, steps."""

from django.urls import reverse

from congress import files
from congress.admin import site
from congress.models import Membership, Role, StoredFile
from congress.uploads import Upload

from .. import access
from ..models import Assignment, Suggestion

READERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET, Role.CHAIR)
State, Step = Suggestion.State, Suggestion.Step
TONES = {
    State.DRAFT: "draft", State.COSIGNING: "draft", State.PRE_REVIEW: "warn",
    State.SENT_BACK: "waiting", State.REVIEW: "warn", State.NOT_ACCEPTED: "off",
    State.REGISTERED: "warn", State.CONSULTING: "waiting", State.ASSIGNED: "active",
    State.HANDLING: "active", State.ANSWERED: "waiting", State.DISSATISFIED: "late",
    State.REHANDLING: "active", State.ESCALATED: "late", State.CLOSED: "done",
    State.ARCHIVED: "done", State.WITHDRAWN: "off", State.TERMINATED: "off",
}  # fmt: skip


def tone_of(suggestion: Suggestion) -> str:
    """The look of its state; what is handled outside asks for nothing here."""
    return "active" if suggestion.is_outside else TONES[suggestion.state]


# One form, one action; the second with rows about the matter above it.
FORM = "admin/one_form.html"
ABOUT_FORM = "suggestions/admin/one_form.html"
LIGHTS = {"green": "active", "yellow": "warn", "red": "late"}


def list_link() -> tuple[str, str]:
    """The way back to the list."""
    return "建议", reverse("admin:suggestions_suggestion_changelist")


def address(suggestion: Suggestion) -> str:
    """The page of one suggestion."""
    return reverse("admin:suggestions_suggestion_change", args=[suggestion.pk])


def way_back(suggestion: Suggestion) -> list[tuple[str, str]]:
    """To the list, then to the suggestion."""
    return [list_link(), (short(suggestion), address(suggestion))]


def short(suggestion: Suggestion) -> str:
    """A suggestion in few words."""
    title = suggestion.title[:24] + ("…" if len(suggestion.title) > 24 else "")
    return f"{suggestion.number} {title}".strip() or "未命名的建议"


def keep_paper(scan: Upload, by: Membership) -> StoredFile:
    """Store the scan of what a deputy said on paper."""
    return files.store(**scan._asdict(), purpose=access.PAPER_PURPOSE, by=by)


def link(member: Membership, name: str, *args) -> str:
    """The address of a page of the admin this member may open; otherwise "". Raises LookupError
    for a name no page has."""
    audiences = [view.audience for _, view, own in site.pages if own == name]
    if not audiences:
        raise LookupError(f"no page of the admin is named {name}")
    return reverse(f"admin:{name}", args=args) if member.role in audiences[0] else ""


# -- Tasks of units ----------------------------------------------------------------------------

Do = Assignment.State
TASK_TONES = {
    Do.TO_SIGN: "warn", Do.SIGNED: "active", Do.RETURN_ASKED: "warn", Do.RETURNED: "off",
    Do.HANDLING: "active", Do.OPINION_GIVEN: "done", Do.OPINION_BACK: "warn",
    Do.DRAFTED: "active", Do.SIGNED_OFF: "active", Do.CHECKING: "waiting", Do.ANSWERED: "done",
    Do.EXTENSION_ASKED: "warn", Do.REHANDLING: "late", Do.DONE: "done", Do.CANCELLED: "off",
}  # fmt: skip
RATING_TONES = {"satisfied": "done", "basically": "active", "unsatisfied": "late"}
