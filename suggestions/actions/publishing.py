"""公开: checked for secrets and private matters, agreed to by the deputy where the rules ask, then
published whole, as an abstract, or kept back with a reason; taken down again with a reason."""

import secrets

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from notices.actions import send

from .. import access, queries
from ..models import PublicationDecision, Reply, Suggestion
from ..rules.texts import mask
from .beats import hold
from .limits import keep_limits

Part, Mode = PublicationDecision.Part, PublicationDecision.Mode


def _keeper(by: Membership, sentence: str) -> None:
    if not access.may_keep(by):
        raise NotAllowed(sentence)


@transaction.atomic
def ask_consent(suggestion: Suggestion, *, by: Membership) -> Suggestion:
    """The deputy is asked on the phone whether suggestion and reply may be published."""
    _keeper(by, "公开意见由代工委征求")
    suggestion = hold(suggestion)
    access.need_here(suggestion)
    access.need_own(suggestion)
    if None not in (suggestion.may_publish_text, suggestion.may_publish_reply):
        raise NotAllowed("代表已经答复是否同意公开")
    to = suggestion.lead.membership if suggestion.lead_id else suggestion.written_by
    if to is None:
        raise NotAllowed("提出人没有登录账号，请当面或电话征求后代为登记")
    suggestion.consent_asked_at = timezone.now()
    suggestion.save()
    link = f"/me/suggestions/{suggestion.pk}/publish/"
    if to.role != Role.DEPUTY:
        link = f"/admin/suggestions/publishing/{suggestion.pk}/"
    send("suggestions/consent", to=[to], suggestion=suggestion, link=link)
    audit.record(by, "suggestions.ask_consent", suggestion)
    return suggestion


@transaction.atomic
def give_consent(
    suggestion: Suggestion, *, by: Membership, text: bool, reply: bool, note: str = ""
) -> Suggestion:
    """Whether the suggestion and the reply may be published: the deputy's own word, or what the
    deputy said to 代工委, with how it was said. A word taken back is told to 代工委; what is
    public stays until they take it down."""
    suggestion = hold(suggestion)
    access.need_here(suggestion)
    access.need_own(suggestion)
    own = access.is_lead(by, suggestion)
    if not own and not access.may_keep(by):
        raise NotAllowed("是否同意公开由提出建议的代表答复")
    if not own and not note.strip():
        raise NotAllowed("代为登记的，请写明代表何时、以何种方式表示")
    live = suggestion.publication_decisions.filter(taken_down_at=None).exclude(published_at=None)
    taken_back = (not text and live.filter(part=Part.TEXT).exists()) or (
        not reply and live.filter(part=Part.REPLY).exists()
    )
    suggestion.may_publish_text, suggestion.may_publish_reply = text, reply
    suggestion.save()
    if taken_back:
        send("suggestions/consent_back", to=queries.keepers(), suggestion=suggestion,
             link=f"/admin/suggestions/publishing/{suggestion.pk}/")  # fmt: skip
    audit.record(by, "suggestions.give_consent", suggestion, note=note.strip(),
                 after={"同意公开建议": text, "同意公开答复": reply})  # fmt: skip
    return suggestion


@transaction.atomic
def decide_publication(
    suggestion: Suggestion,
    *,
    by: Membership,
    part: str,
    mode: str,
    title: str,
    text: str,
    secrecy_checked: bool,
    privacy_checked: bool,
    reason: str = "",
    reply: Reply | None = None,
) -> PublicationDecision:
    """公开审查 of the suggestion or of one served reply (the last one where none is named).

    Published only after the secrecy and the privacy check and with the deputy's consent where
    the rules ask it; phones and identity numbers are hidden by themselves. Kept back or shortened
    only for a reason. What is public is taken down before it is decided anew.
    """
    _keeper(by, "公开审查由代工委决定")
    suggestion = hold(suggestion)
    access.need_here(suggestion)
    access.need_own(suggestion)
    rules = queries.rules_of(suggestion)
    reply = _reply(suggestion, reply) if part == Part.REPLY else None
    if mode != Mode.NOT:
        if not (secrecy_checked and privacy_checked):
            raise NotAllowed("须先通过保密审查和个人信息审查")
        consent = suggestion.may_publish_text if part == Part.TEXT else suggestion.may_publish_reply
        if rules and rules.publish_needs_consent and consent is not True:
            raise NotAllowed("代表没有同意公开")
        if not title.strip() or not text.strip():
            raise NotAllowed("请填写公开的标题和内容")
    if mode != Mode.FULL and not reason.strip():
        raise NotAllowed("请写明理由")
    earlier = suggestion.publication_decisions.filter(part=part, reply=reply, taken_down_at=None)
    if earlier.exclude(published_at=None).exists():
        raise NotAllowed("已经公开；需要改动请先撤下")
    public = mode != Mode.NOT
    row = PublicationDecision.objects.create(
        suggestion=suggestion, part=part, mode=mode, reply=reply, title=mask(title.strip()),
        text=mask(text), reason=reason.strip(), secrecy_checked=secrecy_checked,
        privacy_checked=privacy_checked, decided_by=by,
        published_at=timezone.now() if public else None,
        public_id=secrets.token_urlsafe(12) if public else None,
    )  # fmt: skip
    keep_limits([suggestion])
    audit.record(by, "suggestions.decide_publication", suggestion,
                 after={"对象": row.get_part_display(), "方式": row.get_mode_display()},
                 note=reason.strip())  # fmt: skip
    return row


def _reply(suggestion: Suggestion, reply: Reply | None) -> Reply:
    served = Reply.objects.filter(assignment__suggestion=suggestion, state=Reply.State.SERVED)
    found = (
        served.filter(pk=reply.pk).first() if reply else served.order_by("-round", "-pk").first()
    )
    if found is None:
        raise NotAllowed("还没有送达的答复")
    return found


@transaction.atomic
def take_down(row: PublicationDecision, *, by: Membership, reason: str) -> PublicationDecision:
    """撤下 what was public, with its reason."""
    _keeper(by, "撤下公开内容由代工委决定")
    row = PublicationDecision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.published_at is None or row.taken_down_at is not None:
        raise NotAllowed("这项内容没有公开")
    if not reason.strip():
        raise NotAllowed("请写明撤下的理由")
    row.taken_down_at, row.taken_down_by = timezone.now(), by
    row.taken_down_reason = reason.strip()
    row.save()
    keep_limits([row.suggestion_id])
    audit.record(by, "suggestions.take_down", row.suggestion, note=reason.strip())
    return row
