"""The list of duties: shipped with a new congress, then the congress's own."""

from typing import Any

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access
from ..models import DutyItem
from ..rules.templates import ITEMS


def ship_items() -> int:
    """The list of 23 duties for a new congress; gives how many were new."""
    known = set(DutyItem.objects.values_list("code", flat=True))
    new = [
        DutyItem(
            code=i.code,
            name=i.name,
            aspect=i.aspect,
            unit_word=i.unit_word,
            self_reportable=i.self_reportable,
            counts_as_day=i.counts_as_day,
            hint=i.hint,
            position=n * 10,
        )
        for n, i in enumerate(ITEMS, start=1)
        if i.code not in known
    ]
    DutyItem.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def save_item(*, by: Membership, item: DutyItem | None = None, **values: Any) -> DutyItem:
    """Add a duty or change its words. The code is given once: records and rules stand on it."""
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护履职事项")
    before = None
    if item is None:
        item = DutyItem(code=_free_code(values["aspect"]))
        last = DutyItem.objects.order_by("-position").values_list("position", flat=True).first()
        item.position = (last or 0) + 10
    else:
        item = DutyItem.objects.select_for_update().get(pk=item.pk)
        before = {name: getattr(item, name) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    if DutyItem.objects.filter(name=item.name, is_active=True).exclude(pk=item.pk).exists():
        raise NotAllowed(f"已有名为“{item.name}”的事项")
    item.save()
    audit.record(by, "performance.edit_item", item, before=before, after=values)
    return item


def _free_code(aspect: str) -> str:
    letter = {"congress_work": "A", "between_sessions": "B", "example": "E"}.get(aspect, "O")
    known = set(DutyItem.objects.values_list("code", flat=True))
    return next(c for n in range(1, 999) if (c := f"{letter}{n:02}") not in known)
