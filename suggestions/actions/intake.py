"""From a draft to a registered suggestion: written, signed together, looked at, numbered."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile
from deadlines.actions import cancel
from deputies.models import Deputy
from deputies.queries import was_in_office
from notices.actions import send

from .. import access, queries
from ..models import (
    Assignment,
    Attachment,
    Review,
    Revision,
    RuleSet,
    Signature,
    Suggestion,
    WishedUnit,
)
from ..rules.similarity import title_pairs
from ..rules.texts import CHECKS, GROUNDS, fingerprint, looks_secret, text_faults
from .assigning import REPLY
from .beats import hold, take
from .duties import count_duties, take_duties_back
from .numbers import issue_number

State, Step = Suggestion.State, Suggestion.Step
TEXT = ("title", "situation", "requests")
OTHER = (
    "kind", "category", "wants_meeting", "may_publish_text", "may_publish_reply", "hides_name",
    "is_for_reference", "urgent_reason", "raised_before",
)  # fmt: skip
SECRET = (
    "内容带有密级标志。涉密内容不得在本系统填写，请立即删除，改用涉密渠道送交代工委；"
    "本系统只保留编号"
)


def _hash(suggestion: Suggestion) -> str:
    return fingerprint(suggestion.title, suggestion.situation, suggestion.requests)


def _refuse_secret(values: dict[str, Any]) -> None:
    texts = [values.get("title", ""), values.get("situation", ""), *values.get("requests", [])]
    if looks_secret(*texts):
        raise NotAllowed(SECRET)


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
    _refuse_secret(values)
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
        street=_street_of(lead, today),
        **{k: v for k, v in values.items() if k in (*TEXT, *OTHER)},
    )
    row.title_pairs = title_pairs(row.title)
    row.save()
    _wish(row, values.get("wished_units", ()))
    audit.record(by, "suggestions.start", row)
    return row


def _street_of(lead: Deputy | None, on: dt.date):
    seat = lead.mandates.filter(starts_on__lte=on).order_by("-starts_on").first() if lead else None
    return seat.street if seat else None


def _wish(suggestion: Suggestion, units: Iterable) -> None:
    suggestion.wishes.all().delete()
    WishedUnit.objects.bulk_create(WishedUnit(suggestion=suggestion, unit=u) for u in units)


@transaction.atomic
def save_draft(suggestion: Suggestion, *, by: Membership, **values: Any) -> Suggestion:
    """Save what is written so far (also by itself while writing). An edited text voids every
    confirmation: a deputy signs a text, not a title."""
    suggestion = hold(suggestion)
    if not access.is_lead(by, suggestion):
        raise NotAllowed("只有领衔代表可以修改")
    if suggestion.state not in access.WRITABLE:
        raise NotAllowed("建议已经提交，不能再修改；需要修改请联系代工委退回")
    _refuse_secret(values)
    before = _hash(suggestion)
    for name in (*TEXT, *OTHER):
        if name in values:
            setattr(suggestion, name, values[name])
    suggestion.title_pairs = title_pairs(suggestion.title)
    suggestion.save()
    if "wished_units" in values:
        _wish(suggestion, values["wished_units"])
    if _hash(suggestion) != before:
        voided = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
        told = [s.deputy.membership for s in voided.select_related("deputy__membership")]
        voided.update(state=Signature.State.VOIDED, text_sha256="")
        send("suggestions/text_changed", to=told, suggestion=suggestion,
             link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
        if told:
            audit.record(by, "suggestions.change_text", suggestion)
    return suggestion


def _complete(suggestion: Suggestion) -> None:
    faults = text_faults(suggestion.title, suggestion.situation, suggestion.requests)
    if faults:
        raise NotAllowed("；".join(faults))


@transaction.atomic
def invite(suggestion: Suggestion, *, by: Membership, deputies: Iterable[Deputy]) -> Suggestion:
    """Ask deputies to sign; the text must be whole. More may be asked later."""
    if suggestion.state == State.COSIGNING:
        suggestion = hold(suggestion)
        if not access.is_lead(by, suggestion):
            raise NotAllowed("只有领衔代表可以邀请联名")
    else:
        suggestion = take(suggestion, Step.INVITE, by)
    _complete(suggestion)
    deputies = [d for d in deputies if d.pk != suggestion.lead_id]
    serving = was_in_office([d.pk for d in deputies], timezone.localdate())
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
    if suggestion.state != State.COSIGNING:
        raise NotAllowed("这件建议已不在联名确认中")
    if text_sha256 != _hash(suggestion):
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
    if suggestion.state not in (State.COSIGNING, State.SENT_BACK):
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
    _complete(suggestion)
    today = timezone.localdate()
    if suggestion.lead_id and not was_in_office([suggestion.lead_id], today):
        raise NotAllowed("您现不在任，不能提出新的建议")
    waiting = suggestion.signatures.filter(
        state__in=[Signature.State.INVITED, Signature.State.VOIDED]
    )
    if waiting.exists():
        if not without_unanswered:
            raise NotAllowed("还有联名代表没有确认现在的文本")
        waiting.update(state=Signature.State.DECLINED, answered_at=timezone.now())
    rules = _rules(today)
    # After the sitting has closed it is an item between sittings, with that series and clock.
    if suggestion.raised_in == Suggestion.RaisedIn.SITTING and not queries.sitting_on(today):
        suggestion.raised_in = Suggestion.RaisedIn.BETWEEN
    suggestion.submitted_at = timezone.now()
    if rules.pre_review_steps:
        suggestion.state = State.PRE_REVIEW
    suggestion.save()
    _keep_text(suggestion, by)
    send("suggestions/submitted", to=_reviewers(suggestion, rules), suggestion=suggestion,
         link=f"/admin/suggestions/suggestion/{suggestion.pk}/change/")  # fmt: skip
    audit.record(by, "suggestions.submit", suggestion)
    return suggestion


def _rules(on: dt.date) -> RuleSet:
    rules = queries.rules_in_force(on)
    if rules is None:
        raise NotAllowed("还没有施行中的办理规则，请联系代工委")
    return rules


def _keep_text(suggestion: Suggestion, by: Membership) -> Revision:
    digest = _hash(suggestion)
    last = suggestion.revisions.order_by("-number").first()
    if last and last.sha256 == digest and suggestion.state != State.PRE_REVIEW:
        return last
    return Revision.objects.create(
        suggestion=suggestion, number=(last.number if last else 0) + 1, title=suggestion.title,
        situation=suggestion.situation, requests=suggestion.requests, sha256=digest, by=by,
    )  # fmt: skip


def _reviewers(suggestion: Suggestion, rules: RuleSet) -> list[Membership]:
    step = queries.open_pre_review(suggestion, rules)
    if step == "street" and suggestion.street_id:
        return list(Membership.objects.filter(role=Role.STREET, unit=suggestion.street_id))
    return queries.keepers()


def _review(suggestion, by, step, result, checks, opinion="", ground="") -> Review:
    return Review.objects.create(
        suggestion=suggestion, revision=suggestion.revisions.order_by("-number").first(),
        step=step, result=result, checks={k: bool(checks.get(k)) for k in CHECKS},
        opinion=opinion.strip(), ground=ground, by=by,
    )  # fmt: skip


@transaction.atomic
def pass_on(
    suggestion: Suggestion, *, by: Membership, checks: dict[str, bool], opinion: str = ""
) -> Suggestion:
    """初审通过: the next step of pre-review, or on to 代工委. The text is not touched."""
    rules = queries.rules_of(suggestion)
    open_step = queries.open_pre_review(suggestion, rules)
    suggestion = take(suggestion, Step.PASS_ON, by)
    _review(suggestion, by, open_step, Review.Result.PASSED, checks, opinion)
    if queries.open_pre_review(suggestion, rules):
        suggestion.state = State.PRE_REVIEW
    suggestion.save()
    send("suggestions/submitted", to=_reviewers(suggestion, rules), suggestion=suggestion,
         link=f"/admin/suggestions/suggestion/{suggestion.pk}/change/")  # fmt: skip
    audit.record(by, "suggestions.pass_on", suggestion, note=opinion)
    return suggestion


@transaction.atomic
def send_back(
    suggestion: Suggestion, *, by: Membership, opinion: str, checks: dict[str, bool] | None = None
) -> Suggestion:
    """退回修改, with what must be changed; the next text is a new version."""
    if not opinion.strip():
        raise NotAllowed("请写明需要修改的地方")
    step = suggestion.state
    suggestion = take(suggestion, Step.SEND_BACK, by)
    _review(suggestion, by, step, Review.Result.SENT_BACK, checks or {}, opinion)
    suggestion.save()
    send("suggestions/sent_back", to=_authors(suggestion), suggestion=suggestion,
         opinion=opinion, link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.send_back", suggestion, note=opinion.strip())
    return suggestion


def _authors(suggestion: Suggestion) -> list[Membership]:
    found = [d.membership for d in queries.signers(suggestion) if d.membership_id]
    return found or [suggestion.written_by]


@transaction.atomic
def refuse(
    suggestion: Suggestion,
    *,
    by: Membership,
    ground: str,
    explanation: str,
    deputy_told_on: dt.date | None,
) -> Suggestion:
    """不作为建议处理: on a ground of the rules, explained to the deputy before it closes
    (代表法 art. 59 and local rules). It used no number; revised, it may be raised again."""
    if ground not in GROUNDS:
        raise NotAllowed("请选择不作为建议处理的理由")
    if not explanation.strip():
        raise NotAllowed("请写明向代表所作的说明")
    if deputy_told_on is None or deputy_told_on > timezone.localdate():
        raise NotAllowed("须先向代表说明情况，再作不作为建议处理")
    suggestion = take(suggestion, Step.REFUSE, by)
    _review(suggestion, by, "review", Review.Result.REFUSED, {}, explanation, ground)
    suggestion.save()
    take_duties_back(suggestion, by=by, reason="不作为建议处理")
    send("suggestions/refused", to=_authors(suggestion), suggestion=suggestion,
         ground=GROUNDS[ground], explanation=explanation,
         link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.refuse", suggestion, note=explanation.strip(),
                 after={"理由": GROUNDS[ground], "向代表说明": deputy_told_on})  # fmt: skip
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


@transaction.atomic
def register(
    suggestion: Suggestion,
    *,
    by: Membership,
    category,
    checks: dict[str, bool],
    raised_before: Suggestion | None = None,
) -> Suggestion:
    """登记: category and number; from now on it is the congress's suggestion and counts as the
    signers' duty."""
    if category is None:
        raise NotAllowed("请选择分类")
    missing = [words for key, words in CHECKS.items() if not checks.get(key)]
    if missing:
        raise NotAllowed(f"还有审查项目没有通过：{'、'.join(missing)}")
    suggestion = take(suggestion, Step.REGISTER, by)
    rules = _rules(timezone.localdate())
    suggestion.category = category
    suggestion.raised_before = raised_before or suggestion.raised_before
    suggestion.number = issue_number(suggestion, rules)
    suggestion.registered_at = timezone.now()
    suggestion.save()
    _review(suggestion, by, "review", Review.Result.PASSED, checks)
    count_duties(suggestion, rules, by=by)
    send("suggestions/registered", to=_authors(suggestion), suggestion=suggestion,
         link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.register", suggestion, after={"编号": suggestion.number})
    return suggestion


@transaction.atomic
def withdraw(
    suggestion: Suggestion, *, by: Membership, reason: str, paper: bool = False
) -> Suggestion:
    """撤回, in writing; a joint one needs every signer's word, which `paper` says the committee
    holds. Handling ends; the number stays used."""
    if not reason.strip():
        raise NotAllowed("请写明撤回的理由")
    suggestion = take(suggestion, Step.WITHDRAW, by)
    joint = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
    if suggestion.registered_at and joint.exists() and not paper:
        raise NotAllowed("联名建议须全体联名代表书面同意才能撤回")
    suggestion.save()
    for task in suggestion.assignments.exclude(state__in=["returned", "done"]):
        task.state = Assignment.State.CANCELLED
        task.save()
        cancel(REPLY, task, by=by)
        send("suggestions/task_gone", to=queries.people_of(task.unit), suggestion=suggestion,
             reason=reason)  # fmt: skip
    take_duties_back(suggestion, by=by, reason="建议撤回")
    told = queries.keepers() if suggestion.submitted_at else []
    send("suggestions/withdrawn", to=told, suggestion=suggestion, reason=reason,
         link=f"/admin/suggestions/suggestion/{suggestion.pk}/change/")  # fmt: skip
    audit.record(by, "suggestions.withdraw", suggestion, note=reason.strip())
    return suggestion


@transaction.atomic
def succeed_lead(suggestion: Suggestion, *, by: Membership | None, on: dt.date) -> Suggestion:
    """The lead's mandate ended: the next co-signer in office leads; without one a suggestion not
    yet assigned ends, an assigned one goes on and is answered to the person."""
    suggestion = hold(suggestion)
    in_office = was_in_office(
        list(suggestion.signatures.values_list("deputy_id", flat=True)), timezone.localdate()
    )
    following = (
        suggestion.signatures.filter(state=Signature.State.CONFIRMED, deputy__in=in_office)
        .select_related("deputy")
        .first()
    )
    if following is not None:
        suggestion.lead = following.deputy
        following.delete()
        suggestion.save()
        audit.record(by, "suggestions.succeed", suggestion, after={"领衔": str(suggestion.lead)})
    elif suggestion.assigned_on is None and suggestion.state != State.NOT_ACCEPTED:
        suggestion.state = State.WITHDRAWN
        suggestion.save()
        audit.record(by, "suggestions.withdraw", suggestion, note="领衔代表职务终止且无联名代表")
    return suggestion
