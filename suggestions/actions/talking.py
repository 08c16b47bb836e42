"""The word of a deputy on a talk, where the deputy cannot give it: no login, left, died, silent.
代工委 enters it from paper with its scan; it counts once a second person has compared it."""

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, StoredFile

from .. import access
from ..models import ContactConfirmation
from ..rules import GONE
from .beats import hold


def _open(row: ContactConfirmation, by: Membership) -> ContactConfirmation:
    hold(row.contact.assignment.suggestion)
    row = (
        ContactConfirmation.objects.select_for_update(of=("self",))
        .select_related("contact__assignment__suggestion", "contact__assignment__unit",
                        "entered_by", "deputy")
        .get(pk=row.pk)
    )  # fmt: skip
    if not access.may_keep(by):
        raise NotAllowed("代表对沟通的纸质意见由代工委录入")
    if row.confirmed is not None:
        raise NotAllowed("代表已经确认过这条沟通记录")
    if row.contact.assignment.state in GONE:
        raise NotAllowed("这个单位已不再承办，不需要确认")
    return row


@transaction.atomic
def enter_talk_word(
    row: ContactConfirmation,
    *,
    by: Membership,
    confirmed: bool,
    means: str,
    scan: StoredFile,
    note: str = "",
) -> ContactConfirmation:
    """What the deputy said of the talk, as it stands on paper; it opens nothing yet."""
    row = _open(row, by)
    if means not in ContactConfirmation.Means.values:
        raise NotAllowed("请选择代表是怎样确认的")
    if not confirmed and not note.strip():
        raise NotAllowed("不属实的，请写明实际情况")
    if means == ContactConfirmation.Means.ASKED and not note.strip():
        raise NotAllowed("请写明向谁核实、结果怎样")
    row.paper_word, row.means, row.note = confirmed, means, note.strip()
    row.scan, row.entered_by = scan, by
    row.save()
    audit.record(by, "suggestions.enter_talk_word", row.contact.assignment,
                 after={"代表": row.deputy.name, "属实": confirmed})  # fmt: skip
    return row


@transaction.atomic
def compare_talk_word(
    row: ContactConfirmation, *, by: Membership, agrees: bool = True
) -> ContactConfirmation:
    """The second person has compared the entry with the scan: from here on it counts. What does
    not agree is dropped and entered anew."""
    row = _open(row, by)
    if row.paper_word is None:
        raise NotAllowed("没有需要核对的沟通确认")
    if row.entered_by.user_id == by.user_id:
        raise NotAllowed("录入和核对不能是同一人")
    task = row.contact.assignment
    if agrees:
        row.confirmed, row.compared_by, row.answered_at = row.paper_word, by, timezone.now()
    else:
        row.paper_word = row.scan = row.entered_by = None
        row.means = row.note = ""
    row.save()
    audit.record(by, "suggestions.compare_talk_word", task,
                 after={"代表": row.deputy.name, "一致": agrees})  # fmt: skip
    return row
