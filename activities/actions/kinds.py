"""The kinds a new congress starts with."""

from django.db import transaction

from congress import audit
from congress.models import Membership
from performance.actions import ship_items
from performance.models import DutyItem

from ..default_kinds import KINDS
from ..models import ActivityKind, KindItem


@transaction.atomic
def ship_kinds(*, by: Membership | None = None) -> int:
    """Write the default kinds of activity into the open congress; gives how many were new.

    May be called again: what is there already stays as staff have made it.
    """
    known = set(ActivityKind.objects.values_list("code", flat=True))
    templates = [t for t in KINDS if t.code not in known]
    ship_items()
    items = {item.code: item for item in DutyItem.objects.all()}
    for position, template in enumerate(KINDS):
        if template not in templates:
            continue
        kind = ActivityKind.objects.create(
            code=template.code,
            name=template.name,
            quantity_rule=template.quantity_rule,
            absence_counts=template.absence_counts,
            by_sign_up=template.by_sign_up,
            position=position * 10,
        )
        KindItem.objects.bulk_create(
            KindItem(kind=kind, item=items[code]) for code in template.items
        )
    if templates:
        audit.record(by, "activities.ship_kinds", note="、".join(t.name for t in templates))
    return len(templates)
