"""Whatever is owed by a day in handling a suggestion stands as a time limit: 交办 between sittings,
signing for, a return decided, the first talk, joint opinion, reply, the deputy's word, promises,
publication.

`keep_limits` reads what is owed from the suggestion as it stands, so every verb calls it last and
none can forget what it ended.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.functional import cached_property

from congress import audit
from congress.models import Membership
from congress.words import cn_date
from deadlines.actions import Due, Gap, compare, keep
from deadlines.models import Deadline
from deadlines.rules import Limit
from deadlines.rules import Unit as In

from .. import queries
from ..models import (
    Assignment,
    Contact,
    Feedback,
    JointOpinion,
    Promise,
    PromiseEvent,
    Reply,
    ReturnRequest,
    Suggestion,
)
from ..queries import publishing
from ..rules import (
    ANSWERED,
    GIVEN,
    GONE,
    LAW,
    OVER,
    OWN,
    HandlingRules,
    assign_within,
    decide_return_within,
    judge_within,
    publish_within,
    receipt_within,
    redo_within,
    sign_within,
    talk_within,
)
from ..rules.kinds import (
    ASSIGN,
    JUDGE,
    KINDS,
    OPINION,
    PROMISE,
    PUBLISH,
    RECEIPT,
    REPLY,
    RETURN,
    SIGN,
    TALK,
)

Task, Role, State = Assignment.State, Assignment.Role, Suggestion.State
HANDLED = (
    State.ASSIGNED, State.HANDLING, State.ANSWERED, State.DISSATISFIED, State.REHANDLING,
    State.ESCALATED,
)  # fmt: skip
ENDED = (State.WITHDRAWN, State.TERMINATED)
AT_ONCE = 500


@transaction.atomic
def keep_limits(suggestions: Iterable[Suggestion | int]) -> int:
    """Let the time limits of these suggestions be what they owe now: what is new is set, what was
    done is met, what fell away is cancelled. Gives how many changed; a constant number of queries
    for every 500."""
    ids = [s if isinstance(s, int) else s.pk for s in suggestions]
    return sum(_Matter(ids[at : at + AT_ONCE]).keep() for at in range(0, len(ids), AT_ONCE))


@transaction.atomic
def mend_limits(suggestions: Iterable[int]) -> int:
    """The same for suggestions nobody moves now: after an upgrade that knows another kind of time
    limit, or where people of 代工委 came or went. Each is held while it is looked at; gives how
    many time limits changed."""
    held = Suggestion.objects.select_for_update().filter(pk__in=list(suggestions))
    changed = keep_limits(held.order_by("pk").values_list("pk", flat=True))
    if changed:
        audit.record(None, "suggestions.mend_limits", note=f"{changed}项时限按办理情况补齐或取消")
    return changed


def limits_gap(suggestions: Iterable[int]) -> Gap:
    """What of the open time limits of these suggestions is not as they owe it; nothing is
    written."""
    matter = _Matter(list(suggestions))
    return compare(matter.subjects, matter.dues(), kinds=KINDS)


def fixed_day(task: Assignment) -> tuple[dt.date, tuple[str, ...], str]:
    """Of a task with its `due_on` (queries.by_due): the day it must keep now, how that was come
    by, and where it is written."""
    if task.suggestion.round > 1 and task.answers:
        return task.due_on, (f"重新办理通知要求{cn_date(task.due_on)}前再次答复。",), OWN
    working = tuple(task.working)
    law = LAW if task.answers or task.role == Role.OWNER else OWN
    if task.due_on < (task.extended_to or task.legal_due_on):
        working += (f"几个期限中以最早的{cn_date(task.due_on)}为准。",)
        asked = "来文要求" if task.suggestion.is_received else "交办会统一要求"
        law = asked if task.due_on == task.batch_due_on else OWN
    return task.due_on, working, law


class _Matter:
    """Some suggestions with all that tells what they owe."""

    def __init__(self, ids: list[int]):
        rows = Suggestion.objects.filter(pk__in=ids).select_related(
            "rule_set", "lead__membership", "delegation_head__membership"
        )
        self.suggestions = {s.pk: s for s in rows}
        self.numbers = {
            s.pk: HandlingRules.of(s.rule_set) for s in self.suggestions.values() if s.rule_set_id
        }
        tasks = Assignment.objects.filter(suggestion__in=ids).select_related("unit", "parent__unit")
        self.tasks = {t.pk: t for t in queries.by_due(tasks)}
        for task in self.tasks.values():
            task.suggestion = self.suggestions[task.suggestion_id]
        self.handed_on = {t.parent_id for t in self.tasks.values() if t.state not in GONE}
        requests = ReturnRequest.objects.filter(assignment__in=list(self.tasks)).order_by("pk")
        self.requests = {r.pk: r for r in requests}
        talks = Contact.objects.filter(assignment__in=list(self.tasks))
        self.talked = set(talks.values_list("assignment_id", flat=True).distinct())
        back = [pk for pk, t in self.tasks.items() if t.state == Task.OPINION_BACK]
        opinions = JointOpinion.objects.filter(assignment__in=back).order_by("version")
        self.sent_back = dict(opinions.values_list("assignment_id", "sent_back_on"))
        self.words = list(
            Feedback.objects.filter(suggestion__in=ids, superseded_at=None)
            .select_related("deputy__membership")
            .order_by("pk")
        )
        promises = Promise.objects.filter(suggestion__in=ids, reply__state=Reply.State.SERVED)
        promises = promises.select_related("unit").annotate(
            served_on=Max("reply__services__served_on")
        )
        self.promises = {p.pk: p for p in promises.order_by("pk")}
        self.events: dict[int, list[PromiseEvent]] = {}
        for event in PromiseEvent.objects.filter(promise__in=list(self.promises)).select_related(
            "deputy"
        ):
            self.events.setdefault(event.promise_id, []).append(event)
        served = publishing.publishable(Suggestion.objects.filter(pk__in=ids)) if self.tasks else ()
        self.unpublished = (
            dict(served.filter(publishing.OPEN).values_list("pk", "served_last")) if served else {}
        )

    @cached_property
    def keepers(self) -> list[Membership]:
        return queries.keepers()

    @property
    def subjects(self) -> list[Model]:
        return [
            *self.suggestions.values(), *self.tasks.values(), *self.requests.values(),
            *self.promises.values(),
        ]  # fmt: skip

    def dues(self) -> list[Due]:
        return [
            *self._assignings(), *self._of_tasks(), *self._returns(), *self._judgements(),
            *self._promises(), *self._receipts(), *self._publications(),
        ]  # fmt: skip

    def keep(self) -> int:
        return keep(self.subjects, self.dues(), kinds=KINDS, is_done=self._is_done)

    # -- What is owed --------------------------------------------------------------------------

    def _assignings(self) -> Iterator[Due]:
        """Between sittings 代工委 assigns within the days of the rules, from when the text was
        handed in; those of a sitting have their 交办会."""
        waiting = [
            s for s in self.suggestions.values()
            if s.state in queries.NOT_ASSIGNED and s.raised_in == Suggestion.RaisedIn.BETWEEN
            and s.submitted_at and not s.is_secret_placeholder
        ]  # fmt: skip
        published = list(queries.published_rules()) if waiting else []
        for suggestion in waiting:
            start = timezone.localdate(suggestion.submitted_at)
            rules = queries.in_force_among(published, start)
            if rules is None:
                continue
            named = f"{suggestion.number}号建议" if suggestion.number else f"《{suggestion.title}》"
            link = f"/admin/suggestions/suggestion/{suggestion.pk}/change/"
            limit = assign_within(HandlingRules.of(rules))
            for member in self.keepers:
                yield Due(ASSIGN, suggestion, f"交办{named}", limit, start, link, member=member)

    def _of_tasks(self) -> Iterator[Due]:
        for task in self.tasks.values():
            suggestion = task.suggestion
            if suggestion.state not in HANDLED or task.state in OVER:
                continue
            rules, link = self.numbers[suggestion.pk], f"/desk/tasks/{task.pk}/"
            number = f"{suggestion.number}号建议"
            if task.state == Task.TO_SIGN and (limit := sign_within(rules)):
                yield Due(SIGN, task, f"签收{number}", limit, task.assigned_on, link, task.unit)
            if self._owes_talk(task) and (limit := talk_within(rules)):
                what = f"就{number}与代表首次沟通"
                yield Due(TALK, task, what, limit, task.assigned_on, link, task.unit)
            if self._owes_main(task):
                yield self._main(task, number, link, rules)

    def _owes_talk(self, task: Assignment) -> bool:
        own = not task.suggestion.is_received  # those who raised the others have no login here
        return own and task.answers and task.suggestion.round == 1 and task.pk not in self.talked

    def _owes_main(self, task: Assignment) -> bool:
        """Its reply, its opinion, or that the office hands it on."""
        if task.role == Role.OWNER:
            return task.pk not in self.handed_on
        return task.state != Task.OPINION_GIVEN

    def _main(self, task: Assignment, number: str, link: str, rules: HandlingRules) -> Due:
        day, working, law = fixed_day(task)
        start, limit = task.assigned_on, Limit(In.FIXED, on=day, law=law)
        kind, what = REPLY, f"办理{number}（{task.get_role_display()}）"
        if task.role == Role.JOINT:
            kind, what = OPINION, f"提交{number}的会办意见"
            if task.state == Task.OPINION_BACK and (back := self.sent_back.get(task.pk)):
                start, limit, working = back, redo_within(rules), ()
                what = f"重新提交{number}的会办意见"
        return Due(kind, task, what, limit, start, link, task.unit, working=working)

    def _returns(self) -> Iterator[Due]:
        """The level that assigned decides; what was returned before, 代工委."""
        before = {self.tasks[r.assignment_id].suggestion_id
                  for r in self.requests.values() if r.accepted}  # fmt: skip
        for request in self.requests.values():
            task = self.tasks[request.assignment_id]
            suggestion = task.suggestion
            open_now = request.accepted is None and task.state == Task.RETURN_ASKED
            if not open_now or suggestion.state not in HANDLED:
                continue
            limit = decide_return_within(self.numbers[suggestion.pk])
            start = timezone.localdate(request.asked_at)
            what = f"决定{task.unit_name}退办{suggestion.number}号建议的申请"
            if task.parent_id and suggestion.pk not in before:
                link = f"/desk/tasks/{task.pk}/"
                yield Due(RETURN, request, what, limit, start, link, task.parent.unit)
                continue
            link = f"/admin/suggestions/rulings/returns/{request.pk}/"
            for member in self.keepers:
                yield Due(RETURN, request, what, limit, start, link, member=member)

    def _judgements(self) -> Iterator[Due]:
        """One for each deputy, however many units there are to judge."""
        seen = set()
        for word in self._present():
            member = word.deputy.membership
            key = (word.suggestion_id, word.deputy_id)
            if word.state != Feedback.State.EXPECTED or member is None or key in seen:
                continue
            seen.add(key)
            suggestion = self.suggestions[word.suggestion_id]
            limit, start = judge_within(self.numbers[suggestion.pk]), word.asked_on
            if start is None:
                limit, start = Limit(In.FIXED, on=word.due_on, law=OWN), word.due_on
            yield Due(
                JUDGE, suggestion, f"评价{suggestion.number}号建议的办理", limit, start,
                f"/me/suggestions/{suggestion.pk}/judge/", member=member, lapses=True,
            )  # fmt: skip

    def _present(self) -> Iterator[Feedback]:
        """The words of the present round that may be said now."""
        for word in self.words:
            suggestion = self.suggestions[word.suggestion_id]
            if suggestion.state == State.ANSWERED and word.round == suggestion.round:
                yield word

    def _promises(self) -> Iterator[Due]:
        for promise in self.promises.values():
            if promise.state not in (Promise.State.RUNNING, Promise.State.CHANGED):
                continue
            number = self.suggestions[promise.suggestion_id].number
            changes = [e for e in self.events.get(promise.pk, ()) if e.new_due_on]
            start = changes[-1].on if changes else promise.served_on
            working = (f"答复承诺于{cn_date(promise.due_on)}完成。",)
            if changes:
                working = (
                    f"原承诺于{cn_date(changes[0].old_due_on)}完成，"
                    f"{cn_date(changes[-1].on)}调整为{cn_date(promise.due_on)}。",
                )
            yield Due(
                PROMISE, promise, f"落实{number}号建议的承诺：{promise.content}",
                Limit(In.FIXED, on=promise.due_on, law="答复中的承诺"), start or promise.due_on,
                f"/desk/promises/{promise.pk}/", promise.unit, working=working,
            )  # fmt: skip

    def _receipts(self) -> Iterator[Due]:
        """The deputies' word on what was reported done."""
        kept = (Promise.State.REPORTED, Promise.State.KEPT)
        reported = [p for p in self.promises.values() if p.state in kept]
        rows = [self.suggestions[pk] for pk in {p.suggestion_id for p in reported}]
        speakers = queries.speakers_of_each(rows) if rows else {}
        for promise in reported:
            days = [e.on for e in self.events.get(promise.pk, ())
                    if e.kind == PromiseEvent.Kind.REPORT]  # fmt: skip
            for deputy in speakers[promise.suggestion_id] if days else ():
                member = deputy.membership
                if member is None or self._said(promise.pk, member.pk):
                    continue
                number = self.suggestions[promise.suggestion_id].number
                yield Due(
                    RECEIPT, promise, f"评价第{number}号建议的承诺落实：{promise.content}",
                    receipt_within(self.numbers[promise.suggestion_id]), days[-1],
                    f"/me/suggestions/promises/{promise.pk}/", member=member, lapses=True,
                )  # fmt: skip

    def _publications(self) -> Iterator[Due]:
        """代工委 decides on text and replies within the rules' days, from the last service."""
        for pk, served_on in self.unpublished.items():
            suggestion = self.suggestions[pk]
            what = f"决定{suggestion.number}号建议和答复是否公开"
            limit = publish_within(self.numbers[pk])
            link = f"/admin/suggestions/publishing/{pk}/"
            for member in self.keepers:
                yield Due(PUBLISH, suggestion, what, limit, served_on, link, member=member)

    def _said(self, promise: int, member: int) -> bool:
        """Whether the deputy has spoken on what was last reported."""
        events = self.events.get(promise, ())
        last = max((e.pk for e in events if e.kind == PromiseEvent.Kind.REPORT), default=0)
        return any(
            e.kind == PromiseEvent.Kind.RECEIPT and e.pk > last
            and e.deputy and e.deputy.membership_id == member
            for e in events
        )  # fmt: skip

    # -- What was done -------------------------------------------------------------------------

    def _is_done(self, row: Deadline) -> bool:
        """Whether what is owed no more was done; otherwise it fell away."""
        pk = row.subject_id
        if row.kind == SIGN:
            return self.tasks[pk].signed_at is not None
        if row.kind == TALK:
            return pk in self.talked
        if row.kind == REPLY:
            task = self.tasks[pk]
            return task.state in ANSWERED or (task.role == Role.OWNER and pk in self.handed_on)
        if row.kind == OPINION:
            return self.tasks[pk].state in GIVEN
        if row.kind == RETURN:
            return self.requests[pk].accepted is not None
        if row.kind == PROMISE:
            return self.promises[pk].state not in (Promise.State.RUNNING, Promise.State.CHANGED)
        if row.kind == RECEIPT:
            return self._said(pk, row.member_id)
        suggestion = self.suggestions[pk]
        if row.kind == ASSIGN:
            return suggestion.assigned_on is not None
        if row.kind == PUBLISH:
            return pk not in self.unpublished and suggestion.state not in ENDED
        return any(
            w.state == Feedback.State.GIVEN and w.deputy.membership_id == row.member_id
            for w in self.words
            if w.suggestion_id == pk and w.round == suggestion.round
        )
