"""履职档案: all that is known of one deputy in one period, for staff, the deputy and paper."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from congress.models import Membership
from deputies.models import Deputy, Mandate, MandateEvent
from deputies.queries import belongings

from .. import access
from ..models import Correction, ManualAward, Objection, Period, Publication, PublicationRow
from .mine import Result, aspects_of, result_of


@dataclass
class Dossier:
    """One deputy's period, as one member may see it."""

    deputy: Deputy
    period: Period
    seats: list[Mandate]
    events: list[MandateEvent]
    belongings: list[str]
    result: Result | None
    aspects: list[tuple[str, Decimal]]
    awards: list[ManualAward]
    objections: list[Objection]
    published: list[PublicationRow]  # as it was published, edition by edition
    corrections: list[Correction]

    @property
    def title(self) -> str:
        return f"{self.deputy.name}代表{self.period.name}履职档案"


def dossier(deputy: Deputy, period: Period, *, member: Membership) -> Dossier:
    """What a member may see of a deputy's period. A constant number of queries."""
    held = Mandate.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=period.starts_on),
        deputy=deputy,
        level=period.level,
        starts_on__lte=period.ends_on,
    )
    seats = list(
        held.select_related("delegation", "constituency", "street", "term").order_by("starts_on")
    )
    events = MandateEvent.objects.filter(mandate__in=[s.pk for s in seats], on__lte=period.ends_on)
    day = min(period.ends_on, timezone.localdate())
    result = result_of(deputy, period)
    editions = access.publications_visible_to(member).filter(
        period=period, state=Publication.State.PUBLISHED
    )
    return Dossier(
        deputy=deputy,
        period=period,
        seats=seats,
        events=list(events),
        belongings=belongings([deputy.pk], day).get(deputy.pk, []),
        result=result,
        aspects=aspects_of(result.total) if result else [],
        awards=list(
            access.awards_visible_to(member)
            .filter(deputy=deputy, period=period, withdrawn_at=None)
            .order_by("at")
        ),
        objections=list(
            access.objections_visible_to(member)
            .filter(deputy=deputy, period=period)
            .order_by("raised_at")
        ),
        published=list(
            PublicationRow.objects.filter(deputy=deputy, publication__in=editions.order_by())
            .select_related("publication")
            .order_by("publication__audience", "publication__edition")
        ),
        corrections=list(
            Correction.objects.filter(deputy=deputy, publication__in=editions.order_by())
            .select_related("node", "publication")
            .order_by("pk")
        ),
    )
