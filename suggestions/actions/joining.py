"""会办: opinions of joint units, sent back, not waited for; letters that supplement a reply."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership
from deadlines.rules import reckon

from .. import access
from ..models import (
    Assignment,
    JointOpinion,
    OpinionWaiver,
    SupplementaryLetter,
)
from ..rules import GONE, HandlingRules, redo_within
from .beats import hold, take_task
from .limits import keep_limits
from .telling import standing_tasks, tell_deputies, tell_units

Task, Do = Assignment.State, Assignment.Step


@transaction.atomic
def give_opinion(
    task: Assignment, *, by: Membership, text: str, signer: str, document_number: str = ""
) -> JointOpinion:
    """会办意见, signed by the unit's leader; each sending is a version of its own."""
    if len(text.strip()) < 10 or not signer.strip():
        raise NotAllowed("请写明会办意见，并填写签发人")
    task = take_task(task, Do.GIVE_OPINION, by)
    task.save()
    last = task.opinions.aggregate(n=Max("version"))["n"] or 0
    row = JointOpinion.objects.create(
        assignment=task, version=last + 1, text=text.strip(), signer=signer.strip(),
        document_number=document_number.strip(), by=by,
    )  # fmt: skip
    keep_limits([task.suggestion_id])
    tell_units("suggestions/opinion_given", _leads(task), task=task)
    audit.record(by, "suggestions.give_opinion", task)
    return row


def _leads(task: Assignment) -> list[Assignment]:
    return [t for t in standing_tasks(task.suggestion) if t.role == Assignment.Role.LEAD]


@transaction.atomic
def send_opinion_back(task: Assignment, *, by: Membership, reason: str) -> Assignment:
    """The lead unit sends an empty opinion back to be given again, within the rules' days."""
    if not reason.strip():
        raise NotAllowed("请写明退回会办意见的原因")
    task = take_task(task, Do.SEND_OPINION_BACK, by)
    task.save()
    last = task.opinions.order_by("-version").first()
    last.accepted, last.sent_back_reason = False, reason.strip()
    last.sent_back_on = timezone.localdate()
    within = redo_within(HandlingRules.of(task.suggestion.rule_set))
    last.redo_due_on = reckon(last.sent_back_on, within, work_calendar()).due_on
    last.save()
    keep_limits([task.suggestion_id])
    tell_units("suggestions/opinion_back", [task], reason=reason)
    audit.record(by, "suggestions.send_opinion_back", task, note=reason.strip())
    return task


@transaction.atomic
def send_supplement(
    task: Assignment, *, by: Membership, text: str, signer: str, document_number: str = ""
) -> SupplementaryLetter:
    """补充答复: a joint unit writes to the deputy itself. It stands beside the leading unit's
    reply, is no opinion and no reply, and closes nothing."""
    hold(task.suggestion)
    task = Assignment.objects.select_related("suggestion__rule_set", "unit").get(pk=task.pk)
    if not access.may_supplement(by, task):
        raise NotAllowed("只有会办单位可以向代表补充答复")
    if len(text.strip()) < 10 or not signer.strip():
        raise NotAllowed("请写明补充答复的内容，并填写签发人")
    row = SupplementaryLetter.objects.create(
        assignment=task, text=text.strip(), signer=signer.strip(), round=task.suggestion.round,
        document_number=document_number.strip(), by=by,
    )  # fmt: skip
    tell_deputies("suggestions/supplement", task.suggestion, task=task)
    tell_units("suggestions/supplement", _leads(task), task=task)
    audit.record(by, "suggestions.send_supplement", task)
    return row


@transaction.atomic
def waive_opinion(joint: Assignment, *, by: Membership, reason: str) -> OpinionWaiver:
    """The lead unit answers without this joint opinion; the reason stands in the record."""
    hold(joint.suggestion)
    leads = joint.suggestion.assignments.filter(role=Assignment.Role.LEAD).exclude(state__in=GONE)
    if not any(access.works_for(by, lead) for lead in leads):
        raise NotAllowed("只有主办单位可以决定不等会办意见")
    if not reason.strip():
        raise NotAllowed("请写明不等会办意见的理由")
    row = OpinionWaiver.objects.create(joint=joint, reason=reason.strip(), by=by)
    audit.record(by, "suggestions.waive_opinion", joint, note=reason.strip())
    return row
