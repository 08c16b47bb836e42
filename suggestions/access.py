"""Who may see which suggestions, tasks and judgements, and take which step."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from congress.access import units_of
from congress.files import readable_by
from congress.models import Membership, Role, StoredFile

from .models import (
    Assignment,
    AssignmentBatch,
    Attachment,
    ExtensionRequest,
    Feedback,
    LookBack,
    LookBackItem,
    Promise,
    ProposedTask,
    PublicationDecision,
    Reply,
    ReturnRequest,
    RuleSet,
    ScoreResult,
    ScoreSheet,
    Signature,
    Suggestion,
    Supervision,
    Urge,
    YearlyReport,
)
from .rules import ASSIGNMENT_FLOW, GONE, PROMISE_FLOW, SUGGESTION_FLOW, approvers

FILE_PURPOSE = "suggestions.file"
REPORT_PURPOSE = "suggestions.report"
URGE_PURPOSE = "suggestions.urge"
RULES_PURPOSE = "suggestions.rules"  # the document a set of rules rests on
PAPER_PURPOSE = "suggestions.paper"
KEEPERS = frozenset({Role.DEPUTY_AFFAIRS})
UNIT_ROLES = frozenset({Role.HANDLING_UNIT, Role.GOVERNMENT_OFFICE})

State, Step = Suggestion.State, Suggestion.Step
# What has not left the deputies' hands: nobody else sees it.
PRIVATE = (State.DRAFT, State.COSIGNING)
# Its authors may still change the text.
WRITABLE = (*PRIVATE, State.SENT_BACK)
NOT_YET_REGISTERED = (*PRIVATE, State.PRE_REVIEW, State.SENT_BACK, State.REVIEW)


# -- Suggestions ------------------------------------------------------------------------------


def visible_to(member: Membership) -> QuerySet[Suggestion]:
    """The suggestions a member may open whole.

    A deputy: those led, signed or invited to sign. 代工委: all that were submitted. The
    chairpersons: all registered. A committee: its categories, what it supervises or handles,
    and key items. A street: those of its deputies. Units: those with a task of theirs; the
    government office: all below its own tasks. The three officers and station staff: none.
    """
    rows = Suggestion.objects.select_related("lead", "category__parent", "delegation", "rule_set")
    role = member.role
    if role == Role.DEPUTY:
        return rows.filter(_of_deputy(member))
    if role == Role.DEPUTY_AFFAIRS:
        return rows.exclude(state__in=PRIVATE)
    if role == Role.CHAIR:
        return rows.exclude(state__in=NOT_YET_REGISTERED)
    if role == Role.COMMITTEE:
        return rows.exclude(state__in=NOT_YET_REGISTERED).filter(_of_committee(member))
    if role == Role.STREET:
        return rows.exclude(state__in=PRIVATE).filter(street__in=units_of(member))
    if role in UNIT_ROLES:
        ours = Assignment.objects.exclude(state__in=GONE).filter(_of_unit(member))
        return rows.filter(Exists(ours.filter(suggestion=OuterRef("pk"))))
    return rows.none()


def _of_deputy(member: Membership) -> Q:
    signed = Signature.objects.filter(suggestion=OuterRef("pk"), deputy__membership=member).exclude(
        state=Signature.State.DECLINED
    )
    return Q(lead__membership=member) | Q(written_by=member) | Q(Exists(signed))


def _of_committee(member: Membership) -> Q:
    units = units_of(member)
    ours = Assignment.objects.filter(suggestion=OuterRef("pk"), unit__in=units)
    watched = Supervision.objects.filter(suggestion=OuterRef("pk"), committee__in=units)
    return (
        Q(category__committee__in=units)
        | Q(category__parent__committee__in=units)
        | Q(Exists(watched))
        | Q(is_key=True)
        | Q(Exists(ours))
    )


def find(member: Membership, pk: int) -> Suggestion:
    """One suggestion this member may see, otherwise 404."""
    row = visible_to(member).filter(pk=pk).distinct().first()
    if row is None:
        raise Http404
    return row


def is_lead(member: Membership, suggestion: Suggestion) -> bool:
    """Whether the member speaks for the suggestion: its lead, or, for a delegation's, who wrote
    it down."""
    if suggestion.lead_id:
        return suggestion.lead.membership_id == member.pk
    return suggestion.written_by_id == member.pk


@readable_by(FILE_PURPOSE)
def file_readable(member: Membership | None, file: StoredFile) -> bool:
    """A file of a suggestion: whoever may open the suggestion; before, its sender."""
    if member is None:
        return False
    row = Attachment.objects.filter(file=file).select_related("suggestion").first()
    if row is None:
        return file.by_id == member.pk
    return visible_to(member).filter(pk=row.suggestion_id).exists()


@readable_by(PAPER_PURPOSE)
def paper_readable(member: Membership | None, file: StoredFile) -> bool:
    """A scanned form of feedback: staff who may see the judgement, never a unit."""
    if member is None or member.role not in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return False
    return feedback_visible_to(member).filter(scan=file).exists()


@readable_by(URGE_PURPOSE)
def urge_readable(member: Membership | None, file: StoredFile) -> bool:
    """A letter of 催办: whoever may open a task it is about."""
    if member is None:
        return False
    tasks = Urge.objects.filter(letter=file).values("assignment")
    return tasks_visible_to(member).filter(pk__in=tasks).exists()


def may_mend(member: Membership, suggestion: Suggestion) -> bool:
    """Whether 代工委 mends a text that was sent back for those who cannot: one entered from paper,
    for a delegation or for a deputy without a login."""
    if not may_keep(member) or suggestion.written_by.role not in KEEPERS:
        return False
    return suggestion.lead_id is None or suggestion.lead.membership_id is None


def may_keep(member: Membership) -> bool:
    """Whether a member keeps intake, 交办 and supervision (代工委)."""
    return member.role in KEEPERS


def reviewers(step: str) -> Role:
    """Whose word a step of pre-review is: street, delegation and motions group by 代工委."""
    return {"street": Role.STREET}.get(step, Role.DEPUTY_AFFAIRS)


def steps(
    member: Membership, suggestion: Suggestion, pre_review: str = "", withdraw_until: str = ""
) -> list[Step]:
    """The steps a member may take on a suggestion now.

    `pre_review` is the open step of pre-review ("" where none), `withdraw_until` what the rules
    say of withdrawing. Units act on their tasks, not here.
    """
    possible = SUGGESTION_FLOW.steps(suggestion.state)
    if suggestion.is_secret_placeholder:
        return []  # it is handled outside; only its number is here
    mine: set[Step] = set()
    late = suggestion.assigned_on is not None and withdraw_until == "assigned"
    if is_lead(member, suggestion) and member.role == Role.DEPUTY:
        mine |= {Step.INVITE, Step.SUBMIT, Step.RESUBMIT}
        if not late:
            mine.add(Step.WITHDRAW)
    if may_keep(member) and not late:
        mine.add(Step.WITHDRAW)  # on the signers' written request, which it holds
    if suggestion.state == State.SENT_BACK and may_keep(member) and may_mend(member, suggestion):
        mine.add(Step.RESUBMIT)
    if suggestion.state == State.PRE_REVIEW:
        if member.role == reviewers(pre_review) or may_keep(member):
            mine |= {Step.PASS_ON, Step.SEND_BACK}
    elif may_keep(member):
        mine |= {
            Step.SEND_BACK, Step.REFUSE, Step.REGISTER, Step.CONSULT, Step.ASSIGN, Step.REHANDLE,
            Step.ESCALATE, Step.ARCHIVE, Step.TERMINATE,
        }  # fmt: skip
        if suggestion.state in (State.DISSATISFIED, State.ESCALATED):
            mine.add(Step.ACCEPT)
    return [step for step in possible if step in mine]


# -- Tasks of units ---------------------------------------------------------------------------


def _of_unit(member: Membership) -> Q:
    """The tasks of the member's unit; for the government office those it assigned on too."""
    units = units_of(member)
    if member.role == Role.GOVERNMENT_OFFICE:
        return Q(unit__in=units) | Q(parent__unit__in=units)
    return Q(unit__in=units)


def own_tasks(member: Membership) -> QuerySet[Assignment]:
    """The tasks of the member's own unit; for the government office those it assigned on too."""
    rows = Assignment.objects.select_related("suggestion__category", "unit", "parent__unit")
    if member.role not in UNIT_ROLES | {Role.COMMITTEE}:
        return rows.none()
    return rows.filter(_of_unit(member))


def may_see_names(member: Membership, suggestion: Suggestion) -> bool:
    """Whether the proposers' names are shown: units do not see those who asked to be hidden."""
    return not (suggestion.hides_name and member.role in UNIT_ROLES)


def tasks_visible_to(member: Membership) -> QuerySet[Assignment]:
    """The tasks a member may open: a unit its own, the government office all of its system, who
    leads the opinions of the joint units too, staff those of the suggestions they see."""
    rows = Assignment.objects.select_related(
        "suggestion__category", "suggestion__lead", "unit", "parent__unit"
    )
    if member.role == Role.HANDLING_UNIT:
        leads = Assignment.objects.filter(
            suggestion=OuterRef("suggestion"),
            unit__in=units_of(member),
            role=Assignment.Role.LEAD,
        )
        joint = Q(role=Assignment.Role.JOINT) & Q(Exists(leads))
        return rows.filter(_of_unit(member) | joint)
    if member.role == Role.GOVERNMENT_OFFICE:
        return rows.filter(_of_unit(member))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def find_task(member: Membership, pk: int) -> Assignment:
    """One task this member may see, otherwise 404."""
    row = tasks_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def works_for(member: Membership, task: Assignment) -> bool:
    """Whether the task is the member's own unit's."""
    return member.role in UNIT_ROLES | {Role.COMMITTEE} and task.unit_id in units_of(member)


def assigned_by(member: Membership, task: Assignment) -> bool:
    """Whether the member decides for the level that assigned the task: the owner's unit at the
    second level, 代工委 at the first."""
    if task.parent_id:
        return task.parent.unit_id in units_of(member) and member.role in UNIT_ROLES
    return may_keep(member)


def was_returned(suggestion: Suggestion) -> bool:
    """Whether a unit of this suggestion was released from it before."""
    return suggestion.assignments.filter(return_requests__accepted=True).exists()


def rules_on(member: Membership, task: Assignment) -> bool:
    """Whether the member rules on a return: what is returned a second time 代工委 rules on, also
    where another office assigned it."""
    return may_keep(member) and was_returned(task.suggestion)


def may_approve(member: Membership, task: Assignment) -> bool:
    """Whether the member's word is asked on an extension of this task."""
    wanted = approvers(task.suggestion.rule_set.extension_approvers, bool(task.parent_id))
    if member.role not in wanted:
        return False
    return may_keep(member) or assigned_by(member, task)


def returns_visible_to(member: Membership) -> QuerySet[ReturnRequest]:
    """Requests to return a task: 代工委 and the chairpersons all, in their desk's order."""
    rows = ReturnRequest.objects.select_related(
        "assignment__suggestion__rule_set", "assignment__parent__unit", "assignment__unit",
        "assignment__batch", "proposed_unit", "asked_by", "decided_by", "new_assignment",
    )  # fmt: skip
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()


def extensions_visible_to(member: Membership) -> QuerySet[ExtensionRequest]:
    """Requests for more time: 代工委 and the chairpersons all."""
    rows = ExtensionRequest.objects.select_related(
        "assignment__suggestion__rule_set", "assignment__parent__unit", "assignment__unit",
        "asked_by",
    )  # fmt: skip
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()


def task_steps(member: Membership, task: Assignment) -> list[Assignment.Step]:
    """The steps a member may take on a task now."""
    Do = Assignment.Step
    possible = ASSIGNMENT_FLOW.steps(task.state)
    mine: set[Assignment.Step] = set()
    if works_for(member, task):
        mine |= {Do.SIGN, Do.START, Do.ASK_RETURN, Do.ASK_EXTENSION}
        if task.role == Assignment.Role.JOINT:
            mine.add(Do.GIVE_OPINION)
        elif task.answers:
            mine |= {Do.DRAFT_REPLY, Do.SIGN_OFF, Do.CHECK, Do.SERVE}
    if assigned_by(member, task):
        mine |= {Do.ACCEPT_RETURN, Do.REFUSE_RETURN, Do.CANCEL}
    elif task.state == Assignment.State.RETURN_ASKED and rules_on(member, task):
        mine |= {Do.ACCEPT_RETURN, Do.REFUSE_RETURN}
    if task.role == Assignment.Role.JOINT and _leads(member, task):
        mine.add(Do.SEND_OPINION_BACK)
    return [step for step in possible if step in mine]


def _leads(member: Membership, task: Assignment) -> bool:
    return Assignment.objects.filter(
        suggestion=task.suggestion_id, role=Assignment.Role.LEAD, unit__in=units_of(member)
    ).exists()


def batches_visible_to(member: Membership) -> QuerySet[AssignmentBatch]:
    """交办 batches: 代工委 and the chairpersons, who sign them."""
    rows = AssignmentBatch.objects.select_related("by")
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()


def find_batch(member: Membership, pk: int) -> AssignmentBatch:
    """One batch this member may see, otherwise 404."""
    row = batches_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def consultations_of(member: Membership) -> QuerySet[ProposedTask]:
    """The suggestions a unit is asked about before 交办, unanswered first."""
    rows = ProposedTask.objects.filter(
        asked_at__isnull=False, suggestion__state=State.CONSULTING
    ).select_related("suggestion__category", "unit")
    if member.role not in UNIT_ROLES | {Role.COMMITTEE}:
        return rows.none()
    return rows.filter(unit__in=units_of(member)).order_by(F("agrees").asc(nulls_first=True), "pk")


def is_consulted(member: Membership, row: ProposedTask) -> bool:
    """Whether a proposed task asks the member's own unit."""
    return consultations_of(member).filter(pk=row.pk).exists()


# -- Replies, feedback, promises --------------------------------------------------------------


def replies_visible_to(member: Membership) -> QuerySet[Reply]:
    """Replies: units all versions of their tasks; others what was served."""
    rows = Reply.objects.select_related("assignment__suggestion", "result_class")
    if member.role in UNIT_ROLES:
        return rows.filter(assignment__in=tasks_visible_to(member).order_by().values("pk"))
    served = rows.filter(state=Reply.State.SERVED)
    return served.filter(assignment__suggestion__in=visible_to(member).order_by().values("pk"))


def feedback_visible_to(member: Membership) -> QuerySet[Feedback]:
    """Judgements: a deputy the own ones, staff those of the suggestions they see.

    Units none by name: what they may know is counted (queries.judgement_for_unit), and only
    after the round closed (背靠背; 代表法 art. 36 to 38: nobody is held to account).
    """
    rows = Feedback.objects.select_related("suggestion", "assignment__unit", "deputy", "reply")
    if member.role == Role.DEPUTY:
        return rows.filter(deputy__membership=member)
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))
    return rows.none()


def promises_visible_to(member: Membership) -> QuerySet[Promise]:
    """The ledger of promises: units their own, others those of the suggestions they see."""
    rows = Promise.objects.select_related("suggestion", "unit", "reply")
    if member.role == Role.HANDLING_UNIT:
        return rows.filter(unit__in=units_of(member))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def promise_steps(member: Membership, promise: Promise) -> list[Promise.Step]:
    """A unit reports, changes or gives up its promise; 代工委 and the committee confirm or take
    it up again."""
    possible = PROMISE_FLOW.steps(promise.state)
    mine: set[Promise.Step] = set()
    if member.role in UNIT_ROLES and promise.unit_id in units_of(member):
        mine |= {Promise.Step.REPORT, Promise.Step.CHANGE, Promise.Step.FAIL}
    if member.role in KEEPERS | {Role.COMMITTEE}:
        mine |= {Promise.Step.CONFIRM, Promise.Step.REOPEN}
    return [step for step in possible if step in mine]


def rule_sets_visible_to(member: Membership) -> QuerySet[RuleSet]:
    """Rules of handling: staff and units the published ones, 代工委 drafts too."""
    rows = RuleSet.objects.all()
    if may_keep(member):
        return rows
    readers = UNIT_ROLES | {Role.CHAIR, Role.COMMITTEE, Role.STREET, Role.DEPUTY}
    return rows.filter(state=RuleSet.State.PUBLISHED) if member.role in readers else rows.none()


# -- 回头看 -----------------------------------------------------------------------------------


def lookbacks_visible_to(member: Membership) -> QuerySet[LookBack]:
    """Campaigns: staff who follow suggestions, and units those that ask something of them."""
    rows = LookBack.objects.select_related("term", "by")
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return rows
    if member.role in UNIT_ROLES:
        ours = LookBackItem.objects.filter(
            campaign=OuterRef("pk"), assignment__unit__in=units_of(member)
        )
        return rows.filter(Exists(ours))
    return rows.none()


def lookback_items_visible_to(member: Membership) -> QuerySet[LookBackItem]:
    """Items: staff those of the suggestions they see, units their own, deputies what the unit
    found on what they lead."""
    rows = LookBackItem.objects.select_related(
        "campaign", "assignment__suggestion__lead", "assignment__unit", "result_class"
    )
    if member.role in UNIT_ROLES:
        return rows.filter(assignment__unit__in=units_of(member))
    if member.role == Role.DEPUTY:
        lead = Q(assignment__suggestion__lead__membership=member)
        wrote = Q(assignment__suggestion__lead=None, assignment__suggestion__written_by=member)
        return rows.exclude(finding="").filter(lead | wrote)
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        seen = visible_to(member).order_by().values("pk")
        return rows.filter(assignment__suggestion__in=seen)
    return rows.none()


# -- Supervision ------------------------------------------------------------------------------


def supervisions_visible_to(member: Membership) -> QuerySet[Supervision]:
    """督办 of the suggestions a member may open; `is_own` where the member leads it."""
    rows = Supervision.objects.select_related(
        "suggestion__category", "meeting", "leader", "committee"
    ).annotate(is_own=Case(When(leader=member, then=Value(1)), default=Value(0)))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def supervision_kinds(member: Membership) -> list[Supervision.Kind]:
    """What a member may propose: a street follows its deputies' items, committees their
    categories, both and 代工委 may ask for key supervision as far as the rules go."""
    Kind = Supervision.Kind
    if member.role == Role.STREET:
        return [Kind.STREET]
    return [Kind.KEY, Kind.COMMITTEE, Kind.STREET]


def supervision_steps(member: Membership, row: Supervision) -> list[str]:
    """What a member may do with a supervision now: decide, note, plan, leader, end."""
    role = member.role
    staff = role in KEEPERS | {Role.COMMITTEE}
    if row.state == Supervision.State.PROPOSED:
        return [*(["decide"] if role in KEEPERS and row.kind == "key" else []),
                *(["plan"] if staff else [])]  # fmt: skip
    if row.state != Supervision.State.RUNNING:
        return []
    steps = []
    if staff or role in (Role.CHAIR, Role.STREET):
        steps.append("note")
    if staff or (role == Role.STREET and row.kind == Supervision.Kind.STREET):
        steps += ["end", "plan"]
    if role in KEEPERS:
        steps.append("leader")
    return steps


# -- Reports and scores -----------------------------------------------------------------------


def reports_visible_to(member: Membership | None) -> QuerySet[YearlyReport]:
    """Yearly reports: 代工委 all, other staff what was frozen, everybody what was published."""
    rows = YearlyReport.objects.all()
    if member is not None and may_keep(member):
        return rows
    State = YearlyReport.State
    if member is not None and member.role in {Role.CHAIR, Role.COMMITTEE, Role.STREET}:
        return rows.filter(state__in=[State.FROZEN, State.PUBLISHED])
    return rows.filter(state=State.PUBLISHED)


@readable_by(REPORT_PURPOSE)
def report_readable(member: Membership | None, file: StoredFile) -> bool:
    """A report's booklet: whoever may read the report; its workbook, which has the details of
    every suggestion, 代工委 and the chairpersons alone."""
    if reports_visible_to(member).filter(document=file).exists():
        return True
    if member is None or member.role not in KEEPERS | {Role.CHAIR}:
        return False
    return reports_visible_to(member).filter(sheet=file).exists()


def rows_visible_to(member: Membership, kind: str, rows: QuerySet) -> QuerySet:
    """Of the rows behind a frozen figure those of suggestions the member may open."""
    path = {"item": "pk", "return": "assignment__suggestion", "deputy": ""}
    name = path.get(kind, "suggestion")
    if not name:
        return rows
    return rows.filter(**{f"{name}__in": visible_to(member).order_by().values("pk")})


def score_sheets_visible_to(member: Membership) -> QuerySet[ScoreSheet]:
    """Score sheets: 代工委 all, chairpersons and committees once they were shown to the units."""
    rows = ScoreSheet.objects.all()
    if may_keep(member):
        return rows
    if member.role in {Role.CHAIR, Role.COMMITTEE}:
        return rows.exclude(state=ScoreSheet.State.DRAFT)
    return rows.none()


def own_results(member: Membership) -> QuerySet[ScoreResult]:
    """The results of the member's own unit, once shown; never another's."""
    if member.role not in UNIT_ROLES | {Role.COMMITTEE}:
        return ScoreResult.objects.none()
    rows = ScoreResult.objects.exclude(sheet__state=ScoreSheet.State.DRAFT)
    rows = rows.select_related("sheet__sitting__term", "unit")
    return rows.filter(unit__in=units_of(member))


# -- What everybody may read ------------------------------------------------------------------


def public() -> QuerySet[PublicationDecision]:
    """What was checked, published and not taken down: texts and replies, one row each."""
    live = PublicationDecision.objects.filter(published_at__isnull=False, taken_down_at=None)
    return live.exclude(mode=PublicationDecision.Mode.NOT).exclude(
        suggestion__is_secret_placeholder=True
    )


def public_texts() -> QuerySet[PublicationDecision]:
    """The published suggestions, each as the text it was published with, the newest in front."""
    rows = public().filter(part=PublicationDecision.Part.TEXT)
    return rows.select_related(
        "suggestion__category__parent", "suggestion__lead", "suggestion__delegation"
    ).order_by("-published_at", "-pk")


def find_public(public_id: str) -> PublicationDecision:
    """The published text at an address; one that was published anew answers at its old address
    too. Otherwise 404."""
    known = PublicationDecision.objects.filter(public_id=public_id).values("suggestion")
    row = public_texts().filter(suggestion__in=known).first()
    if row is None:
        raise Http404
    return row


def find_rule_set(member: Membership, pk: int) -> RuleSet:
    """One version this member may see, otherwise 404."""
    row = rule_sets_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@readable_by(RULES_PURPOSE)
def basis_readable(member: Membership | None, file: StoredFile) -> bool:
    """The document of a set of rules: whoever may read the rules."""
    if member is None:
        return False
    return rule_sets_visible_to(member).filter(basis_file=file).exists()
