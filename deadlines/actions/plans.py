"""提醒规则 and 岗位: when and whom the ladder tells."""

from collections.abc import Mapping

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from congress.models import Unit as House
from congress.tenancy import current_congress

from .. import access, queries
from ..models import Post, ReminderPlan
from ..rules import MOST_BEFORE, RUNG_WORDS, RUNGS, Plan, Rank
from .counting import planner, write


@transaction.atomic
def save_plan(plan: Plan, *, by: Membership) -> ReminderPlan:
    """Set the congress's plan; open time limits that follow it are planned anew."""
    access.require_keeper(by)
    if not plan.before or not all(1 <= n <= MOST_BEFORE for n in plan.before):
        raise NotAllowed(f"提前提醒的天数请填 1 至 {MOST_BEFORE}")
    starts = [n for r in RUNGS[1:] if (n := plan.rung_from(r)) is not None]
    if starts != sorted(starts):
        raise NotAllowed("上一级的提醒不能早于下一级")
    before = queries.reminder_plan()
    row, _ = ReminderPlan.objects.select_for_update().update_or_create(
        congress=current_congress(),
        defaults={
            "before": sorted(plan.before, reverse=True),
            **{str(r): plan.rung_from(r) for r in RUNGS[1:]},
            "by": by,
        },
    )
    audit.record(by, "deadlines.save_plan", row, before=_told(before), after=_told(row.plan))
    replan()
    return row


def _told(plan: Plan) -> dict:
    found = {"提前提醒天数": "、".join(str(n) for n in plan.before)}
    return found | {RUNG_WORDS[r]: plan.rung_from(r) for r in RUNGS[1:]}


@transaction.atomic
def replan() -> int:
    """Count anew when to remind next of each open time limit; gives how many changed."""
    plan, changed = planner(), []
    for row in queries.open_deadlines().select_for_update(of=("self",)).order_by("pk"):
        upon = plan.next_on(row)
        if upon != row.next_on:
            row.next_on = upon
            changed.append(row)
    write(changed, "next_on")
    return len(changed)


@transaction.atomic
def set_posts(unit: House, ranks: Mapping[int, str], *, by: Membership) -> int:
    """Say who is what in a unit (membership → rank); gives how many changed. 代工委 and the
    system administrator, and a unit's own people for their unit."""
    if not access.may_set_posts(by, unit):
        raise NotAllowed("岗位由代工委、系统管理员或者本单位设置")
    members = {
        m.pk: m
        for m in Membership.objects.select_for_update(of=("self",)).filter(
            unit=unit, role__in=queries.UNIT_ROLES
        )
    }
    if set(ranks) - set(members):
        raise NotAllowed("有人已不在这个单位，请刷新后再设置")
    known = {p.member_id: p for p in Post.objects.filter(member__in=members)}
    before, after = {}, {}
    for pk, rank in ranks.items():
        old = known[pk].rank if pk in known else Rank.CLERK
        if Rank(rank) == old:
            continue
        name = members[pk].name
        before[name], after[name] = Rank(old).label, Rank(rank).label
        Post.objects.update_or_create(
            congress=current_congress(), member=members[pk], defaults={"rank": rank}
        )
    if after:
        audit.record(by, "deadlines.set_posts", unit, before=before, after=after)
    return len(after)
