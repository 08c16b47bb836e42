"""年度报告: begun, counted, refused where the sums do not agree, otherwise frozen; then public."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from congress import audit, files, xlsx
from congress.flow import NotAllowed
from congress.models import Membership, Sitting
from congress.outbox import enqueue
from notices.actions import send

from .. import access
from ..exports.report import document, frozen, workbook
from ..models import YearlyReport
from ..queries import figures
from ..rules.figures import Check, checks
from ..rules.seal import seal

TASK = "suggestions.yearly_report"
TEXTS = ("opening", "problems", "next_steps")
State = YearlyReport.State
SHOWN = 20


@transaction.atomic
def start_report(
    sitting: Sitting, *, by: Membership, title: str, texts: dict[str, str]
) -> YearlyReport:
    """Begin a report on a sitting's year; it is counted in the background. One at a time."""
    if not access.may_keep(by):
        raise NotAllowed("年度报告由代工委生成")
    if not title.strip():
        raise NotAllowed("请写明报告的标题")
    Sitting.objects.select_for_update().get(pk=sitting.pk)
    making = YearlyReport.objects.filter(sitting=sitting, state=State.MAKING)
    if making.filter(job__failed_at=None).exists():
        raise NotAllowed("这一年度的报告正在生成，请等它完成")
    row = YearlyReport.objects.create(
        sitting=sitting, title=title.strip()[:120], on=timezone.localdate(), made_by=by,
        texts={name: texts.get(name, "").strip() for name in TEXTS},
    )  # fmt: skip
    row.job = enqueue(
        TASK, by=by, title=f"生成{row.title}", link=_link(row), report=row.pk
    )  # fmt: skip
    row.save(update_fields=["job"])
    audit.record(by, "suggestions.start_report", row, note=str(sitting))
    return row


def _link(row: YearlyReport) -> str:
    return f"/admin/suggestions/reports/{row.pk}/"


@transaction.atomic
def make_report(
    row: YearlyReport,
    *,
    by: Membership,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> YearlyReport:
    """Count the year. A report whose sums do not agree is not printed: it says which rows
    disagree. Otherwise figures and papers are frozen under a seal; earlier editions stay."""
    row = YearlyReport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != State.MAKING:
        return row
    known = figures.scopes()
    scope = next(s for s in known if s.key == f"s{row.sitting_id}")
    report(5, "正在读取一年的建议")
    before = figures.scope_before(scope, known)
    year = figures.year(access.visible_to(by), scope, before=before, on=row.on)
    report(30, f"正在核对{len(year.items)}件建议的各项合计")
    found = checks(year.items)
    row.faults = [fault_of(c) for c in found if not c.ok]
    if row.faults or not year.items:
        if not year.items:
            row.faults = [{"title": "这一年度还没有建议", "says": "", "why": "", "rows": []}]
        row.state = State.REFUSED
        row.save()
        send("suggestions/report_refused", to=[by], report=row, link=_link(row))
        audit.record(by, "suggestions.refuse_report", row, note=f"{len(row.faults)}项不相符")
        return row
    row.content = frozen(year)
    report(45, "正在排版报告")
    row.document = _keep(row, "pdf", document(row, year), "application/pdf", by)
    report(85, "正在生成表格")
    row.sheet = _keep(row, "xlsx", workbook(row, year), xlsx.CONTENT_TYPE, by)
    last = YearlyReport.objects.filter(sitting=row.sitting_id).aggregate(n=Max("edition"))["n"]
    row.edition, row.state = (last or 0) + 1, State.FROZEN
    row.manifest = manifest_of(row)
    row.save()
    send("suggestions/report_made", to=[by], report=row, link=_link(row))
    audit.record(by, "suggestions.freeze_report", row, after={"校验码": row.manifest})
    return row


def fault_of(check: Check) -> dict:
    """A check that failed, to be kept: what it says and the rows that disagree."""
    rows = []
    if check.rows:
        listed = figures.rows_of(check.kind, check.rows[:SHOWN])
        rows = [
            {"words": str(getattr(r, "suggestion", r)), "pk": getattr(r, "suggestion_id", r.pk)}
            for r in listed
        ]
    return {
        "key": check.key,
        "title": check.title,
        "says": check.says,
        "why": check.why if check.rows else "",
        "rows": rows,
        "count": len(check.rows),
    }


def _keep(row: YearlyReport, kind: str, content: bytes, content_type: str, by: Membership):
    name = f"{row.title}.{kind}"
    return files.store(
        name, content, purpose=access.REPORT_PURPOSE, content_type=content_type, by=by
    )  # fmt: skip


def manifest_of(row: YearlyReport) -> str:
    """The seal over all that a report says, its papers included."""
    return seal(
        {
            "title": row.title, "on": str(row.on), "sitting": row.sitting_id,
            "edition": row.edition, "texts": row.texts, "content": row.content,
            "document": row.document.sha256, "sheet": row.sheet.sha256,
        }
    )  # fmt: skip


def report_faults(row: YearlyReport) -> list[str]:
    """What is wrong with a frozen report, in sentences; empty while it is as it was sealed."""
    if not row.is_frozen:
        return []
    return [] if manifest_of(row) == row.manifest else ["内容与生成时的校验码不符"]


@transaction.atomic
def publish_report(row: YearlyReport, *, by: Membership) -> YearlyReport:
    """公开 (代表法 art. 51: the report on handling is public); earlier editions stay readable."""
    if not access.may_keep(by):
        raise NotAllowed("年度报告由代工委公开")
    row = YearlyReport.objects.select_for_update(of=("self",)).select_related(
        "document", "sheet").get(pk=row.pk)  # fmt: skip
    if row.state == State.PUBLISHED:
        raise NotAllowed("这份报告已经公开")
    if row.state != State.FROZEN:
        raise NotAllowed(f"“{row.get_state_display()}”的报告不能公开")
    if report_faults(row):
        raise NotAllowed("报告的内容与生成时的校验码不符，不能公开")
    row.state, row.published_by, row.published_at = State.PUBLISHED, by, timezone.now()
    row.save()
    audit.record(by, "suggestions.publish_report", row)
    return row
