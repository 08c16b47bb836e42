"""电话通知: those who do not read are called."""

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from congress.tenancy import current_congress

from .. import access, queries, reach
from ..models import Call


@transaction.atomic
def reveal_phone(member: Membership, *, by: Membership, reason: str) -> str:
    """The phone of one on the call list in clear, for a reason that is kept."""
    access.require_caller(by)
    if len(reason.strip()) < 4:
        raise NotAllowed("请写明查看的理由")
    phone = reach.phones([member.pk]).get(member.pk, "")
    audit.record(by, "notices.reveal_phone", member, note=reason.strip())
    return phone


@transaction.atomic
def record_call(member: Membership, *, by: Membership, result: str, note: str = "") -> Call:
    """Somebody called: told or left word, the member leaves the list until new messages wait;
    otherwise the member stays on it, with what happened."""
    access.require_caller(by)
    Membership.objects.select_for_update(of=("self",)).get(pk=member.pk)
    waiting = queries.unread_of(member)
    if not waiting:
        raise NotAllowed(f"{member.name}没有需要电话通知的消息，可能刚刚已阅读或已由他人通知")
    row = Call.objects.create(
        congress=current_congress(), member=member, result=Call.Result(result),
        note=note.strip(), up_to=waiting[-1], by=by,
    )  # fmt: skip
    audit.record(by, "notices.call", member, after={"结果": row.get_result_display()}, note=note)
    return row
