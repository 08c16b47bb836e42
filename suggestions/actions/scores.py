"""单位考评: a sheet drafted, shown to the units, their objections decided, frozen for the year."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Sitting
from congress.words import cn_date
from notices.actions import send

from .. import access, queries
from ..models import ScoreIndicator, ScoreObjection, ScoreResult, ScoreSheet
from ..queries import scores
from ..rules.scoring import DEFAULT, GRADES, grade, ranks, settings_faults, sheet_faults
from ..rules.seal import seal

State = ScoreSheet.State
SETTINGS = ("name", "basis_document", "minimum", "joint_share", "objections_until")
ZERO = Decimal(0)
MEASURE = ("part", "formula", "kind", "weight", "floor", "full", "each", "steps")


def _may(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("单位考评由代工委办理")


def _locked(sheet: ScoreSheet, *states: str) -> ScoreSheet:
    row = ScoreSheet.objects.select_for_update(of=("self",)).select_related("sitting__term").get(
        pk=sheet.pk
    )  # fmt: skip
    if row.state not in states:
        raise NotAllowed(f"“{row.get_state_display()}”的考评表不能这样办理")
    return row


@transaction.atomic
def start_score_sheet(sitting: Sitting, *, by: Membership, name: str) -> ScoreSheet:
    """A draft for a year, with the indicators of the year before, or the usual ones."""
    _may(by)
    if ScoreSheet.objects.filter(sitting=sitting).exists():
        raise NotAllowed("这一年度已有考评表")
    before = ScoreSheet.objects.order_by("-sitting__opens_on").first()
    sheet = ScoreSheet.objects.create(
        sitting=sitting, name=name.strip()[:80], made_by=by,
        grades=before.grades if before else GRADES,
        basis_document=before.basis_document if before else "",
        **({"minimum": before.minimum, "joint_share": before.joint_share} if before else {}),
    )  # fmt: skip
    source = scores.measures(before) if before else DEFAULT
    ScoreIndicator.objects.bulk_create(
        ScoreIndicator(
            sheet=sheet, position=n, part=m.part, formula=m.formula, kind=m.kind,
            weight=m.weight, floor=m.floor, full=m.full, each=m.each,
            steps=[[str(a), str(b)] for a, b in m.steps],
        )
        for n, m in enumerate(source)
    )  # fmt: skip
    audit.record(by, "suggestions.start_scores", sheet)
    return sheet


@transaction.atomic
def change_score_sheet(sheet: ScoreSheet, *, by: Membership, **values: Any) -> ScoreSheet:
    """Other settings of a draft."""
    _may(by)
    sheet = _locked(sheet, State.DRAFT)
    for name in set(values) & set(SETTINGS):
        setattr(sheet, name, values[name])
    sheet.save()
    audit.record(by, "suggestions.change_scores", sheet)
    return sheet


@transaction.atomic
def save_indicator(
    sheet: ScoreSheet, *, by: Membership, indicator: ScoreIndicator | None = None, **values: Any
) -> ScoreIndicator:
    """Add an indicator to a draft or change one of it."""
    _may(by)
    sheet = _locked(sheet, State.DRAFT)
    row = indicator or ScoreIndicator(sheet=sheet, position=sheet.indicators.count())
    if row.sheet_id != sheet.pk:
        raise NotAllowed("这项指标不在这张考评表上")
    for name in set(values) & set(MEASURE):
        setattr(row, name, values[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotAllowed(
            "同一指标同一计分方式只能用一次，零分线须低于满分线，满分须大于零"
        ) from None
    audit.record(by, "suggestions.change_scores", sheet, after={"指标": str(row)})
    return row


@transaction.atomic
def remove_indicator(indicator: ScoreIndicator, *, by: Membership) -> None:
    """Take an indicator out of a draft."""
    _may(by)
    sheet = _locked(indicator.sheet, State.DRAFT)
    audit.record(by, "suggestions.change_scores", sheet, before={"指标": str(indicator)})
    indicator.delete()


@transaction.atomic
def show_scores(sheet: ScoreSheet, *, by: Membership) -> ScoreSheet:
    """Count the year and show each unit its own result; it may object until the day named."""
    _may(by)
    sheet = _locked(sheet, State.DRAFT)
    today = timezone.localdate()
    faults = sheet_faults(scores.measures(sheet), sheet.joint_share)
    faults += settings_faults(sheet.basis_document, sheet.objections_until, today)
    if faults:
        raise NotAllowed("；".join(faults))
    sheet.counted_on = today
    found = scores.preview(sheet, access.visible_to(by))
    if not found:
        raise NotAllowed("这一年度还没有可以考评的承办任务")
    ScoreResult.objects.bulk_create(found)
    sheet.state = State.SHOWN
    sheet.save()
    told = [p for r in found for p in queries.people_of(r.unit)]
    send("suggestions/scores_shown", to=told, sheet=sheet, link="/desk/scores/")
    audit.record(by, "suggestions.show_scores", sheet, after={"单位": len(found)})
    return sheet


@transaction.atomic
def object_to_score(
    result: ScoreResult, *, by: Membership, text: str, indicator: str = ""
) -> ScoreObjection:
    """A unit objects to its own result, in time, with its grounds."""
    sheet = _locked(result.sheet, State.SHOWN)
    if not access.own_results(by).filter(pk=result.pk).exists():
        raise NotAllowed("只能对本单位的考评结果提出意见")
    if timezone.localdate() > sheet.objections_until:
        raise NotAllowed(f"意见应在{cn_date(sheet.objections_until)}前提出，现已截止")
    if len(text.strip()) < 5:
        raise NotAllowed("请写明意见和依据")
    if indicator and indicator not in {x["name"] for x in result.lines}:
        raise NotAllowed("考评表上没有这项指标")
    if result.objections.filter(indicator=indicator, state=ScoreObjection.State.OPEN).exists():
        raise NotAllowed("对这一项的意见正在处理")
    row = ScoreObjection.objects.create(
        result=result, indicator=indicator, text=text.strip(), by=by
    )
    send("suggestions/score_objection", to=queries.keepers(), objection=row, result=result,
         link=f"/admin/suggestions/scores/{sheet.pk}/")  # fmt: skip
    audit.record(by, "suggestions.object_to_score", result, note=text.strip()[:200])
    return row


@transaction.atomic
def decide_score_objection(
    row: ScoreObjection,
    *,
    by: Membership,
    upheld: bool,
    decision: str,
    points: Decimal = Decimal(0),
) -> ScoreObjection:
    """Upheld with the points the unit gains or loses, or rejected; always with words."""
    _may(by)
    sheet = _locked(row.result.sheet, State.SHOWN)
    row = ScoreObjection.objects.select_for_update(of=("self",)).select_related(
        "result__unit", "by").get(pk=row.pk)  # fmt: skip
    if row.state != ScoreObjection.State.OPEN:
        raise NotAllowed("这条意见已经处理")
    if not decision.strip():
        raise NotAllowed("请写明处理意见")
    if upheld and not points:
        raise NotAllowed("采纳的，请填写调整的分值")
    row.state = ScoreObjection.State.UPHELD if upheld else ScoreObjection.State.REJECTED
    row.points = points if upheld else Decimal(0)
    row.decision, row.decided_by, row.decided_at = decision.strip(), by, timezone.now()
    row.save()
    _rank(sheet)
    send("suggestions/score_decided", to=[row.by], objection=row, link="/desk/scores/")
    audit.record(by, "suggestions.decide_score", row.result, note=row.decision,
                 after={"采纳": upheld, "分值": str(row.points)})  # fmt: skip
    return row


def _rank(sheet: ScoreSheet) -> None:
    """Points with what was upheld, grades and places anew."""
    rows = list(sheet.results.prefetch_related("objections"))
    for row in rows:
        gained = sum((o.points for o in row.objections.all()), Decimal(0))
        row.points = max(Decimal(0), row.counted + gained)
        row.grade = grade(row.points, sheet.grades)
    places = ranks(
        {r.pk: r.points for r in rows}, {r.pk: r.main + r.joint for r in rows}, sheet.minimum
    )
    for row in rows:
        row.rank = places.get(row.pk)
    ScoreResult.objects.bulk_update(rows, ["points", "grade", "rank"])


@transaction.atomic
def freeze_scores(sheet: ScoreSheet, *, by: Membership) -> ScoreSheet:
    """封存: after the day for objections, every one decided; nothing changes afterwards."""
    _may(by)
    sheet = _locked(sheet, State.SHOWN)
    if timezone.localdate() <= sheet.objections_until:
        raise NotAllowed(f"意见期到{cn_date(sheet.objections_until)}为止，还没有结束")
    waiting = ScoreObjection.objects.filter(result__sheet=sheet, state=ScoreObjection.State.OPEN)
    if waiting.exists():
        raise NotAllowed(f"还有{waiting.count()}条意见没有处理")
    _rank(sheet)
    sheet.state, sheet.frozen_by, sheet.frozen_at = State.FROZEN, by, timezone.now()
    sheet.manifest = scores_manifest(sheet)
    sheet.save()
    audit.record(by, "suggestions.freeze_scores", sheet, after={"校验码": sheet.manifest})
    return sheet


def scores_manifest(sheet: ScoreSheet) -> str:
    """The seal over a sheet: how it scores, what it gave, what was decided."""
    rows = sheet.results.prefetch_related("objections").order_by("pk")
    content: Mapping[str, Any] = {
        "sheet": [sheet.name, sheet.basis_document, sheet.minimum, sheet.joint_share,
                  sheet.grades, str(sheet.counted_on)],
        "measures": [
            [m.part, m.formula, m.kind, f"{m.weight:.1f}", f"{m.floor:.2f}", f"{m.full:.2f}",
             f"{m.each:.2f}", m.steps]
            for m in sheet.indicators.order_by("pk")
        ],
        "results": [
            [r.unit_id, r.unit_name, r.main, r.joint, f"{r.counted:.2f}", f"{r.points:.2f}",
             r.grade, r.rank, r.lines,
             [[o.indicator, o.text, o.state, f"{o.points:.2f}", o.decision]
              for o in r.objections.all()]]
            for r in rows
        ],
    }  # fmt: skip
    return seal(content)
