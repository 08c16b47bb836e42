"""建议分类: two levels, who supervises, who as a rule handles."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Unit

from .. import access
from ..models import Category, LikelyUnit


@transaction.atomic
def save_category(
    row: Category | None,
    *,
    by: Membership,
    name: str,
    parent: Category | None = None,
    committee: Unit | None = None,
    units: Sequence[Unit] = (),
    is_active: bool = True,
) -> Category:
    """Add a category (row None) or change one. Two levels only; a name is used once below the
    same parent."""
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护分类")
    name = name.strip()
    if not name:
        raise NotAllowed("请填写分类的名称")
    if parent is not None and parent.parent_id:
        raise NotAllowed("分类只有两级")
    same = Category.objects.filter(name=name, parent=parent)
    if row is None:
        last = Category.objects.filter(parent=parent).aggregate(n=Max("position"))["n"] or 0
        row = Category(position=last + 10)
        step, before = "suggestions.add_category", {}
    else:
        row = Category.objects.select_for_update(of=("self",)).get(pk=row.pk)
        same = same.exclude(pk=row.pk)
        if parent is not None and (parent.pk == row.pk or row.children.exists()):
            raise NotAllowed("它下面还有分类，不能再放到别的分类下面")
        step, before = "suggestions.change_category", _told(row)
    if same.exists():
        raise NotAllowed(f"已有名为“{name}”的分类")
    row.name, row.parent, row.committee, row.is_active = name, parent, committee, is_active
    row.save()
    row.likely_units.all().delete()
    LikelyUnit.objects.bulk_create(
        LikelyUnit(category=row, unit=unit, position=n) for n, unit in enumerate(units)
    )
    audit.record(by, step, row, before=before, after=_told(row))
    return row


def _told(row: Category) -> dict[str, str]:
    units = row.likely_units.select_related("unit")
    return {
        "名称": str(row),
        "督办委员会": str(row.committee or ""),
        "一般承办": "、".join(str(u.unit) for u in units),
        "启用": "是" if row.is_active else "否",
    }


@transaction.atomic
def shift_category(row: Category, *, by: Membership, up: bool) -> Category:
    """One place up or down among those of the same parent."""
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护分类")
    rows = list(
        Category.objects.select_for_update(of=("self",))
        .filter(parent=row.parent_id)
        .order_by("position", "pk")
    )
    here = [r.pk for r in rows].index(row.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for n, one in enumerate(rows, start=1):
            one.position = n * 10
        Category.objects.bulk_update(rows, ["position"])
        audit.record(by, "suggestions.change_category", row, note="调整顺序")
    return row
