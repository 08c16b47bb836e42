"""From a draft to the hand-in: written, signed together, handed in."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile
from deputies.models import Deputy
from notices.actions import send

from .. import access, queries
from ..models import Attachment, Signature, Suggestion
from ..rules.similarity import title_pairs
from .beats import hold, take
from .limits import keep_limits
from .texts import (
    TEXT,
    ask_reviewers,
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
OTHER = (
    "kind", "category", "wants_meeting", "contact_hours", "may_publish_text",
    "may_publish_reply", "hides_name", "is_for_reference", "urgent_reason", "raised_before",
)  # fmt: skip


@transaction.atomic
def start_draft(
    *, by: Membership, lead: Deputy | None, delegation=None, channel: str = "", **values: Any
) -> Suggestion:
    """A new draft, the deputy's own, or a delegation's written down by staff.

    Between sittings it is addressed to the standing committee (乡镇: the presidium); during one,
    to the congress (代表法 art. 24, 36).
    """
    if delegation is None:
        if lead is None or lead.membership_id != by.pk:
            raise NotAllowed("只能以本人名义起草建议")
    elif by.role not in (Role.DEPUTY_AFFAIRS, Role.DEPUTY):
        raise NotAllowed("代表团建议由代表团或者代工委录入")
    today = timezone.localdate()
    term = queries.term_on(today)
    if term is None:
        raise NotAllowed("还没有设置本届任期，请联系代工委")
    refuse_other_levels([lead] if lead else [], today)
    refuse_secret(values)
    sitting = queries.sitting_on(today)
    raised = Suggestion.RaisedIn.SITTING if sitting else Suggestion.RaisedIn.BETWEEN
    row = Suggestion(
        lead=lead,
        delegation=delegation,
        term=term,
        sitting=sitting or queries.latest_sitting(today),
        raised_in=raised,
        channel=channel or raised,
        written_by=by,
        street=street_of(lead, today),
        **{k: v for k, v in values.items() if k in (*TEXT, *OTHER)},
    )
    row.title_pairs = title_pairs(row.title)
    row.save()
    keep_wishes(row, values.get("wished_units", ()))
    audit.record(by, "suggestions.start", row)
    return row


@transaction.atomic
def keep_draft(
    *, by: Membership, lead: Deputy | None, form_key: uuid.UUID | None, **values: Any
) -> Suggestion:
    """What is written into an empty form: the first words make the draft, whatever comes after
    from the same showing of the form (`form_key`) is written into it; also where two come at
    once."""
    if form_key is None:
        return start_draft(by=by, lead=lead, **values)
    own = Suggestion.objects.filter(form_key=form_key, written_by=by)
    row = own.first()
    if row is None:
        try:
            with transaction.atomic():
                row = start_draft(by=by, lead=lead, **values)
                row.form_key = form_key
                row.save(update_fields=["form_key"])
            return row
        except IntegrityError:
            row = own.first()
            if row is None:
                raise NotAllowed("这份表单已经用过，请重新打开“提建议”") from None
    return save_draft(row, by=by, **values)


@transaction.atomic
def save_draft(suggestion: Suggestion, *, by: Membership, **values: Any) -> Suggestion:
    """Save what is written so far (also by itself while writing). An edited text voids every
    confirmation: a deputy signs a text, not a title."""
    suggestion = hold(suggestion)
    if not access.is_lead(by, suggestion):
        raise NotAllowed("只有领衔代表可以修改")
    if suggestion.state not in access.WRITABLE:
        raise NotAllowed("建议已经提交，不能再修改；需要修改请联系代工委退回")
    refuse_secret(values)
    before = text_hash(suggestion)
    for name in (*TEXT, *OTHER):
        if name in values:
            setattr(suggestion, name, values[name])
    suggestion.title_pairs = title_pairs(suggestion.title)
    suggestion.save()
    if "wished_units" in values:
        keep_wishes(suggestion, values["wished_units"])
    if text_hash(suggestion) != before:
        voided = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
        told = [s.deputy.membership for s in voided.select_related("deputy__membership")]
        voided.update(state=Signature.State.VOIDED, text_sha256="")
        send("suggestions/text_changed", to=told, suggestion=suggestion,
             link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
        if told:
            audit.record(by, "suggestions.change_text", suggestion)
    return suggestion


@transaction.atomic
def invite(suggestion: Suggestion, *, by: Membership, deputies: Iterable[Deputy]) -> Suggestion:
    """Ask deputies to sign; the text must be whole. More may be asked later."""
    if suggestion.state == State.COSIGNING:
        suggestion = hold(suggestion)
        if not access.is_lead(by, suggestion):
            raise NotAllowed("只有领衔代表可以邀请联名")
    else:
        suggestion = take(suggestion, Step.INVITE, by)
    need_whole(suggestion)
    deputies = [d for d in deputies if d.pk != suggestion.lead_id]
    today = timezone.localdate()
    refuse_other_levels(deputies, today)
    serving = queries.serving(deputies, today)
    left = [d.name for d in deputies if d.pk not in serving]
    if left:
        raise NotAllowed(f"{'、'.join(left)}现不在任，不能联名")
    known = set(suggestion.signatures.values_list("deputy_id", flat=True))
    new = [d for d in deputies if d.pk not in known]
    if not new and not known:
        raise NotAllowed("请至少邀请一位代表")
    Signature.objects.bulk_create(
        Signature(suggestion=suggestion, deputy=d, position=len(known) + n)
        for n, d in enumerate(new, start=1)
    )
    suggestion.save()
    send("suggestions/invited", to=[d.membership for d in new if d.membership],
         suggestion=suggestion, link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.invite", suggestion, after={"人数": len(new)})
    return suggestion


def _signature(suggestion: Suggestion, by: Membership) -> Signature:
    row = (
        suggestion.signatures.select_for_update(of=("self",))
        .select_related("deputy")
        .filter(deputy__membership=by)
        .first()
    )
    if row is None:
        raise NotAllowed("没有邀请您联名这件建议")
    return row


@transaction.atomic
def confirm_signature(suggestion: Suggestion, *, by: Membership, text_sha256: str) -> Signature:
    """A co-signer confirms exactly the text that was shown; a text changed meanwhile is refused."""
    suggestion = hold(suggestion)
    row = _signature(suggestion, by)
    if suggestion.state not in access.SIGNABLE:
        raise NotAllowed("这件建议已不在联名确认中")
    if text_sha256 != text_hash(suggestion):
        raise NotAllowed("建议的文本刚刚有改动，请重新阅读后再确认")
    row.state, row.text_sha256 = Signature.State.CONFIRMED, text_sha256
    row.answered_at = timezone.now()
    row.save()
    audit.record(by, "suggestions.sign", suggestion)
    return row


@transaction.atomic
def decline_signature(suggestion: Suggestion, *, by: Membership) -> Signature:
    """An invited deputy does not sign, or takes the name back before the text is handed in."""
    suggestion = hold(suggestion)
    row = _signature(suggestion, by)
    if suggestion.state not in access.SIGNABLE:
        raise NotAllowed("建议已经提交，撤回签名请与代工委联系")
    row.state, row.text_sha256 = Signature.State.DECLINED, ""
    row.answered_at = timezone.now()
    row.save()
    send("suggestions/declined", to=[suggestion.lead.membership], suggestion=suggestion,
         signature=row, link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.decline", suggestion)
    return row


@transaction.atomic
def submit(
    suggestion: Suggestion, *, by: Membership, without_unanswered: bool = False
) -> Suggestion:
    """Hand the suggestion in. Every invited deputy has confirmed this text, or is left out on
    purpose (`without_unanswered`); afterwards it is read-only for its authors."""
    sent_back = suggestion.state == State.SENT_BACK
    suggestion = take(suggestion, Step.RESUBMIT if sent_back else Step.SUBMIT, by)
    need_whole(suggestion)
    today = timezone.localdate()
    if suggestion.lead_id:
        refuse_other_levels([suggestion.lead], today)
        if not queries.serving([suggestion.lead], today):
            raise NotAllowed("您现不在任，不能提出新的建议")
    waiting = suggestion.signatures.filter(
        state__in=[Signature.State.INVITED, Signature.State.VOIDED]
    )
    if waiting.exists():
        if not without_unanswered:
            raise NotAllowed("还有联名代表没有确认现在的文本")
        waiting.update(state=Signature.State.DECLINED, answered_at=timezone.now())
    rules = rules_on(today)
    # After the sitting has closed it is an item between sittings, with that series and clock.
    if suggestion.raised_in == Suggestion.RaisedIn.SITTING and not queries.sitting_on(today):
        suggestion.raised_in = Suggestion.RaisedIn.BETWEEN
    suggestion.submitted_at = timezone.now()
    if rules.pre_review_steps:
        suggestion.state = State.PRE_REVIEW
    suggestion.save()
    keep_text(suggestion, by)
    ask_reviewers(suggestion, rules)
    keep_limits([suggestion])
    audit.record(by, "suggestions.submit", suggestion)
    return suggestion


@transaction.atomic
def attach(suggestion: Suggestion, *, by: Membership, file: StoredFile) -> Attachment:
    """Add a file while the text may still be changed; at most ten."""
    suggestion = hold(suggestion)
    if not access.is_lead(by, suggestion):
        raise NotAllowed("只有领衔代表可以增加附件")
    if suggestion.state not in access.WRITABLE:
        raise NotAllowed("建议已经提交，不能再增加附件")
    if suggestion.attachments.count() >= 10:
        raise NotAllowed("附件最多十个")
    row = Attachment.objects.create(suggestion=suggestion, file=file, by=by)
    audit.record(by, "suggestions.file", suggestion, after={"文件": file.name})
    return row


@transaction.atomic
def detach(attachment: Attachment, *, by: Membership) -> None:
    """Take a file out again while the text may still be changed."""
    suggestion = hold(attachment.suggestion)
    if not access.is_lead(by, suggestion):
        raise NotAllowed("只有领衔代表可以删除附件")
    if suggestion.state not in access.WRITABLE:
        raise NotAllowed("建议已经提交，不能再删除附件")
    audit.record(by, "suggestions.unfile", suggestion, before={"文件": attachment.file.name})
    attachment.delete()


@transaction.atomic
def revise_refused(suggestion: Suggestion, *, by: Membership) -> Suggestion:
    """A refused suggestion is taken up again as a new draft that names the old one."""
    suggestion = hold(suggestion)
    if suggestion.state != State.NOT_ACCEPTED or not access.is_lead(by, suggestion):
        raise NotAllowed("只有领衔代表可以修改未受理的建议后重新提出")
    row = start_draft(
        by=by, lead=suggestion.lead, title=suggestion.title, situation=suggestion.situation,
        requests=suggestion.requests, category=suggestion.category,
    )  # fmt: skip
    row.revised_from = suggestion
    row.save()
    return row
