"""A roster's way: uploaded, checked, answered, confirmed, written, taken back."""

import base64
import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from congress import audit, bulk, files
from congress.crypto import decrypt, encrypt, mask_id_number, mask_phone
from congress.flow import Flow, NotAllowed
from congress.models import Membership
from congress.outbox import enqueue
from congress.xlsx import CONTENT_TYPE, Unreadable, inspect

from .. import imports
from ..imports.columns import SECRET, TITLES
from ..models import Mandate, RosterBatch, RosterRow
from .files import may_keep
from .roster_writing import write_rows
from .undoing import obstacles, take_back

FILE_PURPOSE = "deputies.roster"
_S, _T = RosterBatch.State, RosterBatch.Step
FLOW = Flow(
    {
        (_S.UPLOADED, _T.CHECK): _S.CHECKED,
        (_S.UPLOADED, _T.REFUSE): _S.REFUSED,
        (_S.CHECKED, _T.CONFIRM): _S.APPLYING,
        (_S.APPLYING, _T.APPLY): _S.APPLIED,
        (_S.APPLIED, _T.UNDO): _S.UNDOING,
        (_S.UNDOING, _T.TAKE_BACK): _S.UNDONE,
    }
)
# Work that failed leaves the state it began from.
BEFORE_FAILURE = {_S.APPLYING: _S.CHECKED, _S.UNDOING: _S.APPLIED}
Report = Callable[[int, str], None]


def _silent(percent: int, words: str) -> None:
    pass


def _take(batch: RosterBatch, by: Membership) -> RosterBatch:
    may_keep(by)
    batch = (
        RosterBatch.objects.select_for_update(of=("self",))
        .select_related("file", "job", "congress", "by")
        .get(pk=batch.pk)
    )
    if batch.job and batch.job.failed_at and batch.state in BEFORE_FAILURE:
        batch.state = BEFORE_FAILURE[batch.state]
    return batch


def _begin(batch: RosterBatch, by: Membership, task: str, title: str) -> None:
    batch.job = enqueue(
        task,
        by=by,
        title=title,
        link=reverse("admin:deputies_roster", args=[batch.pk]),
        batch=batch.pk,
    )
    batch.save()


@transaction.atomic
def upload_roster(
    *,
    by: Membership,
    name: str,
    content: bytes,
    starts_on: dt.date,
    default_level: str = "",
    document: str = "",
) -> RosterBatch:
    """Take a roster in and begin its dry run. The file is kept sealed; raises Unreadable at once
    for anything but a plain .xlsx of a bearable size."""
    may_keep(by)
    if default_level and default_level not in Mandate.Level.values:
        raise NotAllowed("请选择一个层级")
    inspect(content, name)
    sealed = encrypt(base64.b64encode(content).decode(), FILE_PURPOSE).encode()
    file = files.store(name, sealed, purpose=FILE_PURPOSE, content_type=CONTENT_TYPE, by=by)
    batch = RosterBatch.objects.create(
        file=file, by=by, starts_on=starts_on, default_level=default_level, document=document
    )
    _begin(batch, by, "deputies.check_roster", f"核对名册：{name}")
    audit.record(by, "deputies.upload_roster", batch, after={"文件": name, "大小": len(content)})
    return batch


def _content(batch: RosterBatch) -> bytes:
    return base64.b64decode(decrypt(files.read(batch.file).decode(), FILE_PURPOSE))


@transaction.atomic
def check_roster(batch: RosterBatch, *, by: Membership, report: Report = _silent) -> dict:
    """The dry run: compare every line with the registry, write down what it would do."""
    batch = _take(batch, by)
    state = FLOW.after(batch.state, _T.CHECK)
    report(5, "正在读取表格")
    try:
        checked = imports.check(batch, _content(batch), timezone.localdate(), report)
    except Unreadable as refused:
        batch.state = FLOW.after(batch.state, _T.REFUSE)
        batch.problems = [refused.sentence]
        batch.save()
        audit.record(by, "deputies.refuse_roster", batch, note=refused.sentence)
        return {}
    report(70, "正在保存核对结果")
    batch.rows.all().delete()
    bulk.insert([_row(batch, r) for r in checked.rows])
    batch.state, batch.problems, batch.places = state, checked.remarks, checked.places
    batch.counts = _counts(checked)
    batch.save()
    return batch.counts


def _counts(checked: imports.Checked) -> dict[str, int]:
    counts = Counter(str(r.outcome) for r in checked.rows)
    counts["rows"] = len(checked.rows)
    counts["repaired"] = sum(1 for r in checked.rows if r.line.repairs)
    return dict(counts)


def _row(batch: RosterBatch, row: imports.Row) -> RosterRow:
    return RosterRow(
        congress_id=batch.congress_id,
        batch_id=batch.pk,
        sheet=row.line.sheet[:60],
        line=row.line.line,
        outcome=row.outcome,
        name=str(row.line.values.get("name", ""))[:80],
        values=_shown(row.line.values),
        repairs=row.line.repairs,
        changes=row.changes,
        problems=row.line.problems,
        candidates=row.candidates,
        deputy_id=row.deputy.pk if row.deputy else None,
    )


def _shown(values: dict) -> dict:
    """What was read, as a person may see it."""
    shown = {}
    for key, value in values.items():
        if key in SECRET and "*" not in value:
            value = mask_id_number(value) if key == "id_number" else mask_phone(value)
        elif key == "level":
            value = Mandate.Level(value).label if value else ""
        elif isinstance(value, list):
            value = "；".join(f"{n}（{o}）" if o else n for n, o in value)
        if key in TITLES:
            shown[key] = value
    return shown


@transaction.atomic
def answer_roster(
    batch: RosterBatch, *, by: Membership, rows: dict[str, str], places: dict[str, str]
) -> RosterBatch:
    """Say who is meant where the dry run asked, then check again.

    `rows` maps "sheet!line" to "new", "same:<id>", "with:<sheet!line>" or "skip"; `places` maps
    "kind:name" to "new" or the id of the place that is meant. Empty answers take one back."""
    batch = _take(batch, by)
    if batch.state != _S.CHECKED:
        raise NotAllowed("名册已经导入或正在处理，不能再改答复")
    decisions = {
        kind: {k: v for k, v in {**batch.decisions.get(kind, {}), **given}.items() if v}
        for kind, given in (("rows", rows), ("places", places))
    }
    batch.decisions, batch.state = decisions, _S.UPLOADED
    _begin(batch, by, "deputies.check_roster", f"重新核对名册：{batch.file.name}")
    audit.record(by, "deputies.answer_roster", batch, after={"行": len(rows), "名称": len(places)})
    return batch


@transaction.atomic
def confirm_roster(batch: RosterBatch, *, by: Membership) -> RosterBatch:
    """Confirm a checked roster: its new and changed lines will be written."""
    batch = _take(batch, by)
    batch.state = FLOW.after(batch.state, _T.CONFIRM)
    if not batch.counts.get("new") and not batch.counts.get("changed"):
        raise NotAllowed("这份名册没有可以导入的新增或变更")
    _begin(batch, by, "deputies.apply_roster", f"导入名册：{batch.file.name}")
    audit.record(by, "deputies.confirm_roster", batch, after=batch.counts)
    return batch


@transaction.atomic
def apply_roster(batch: RosterBatch, *, by: Membership, report: Report = _silent) -> dict:
    """Write a confirmed roster: all of it or nothing. Refuses where the registry changed since
    the dry run in a way that changes what a line means."""
    list(RosterBatch.objects.select_for_update().filter(state=_S.APPLYING).order_by("pk"))
    batch = _take(batch, by)
    state = FLOW.after(batch.state, _T.APPLY)
    report(5, "正在读取表格")
    checked = imports.check(batch, _content(batch), timezone.localdate(), report)
    _same_as_shown(batch, checked)
    report(60, "正在写入")
    rows, made = write_rows(batch, checked, [_row(batch, r) for r in checked.rows], by=by)
    report(90, "正在保存结果")
    batch.rows.all().delete()
    bulk.insert(rows)
    batch.state, batch.made, batch.applied_at = state, made, timezone.now()
    batch.save()
    audit.record(by, "deputies.apply_roster", batch, after=batch.counts)
    return batch.counts


def _same_as_shown(batch: RosterBatch, checked: imports.Checked) -> None:
    shown = {
        (sheet, line): (outcome, changes, deputy)
        for sheet, line, outcome, changes, deputy in batch.rows.values_list(
            "sheet", "line", "outcome", "changes", "deputy_id"
        )
    }
    other = 0
    for row in checked.rows:
        now = (str(row.outcome), row.changes, row.deputy.pk if row.deputy else None)
        other += shown.get((row.line.sheet[:60], row.line.line)) != now
    if other or len(shown) != len(checked.rows):
        raise NotAllowed(f"核对之后代表名册有变动，{other} 行的结果与您看到的不同，请重新核对")


@transaction.atomic
def undo_roster(batch: RosterBatch, *, by: Membership) -> RosterBatch:
    """Begin to take a whole roster back; refuses with what stands in the way."""
    batch = _take(batch, by)
    batch.state = FLOW.after(batch.state, _T.UNDO)
    in_the_way = obstacles(batch)
    if in_the_way:
        raise NotAllowed("不能撤销：" + "；".join(in_the_way[:5]))
    _begin(batch, by, "deputies.take_back_roster", f"撤销名册：{batch.file.name}")
    audit.record(by, "deputies.undo_roster", batch, after=batch.counts)
    return batch


@transaction.atomic
def take_back_roster(batch: RosterBatch, *, by: Membership, report: Report = _silent) -> dict:
    """Carry the undoing out: what was made goes, what was changed is as before."""
    batch = _take(batch, by)
    state = FLOW.after(batch.state, _T.TAKE_BACK)
    in_the_way = obstacles(batch)
    if in_the_way:
        raise NotAllowed("不能撤销：" + "；".join(in_the_way[:5]))
    report(30, "正在恢复原状")
    take_back(batch)
    batch.state, batch.undone_at = state, timezone.now()
    batch.save()
    audit.record(by, "deputies.take_back_roster", batch, after=batch.counts)
    return batch.counts
