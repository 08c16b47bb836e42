"""代录: what reaches 代工委 on paper, from a delegation or as a bill; of secret ones a number."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, StoredFile
from deputies.models import Delegation, Deputy
from notices.actions import send

from .. import access, queries
from ..models import (
    Attachment,
    Category,
    ContactConfirmation,
    Feedback,
    Signature,
    Suggestion,
)
from ..rules.similarity import title_pairs
from .assigning import mark_conflicts
from .beats import hold, take
from .limits import keep_limits
from .numbers import issue_number
from .telling import tell
from .texts import (
    TEXT,
    ask_reviewers,
    authors_of,
    keep_text,
    keep_wishes,
    need_whole,
    refuse_other_levels,
    refuse_secret,
    rules_on,
    street_of,
    text_hash,
)

State, Step = Suggestion.State, Suggestion.Step
# 地方组织法: ten deputies of a county's congress together may bring in a bill.
BILL_SIGNERS = 10
ASKED = (
    "kind", "category", "wants_meeting", "contact_hours", "may_publish_text",
    "may_publish_reply", "hides_name", "is_for_reference", "urgent_reason", "raised_before",
)  # fmt: skip
SECRET_TITLE = "涉密建议（内容不在本系统）"


def _new(
    *, by: Membership, lead: Deputy | None, delegation: Delegation | None, received_on: dt.date
) -> Suggestion:
    """The row of what was received on a day, with its term, sitting and street."""
    if (lead is None) == (delegation is None):
        raise NotAllowed("请写明领衔代表，或者选择提出的代表团")
    row = dated_row(by=by, received_on=received_on)
    row.lead, row.delegation, row.street = lead, delegation, street_of(lead, received_on)
    return row


def dated_row(*, by: Membership, received_on: dt.date) -> Suggestion:
    """The row of what reached 代工委 on a day, not saved, with its term and sitting."""
    if not access.may_keep(by):
        raise NotAllowed("纸质建议由代工委录入")
    if received_on > timezone.localdate():
        raise NotAllowed("收到的日期不能晚于今天")
    term = queries.term_on(received_on)
    if term is None:
        raise NotAllowed("收到的日期不在任何一届任期内")
    sitting = queries.sitting_on(received_on)
    raised = Suggestion.RaisedIn.SITTING if sitting else Suggestion.RaisedIn.BETWEEN
    return Suggestion(
        term=term, raised_in=raised, channel=raised,
        sitting=sitting or queries.latest_sitting(received_on), written_by=by,
        submitted_at=_moment(received_on),
    )  # fmt: skip


def _moment(day: dt.date) -> dt.datetime:
    now = timezone.localtime()
    return now if day == now.date() else timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _serving(people: Sequence[Deputy], on: dt.date) -> None:
    refuse_other_levels(people, on)
    held = queries.serving(people, on)
    if gone := [d.name for d in people if d.pk not in held]:
        raise NotAllowed(f"{'、'.join(gone)}当天不在任，不能提出建议")


@transaction.atomic
def enter(
    *,
    by: Membership,
    received_on: dt.date,
    scan: StoredFile,
    lead: Deputy | None = None,
    delegation: Delegation | None = None,
    cosigners: Sequence[Deputy] = (),
    delegation_head: Deputy | None = None,
    bill_number: str = "",
    channel: str = "",
    **values: Any,
) -> Suggestion:
    """A suggestion on paper is entered with its scan; it counts from the day it was received and
    takes the same way through review as any other.

    `bill_number` names the bill (议案) that was turned into a suggestion: it keeps all its names
    and its number, was decided by the congress and needs no pre-review. Its time limit counts
    from 交办, like every other's.
    """
    cosigners = [d for d in dict.fromkeys(cosigners) if d != lead]
    row = _new(by=by, lead=lead, delegation=delegation, received_on=received_on)
    refuse_secret(values)
    if delegation is not None and cosigners:
        raise NotAllowed("代表团建议不列联名代表")
    if delegation_head is not None and delegation is None:
        raise NotAllowed("以代表团名义提出的建议才登记团长")
    row.delegation_head = delegation_head
    speaking = [d for d in (lead, delegation_head) if d is not None]
    _serving([*speaking, *cosigners], received_on)
    bill_number = bill_number.strip()
    if bill_number:
        if lead and len(cosigners) + 1 < BILL_SIGNERS:
            raise NotAllowed(
                f"代表联名的议案须有{BILL_SIGNERS}人以上，现在只有{len(cosigners) + 1}人"
            )
        if Suggestion.objects.filter(term=row.term, bill_number=bill_number).exists():
            raise NotAllowed(f"{bill_number}号议案已经转为建议")
        row.bill_number, channel = bill_number, Suggestion.Channel.BILL
    row.channel = channel or row.channel
    for name in (*TEXT, *ASKED):
        if name in values:
            setattr(row, name, values[name])
    need_whole(row)
    rules = rules_on(received_on)
    staged = rules.pre_review_steps and not bill_number
    row.state = State.PRE_REVIEW if staged else State.REVIEW
    row.title_pairs = title_pairs(row.title)
    row.save()
    keep_text(row, by)
    digest = text_hash(row)
    Signature.objects.bulk_create(
        Signature(
            suggestion=row, deputy=d, position=n, state=Signature.State.CONFIRMED,
            text_sha256=digest, answered_at=row.submitted_at,
        )
        for n, d in enumerate(cosigners, start=1)
    )  # fmt: skip
    keep_wishes(row, values.get("wished_units", ()))
    Attachment.objects.create(suggestion=row, file=scan, by=by)
    ask_reviewers(row, rules)
    keep_limits([row])
    told = [m for m in authors_of(row) if m.pk != by.pk]
    tell("suggestions/entered", row, to=told)
    after = {"收到": received_on, "联名": len(cosigners), "议案": bill_number}
    audit.record(by, "suggestions.enter", row, after=after)
    return row


@transaction.atomic
def mend(
    suggestion: Suggestion, *, by: Membership, signed_again: bool = False, **values: Any
) -> Suggestion:
    """A text entered from paper that was sent back is mended as its authors asked, by 代工委, and
    handed in again as a new version. Co-signers confirmed the old one: `signed_again` says that
    all of them signed the new text on paper."""
    if not access.may_mend(by, suggestion):
        raise NotAllowed("由代表本人在手机上修改后再提交")
    suggestion = take(suggestion, Step.RESUBMIT, by)
    joint = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
    if joint.exists() and not signed_again:
        raise NotAllowed("文本有改动，须联名代表在纸质修改稿上重新签名")
    refuse_secret(values)
    for name in (*TEXT, *ASKED):
        if name in values:
            setattr(suggestion, name, values[name])
    need_whole(suggestion)
    rules = queries.rules_of(suggestion)
    if rules and rules.pre_review_steps and not suggestion.bill_number:
        suggestion.state = State.PRE_REVIEW
    suggestion.title_pairs = title_pairs(suggestion.title)
    suggestion.save()
    keep_text(suggestion, by)
    joint.update(text_sha256=text_hash(suggestion), answered_at=timezone.now())
    if "wished_units" in values:
        keep_wishes(suggestion, values["wished_units"])
    keep_limits([suggestion])
    audit.record(by, "suggestions.mend", suggestion)
    return suggestion


@transaction.atomic
def reserve_secret(
    *,
    by: Membership,
    received_on: dt.date,
    lead: Deputy | None = None,
    delegation: Delegation | None = None,
    category: Category | None = None,
) -> Suggestion:
    """A suggestion with state secrets: nothing of it is kept here but who raised it, when, and its
    number. It is handled on paper, outside this system."""
    row = _new(by=by, lead=lead, delegation=delegation, received_on=received_on)
    _serving([lead] if lead else [], received_on)
    row.title, row.category, row.is_secret_placeholder = SECRET_TITLE, category, True
    row.state, row.registered_at = State.REGISTERED, timezone.now()
    row.created_at = row.registered_at  # the year of its number
    row.number = issue_number(row, rules_on(received_on))
    row.save()
    audit.record(by, "suggestions.reserve", row, after={"编号": row.number})
    return row


@transaction.atomic
def close_secret(suggestion: Suggestion, *, by: Membership, on: dt.date) -> Suggestion:
    """What was handled outside is over since a day; nothing else of it is kept here."""
    suggestion = take(suggestion, Step.CLOSE_OUTSIDE, by)
    if on > timezone.localdate():
        raise NotAllowed("办结日期不能晚于今天")
    if on < timezone.localdate(suggestion.submitted_at):
        raise NotAllowed("办结日期不能早于收到建议的日期")
    suggestion.closed_at = _moment(on)
    suggestion.save()
    audit.record(by, "suggestions.close_secret", suggestion, after={"办结日期": on})
    return suggestion


@transaction.atomic
def name_head(suggestion: Suggestion, *, by: Membership, head: Deputy) -> Suggestion:
    """登记团长: who speaks for a delegation's suggestion, or does so from now on. What still waited
    for a word of the one before waits for this one."""
    suggestion = hold(suggestion)
    if not access.may_name_head(by, suggestion):
        raise NotAllowed("只有以代表团名义提出、尚未办结的建议由代工委登记团长")
    before = suggestion.delegation_head
    if before == head:
        raise NotAllowed(f"{head.name}已经登记为团长")
    _serving([head], timezone.localdate())
    suggestion.delegation_head = head
    suggestion.save()
    if before is not None:
        waiting = Feedback.State.EXPECTED
        suggestion.feedbacks.filter(deputy=before, state=waiting, superseded_at=None).update(
            deputy=head
        )
        ContactConfirmation.objects.filter(
            contact__assignment__suggestion=suggestion, deputy=before, confirmed=None
        ).update(deputy=head)
    mark_conflicts(suggestion)
    keep_limits([suggestion])
    told = [head.membership] if head.membership_id else []
    send("suggestions/head", to=told, suggestion=suggestion,
         link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(
        by, "suggestions.name_head", suggestion,
        before={"团长": before.name if before else ""}, after={"团长": head.name},
    )  # fmt: skip
    return suggestion
