"""督办 and 催办: proposed, decided by the chairpersons' meeting, led, visited, ended."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from congress import audit, files
from congress.flow import NotAllowed
from congress.models import Meeting, Membership, Role, StoredFile, Unit
from deputies.models import Deputy

from .. import access, documents
from ..models import (
    Assignment,
    Suggestion,
    Supervision,
    SupervisionDeputy,
    SupervisionEvent,
    Urge,
)
from ..rules import OVER as TASK_OVER
from .beats import hold
from .telling import standing_tasks, tell, tell_deputies, tell_units

State = Suggestion.State
OVER = (State.WITHDRAWN, State.TERMINATED, State.NOT_ACCEPTED)
DECIDING = (Meeting.Kind.CHAIRPERSONS, Meeting.Kind.PRESIDIUM)


def _staff(by: Membership, sentence: str, *roles: Role) -> None:
    if by.role not in (Role.DEPUTY_AFFAIRS, *roles):
        raise NotAllowed(sentence)


# -- 督办 -------------------------------------------------------------------------------------


@transaction.atomic
def propose_key(
    suggestion: Suggestion, *, by: Membership, plan: str, committee: Unit | None = None
) -> Supervision:
    """代工委 or a committee proposes key supervision; the chairpersons decide."""
    _staff(by, "重点督办由代工委和专工委提出", Role.COMMITTEE)
    suggestion = hold(suggestion)
    access.need_here(suggestion)
    if suggestion.registered_at is None or suggestion.state in OVER:
        raise NotAllowed("只有已登记的建议可以列为重点督办")
    if suggestion.supervisions.filter(kind="key", state__in=["proposed", "running"]).exists():
        raise NotAllowed("这件建议已经提出重点督办")
    row = Supervision.objects.create(
        suggestion=suggestion, kind=Supervision.Kind.KEY, plan=plan.strip(), by=by,
        committee=committee,
    )  # fmt: skip
    audit.record(by, "suggestions.propose_key", suggestion)
    return row


@transaction.atomic
def decide_key(
    row: Supervision,
    *,
    by: Membership,
    meeting: Meeting,
    leader: Membership,
    committee: Unit,
    government_leader: str = "",
) -> Supervision:
    """The decision of the chairpersons' meeting (代表法 art. 52) is entered: its day and number,
    who leads, which committee. Approvals and deadlines change from that day, not before."""
    _staff(by, "主任会议的决定由代工委登记")
    suggestion = hold(row.suggestion)
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != Supervision.State.PROPOSED:
        raise NotAllowed("这项督办已经作出决定")
    if meeting.kind not in DECIDING:
        raise NotAllowed("重点督办建议由主任会议（主席团会议）决定")
    row.state, row.meeting, row.decided_on = Supervision.State.RUNNING, meeting, meeting.held_on
    row.leader, row.committee, row.government_leader = leader, committee, government_leader
    row.save()
    suggestion.is_key = True
    suggestion.save()
    tell_units("suggestions/key", standing_tasks(suggestion), supervision=row)
    tell("suggestions/key", suggestion, to=[leader], supervision=row)
    tell_deputies("suggestions/key", suggestion, supervision=row)
    audit.record(by, "suggestions.decide_key", suggestion, after={"会议": str(meeting)})
    return row


@transaction.atomic
def note_supervision(
    row: Supervision,
    *,
    by: Membership,
    kind: str,
    on: dt.date,
    text: str,
    deputies: Iterable[Deputy] = (),
) -> SupervisionEvent:
    """A visit, a hearing, a report under a running supervision."""
    _staff(by, "督办记录由代工委、专工委和领衔领导登记", Role.COMMITTEE, Role.CHAIR, Role.STREET)
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != Supervision.State.RUNNING:
        raise NotAllowed("这项督办不在进行中")
    if not text.strip() or on > timezone.localdate():
        raise NotAllowed("请写明督办情况，日期不能晚于今天")
    event = SupervisionEvent.objects.create(
        supervision=row, kind=kind, on=on, text=text.strip(), by=by
    )
    SupervisionDeputy.objects.bulk_create(
        SupervisionDeputy(event=event, deputy=d) for d in deputies
    )
    audit.record(by, "suggestions.note_supervision", row.suggestion)
    return event


@transaction.atomic
def end_supervision(row: Supervision, *, by: Membership, result: str, rating: str) -> Supervision:
    """A key supervision ends with its result; at least once somebody was on the spot."""
    _staff(by, "督办由代工委、专工委和街道工委结束", Role.COMMITTEE, Role.STREET)
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != Supervision.State.RUNNING:
        raise NotAllowed("这项督办不在进行中")
    on_site = row.events.filter(kind=SupervisionEvent.Kind.SITE).exists()
    if row.kind == Supervision.Kind.KEY and not on_site:
        raise NotAllowed("重点督办至少要有一次现场督办")
    if not result.strip():
        raise NotAllowed("请写明督办结果")
    row.state, row.result, row.rating = Supervision.State.DONE, result.strip(), rating
    row.ended_on = timezone.localdate()
    row.save()
    audit.record(by, "suggestions.end_supervision", row.suggestion, note=result.strip())
    return row


@transaction.atomic
def drop_key(row: Supervision, *, by: Membership, meeting: Meeting, reason: str) -> Supervision:
    """The chairpersons' meeting did not take a proposal up (未列入)."""
    _staff(by, "主任会议的决定由代工委登记")
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != Supervision.State.PROPOSED:
        raise NotAllowed("这项督办已经作出决定")
    if meeting.kind not in DECIDING:
        raise NotAllowed("重点督办建议由主任会议（主席团会议）决定")
    row.state, row.meeting, row.decided_on = Supervision.State.DROPPED, meeting, meeting.held_on
    row.result = reason.strip()
    row.save()
    audit.record(by, "suggestions.drop_key", row.suggestion, note=reason.strip())
    return row


@transaction.atomic
def start_supervision(
    suggestion: Suggestion, *, by: Membership, kind: str, plan: str, committee: Unit
) -> Supervision:
    """Ordinary supervision needs no meeting: a committee takes up an item of its categories, a
    street one of its deputies."""
    _staff(by, "对口督办由代工委、专工委和街道工委开展", Role.COMMITTEE, Role.STREET)
    if kind == Supervision.Kind.KEY:
        raise NotAllowed("重点督办须由主任会议决定")
    if by.role == Role.STREET and kind != Supervision.Kind.STREET:
        raise NotAllowed("街道工委可以开展街道跟踪督办")
    suggestion = hold(suggestion)
    access.need_here(suggestion)
    if suggestion.registered_at is None or suggestion.state in OVER:
        raise NotAllowed("只有已登记的建议可以督办")
    if suggestion.supervisions.filter(kind=kind, committee=committee, state="running").exists():
        raise NotAllowed("这件建议已经在督办")
    row = Supervision.objects.create(
        suggestion=suggestion, kind=kind, plan=plan.strip(), by=by, committee=committee,
        state=Supervision.State.RUNNING,
    )  # fmt: skip
    audit.record(by, "suggestions.start_supervision", suggestion)
    return row


@transaction.atomic
def change_leader(
    row: Supervision,
    *,
    by: Membership,
    leader: Membership | None,
    government_leader: str,
    reason: str,
) -> Supervision:
    """Somebody else leads from now on (the member left office); who led before stays on record."""
    _staff(by, "领衔人的调整由代工委登记")
    if not reason.strip():
        raise NotAllowed("请写明调整的原因")
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != Supervision.State.RUNNING:
        raise NotAllowed("这项督办不在进行中")
    before = f"{row.leader.name if row.leader else '无'}，政府领办：{row.government_leader or '无'}"
    row.leader, row.government_leader = leader, government_leader.strip()
    row.save()
    after = f"{leader.name if leader else '无'}，政府领办：{row.government_leader or '无'}"
    SupervisionEvent.objects.create(
        supervision=row, kind=SupervisionEvent.Kind.LEADER, on=timezone.localdate(), by=by,
        text=f"领衔人由{before}调整为{after}。{reason.strip()}",
    )  # fmt: skip
    audit.record(by, "suggestions.change_leader", row.suggestion, note=reason.strip(),
                 before={"领衔": before}, after={"领衔": after})  # fmt: skip
    return row


@transaction.atomic
def plan_supervision(row: Supervision, *, by: Membership, plan: str) -> Supervision:
    """督办方案 is written or rewritten while the supervision runs; the log keeps what it was."""
    row = Supervision.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.kind == Supervision.Kind.STREET:
        _staff(by, "街道跟踪督办的方案由街道工委拟订", Role.COMMITTEE, Role.STREET)
    else:
        _staff(by, "督办方案由代工委和专工委拟订", Role.COMMITTEE)
    if row.state not in (Supervision.State.PROPOSED, Supervision.State.RUNNING):
        raise NotAllowed("这项督办已经结束")
    if not plan.strip():
        raise NotAllowed("请写明督办方案")
    old, row.plan = row.plan, plan.strip()
    row.save()
    audit.record(by, "suggestions.plan_supervision", row.suggestion,
                 before={"督办方案": old}, after={"督办方案": row.plan})  # fmt: skip
    return row


# -- 催办 -------------------------------------------------------------------------------------


@transaction.atomic
def urge(task: Assignment, *, by: Membership, text: str, letter: StoredFile | None = None) -> Urge:
    """催办 to a unit that has not answered: committees and streets those of the suggestions they
    follow, the government office those of its own system."""
    _staff(by, "催办由代工委、专工委、街道工委和政府办发出", Role.COMMITTEE, Role.STREET,
           Role.GOVERNMENT_OFFICE)  # fmt: skip
    if task.state in TASK_OVER:
        raise NotAllowed("这项任务已经办完，不需要催办")
    if by.role == Role.GOVERNMENT_OFFICE and not access.may_urge_on(by, task):
        raise NotAllowed("政府办只催办本系统由其分办的单位")
    if by.role in (Role.COMMITTEE, Role.STREET) and not access.may_urge(by, task):
        raise NotAllowed("只能催办本机构跟踪的建议")
    if not text.strip():
        raise NotAllowed("请写明催办的内容")
    row = Urge.objects.create(assignment=task, text=text.strip()[:300], letter=letter, by=by)
    tell_units("suggestions/urged", [task], urge=row)
    audit.record(by, "suggestions.urge", task, note=row.text)
    return row


@transaction.atomic
def urge_several(
    tasks: Iterable[Assignment], *, by: Membership, text: str, with_letter: bool
) -> tuple[list[Urge], list[str]]:
    """催办 of several tasks (rows with their `due_on`): one letter for each unit that names all of
    its items. Gives the messages sent and, in sentences, the tasks left out because they are
    over."""
    done, left, units = [], [], {}
    for task in tasks:
        if task.state in TASK_OVER:
            left.append(f"{task.unit_name}的第{task.suggestion.number}号建议已经办完，没有催办")
        else:
            units.setdefault(task.unit_id, []).append(task)
    for rows in units.values():
        letter = None
        if with_letter:
            letter = files.store(
                f"催办函（{rows[0].unit_name}）.pdf",
                documents.urge_letter(rows, text=text.strip(), office=office_of(by)),
                purpose=access.URGE_PURPOSE, content_type="application/pdf", by=by,
            )  # fmt: skip
        done += [urge(task, by=by, text=text, letter=letter) for task in rows]
    return done, left


def office_of(by: Membership) -> str:
    """In whose name staff write letters: their unit, else the standing committee."""
    return by.unit.name if by.unit_id else by.congress.standing_committee_name
