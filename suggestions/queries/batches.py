"""交办会: what may be put into a batch, what is in it, what its hand-over would do."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from congress.holidays import work_calendar
from congress.models import Membership
from congress.words import cn_date

from ..models import Assignment, AssignmentBatch, ProposedTask, RuleSet, Suggestion
from ..rules import Dates, HandlingRules, joint_dates, reply_dates
from ..rules.kinds import ASSIGN
from .base import rules_in_force
from .owed import day_owed

OPEN = (Suggestion.State.REGISTERED, Suggestion.State.CONSULTING)
NAMED = 10  # numbers told in one sentence


def assignable() -> QuerySet[Suggestion]:
    """Registered suggestions that wait for a batch, the oldest first, each with the day by which it
    is to be assigned in `assign_by`."""
    waiting = ProposedTask.objects.filter(
        suggestion=OuterRef("pk"), batch__state=AssignmentBatch.State.DRAFT
    )
    return (
        Suggestion.objects.filter(~Exists(waiting), state__in=OPEN, is_secret_placeholder=False)
        .annotate(assign_by=day_owed(ASSIGN))
        .select_related("lead", "delegation", "category__parent", "received")
        .order_by("registered_at", "pk")
    )


def batch_items(batch: AssignmentBatch) -> QuerySet[Suggestion]:
    """The suggestions of a batch with what is proposed for each, in the order of their numbers."""
    proposed = ProposedTask.objects.select_related("unit", "by", "checked_by").order_by("pk")
    return (
        Suggestion.objects.filter(Exists(proposed.filter(batch=batch, suggestion=OuterRef("pk"))))
        .select_related("lead", "delegation", "delegation_head", "category__parent", "received")
        .prefetch_related(Prefetch("proposed", proposed))
        .order_by("number", "pk")
    )


def batch_tasks(batch: AssignmentBatch) -> QuerySet[Assignment]:
    """The first-level tasks of a batch that was handed over, as of that day: what was returned
    and given to another unit since has a paper of its own."""
    return (
        Assignment.objects.filter(batch=batch, parent=None, assigned_on=batch.assigned_on)
        .select_related("unit", "suggestion__lead", "suggestion__delegation",
                        "suggestion__category__parent", "suggestion__rule_set")
        .order_by("unit__position", "unit", "suggestion__number")
    )  # fmt: skip


def suggestions_of_batch() -> Coalesce:
    """How many suggestions a batch has, to annotate batches with: those handed over, or those
    proposed while it is open."""
    handed_over = (
        Assignment.objects.filter(batch=OuterRef("pk"), parent=None)
        .order_by()
        .values("batch")
        .annotate(n=Count("suggestion", distinct=True))
    )
    return Coalesce(Subquery(handed_over.values("n")), Count("proposed__suggestion", distinct=True))


def batch_units(batch: AssignmentBatch) -> list[tuple[int, str, Counter]]:
    """The units of a batch with how often each has which part: id, name (of that time), counts by
    role. From what is proposed while it is open, from the tasks afterwards."""
    if batch.state == AssignmentBatch.State.DRAFT:
        rows = batch.proposed.order_by("unit__position", "unit")
        rows = rows.values_list("unit_id", "unit__name", "role")
    else:
        rows = batch_tasks(batch).values_list("unit_id", "unit_name", "role")
    found: dict[int, tuple[int, str, Counter]] = {}
    for pk, name, role in rows:
        found.setdefault(pk, (pk, name, Counter()))[2][role] += 1
    return list(found.values())


def rules_of_batch(batch: AssignmentBatch) -> RuleSet | None:
    """The rules frozen on what was handed over; before that those in force on its day."""
    if batch.state == AssignmentBatch.State.DONE:
        task = batch_tasks(batch).first()
        if task is not None:
            return task.suggestion.rule_set
    return rules_in_force(batch.assigned_on)


@dataclass
class Preview:
    """What handing a batch over would do: how many, under which rules, until when; what forbids
    it (faults) and what to think of before (warnings)."""

    items: int
    units: int
    rules: RuleSet | None
    reply: Dates | None = None
    joint: Dates | None = None
    is_received: bool = False  # from a higher congress: each has a day of its own
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def working(self) -> list[str]:
        """How the days were come by."""
        joint = [f"会办：{line}" for line in self.joint.working] if self.joint else []
        return [*(self.reply.working if self.reply else ()), *joint]


def preview(batch: AssignmentBatch, on: dt.date | None = None) -> Preview:
    """Look a batch over before it is handed over; in a constant number of queries."""
    today = on or timezone.localdate()
    items = list(batch_items(batch))
    rows = [row for item in items for row in item.proposed.all()]
    rules = rules_in_force(batch.assigned_on)
    found = Preview(len(items), len({r.unit_id for r in rows}), rules)
    found.is_received = any(item.is_received for item in items)
    if rules is not None and not found.is_received:
        handling, calendar = HandlingRules.of(rules), work_calendar()
        found.reply = reply_dates(batch.assigned_on, handling, calendar, batch.reply_due_on)
        if any(r.role == Assignment.Role.JOINT for r in rows):
            found.joint = joint_dates(
                batch.assigned_on, handling, calendar, found.reply.effective
            )  # fmt: skip
    found.faults = _faults(batch, items, rules, today)
    found.warnings = _warnings(items, rows, rules, found.reply, today)
    return found


def _numbers(items: Iterable[Suggestion]) -> str:
    items = list(items)
    told = "、".join(i.number for i in items[:NAMED])
    return f"{told}等{len(items)}件" if len(items) > NAMED else f"{told}，共{len(items)}件"


def _faults(batch, items: list[Suggestion], rules: RuleSet | None, today: dt.date) -> list[str]:
    faults = []
    if not items:
        return ["这一批次还没有建议"]
    if rules is None:
        faults.append(f"{cn_date(batch.assigned_on)}没有施行中的办理规则，请先发布办理规则")
    if batch.assigned_on > today:
        faults.append(f"交办日期是{cn_date(batch.assigned_on)}，到那一天才能交办")
    early = [
        i for i in items
        if i.registered_at and timezone.localdate(i.registered_at) > batch.assigned_on
    ]  # fmt: skip
    if early:
        faults.append(f"交办日期早于登记日期：{_numbers(early)}")
    unchecked = [i for i in items if not all(r.checked_by_id for r in i.proposed.all())]
    if unchecked:
        faults.append(f"还没有经第二人核对：{_numbers(unchecked)}")
    gone = [i for i in items if i.state not in OPEN]
    if gone:
        faults.append(f"已不在待交办的状态，请从批次中取出：{_numbers(gone)}")
    over = {
        r.unit.name for i in items for r in i.proposed.all()
        if r.unit.valid_to and r.unit.valid_to < batch.assigned_on
    }  # fmt: skip
    if over:
        faults.append(f"单位已停用，请改由其他单位承办：{'、'.join(sorted(over))}")
    return faults


def _warnings(items, rows: list[ProposedTask], rules, reply: Dates | None, today) -> list[str]:
    found = []
    against = [i for i in items if any(r.agrees is False for r in i.proposed.all())]
    if against:
        found.append(f"有单位表示不属于其职责：{_numbers(against)}")
    silent = [
        i for i in items if any(r.asked_at and r.agrees is None for r in i.proposed.all())
    ]  # fmt: skip
    if silent:
        found.append(f"征询后还有单位没有答复：{_numbers(silent)}")
    if rules is not None and rules.has_pre_assign_round:
        unasked = [i for i in items if not any(r.asked_at for r in i.proposed.all())]
        if unasked:
            found.append(f"办理规则要求交办前征询承办单位，还没有征询：{_numbers(unasked)}")
    if reply and reply.batch and reply.batch > reply.legal:
        found.append("统一要求的答复日期晚于法定期限，仍以法定期限为准")
    if reply and reply.is_provisional:
        found.append("有的年份还没有录入节假日安排，期限可能变动，录入后会自动重新推算")
    units = {r.unit_id: r.unit for r in rows}
    peopled = set(
        Membership.objects.filter(unit__in=units)
        .filter(Q(valid_to=None) | Q(valid_to__gte=today))
        .values_list("unit_id", flat=True)
    )
    alone = [u.short_name for pk, u in units.items() if pk not in peopled]
    if alone:
        found.append(f"还没有登录人员，收不到通知的单位：{'、'.join(alone)}")
    return found
