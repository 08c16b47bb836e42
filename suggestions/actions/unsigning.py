"""撤回签名: a co-signer takes the name back after the text was handed in. The suggestion goes on
with those who signed it; only all of them together withdraw it whole."""

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile

from .. import access, queries
from ..models import Feedback, Signature
from .beats import hold
from .duties import take_signers_duty_back
from .judging import settle_round
from .limits import keep_limits
from .telling import standing_tasks, tell, tell_deputies, tell_units


@transaction.atomic
def withdraw_signature(
    row: Signature, *, by: Membership, reason: str, scan: StoredFile | None = None
) -> Signature:
    """A co-signer takes back the own name, or 代工委 enters it from a signed paper (`scan`).

    Who takes the name back is answered and asked no more, and has no duty of it; what was said
    until then stays. The lead withdraws the suggestion itself.
    """
    suggestion = hold(row.suggestion)
    row = Signature.objects.select_for_update(of=("self",)).select_related(
        "deputy__membership").get(pk=row.pk)  # fmt: skip
    if not access.may_unsign(by, suggestion, row):
        raise NotAllowed("只有已确认联名的代表本人可以撤回签名，书面撤回的由代工委登记")
    if not reason.strip():
        raise NotAllowed("请写明撤回签名的理由")
    if by.role != Role.DEPUTY and scan is None:
        raise NotAllowed("代为登记的，请附代表签名的书面材料")
    row.state, row.withdrawn_reason = Signature.State.WITHDRAWN, reason.strip()
    row.withdrawn_by, row.withdrawn_scan, row.answered_at = by, scan, timezone.now()
    row.save()
    waiting = suggestion.feedbacks.filter(
        deputy=row.deputy, state=Feedback.State.EXPECTED, superseded_at=None
    )
    waiting.update(state=Feedback.State.EXCUSED)
    take_signers_duty_back(suggestion, row.deputy, by=by, reason="撤回联名签名")
    suggestion = settle_round(suggestion, by)
    keep_limits([suggestion])
    name = row.deputy.name
    tell_deputies("suggestions/signature_withdrawn", suggestion, who=name)
    told = [m for m in queries.keepers() if m.pk != by.pk]
    tell("suggestions/signature_withdrawn", suggestion, to=told, who=name)
    shown = "一位联名代表" if suggestion.hides_name else name
    tell_units("suggestions/signature_withdrawn", standing_tasks(suggestion), who=shown)
    audit.record(by, "suggestions.withdraw_signature", suggestion, note=reason.strip(),
                 after={"代表": name})  # fmt: skip
    return row
