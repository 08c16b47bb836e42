"""Rules of handling: from a template, drafted, edited within the law's ceilings, published."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit, files
from congress.flow import NotAllowed
from congress.models import Membership
from congress.uploads import Upload

from .. import access, queries
from ..models import Category, ResultClass, RuleSet, Suggestion
from ..rules.bounds import bound_faults
from ..rules.numbering import number_format_fault
from ..rules.templates import CATEGORIES, TEMPLATES
from .limits import keep_limits

NOT_COPIED = {
    "id", "number", "state", "in_force_from", "published_by", "published_at", "congress",
}  # fmt: skip


def _may(by: Membership | None) -> None:
    if by is not None and not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护办理规则")


def ship_categories() -> int:
    """The two levels of categories for a new congress; gives how many were new."""
    known = {(c.parent_id, c.name): c for c in Category.objects.all()}
    tops = [
        known.get((None, name)) or Category(name=name, position=n * 10)
        for n, name in enumerate(CATEGORIES, start=1)
    ]
    new_tops = Category.objects.bulk_create(c for c in tops if c.pk is None)
    parts = [
        Category(name=name, parent=top, position=n * 10)
        for top in tops
        for n, name in enumerate(CATEGORIES[top.name], start=1)
        if (top.pk, name) not in known
    ]
    return len(new_tops) + len(Category.objects.bulk_create(parts))


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
    faults = bound_faults({f.name: getattr(row, f.name) for f in RuleSet._meta.concrete_fields})
    if faults:
        words = {n: RuleSet._meta.get_field(n).verbose_name for n in faults}
        raise NotAllowed("；".join(f"{words[n]}{fault}" for n, fault in faults.items()))
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
def save_classes(
    row: RuleSet, *, by: Membership, classes: list[dict[str, Any]]
) -> list[ResultClass]:
    """The class dictionary of a draft, whole: marks, words, canonical meanings, in this order."""
    _may(by)
    row = _draft(row)
    marks = [c["mark"].strip() for c in classes]
    if len(marks) < 2:
        raise NotAllowed("至少要有两个结果类别")
    if len(set(marks)) != len(marks) or not all(marks):
        raise NotAllowed("每个结果类别要有自己的标识")
    before = "、".join(str(c) for c in row.classes.all())
    row.classes.all().delete()
    made = ResultClass.objects.bulk_create(
        ResultClass(rule_set=row, position=n, **values) for n, values in enumerate(classes)
    )
    audit.record(
        by, "suggestions.edit_rules", row, before={"结果类别": before},
        after={"结果类别": "、".join(str(c) for c in made)},
    )  # fmt: skip
    return made


@transaction.atomic
def attach_basis(row: RuleSet, *, by: Membership, upload: Upload) -> RuleSet:
    """依据文件 as a file: for a draft any time, for a published version once, where it has none."""
    _may(by)
    row = RuleSet.objects.select_for_update().get(pk=row.pk)
    if row.state == RuleSet.State.PUBLISHED and row.basis_file_id:
        raise NotAllowed("已发布的规则不能更换依据文件")
    row.basis_file = files.store(**upload._asdict(), purpose=access.RULES_PURPOSE, by=by)
    row.save()
    audit.record(by, "suggestions.attach_basis", row, after={"文件": upload.name})
    return row


@transaction.atomic
def discard_rule_set(row: RuleSet, *, by: Membership) -> None:
    """A draft is thrown away."""
    _may(by)
    row = _draft(row)
    audit.record(by, "suggestions.discard_rules", row, before={"规则": str(row)})
    row.delete()


@transaction.atomic
def publish_rule_set(
    row: RuleSet, *, by: Membership | None, in_force_from: dt.date, basis_document: str
) -> RuleSet:
    """From a day in force and never changed again; running items keep what they were assigned
    under, what waits to be assigned goes by the rules of the day it was handed in."""
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
    waiting = Suggestion.objects.filter(state__in=queries.NOT_ASSIGNED)
    keep_limits(waiting.values_list("pk", flat=True))
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
    if fault := number_format_fault(row.number_format):
        faults.append(fault)
    return faults
