"""Who may read yearly reports, the rows behind their figures, and units' scores."""

from django.db.models import QuerySet

from congress.access import units_of
from congress.models import Membership, Role

from ..models import ScoreResult, ScoreSheet, YearlyReport
from .roles import HANDLERS, may_keep
from .seeing import visible_to


def reports_visible_to(member: Membership | None) -> QuerySet[YearlyReport]:
    """Yearly reports: 代工委 all, other staff what was frozen, everybody what was published."""
    rows = YearlyReport.objects.all()
    if member is not None and may_keep(member):
        return rows
    State = YearlyReport.State
    if member is not None and member.role in {Role.CHAIR, Role.COMMITTEE, Role.STREET}:
        return rows.filter(state__in=[State.FROZEN, State.PUBLISHED])
    return rows.filter(state=State.PUBLISHED)


def rows_visible_to(member: Membership, kind: str, rows: QuerySet) -> QuerySet:
    """Of the rows behind a frozen figure those of suggestions the member may open."""
    path = {"item": "pk", "return": "assignment__suggestion", "deputy": ""}
    name = path.get(kind, "suggestion")
    if not name:
        return rows
    return rows.filter(**{f"{name}__in": visible_to(member).order_by().values("pk")})


def score_sheets_visible_to(member: Membership) -> QuerySet[ScoreSheet]:
    """Score sheets: 代工委 all, chairpersons and committees once they were shown to the units."""
    rows = ScoreSheet.objects.all()
    if may_keep(member):
        return rows
    if member.role in {Role.CHAIR, Role.COMMITTEE}:
        return rows.exclude(state=ScoreSheet.State.DRAFT)
    return rows.none()


def own_results(member: Membership) -> QuerySet[ScoreResult]:
    """The results of the member's own unit, once shown; never another's."""
    if member.role not in HANDLERS:
        return ScoreResult.objects.none()
    rows = ScoreResult.objects.exclude(sheet__state=ScoreSheet.State.DRAFT)
    rows = rows.select_related("sheet__sitting__term", "unit")
    return rows.filter(unit__in=units_of(member))
