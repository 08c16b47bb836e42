"""评优: a suggestion is commended by a decision and counts so for those who raised it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from performance.actions import withdraw_duties

from .. import access
from ..models import Commendation, Suggestion
from .beats import hold
from .duties import COMMENDED, count_commendation
from .telling import tell_deputies


@transaction.atomic
def commend(
    suggestion: Suggestion, *, by: Membership, on: dt.date, document: str, name: str = "优秀建议"
) -> Commendation:
    """The decision is entered: its day and document. It is a duty fact of the lead and of each
    co-signer, of the item the rules name."""
    suggestion = hold(suggestion)
    if not access.may_commend(by, suggestion):
        raise NotAllowed("已经登记、没有撤回或者终止的建议，由代工委登记评优")
    name, document = name.strip(), document.strip()
    if not name or not document:
        raise NotAllowed("请填写名称和依据的文件或者会议")
    if on > timezone.localdate() or on < timezone.localdate(suggestion.registered_at):
        raise NotAllowed("决定日期不能早于建议登记，也不能晚于今天")
    if suggestion.commendations.filter(name=name, on=on, revoked_at=None).exists():
        raise NotAllowed("这项决定已经登记")
    row = Commendation.objects.create(
        suggestion=suggestion, name=name, on=on, document=document, by=by
    )
    count_commendation(row, by=by)
    tell_deputies("suggestions/commended", suggestion, commendation=row)
    audit.record(by, "suggestions.commend", suggestion, after={"名称": name, "依据": document})
    return row


@transaction.atomic
def revoke_commendation(row: Commendation, *, by: Membership, reason: str) -> Commendation:
    """The decision was entered wrongly or taken back: its facts are taken back with it."""
    hold(row.suggestion)
    row = Commendation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not access.may_keep(by) or row.revoked_at is not None:
        raise NotAllowed("没有可以撤销的评优登记")
    if not reason.strip():
        raise NotAllowed("请写明撤销的理由")
    row.revoked_at, row.revoked_by = timezone.now(), by
    row.revoked_reason = reason.strip()
    row.save()
    withdraw_duties(by=by, source_kind=COMMENDED, source_id=str(row.pk), reason="撤销评优登记")
    audit.record(by, "suggestions.revoke_commendation", row.suggestion, note=reason.strip())
    return row
