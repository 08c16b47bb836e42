"""回头看: opened over a term's planned and unsolved items, answered by units and deputies, closed
with a summary. Nothing of the first handling is changed."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role, Term
from notices.actions import send

from .. import access, queries
from ..models import Assignment, LookBack, LookBackItem
from ..queries.lookbacks import candidates

Word = LookBackItem.Word


@transaction.atomic
def open_lookback(
    *, by: Membership, title: str, term: Term, meanings: Sequence[str], due_on: dt.date
) -> LookBack:
    """A campaign over all tasks of a term whose result now has one of these meanings; each unit
    is told of its own."""
    if not access.may_keep(by):
        raise NotAllowed("回头看由代工委组织")
    if not title.strip() or not meanings:
        raise NotAllowed("请填写名称，并选择要回头看的办理结果")
    if due_on <= timezone.localdate():
        raise NotAllowed("自查截止日期应当晚于今天")
    found = candidates(term, meanings)
    if not found:
        raise NotAllowed(f"{term}没有这些结果的建议")
    row = LookBack.objects.create(
        title=title.strip(), term=term, meanings=list(meanings), due_on=due_on, by=by
    )
    LookBackItem.objects.bulk_create(
        LookBackItem(campaign=row, assignment=task, result_class=klass) for task, klass in found
    )
    counts: dict[int, list[Assignment]] = {}
    for task, _ in found:
        counts.setdefault(task.unit_id, []).append(task)
    for tasks in counts.values():
        send("suggestions/lookback", to=queries.people_of(tasks[0].unit), campaign=row,
             count=len(tasks), link="/desk/lookbacks/")  # fmt: skip
    audit.record(by, "suggestions.open_lookback", row, after={"件数": len(found)})
    return row


def _running(item: LookBackItem) -> LookBackItem:
    item = (
        LookBackItem.objects.select_for_update(of=("self",))
        .select_related("campaign", "assignment__suggestion__lead__membership", "assignment__unit")
        .get(pk=item.pk)
    )
    if item.campaign.state != LookBack.State.RUNNING:
        raise NotAllowed("这次回头看已经结束")
    return item


@transaction.atomic
def find_again(
    item: LookBackItem, *, by: Membership, finding: str, text: str, signer: str
) -> LookBackItem:
    """The unit's own finding, signed; the deputy is asked whether it is so. Corrected until the
    deputy has answered."""
    item = _running(item)
    if not access.works_for(by, item.assignment):
        raise NotAllowed("自查由承办单位填写")
    if item.word:
        raise NotAllowed("代表已经答复，自查情况不能再改")
    if len(text.strip()) < 5 or not signer.strip():
        raise NotAllowed("请写明自查情况，并填写签发人")
    item.finding, item.finding_text, item.signer = finding, text.strip(), signer.strip()
    item.found_by, item.found_at = by, timezone.now()
    item.save()
    suggestion = item.assignment.suggestion
    _ask(item)
    audit.record(by, "suggestions.find_again", suggestion, note=text.strip(),
                 after={"自查结果": item.get_finding_display()})  # fmt: skip
    return item


def _ask(item: LookBackItem, dedupe_key: str = "") -> int:
    """Ask the deputy whether what the unit found is so; of a delegation's suggestion whoever wrote
    it down, at the page that is theirs."""
    suggestion = item.assignment.suggestion
    to = suggestion.lead.membership if suggestion.lead_id else suggestion.written_by
    link = f"/me/suggestions/lookbacks/{item.pk}/"
    if to is not None and to.role != Role.DEPUTY:
        link = f"/admin/suggestions/lookbacks/{item.campaign_id}/"
    return send("suggestions/lookback_found", to=[to], item=item, suggestion=suggestion,
                link=link, dedupe_key=dedupe_key)  # fmt: skip


@transaction.atomic
def answer_finding(
    item: LookBackItem, *, by: Membership, word: str, text: str = ""
) -> LookBackItem:
    """The deputy's word on what the unit found; said once."""
    item = _running(item)
    if by.role != Role.DEPUTY or not access.is_lead(by, item.assignment.suggestion):
        raise NotAllowed("自查情况由提出建议的代表答复")
    if not item.finding:
        raise NotAllowed("承办单位还没有填写自查情况")
    if item.word:
        raise NotAllowed("您已经答复过")
    if word == Word.DIFFERS and not text.strip():
        raise NotAllowed("不属实的，请写明实际情况")
    item.word, item.word_text, item.word_by = word, text.strip(), by
    item.word_at = timezone.now()
    item.save()
    audit.record(by, "suggestions.answer_finding", item.assignment.suggestion, note=text.strip(),
                 after={"代表意见": item.get_word_display()})  # fmt: skip
    return item


@transaction.atomic
def remind_lookback(row: LookBack, *, by: Membership) -> int:
    """Units that have found nothing yet and deputies who have not answered are reminded, once a
    day; gives how many people were told."""
    if not access.may_keep(by):
        raise NotAllowed("回头看由代工委组织")
    if row.state != LookBack.State.RUNNING:
        raise NotAllowed("这次回头看已经结束")
    day = timezone.localdate()
    told = 0
    waiting = row.items.filter(finding="").select_related("assignment__unit")
    units = {i.assignment.unit_id: i.assignment.unit for i in waiting}
    for unit in units.values():
        told += send("suggestions/lookback_late", to=queries.people_of(unit), campaign=row,
                     link="/desk/lookbacks/",
                     dedupe_key=f"lookback-{row.pk}-{day:%Y%m%d}")  # fmt: skip
    for item in (
        row.items.exclude(finding="")
        .filter(word="")
        .select_related(
            "assignment__suggestion__lead__membership", "assignment__suggestion__written_by"
        )
    ):
        told += _ask(item, dedupe_key=f"lookback-{item.pk}-{day:%Y%m%d}")
    audit.record(by, "suggestions.remind_lookback", row, after={"人次": told})
    return told


@transaction.atomic
def close_lookback(row: LookBack, *, by: Membership, summary: str) -> LookBack:
    """The campaign ends with its summary; what was not answered stays unanswered."""
    if not access.may_keep(by):
        raise NotAllowed("回头看由代工委组织")
    row = LookBack.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != LookBack.State.RUNNING:
        raise NotAllowed("这次回头看已经结束")
    if len(summary.strip()) < 10:
        raise NotAllowed("请写明总结（至少十个字）")
    row.state, row.summary, row.closed_at = LookBack.State.CLOSED, summary.strip(), timezone.now()
    row.save()
    audit.record(by, "suggestions.close_lookback", row)
    return row
