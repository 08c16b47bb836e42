"""Rule-books: made from a template, drafted, edited, checked, published with a date of force."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access
from ..models import DutyItem, Outcome, RuleBook, RuleBookVersion, RuleNode
from ..queries import rule_tree
from ..rules import VERSION_FLOW, Faulty, check_bands, check_tree, parse_bands
from ..rules.templates import TEMPLATES
from ..rules.vocabulary import parse_rule
from .items import ship_items

Kind = RuleNode.Kind


def _may_keep(by: Membership | None) -> None:
    if by is not None and not access.may_keep(by):
        raise NotAllowed("只有代工委可以维护积分办法")


@transaction.atomic
def make_book(
    *,
    by: Membership | None,
    name: str,
    template: str = "",
    decimals: int = 1,
    basis_document: str = "",
) -> RuleBookVersion:
    """A new rule-book with a first draft, from a template or empty."""
    _may_keep(by)
    if RuleBook.objects.filter(name=name).exists():
        raise NotAllowed(f"已有名为“{name}”的积分办法")
    if template and template not in TEMPLATES:
        raise NotAllowed("没有这个模板")
    ship_items()
    book = RuleBook.objects.create(name=name)
    version = RuleBookVersion.objects.create(
        book=book, number=1, decimals=decimals, basis_document=basis_document, template_key=template
    )
    if template:
        _plant(version, TEMPLATES[template])
    audit.record(by, "performance.make_book", version)
    return version


def _plant(version: RuleBookVersion, template: dict[str, Any]) -> None:
    items = {i.code: i for i in DutyItem.objects.all()}

    def plant(rows: Iterable[dict], parent: RuleNode | None) -> None:
        for position, data in enumerate(rows, start=1):
            item = items.get(data.get("item", ""))
            node = RuleNode.objects.create(
                version=version,
                parent=parent,
                position=position * 10,
                kind=data["kind"],
                key=data["key"],
                name=data.get("name") or item.name,
                aspect=data.get("aspect", ""),
                item=item,
                params=data["params"],
            )
            plant(data.get("children", ()), node)

    plant(template["tree"], None)
    version.decimals = template["decimals"]
    version.save()
    Outcome.objects.bulk_create(
        Outcome(
            version=version,
            kind=Outcome.Kind.BAND,
            name=band["name"],
            position=n,
            params={k: band[k] for k in ("low", "high", "colour")},
        )
        for n, band in enumerate(template["bands"])
    )
    Outcome.objects.bulk_create(
        Outcome(
            version=version,
            kind=Outcome.Kind.GATE,
            name=gate["name"],
            position=n,
            params=gate["params"],
        )
        for n, gate in enumerate(template.get("gates", ()))
    )


@transaction.atomic
def draft_version(book: RuleBook, *, by: Membership) -> RuleBookVersion:
    """A new draft, copied from the latest version; only one draft at a time."""
    _may_keep(by)
    RuleBook.objects.select_for_update().get(pk=book.pk)  # two at once would take one number
    latest = book.versions.order_by("-number").first()
    if latest and latest.state == RuleBookVersion.State.DRAFT:
        raise NotAllowed(f"第{latest.number}版还在拟订中，请先发布或继续修改")
    version = RuleBookVersion.objects.create(
        book=book,
        number=(latest.number if latest else 0) + 1,
        decimals=latest.decimals if latest else 1,
        basis_document=latest.basis_document if latest else "",
    )
    if latest:
        copies: dict[int | None, RuleNode | None] = {None: None}
        waiting = list(latest.nodes.order_by("pk"))
        while waiting:
            ready = [n for n in waiting if n.parent_id in copies]
            for node in ready:
                copies[node.pk] = RuleNode.objects.create(
                    version=version,
                    parent=copies[node.parent_id],
                    position=node.position,
                    kind=node.kind,
                    key=node.key,
                    name=node.name,
                    aspect=node.aspect,
                    item_id=node.item_id,
                    params=node.params,
                )
            waiting = [n for n in waiting if n.pk not in copies]
        Outcome.objects.bulk_create(
            Outcome(version=version, kind=o.kind, name=o.name, position=o.position, params=o.params)
            for o in latest.outcomes.all()
        )
    audit.record(by, "performance.draft_version", version)
    return version


def _draft(version: RuleBookVersion) -> RuleBookVersion:
    version = (
        RuleBookVersion.objects.select_for_update(of=("self",))
        .select_related("book")
        .get(pk=version.pk)
    )
    if version.state != RuleBookVersion.State.DRAFT:
        raise NotAllowed("已发布的版本不能修改，请拟订新版本")
    return version


@transaction.atomic
def save_rule(
    version: RuleBookVersion, *, by: Membership, node: RuleNode | None = None, **values: Any
) -> RuleNode:
    """Add or change one rule of a draft; refuses what could not be counted."""
    _may_keep(by)
    version = _draft(version)
    before = None
    if node is None:
        node = RuleNode(version=version, key=_free_key(version, values.get("item")))
        siblings = version.nodes.filter(parent=values.get("parent"))
        node.position = 10 + max(siblings.values_list("position", flat=True), default=0)
    else:
        before = {"名称": node.name, "种类": node.kind, "参数": node.params}
    for name, value in values.items():
        setattr(node, name, value)
    if before and "parent" in values:
        siblings = version.nodes.filter(parent=node.parent).exclude(pk=node.pk)
        if not version.nodes.filter(pk=node.pk, parent=node.parent).exists():
            node.position = 10 + max(siblings.values_list("position", flat=True), default=0)
    parent = node.parent
    while parent is not None:
        if parent.pk == node.pk:
            raise NotAllowed("规则不能放在自己里面")
        if parent.kind != Kind.NODE:
            raise NotAllowed("规则只能放在分组里")
        parent = parent.parent
    try:
        parse_rule(
            key=node.key,
            kind=node.kind,
            name=node.name,
            params=node.params,
            item=node.item.code if node.item else "",
        )
    except Faulty as fault:
        raise NotAllowed(f"“{node.name}”：{fault}") from None
    node.save()
    audit.record(
        by,
        "performance.edit_rule",
        node,
        before=before,
        after={"名称": node.name, "种类": node.kind, "参数": node.params},
    )
    return node


def _free_key(version: RuleBookVersion, item: DutyItem | None) -> str:
    known = set(version.nodes.values_list("key", flat=True))
    base = item.code if item else "R"
    candidates = ([base] if item else []) + [f"{base}{n}" for n in range(1, 999)]
    return next(c for c in candidates if c not in known)


@transaction.atomic
def remove_rule(node: RuleNode, *, by: Membership) -> None:
    """Take a rule (and what is below it) out of a draft."""
    _may_keep(by)
    _draft(node.version)
    audit.record(by, "performance.remove_rule", node, before={"参数": node.params})
    node.delete()


@transaction.atomic
def shift_rule(node: RuleNode, *, by: Membership, up: bool) -> RuleNode:
    """One place up or down among the rules of the same bucket; nothing at the end."""
    _may_keep(by)
    _draft(node.version)
    siblings = list(node.version.nodes.filter(parent=node.parent_id).order_by("position", "pk"))
    here = siblings.index(node)
    there = here + (-1 if up else 1)
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
        for place, row in enumerate(siblings, start=1):
            row.position = place * 10
        RuleNode.objects.bulk_update(siblings, ["position"])
        audit.record(
            by, "performance.edit_rule", node, after={"排序": [row.name for row in siblings]}
        )
    return node


@transaction.atomic
def save_version(
    version: RuleBookVersion, *, by: Membership, decimals: int, note: str = ""
) -> RuleBookVersion:
    """The precision (0 to 4 decimals) and the remark of a draft."""
    _may_keep(by)
    version = _draft(version)
    before = {"小数位数": version.decimals, "说明": version.note}
    version.decimals, version.note = decimals, note.strip()
    version.save()
    after = {"小数位数": version.decimals, "说明": version.note}
    audit.record(by, "performance.edit_rule", version, before=before, after=after)
    return version


@transaction.atomic
def discard_version(version: RuleBookVersion, *, by: Membership) -> None:
    """A draft is thrown away; a book that then has no version goes with it."""
    _may_keep(by)
    version = _draft(version)
    audit.record(by, "performance.discard_version", version)
    book = version.book
    version.delete()
    if not book.versions.exists():
        book.delete()


@transaction.atomic
def save_bands(version: RuleBookVersion, *, by: Membership, bands: list[dict]) -> None:
    """The grades of a draft, highest first: name, low, high (not included), colour."""
    _may_keep(by)
    version = _draft(version)
    parse_bands(bands)
    version.outcomes.filter(kind=Outcome.Kind.BAND).delete()
    Outcome.objects.bulk_create(
        Outcome(
            version=version,
            kind=Outcome.Kind.BAND,
            name=b["name"],
            position=n,
            params={"low": b["low"], "high": b["high"], "colour": b.get("colour", "")},
        )
        for n, b in enumerate(bands)
    )
    audit.record(by, "performance.edit_rule", version, after={"等次": bands})


def faults_of(version: RuleBookVersion) -> list[str]:
    """Everything that keeps a draft from being published."""
    try:
        faults = check_tree(rule_tree(version))
    except Faulty as fault:
        faults = [str(fault)]
    bands = version.outcomes.filter(kind=Outcome.Kind.BAND)
    return faults + check_bands(parse_bands({"name": b.name, **b.params} for b in bands))


@transaction.atomic
def publish_version(
    version: RuleBookVersion,
    *,
    by: Membership | None,
    in_force_from: dt.date,
    basis_document: str,
) -> RuleBookVersion:
    """From a day on in force, for ever unchanged; refuses what cannot be counted."""
    _may_keep(by)
    version = _draft(version)
    state = VERSION_FLOW.after(version.state, RuleBookVersion.Step.PUBLISH)
    faults = faults_of(version)
    if faults:
        raise NotAllowed("办法还不能发布：" + "；".join(faults[:5]))
    if not basis_document.strip():
        raise NotAllowed("请填写依据文件")
    earlier = version.book.versions.filter(
        state=RuleBookVersion.State.PUBLISHED, in_force_from__gte=in_force_from
    ).first()
    if earlier:
        raise NotAllowed(f"施行日期须晚于第{earlier.number}版的施行日期")
    version.state, version.in_force_from = state, in_force_from
    version.basis_document = basis_document.strip()
    version.published_by, version.published_at = by, timezone.now()
    version.save()
    audit.record(
        by,
        "performance.publish_version",
        version,
        after={"施行日期": in_force_from, "依据文件": basis_document},
    )
    return version
