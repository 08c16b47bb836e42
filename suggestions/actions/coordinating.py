"""协调会: called for a day, the units told; afterwards what was agreed is written down. No time
limit moves by it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access, queries
from ..models import Assignment, Coordination, CoordinationTask, Suggestion
from .beats import hold
from .supervising import office_of
from .telling import tell, tell_units


@transaction.atomic
def call_coordination(
    suggestion: Suggestion,
    *,
    by: Membership,
    tasks: Iterable[Assignment],
    on: dt.date,
    issue: str,
    place: str = "",
) -> Coordination:
    """召开协调会: at least two units of the suggestion, by the office that assigned them on or by
    代工委. Raises NotAllowed."""
    suggestion = hold(suggestion)
    tasks = list(tasks)
    allowed = set(access.tasks_to_coordinate(by, suggestion).values_list("pk", flat=True))
    if not allowed or any(t.pk not in allowed for t in tasks):
        raise NotAllowed("协调会由代工委或者分办的政府办在办理期间召集")
    if len({t.unit_id for t in tasks}) < 2:
        raise NotAllowed("请选择至少两个单位参加协调")
    if not issue.strip():
        raise NotAllowed("请写明需要协调的问题")
    if on < suggestion.assigned_on:
        raise NotAllowed("协调会的日期不能早于交办日期")
    row = Coordination.objects.create(
        suggestion=suggestion, on=on, place=place.strip(), issue=issue.strip(),
        office=office_of(by), by=by,
    )  # fmt: skip
    CoordinationTask.objects.bulk_create(CoordinationTask(meeting=row, task=t) for t in tasks)
    tell_units("suggestions/coordination", tasks, meeting=row)
    if not access.may_keep(by):
        tell("suggestions/coordination", suggestion, to=queries.keepers(), meeting=row)
    units = "、".join(t.unit_name for t in tasks)
    audit.record(by, "suggestions.call_coordination", suggestion, note=row.issue,
                 after={"日期": on, "单位": units})  # fmt: skip
    return row


@transaction.atomic
def note_coordination(row: Coordination, *, by: Membership, result: str) -> Coordination:
    """协调结果, once, on or after the day; the units read it at their desk."""
    hold(row.suggestion)
    row = Coordination.objects.select_for_update(of=("self",)).select_related("suggestion").get(
        pk=row.pk
    )  # fmt: skip
    if row.noted_at is not None:
        raise NotAllowed("协调结果已经登记")
    if not access.coordinations_to_note(by).filter(pk=row.pk).exists():
        raise NotAllowed("协调结果由召集单位登记")
    if row.on > timezone.localdate():
        raise NotAllowed("协调会还没有召开")
    if not result.strip():
        raise NotAllowed("请写明协调结果")
    row.result, row.noted_at = result.strip(), timezone.now()
    row.save()
    told = row.tasks.select_related("unit", "suggestion")
    tell_units("suggestions/coordinated", told, meeting=row)
    audit.record(by, "suggestions.note_coordination", row.suggestion, note=row.result)
    return row
