"""Rules of handling: from a template, drafted, edited within the law's ceilings, published."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access
from ..models import Category, ResultClass, RuleSet
from ..rules.templates import CATEGORIES, TEMPLATES

NOT_COPIED = {
    "id", "number", "state", "in_force_from", "published_by", "published_at", "congress",
}  # fmt: skip


def _may(by: Membership | None) -> None:
    if by is not None and not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护办理规则")


def ship_categories() -> int:
    """The two levels of categories for a new congress; gives how many were new."""
    count = 0
    for position, (name, below) in enumerate(CATEGORIES.items(), start=1):
        top, new = Category.objects.get_or_create(
            name=name, parent=None, defaults={"position": position * 10}
        )
        count += new
        for place, part in enumerate(below, start=1):
            _, new = Category.objects.get_or_create(
                name=part, parent=top, defaults={"position": place * 10}
            )
            count += new
    return count


@transaction.atomic
def make_rule_set(*, by: Membership | None, template: str, name: str = "") -> RuleSet:
    """A first draft from a template (plain, strict, township)."""
    _may(by)
    if template not in TEMPLATES:
        raise NotAllowed("没有这个模板")
    source = TEMPLATES[template]
    name = (name or source["name"]).strip()
    if RuleSet.objects.filter(name=name).exists():
        raise NotAllowed(f"已有名为“{name}”的办理规则，请在其上拟订新版本")
    row = RuleSet.objects.create(name=name, number=1, template_key=template, **source["rules"])
    ResultClass.objects.bulk_create(
        ResultClass(
            rule_set=row, mark=mark, label=label, canonical=canonical,
            needs_promise=promise, needs_reason=reason, position=n,
        )
        for n, (mark, label, canonical, promise, reason) in enumerate(source["classes"])
    )  # fmt: skip
    audit.record(by, "suggestions.make_rules", row)
    return row


@transaction.atomic
def draft_rule_set(source: RuleSet, *, by: Membership) -> RuleSet:
    """A new draft copied from the latest version; only one draft at a time."""
    _may(by)
    versions = RuleSet.objects.select_for_update().filter(name=source.name).order_by("-number")
    latest = versions.first()
    if latest.state == RuleSet.State.DRAFT:
        raise NotAllowed(f"第{latest.number}版还在拟订中")
    values = {
        f.name: getattr(latest, f.name)
        for f in RuleSet._meta.concrete_fields
        if f.name not in NOT_COPIED
    }
    row = RuleSet.objects.create(number=latest.number + 1, **values)
    ResultClass.objects.bulk_create(
        ResultClass(
            rule_set=row, mark=c.mark, label=c.label, canonical=c.canonical,
            needs_promise=c.needs_promise, needs_reason=c.needs_reason, position=c.position,
        )
        for c in latest.classes.all()
    )  # fmt: skip
    audit.record(by, "suggestions.draft_rules", row)
    return row


def _draft(row: RuleSet) -> RuleSet:
    row = RuleSet.objects.select_for_update().get(pk=row.pk)
    if row.state != RuleSet.State.DRAFT:
        raise NotAllowed("已发布的规则不能修改，请拟订新版本")
    return row


@transaction.atomic
def edit_rule_set(row: RuleSet, *, by: Membership, **values: Any) -> RuleSet:
    """Change a draft. The law's ceilings are the database's own constraints; the sentence is
    said here."""
    _may(by)
    row = _draft(row)
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    # 代表法 art. 51.
    if row.reply_months > 3 or row.reply_max_months > 6:
        raise NotAllowed(
            "答复期限自交办之日起不得超过三个月，延长后不得超过六个月（代表法第五十一条）"
        )
    if row.reply_max_months < row.reply_months:
        raise NotAllowed("延长后的期限不能短于答复期限")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotAllowed(
            "有的数值超出了允许的范围：退办期限 3 至 10，闭会期间交办 1 至 10 个工作日"
        ) from None
    audit.record(
        by, "suggestions.edit_rules", row,
        before={k: str(v) for k, v in before.items() if v != values[k]},
        after={k: str(v) for k, v in values.items() if v != before[k]},
    )  # fmt: skip
    return row


@transaction.atomic
def publish_rule_set(
    row: RuleSet, *, by: Membership | None, in_force_from: dt.date, basis_document: str
) -> RuleSet:
    """From a day in force and never changed again; running items keep what they were assigned
    under."""
    _may(by)
    row = _draft(row)
    if not basis_document.strip():
        raise NotAllowed("请填写依据文件")
    faults = rule_set_faults(row)
    if faults:
        raise NotAllowed("还不能发布：" + "；".join(faults))
    row.state, row.in_force_from = RuleSet.State.PUBLISHED, in_force_from
    row.basis_document = basis_document.strip()
    row.published_by, row.published_at = by, timezone.now()
    row.save()
    audit.record(
        by, "suggestions.publish_rules", row,
        after={"施行日期": in_force_from, "依据文件": row.basis_document},
    )  # fmt: skip
    return row


def rule_set_faults(row: RuleSet) -> list[str]:
    """What keeps a draft from being published, in sentences."""
    faults = []
    if not row.dimensions:
        faults.append("没有评价方面")
    if {s.get("value") for s in row.scale} != {"satisfied", "basically", "unsatisfied"}:
        faults.append("评价档次须对应满意、基本满意、不满意")
    classes = list(row.classes.all())
    if len(classes) < 2:
        faults.append("至少要有两个结果类别")
    if not any(c.canonical == ResultClass.Canonical.SOLVED for c in classes):
        faults.append("没有表示“已经解决或者采纳”的结果类别")
    try:
        row.number_format.format(sitting=1, series="", n=1, year=2026)
    except (KeyError, IndexError, ValueError):
        faults.append("编号格式只能使用 {year}、{sitting}、{series} 和 {n}")
    else:
        if "{n" not in row.number_format or "{sitting" not in row.number_format:
            faults.append("编号格式须含会次 {sitting} 和序号 {n}，否则不同会次的编号会重复")
    return faults
