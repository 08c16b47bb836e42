"""B→A: the class of an answered suggestion is raised later, where unit, deputy and committee agree.
For a deputy without a login 代工委 enters the word from paper, by two people."""

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile

from .. import access, queries
from ..models import Assignment, ClassChange, Reply, ResultClass
from .beats import need_second
from .telling import tell, tell_deputies


@transaction.atomic
def propose_class(
    task: Assignment, *, by: Membership, to_class: ResultClass, reason: str
) -> ClassChange:
    """What was promised is done: the unit proposes, the deputy and the committee are asked. The
    reply keeps the class it was served with."""
    if not access.works_for(by, task):
        raise NotAllowed("只有承办单位可以提出调整结果类别")
    access.need_own(task.suggestion)
    reply = task.replies.filter(state=Reply.State.SERVED).order_by("-round").first()
    if reply is None or not reason.strip():
        raise NotAllowed("请写明调整结果类别的理由")
    row = ClassChange.objects.create(
        assignment=task, from_class=current_class(task), to_class=to_class,
        reason=reason.strip(), proposed_by=by,
    )  # fmt: skip
    tell_deputies("suggestions/class_proposed", task.suggestion, task=task, change=row)
    tell("suggestions/class_proposed", task.suggestion, to=queries.keepers(), task=task,
         change=row)  # fmt: skip
    audit.record(by, "suggestions.propose_class", task, after={"类别": to_class.mark})
    return row


def _open(row: ClassChange) -> ClassChange:
    row = ClassChange.objects.select_for_update(of=("self",)).select_related(
        "assignment__suggestion__lead", "entered_by").get(pk=row.pk)  # fmt: skip
    if row.refused_at or row.is_agreed:
        raise NotAllowed("这项调整已有结果")
    return row


@transaction.atomic
def agree_class(row: ClassChange, *, by: Membership, agrees: bool = True) -> ClassChange:
    """The deputy's or the committee's word on a change of class."""
    row = _open(row)
    suggestion, now = row.assignment.suggestion, timezone.now()
    own = by.role == Role.DEPUTY and access.is_lead(by, suggestion)
    if own:
        row.deputy_agreed_at = now if agrees else row.deputy_agreed_at
        row.paper_word = row.scan = row.entered_by = None  # the own word goes before paper
    elif by.role in (Role.DEPUTY_AFFAIRS, Role.COMMITTEE):
        row.committee_agreed_at, row.committee_by = (now, by) if agrees else (None, by)
    else:
        raise NotAllowed("结果类别的调整由代表和督办机构确认")
    if not agrees:
        row.refused_at = now
    row.save()
    audit.record(by, "suggestions.agree_class", row.assignment, after={"同意": agrees})
    return row


@transaction.atomic
def enter_class_word(
    row: ClassChange, *, by: Membership, agrees: bool, scan: StoredFile
) -> ClassChange:
    """What the deputy said in writing of a change of class; it counts once a second person has
    compared it."""
    row = _open(row)
    if not access.may_keep(by):
        raise NotAllowed("代表的书面意见由代工委录入")
    if row.deputy_agreed_at:
        raise NotAllowed("代表已经表示同意")
    if row.paper_word is not None:
        raise NotAllowed("代表的书面意见已经录入，等待核对")
    row.paper_word, row.scan, row.entered_by = agrees, scan, by
    row.save()
    audit.record(by, "suggestions.enter_class_word", row.assignment, after={"同意": agrees})
    return row


@transaction.atomic
def compare_class_word(row: ClassChange, *, by: Membership, agrees: bool = True) -> ClassChange:
    """The second person has compared the entry with the scan: from here on it is the deputy's
    word. What does not agree (`agrees` false) is dropped and entered anew."""
    row = _open(row)
    if not access.may_keep(by) or row.paper_word is None or row.deputy_agreed_at:
        raise NotAllowed("没有需要您核对的书面意见")
    need_second(row.entered_by, by)
    now = timezone.now()
    if not agrees:
        row.paper_word = row.scan = row.entered_by = None
    elif row.paper_word:
        row.deputy_agreed_at, row.compared_by = now, by
    else:
        row.refused_at, row.compared_by = now, by
    row.save()
    audit.record(by, "suggestions.compare_class_word", row.assignment, after={"一致": agrees})
    return row


def current_class(task: Assignment) -> ResultClass | None:
    """The class a task has now: that of its last served reply, raised where three agreed."""
    changes = [c for c in task.class_changes.select_related("to_class") if c.is_agreed]
    if changes:
        return changes[-1].to_class
    reply = task.replies.filter(state=Reply.State.SERVED).order_by("-round", "-version").first()
    return reply.result_class if reply else None
