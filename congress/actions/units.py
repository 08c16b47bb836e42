"""Units: added, moved, renamed with the old name kept, merged, closed; whom to call there."""

import datetime as dt
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from .. import access, audit
from ..flow import NotAllowed
from ..models import Membership, Unit, UnitContact, UnitName

PRIVATE_NUMBER = re.compile(r"(\+?86)?1[3-9]\d{9}")


@transaction.atomic
def add_unit(
    *,
    by: Membership | None,
    kind: str,
    name: str,
    short_name: str,
    parent: Unit | None = None,
    position: int = 0,
    valid_from: dt.date | None = None,
) -> Unit:
    """A new unit; raises NotAllowed where its name is, or was, another's."""
    access.require_keeper(by)
    unit = Unit(
        kind=Unit.Kind(kind),
        name=name.strip(),
        short_name=short_name.strip(),
        parent=parent,
        position=position,
        valid_from=valid_from,
    )
    _save_named(unit)
    audit.record(by, "congress.add_unit", unit, after=_shown(unit))
    return unit


@transaction.atomic
def move_unit(
    unit: Unit, *, by: Membership | None, kind: str, parent: Unit | None, position: int
) -> Unit:
    """Another kind, parent or place in the order; raises NotAllowed for a circle."""
    unit = _take(unit, by)
    if parent is not None and (parent.pk == unit.pk or unit.pk in _above(parent)):
        raise NotAllowed("上级不能是本单位或者它的下级")
    before = _shown(unit)
    unit.kind, unit.parent, unit.position = Unit.Kind(kind), parent, position
    unit.save(update_fields=["kind", "parent", "position"])
    audit.record(by, "congress.move_unit", unit, before=before, after=_shown(unit))
    return unit


@transaction.atomic
def rename_unit(
    unit: Unit, *, by: Membership | None, name: str, short_name: str, on: dt.date
) -> Unit:
    """改名 from a day on, today at the latest; the old name is kept and still found."""
    unit = _take(unit, by)
    name, short_name = name.strip(), short_name.strip()
    if (name, short_name) == (unit.name, unit.short_name):
        raise NotAllowed("名称没有变化")
    if on > timezone.localdate():
        raise NotAllowed("新名称的启用日期不能晚于今天，到那一天再改")
    latest = unit.old_names.first()
    if latest and on <= latest.valid_to:
        raise NotAllowed("新名称的启用日期应在上一次改名以后")
    before = _shown(unit)
    UnitName.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, valid_to=on - dt.timedelta(days=1)
    )
    unit.name, unit.short_name = name, short_name
    _save_named(unit)
    audit.record(by, "congress.rename_unit", unit, before=before, after=_shown(unit) | {"起": on})
    return unit


@transaction.atomic
def merge_unit(unit: Unit, *, by: Membership | None, into: Unit, on: dt.date) -> Unit:
    """并入 another unit after a day: it is closed, its people and lower units go over, and the
    other unit works on what it had open (access.units_of)."""
    unit = _take(unit, by)
    into = Unit.objects.select_for_update().get(pk=into.pk)
    if into.pk == unit.pk or unit.pk in _above(into):
        raise NotAllowed("不能并入本单位或者它的下级")
    if into.valid_to:
        raise NotAllowed(f"{into}已经停用，不能并入")
    if on > timezone.localdate():
        raise NotAllowed("合并的日期不能晚于今天")
    people = Membership.objects.filter(unit=unit).filter(
        Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    )
    moved = people.update(unit=into)
    Unit.objects.filter(parent=unit).update(parent=into)
    unit.valid_to, unit.merged_into = on, into
    unit.save(update_fields=["valid_to", "merged_into"])
    audit.record(
        by, "congress.merge_unit", unit, after={"并入": str(into), "日期": on, "转入人员": moved}
    )
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, by: Membership | None, on: dt.date) -> Unit:
    """停用 after a day; raises NotAllowed while it has lower units or people."""
    unit = _take(unit, by)
    below = Unit.objects.filter(parent=unit, valid_to=None).count()
    if below:
        raise NotAllowed(f"还有 {below} 个下级单位，请先调整它们的上级或者停用")
    people = Membership.objects.filter(unit=unit).filter(Q(valid_to=None) | Q(valid_to__gt=on))
    if people.exists():
        raise NotAllowed(f"还有 {people.count()} 名成员属于本单位，请先调整或者终止他们的身份")
    if on > timezone.localdate():
        raise NotAllowed("停用的日期不能晚于今天")
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    audit.record(by, "congress.close_unit", unit, after={"停用日期": on})
    return unit


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Membership | None) -> Unit:
    """恢复 a unit that was closed, not merged."""
    access.require_keeper(by)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.valid_to is None:
        raise NotAllowed("该单位正在使用")
    if unit.merged_into_id:
        raise NotAllowed(f"该单位已并入{unit.merged_into}，不能恢复；需要时新增一个单位")
    unit.valid_to = None
    unit.save(update_fields=["valid_to"])
    audit.record(by, "congress.reopen_unit", unit)
    return unit


@transaction.atomic
def set_contact(contact: UnitContact, *, by: Membership | None, **values: Any) -> UnitContact:
    """A contact of a unit, new or corrected: duty, name, post, office telephone. Raises
    NotAllowed for a private mobile number."""
    access.require_keeper(by)
    if PRIVATE_NUMBER.fullmatch(re.sub(r"[\s-]", "", values.get("telephone", ""))):
        raise NotAllowed("这里只登记办公电话；个人手机号请由本人或安全管理员登记在账号里")
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save()
    audit.record(
        by,
        "congress.set_contact",
        contact.unit,
        after={"姓名": contact.name, "分工": contact.get_duty_display(), "职务": contact.post},
    )
    return contact


@transaction.atomic
def remove_contact(contact: UnitContact, *, by: Membership | None) -> None:
    """No longer a contact of the unit."""
    access.require_keeper(by)
    audit.record(by, "congress.remove_contact", contact.unit, before={"姓名": contact.name})
    contact.delete()


def _take(unit: Unit, by: Membership | None) -> Unit:
    access.require_keeper(by)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.valid_to is not None:
        raise NotAllowed(f"{unit}已经停用")
    return unit


def _above(unit: Unit) -> set[int]:
    """The unit's parents up to the top. Ids of Unit."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found, pk = set(), parents.get(unit.pk)
    while pk is not None and pk not in found:
        found.add(pk)
        pk = parents.get(pk)
    return found


def _save_named(unit: Unit) -> None:
    if UnitName.objects.filter(name=unit.name).exclude(unit=unit.pk).exists():
        raise NotAllowed(f"“{unit.name}”是另一个单位的曾用名")
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise NotAllowed(f"已经有名为“{unit.name}”的单位") from None


def _shown(unit: Unit) -> dict:
    return {
        "全称": unit.name,
        "简称": unit.short_name,
        "类别": unit.get_kind_display(),
        "上级": str(unit.parent) if unit.parent else "",
        "排序": unit.position,
    }
