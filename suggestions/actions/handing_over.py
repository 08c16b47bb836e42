"""交办会: the whole batch handed over in one go, in the background."""

from collections.abc import Callable

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Job, Membership
from congress.outbox import enqueue

from ..models import AssignmentBatch, ProposedTask
from .assigning import Plan, assign_each
from .batches import hold_batch, need_keeper

HAND_OVER = "suggestions.hand_over"  # the job's name


def start_hand_over(batch: AssignmentBatch, *, by: Membership) -> Job:
    """Have a whole batch handed over in the background. Gives the job; one that still waits or
    runs for this batch is given again, whoever began it."""
    need_keeper(by)
    with transaction.atomic():
        batch = hold_batch(batch)
        running = Job.objects.filter(
            task=HAND_OVER, args__batch=batch.pk, done_at=None, failed_at=None
        ).first()
        return running or enqueue(
            HAND_OVER, by=by, title=f"交办“{batch.title}”",
            link=f"/admin/suggestions/batches/{batch.pk}/", batch=batch.pk,
        )  # fmt: skip


@transaction.atomic
def hand_over(
    batch: AssignmentBatch,
    *,
    by: Membership,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> int:
    """Assign the whole batch, or nothing of it; gives how many suggestions were handed over.

    Each has its units checked by a second person; one that has left the batch's state meanwhile
    (withdrawn, assigned alone) stops the batch with its number. `report` is told per cent and
    words.
    """
    need_keeper(by)
    batch = hold_batch(batch)
    rows = batch.proposed.select_related("suggestion", "unit").order_by("suggestion_id", "pk")
    by_suggestion: dict[int, list[ProposedTask]] = {}
    for row in rows:
        by_suggestion.setdefault(row.suggestion_id, []).append(row)
    if not by_suggestion:
        raise NotAllowed("这一批次还没有建议")
    unchecked = [
        of[0].suggestion.number
        for of in by_suggestion.values()
        if not all(r.checked_by_id for r in of)
    ]
    if unchecked:
        raise NotAllowed(f"还有{len(unchecked)}件没有核对承办单位：{'、'.join(unchecked[:10])}")
    count = len(by_suggestion)
    report(10, f"正在交办{count}件")
    assign_each(
        [
            (of[0].suggestion, [Plan(r.unit, r.role, r.content) for r in of])
            for of in by_suggestion.values()
        ],
        by=by, batch=batch,
    )  # fmt: skip
    report(95, f"正在登记{count}件")
    batch.state = AssignmentBatch.State.DONE
    batch.save()
    audit.record(by, "suggestions.hand_over", batch, after={"件数": count})
    return count
