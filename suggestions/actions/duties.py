"""Suggestions as duty: written in the same transaction, once, and taken back with them."""

from django.utils import timezone

from congress.models import Membership
from deputies.models import Deputy
from performance.actions import record_duties, withdraw_duties
from performance.models import DutyItem, DutyRecord

from .. import queries
from ..models import Commendation, Feedback, RuleSet, Suggestion

SOURCE = "suggestions.suggestion"
COMMENDED = "suggestions.commendation"


def count_duties(suggestion: Suggestion, rules: RuleSet, *, by: Membership) -> int:
    """One fact for the lead and one for each confirmed co-signer, of the items the rules name;
    gives how many were new."""
    codes = rules.duty_items or {}
    items = {i.code: i for i in DutyItem.objects.filter(code__in=codes.values(), is_active=True)}
    day = timezone.localdate(suggestion.submitted_at) if suggestion.submitted_at else None
    rows = []
    for deputy in queries.signers(suggestion):
        is_lead = deputy.pk == suggestion.lead_id
        item = items.get(codes.get(f"lead_{suggestion.raised_in}" if is_lead else "cosign"))
        if item is None:
            continue
        rows.append(
            DutyRecord(
                deputy=deputy,
                item=item,
                on=day or timezone.localdate(),
                title=f"{suggestion.number} {suggestion.title}"[:160],
                role="lead" if is_lead else "cosigner",
                source_kind=SOURCE,
                source_id=str(suggestion.pk),
                entered_by=by,
            )  # fmt: skip
        )
    return record_duties(by, rows)


def take_duties_back(suggestion: Suggestion, *, by: Membership, reason: str) -> int:
    """The facts of a suggestion that was withdrawn or not accepted; gives how many."""
    return withdraw_duties(by=by, source_kind=SOURCE, source_id=str(suggestion.pk), reason=reason)


def take_signers_duty_back(
    suggestion: Suggestion, deputy: Deputy, *, by: Membership, reason: str
) -> int:
    """The fact of one who took the name back; gives how many."""
    return withdraw_duties(
        by=by, source_kind=SOURCE, source_id=str(suggestion.pk), reason=reason, deputy=deputy
    )


def count_commendation(row: Commendation, *, by: Membership) -> int:
    """One fact for the lead and one for each co-signer of a commended suggestion; gives how many
    were new."""
    suggestion = row.suggestion
    code = (suggestion.rule_set.duty_items or {}).get("excellent") if suggestion.rule_set else None
    item = DutyItem.objects.filter(code=code, is_active=True).first()
    if item is None:
        return 0
    facts = [
        DutyRecord(
            deputy=deputy, item=item, on=row.on,
            title=f"{suggestion.number} {suggestion.title}（{row.name}）"[:160],
            role="lead" if deputy.pk == suggestion.lead_id else "cosigner", level="outstanding",
            source_kind=COMMENDED, source_id=str(row.pk), entered_by=by,
        )
        for deputy in queries.signers(suggestion)
    ]  # fmt: skip
    return record_duties(by, facts)


def count_feedback(feedback: Feedback, *, by: Membership) -> int:
    """A judgement given is duty done, once per suggestion and round; gives 1 when it was new."""
    rules = feedback.suggestion.rule_set
    code = (rules.duty_items or {}).get("feedback")
    item = DutyItem.objects.filter(code=code, is_active=True).first()
    if item is None:
        return 0
    row = DutyRecord(
        deputy=feedback.deputy, item=item, on=timezone.localdate(feedback.given_at),
        title=f"评价{feedback.suggestion.number}号建议的办理"[:160],
        source_kind=f"{SOURCE}.feedback", source_id=f"{feedback.suggestion_id}/{feedback.round}",
        entered_by=by,
    )  # fmt: skip
    return record_duties(by, [row])
