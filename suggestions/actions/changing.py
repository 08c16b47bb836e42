"""Units changed after 交办: added, taken out, replaced, each with its reason. The legal date never
moves (代表法 art. 51 counts from 交办), talks stay where they were held, the deputy is told each
time. And the deputy's objection to a unit."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Unit
from deputies.queries import deputy_of
from notices.actions import send

from .. import access, queries
from ..models import Assignment, Reply, Suggestion, UnitChange, UnitObjection
from ..rules import ASSIGNMENT_FLOW, GONE, role_faults
from .assigning import OWNER, Do, Plan, State, hand_out
from .beats import hold, settle, take_task
from .limits import keep_limits
from .rulings import restate, suit_joint
from .telling import tell, tell_deputies, tell_units

Kind, Role = UnitChange.Kind, Assignment.Role
UNDER_WAY = (State.ASSIGNED, State.HANDLING)


def _may(suggestion: Suggestion, parent: Assignment | None, by: Membership, reason: str) -> None:
    if suggestion.state not in UNDER_WAY:
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下不能调整承办单位")
    if not access.may_change_units(by, suggestion, parent):
        raise NotAllowed("承办单位由交办的一级调整")
    if not reason.strip():
        raise NotAllowed("请写明调整的理由")


def _level(suggestion: Suggestion, parent: Assignment | None) -> list[Assignment]:
    """Those who handle at one level now, owners left out."""
    rows = suggestion.assignments.filter(parent=parent).exclude(role=OWNER)
    return list(rows.exclude(state__in=GONE).select_related("unit"))


def _refuse_roles(roles: list[str]) -> None:
    if roles and (faults := role_faults(roles)):
        raise NotAllowed("；".join(faults))


def _free(suggestion: Suggestion, unit: Unit, *, but: tuple[int, ...] = ()) -> None:
    standing = suggestion.assignments.exclude(state__in=GONE).exclude(pk__in=but)
    if standing.filter(unit=unit).exists():
        raise NotAllowed(f"{unit.name}已在承办这件建议")


@transaction.atomic
def add_unit(
    suggestion: Suggestion,
    *,
    by: Membership,
    plan: Plan,
    reason: str,
    parent: Assignment | None = None,
) -> Assignment:
    """增加承办单位, mostly 会办, at the level of `parent` (None: the first). A unit that handled
    alone leads from then on."""
    suggestion = hold(suggestion)
    if parent is not None and (parent.suggestion_id != suggestion.pk or parent.role != OWNER):
        raise NotAllowed("只有交办机构可以向下分办")
    _may(suggestion, parent, by, reason)
    _free(suggestion, plan.unit)
    beside = _level(suggestion, parent)
    if parent is not None and (plan.role == OWNER or not beside):
        raise NotAllowed("请先分办，再增加承办单位")
    alone = next((t for t in beside if t.role == Role.SOLE), None)
    if alone is not None and plan.role == Role.JOINT:
        alone.role = Role.LEAD
        alone.save()
    if plan.role != OWNER:
        _refuse_roles([*[t.role for t in beside], plan.role])
    batch = parent.batch if parent else next((t.batch for t in beside if t.batch_id), None)
    made = hand_out(suggestion, [plan], by, timezone.localdate(), parent, batch)[0]
    suit_joint(made)
    restate(suggestion)
    text = f"增加{made}"
    if alone is not None and alone.role == Role.LEAD:
        text += f"，{alone.unit_name}由独办改为主办"
    _keep(suggestion, Kind.ADD, text, reason, by, new=made)
    return made


@transaction.atomic
def cancel_task(task: Assignment, *, by: Membership, reason: str) -> Assignment:
    """调出: a unit is taken out of the suggestion. Of two who answered apart the other handles it
    alone from then on."""
    task = take_task(task, Do.CANCEL, by)
    suggestion = task.suggestion
    _may(suggestion, task.parent, by, reason)
    _settled(task)
    if task.children.exclude(state__in=GONE).exists():
        raise NotAllowed("这个交办机构已经分办，请改为变更交办机构")
    left = [t for t in _level(suggestion, task.parent) if t.pk != task.pk]
    owners = suggestion.assignments.filter(role=OWNER).exclude(state__in=GONE)
    if task.role == OWNER and not left and not owners.exclude(pk=task.pk).exists():
        raise NotAllowed("这是唯一的交办机构，请先确定改由哪个机构办理")
    if task.answers and not queries.answering(suggestion).exclude(pk=task.pk).exists():
        raise NotAllowed("这是唯一负责答复的单位，请先确定改由哪个单位办理")
    text = f"调出{task}"
    if [t.role for t in left] == [Role.SEPARATE]:
        left[0].role = Role.SOLE
        left[0].save()
        text += f"，{left[0].unit_name}由分办改为独办"
    if task.role != OWNER:
        _refuse_roles([t.role for t in left])
    _end(task, by, reason)
    restate(suggestion)
    _keep(suggestion, Kind.OUT, text, reason, by, old=task)
    if settle(suggestion, asked_on=timezone.localdate()):
        keep_limits([suggestion])
    return task


@transaction.atomic
def change_unit(
    task: Assignment,
    *,
    by: Membership,
    plan: Plan,
    reason: str,
    stays_joint: bool = False,
) -> Assignment:
    """变更: another unit takes the place of one, at the first level with all that was handed on
    from there. A joint unit may take the lead; `stays_joint` keeps the old unit as one."""
    task = take_task(task, Do.CANCEL, by)
    suggestion, parent = task.suggestion, task.parent
    _may(suggestion, parent, by, reason)
    _settled(task)
    if parent is not None and plan.role == OWNER:
        raise NotAllowed("请确定独办、主办、会办或者分办")
    if plan.unit.pk == task.unit_id:
        raise NotAllowed(f"{plan.unit.name}就是现在的承办单位")
    if stays_joint and task.role == OWNER:
        raise NotAllowed("交办机构不能转为会办单位")
    children = list(task.children.exclude(state__in=GONE).select_related("unit"))
    ended = [*children, task]
    ended += [t for t in _level(suggestion, parent)
              if t.unit_id == plan.unit.pk and t.role == Role.JOINT]  # fmt: skip
    _free(suggestion, plan.unit, but=tuple(t.pk for t in ended))
    plans = [plan]
    if stays_joint:
        plans = [
            Plan(plan.unit, Role.LEAD if plan.role == Role.SOLE else plan.role, plan.content),
            Plan(task.unit, Role.JOINT),
        ]
    gone = {t.pk for t in ended}
    beside = [t.role for t in _level(suggestion, parent) if t.pk not in gone]
    _refuse_roles([*beside, *[p.role for p in plans if p.role != OWNER]])
    for other in ended:
        if other.pk != task.pk:
            other.state = ASSIGNMENT_FLOW.after(other.state, Do.CANCEL)
            _settled(other)
        _end(other, by, reason)
    made = hand_out(suggestion, plans, by, timezone.localdate(), parent, task.batch)
    for each in made:
        suit_joint(each)
    restate(suggestion)
    text = f"{task}改由{made[0]}" + (f"，{task.unit_name}转为会办" if stays_joint else "")
    _keep(suggestion, Kind.REPLACE, text, reason, by, old=task, new=made[0])
    return made[0]


def _settled(task: Assignment) -> None:
    """A request to return is decided first: it says who takes the task over."""
    if task.return_requests.filter(accepted=None).exists():
        raise NotAllowed(f"{task.unit_name}的退办申请还没有决定，请先作出决定")


def _end(task: Assignment, by: Membership, reason: str) -> None:
    """The unit is released; what it wrote is kept, its drafts are no longer any."""
    task.state = Assignment.State.CANCELLED
    task.save()
    drafts = [Reply.State.DRAFT, Reply.State.SIGNED_OFF, Reply.State.CHECKED]
    task.replies.filter(state__in=drafts).update(state=Reply.State.DROPPED)
    task.extension_requests.filter(granted=None).update(
        granted=False, decided_at=timezone.now(), decision="承办单位已调整"
    )
    tell_units("suggestions/unit_out", [task], reason=reason.strip())


def _keep(
    suggestion: Suggestion,
    kind: UnitChange.Kind,
    text: str,
    reason: str,
    by: Membership,
    *,
    old: Assignment | None = None,
    new: Assignment | None = None,
) -> None:
    """Written down, told to the deputies, to who leads and to the level between; what was owed by
    the unit that went is owed no more."""
    keep_limits([suggestion])
    UnitChange.objects.create(
        suggestion=suggestion, kind=kind, old=old, new=new, text=text[:300],
        reason=reason.strip(), by=by,
    )  # fmt: skip
    words = {"text": text, "reason": reason.strip()}
    tell_deputies("suggestions/units_changed", suggestion, **words)
    level = (new or old).parent_id
    around = suggestion.assignments.filter(Q(pk=level) | Q(parent=level, role=Role.LEAD))
    around = around.exclude(state__in=GONE)
    for task in around.select_related("unit"):
        told = [m for m in queries.people_of(task.unit) if m.pk != by.pk]
        if new is None or task.pk != new.pk:  # who is new was sent the task itself
            send("suggestions/units_changed", to=told, link=f"/desk/tasks/{task.pk}/",
                 suggestion=suggestion, **words)  # fmt: skip
    if not access.may_keep(by):
        tell("suggestions/units_changed", suggestion, to=queries.keepers(), **words)
    audit.record(
        by, "suggestions.change_units", suggestion, note=reason.strip(),
        before={"单位": str(old or "")}, after={"单位": str(new or ""), "调整": text},
    )  # fmt: skip


# -- 代表异议 ---------------------------------------------------------------------------------


@transaction.atomic
def object_to_units(
    suggestion: Suggestion, *, by: Membership, text: str, wished_unit: Unit | None = None
) -> UnitObjection:
    """代表异议: until it is answered the deputy who leads it may say that the unit is not the right
    one. Handling goes on meanwhile, and so does its time."""
    suggestion = hold(suggestion)
    if not access.may_object_to_units(by, suggestion):
        raise NotAllowed("只有领衔代表可以在答复前对承办单位提出异议")
    if len(text.strip()) < 5:
        raise NotAllowed("请写明您的意见")
    deputy = deputy_of(by)
    if suggestion.unit_objections.filter(deputy=deputy, upheld=None).exists():
        raise NotAllowed("您的异议已经提交，请等待代工委答复")
    row = UnitObjection.objects.create(
        suggestion=suggestion, deputy=deputy, text=text.strip(), wished_unit=wished_unit, by=by
    )
    send("suggestions/units_objected", to=queries.keepers(), suggestion=suggestion, row=row,
         link=f"/admin/suggestions/objections/{row.pk}/")  # fmt: skip
    audit.record(by, "suggestions.object_to_units", suggestion, note=text.strip())
    return row


@transaction.atomic
def answer_objection(
    row: UnitObjection, *, by: Membership, upheld: bool, answer: str
) -> UnitObjection:
    """代工委 answers the objection; where it agrees it changes the units itself."""
    hold(row.suggestion)
    row = UnitObjection.objects.select_for_update(of=("self",)).select_related(
        "suggestion", "deputy__membership").get(pk=row.pk)  # fmt: skip
    if not access.may_keep(by):
        raise NotAllowed("代表的异议由代工委答复")
    if row.upheld is not None:
        raise NotAllowed("这件异议已经答复")
    if not answer.strip():
        raise NotAllowed("请写明答复代表的意见")
    row.upheld, row.answer = upheld, answer.strip()
    row.answered_by, row.answered_at = by, timezone.now()
    row.save()
    told = [row.deputy.membership] if row.deputy.membership_id else []
    send("suggestions/objection_answered", to=told, suggestion=row.suggestion, row=row,
         link=f"/me/suggestions/{row.suggestion_id}/")  # fmt: skip
    audit.record(by, "suggestions.answer_objection", row.suggestion, note=answer.strip(),
                 after={"采纳": upheld})  # fmt: skip
    return row
