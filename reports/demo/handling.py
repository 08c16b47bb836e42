"""How units handle the demo's suggestions in its years: signed for, talked over, answered, judged.

One draw after the other decides what happens to a suggestion; what would happen after today has not
happened yet.
"""

import datetime as dt
from typing import TYPE_CHECKING

from congress.models import Membership, Role
from congress.rules import add_working_days, next_working_day
from congress.words import cn_date
from suggestions.models import (
    Assignment,
    Contact,
    ContactConfirmation,
    ExtensionApproval,
    ExtensionRequest,
    JointOpinion,
    Reply,
    ReplyPoint,
    ReturnRequest,
    Service,
    Suggestion,
)
from suggestions.rules import joint_dates, legal_limit, reply_dates

from . import after, clock, matters
from .judgement import Judgement
from .people import HEADS
from .watching import Watching

if TYPE_CHECKING:
    from .papers import Life, Papers

State, Task, Part = Suggestion.State, Assignment.State, Assignment.Role
# Out of a hundred: what becomes of what was asked (canonical meaning).
RESULTS = (("solved", 57), ("planned", 26), ("not_now", 11), ("explained", 6))
LETTERS = {
    "城管局": "城管", "住建局": "住建", "房产局": "房产", "教育局": "教育", "民政局": "民政",
    "交警大队": "交警", "卫健委": "卫健", "规划资源局": "规划资源", "水务局": "水务",
}  # fmt: skip


class Handling:
    """The units' part, and what deputies say of it."""

    def __init__(self, papers: "Papers"):
        self.papers, self.story = papers, papers.story
        self.chance, self.today = papers.chance, papers.today
        self.numbers: dict[tuple[int, int], int] = {}
        self.replies: dict[int, list[Reply]] = {}  # by suggestion
        self.served: dict[int, dt.date] = {}  # when the first round was answered, by task
        self.after = after.After(self)
        self.judgement = Judgement(self)
        self.watching = Watching(self)

    def add(self, model, **values):
        return self.papers.rows.add(model, **values)

    def past(self, day: dt.date) -> bool:
        """Whether a day is over, so that it can have happened."""
        return day < self.today

    def workday(self, day: dt.date) -> dt.date:
        return next_working_day(day, self.papers.calendar)

    def later(self, day: dt.date, least: int, most: int) -> dt.date:
        """A working day so many working days later."""
        return add_working_days(day, self.chance.randint(least, most), self.papers.calendar)

    def person(self, task: Assignment) -> Membership:
        """Who works for the unit of a task."""
        return self.papers.people.get(task.unit_id) or self.story.clerk

    # -- One suggestion ------------------------------------------------------------------------

    def live(self, life: "Life") -> None:
        """From 交办 to where it stands today."""
        row = life.row
        row.state = State.HANDLING
        answering, joint = self._hand_out(life)
        for task in joint:
            self._opinion(life, task)
        extended = self._extend(life, answering)
        result = self.chance.choices([r for r, _ in RESULTS], [w for _, w in RESULTS])[0]
        if result not in life.classes:
            result = "explained" if "explained" in life.classes else "solved"
        served = []
        for task in answering:
            day = self._served_on(life, task, extended)
            self._talk(life, task, day)
            if self.past(day):
                served.append((task, self.answer(life, task, day, result), day))
        if len(served) < len(answering):
            return
        row.state = State.ANSWERED
        last = max(day for *_, day in served)
        self.judgement.judge(life, served, joint, last)
        self.after.publish(life)

    def _hand_out(self, life: "Life") -> tuple[list[Assignment], list[Assignment]]:
        """The tasks of both levels; gives those that answer and the joint ones."""
        matter, papers, chance = life.paper.matter, self.papers, self.chance
        parent, by = None, self.story.clerk
        on = life.row.assigned_on
        unit = papers.unit_of(matter)
        if not (matter.direct or matter.committee) and papers.office is not None:
            parent = self._task(life, papers.office, Part.OWNER, on, None, by)
            parent.state, signed = Task.SIGNED, self.later(on, 0, 2)
            parent.signed_at = clock.moment(signed, 10)
            on, by = self.later(on, 1, 6), papers.people[papers.office.pk]
            if not self.past(on):
                parent.state, parent.signed_at = Task.TO_SIGN, None
                life.row.state = State.ASSIGNED
                return [parent], []
        if parent is not None and chance.random() < 0.045:
            self._give_back(life, parent, unit, on, by)
            on = self.later(on, 5, 8)
        others = [] if papers.is_town else [papers.unit(s) for s in matter.joint]
        others = [u for u in others if u.pk != unit.pk]
        if not others or matter.direct or chance.random() < 0.5:
            return [self._signed(self._task(life, unit, Part.SOLE, on, parent, by))], []
        others = chance.sample(others, min(len(others), chance.choice((1, 1, 2))))
        if chance.random() < 0.07:
            both = [unit, others[0]]
            rows = [self._task(life, u, Part.SEPARATE, on, parent, by) for u in both]
            return [self._signed(t) for t in rows], []
        lead = self._signed(self._task(life, unit, Part.LEAD, on, parent, by))
        joint = [self._task(life, other, Part.JOINT, on, parent, by) for other in others]
        return [lead], [self._signed(t) for t in joint]

    def _task(self, life, unit, role, on, parent, by) -> Assignment:
        first = life.row.assigned_on
        due = life.batch.reply_due_on if life.batch else None
        dates = reply_dates(first, life.numbers, self.papers.calendar, due)
        if role == Part.JOINT:
            dates = joint_dates(first, life.numbers, self.papers.calendar, dates.effective)
        task = self.add(
            Assignment, suggestion=life.row, parent=parent, batch=life.batch, unit=unit,
            unit_name=unit.name, role=role, assigned_on=on, legal_due_on=dates.legal,
            batch_due_on=dates.batch, internal_due_on=dates.internal, working=list(dates.working),
            by=by, created_at=clock.moment(on, 9), deputies_conflict=False,
        )  # fmt: skip
        life.tasks.append(task)
        return task

    def _signed(self, task: Assignment) -> Assignment:
        day = self.later(task.assigned_on, 0, 4)
        if self.past(day):
            task.state = Task.SIGNED
            task.signed_at = clock.moment(day, 9 + self.chance.randrange(8), 20)
        return task

    def _give_back(self, life, parent, right, on, by) -> None:
        """Assigned to the wrong unit first: asked to return it, and the office agreed."""
        wrong = self.chance.choice([u for u in self.papers.units.values()
                                    if u.kind == right.kind and u.pk != right.pk])  # fmt: skip
        asked, decided = self.later(on, 1, 3), self.later(on, 4, 5)
        if not self.past(decided):
            return
        task = self._task(life, wrong, Part.SOLE, on, parent, by)
        task.state, task.returns = Task.RETURNED, 1
        self.add(
            ReturnRequest, assignment=task, reason=ReturnRequest.Reason.NOT_OURS,
            explanation=f"经核对权责清单，该事项由{right.short_name}主管，本单位无相应职责。",
            legal_basis="《机构职能配置、内设机构和人员编制规定》第三条", proposed_unit=right,
            approved_by_head=f"{self.chance.choice(HEADS)}局长", asked_by=self.person(task),
            asked_at=clock.moment(asked, 10), accepted=True, decided_by=by,
            decided_at=clock.moment(decided, 15),
            decision=f"同意退办，改由{right.short_name}办理。",
        )  # fmt: skip

    def _opinion(self, life: "Life", task: Assignment) -> None:
        day = self.later(life.row.assigned_on, 12, 19)
        if not (task.signed_at and self.past(day)):
            return
        task.state = Task.OPINION_GIVEN
        text = self.chance.choice(matters.WORDS["joint"]).format(what=life.paper.asks[0].ask)
        back = self.chance.random() < 0.05
        versions = (("同意。", False), (text, True)) if back else ((text, True),)
        for n, (words, accepted) in enumerate(versions, start=1):
            at = clock.moment(self.later(day, 0, 0) + dt.timedelta(days=3 * (n - 1)), 11)
            self.add(
                JointOpinion, assignment=task, version=n, text=words, accepted=accepted,
                document_number=self.document(task, at.date()), given_at=at, by=self.person(task),
                signer=f"{self.chance.choice(HEADS)}副局长",
                sent_back_reason="" if accepted else "意见过于笼统，请就本单位职责逐条提出意见",
            )  # fmt: skip

    def _extend(self, life: "Life", answering: list[Assignment]) -> dt.date | None:
        """Six in a hundred are wide or difficult: longer, asked before the limit."""
        if self.chance.random() > 0.06 or len(answering) > 1 or not answering[0].signed_at:
            return None
        task = answering[0]
        asked = self.later(task.legal_due_on - dt.timedelta(days=20), 0, 5)
        decided = self.later(asked, 1, 3)
        if not self.past(decided) or decided > task.legal_due_on:
            return None
        latest = legal_limit(life.row.assigned_on, self.papers.calendar, 6).due_on
        until = min(latest, self.workday(task.legal_due_on + dt.timedelta(days=60)))
        request = self.add(
            ExtensionRequest, assignment=task,
            reason=self.chance.choice(list(ExtensionRequest.Reason)), to_on=until,
            progress="已完成现场调查和方案初稿，因涉及单位较多，需要进一步协调资金和用地。",
            deputy_told_on=asked, asked_by=self.person(task), asked_at=clock.moment(asked, 9),
            granted=True, decided_at=clock.moment(decided, 16),
        )  # fmt: skip
        for role in life.rules.extension_approvers:
            office = role == Role.GOVERNMENT_OFFICE and self.papers.office is not None
            by = self.papers.people[self.papers.office.pk] if office else self.story.clerk
            self.add(ExtensionApproval, request=request, role=role, agrees=True, by=by,
                     note="同意延期，请抓紧办理", at=clock.moment(decided, 15))  # fmt: skip
        task.extended_to = until
        task.working = [*task.working, f"经批准延期至{cn_date(until)}。"]
        return until

    def _served_on(self, life: "Life", task: Assignment, extended: dt.date | None) -> dt.date:
        """Most within the batch's day, some only within the law's, three in a hundred late."""
        chance, start = self.chance, life.row.assigned_on
        limit = extended or task.legal_due_on
        draw = chance.random()
        if draw < 0.032:
            day = limit + dt.timedelta(days=chance.randint(3, 24))
        elif extended:
            day = limit - dt.timedelta(days=chance.randint(2, 25))
        elif draw < 0.17 and task.batch_due_on:
            day = task.batch_due_on + dt.timedelta(days=chance.randint(1, 4))
        else:
            end = min(task.batch_due_on or limit, limit)
            span = (end - start).days
            day = start + dt.timedelta(days=int(span * (0.55 + 0.42 * chance.random())))
        if draw >= 0.032:
            day = self.back_to_workday(day)
        return self.workday(max(day, start + dt.timedelta(days=24)))

    def back_to_workday(self, day: dt.date) -> dt.date:
        while not self.papers.workday(day):
            day -= dt.timedelta(days=1)
        return day

    def _talk(self, life: "Life", task: Assignment, served: dt.date) -> None:
        """Before, during and after; each talk confirmed by the lead."""
        phases = [("before", self.later(task.assigned_on, 5, 14))]
        if self.chance.random() < 0.55:
            phases.append(("during", served - dt.timedelta(days=self.chance.randint(8, 14))))
        if self.chance.random() < 0.4:
            phases.append(("after", self.later(served, 3, 10)))
        for phase, day in phases:
            if (phase == "before" and day >= served) or not task.signed_at:
                day = served - dt.timedelta(days=2)
            if self.past(day) and task.signed_at:
                self.talk(life, task, phase, day)

    def talk(self, life: "Life", task: Assignment, phase: str, day: dt.date, round_=1) -> None:
        faces = ("face", "site")
        mode = self.chance.choices(
            ("face", "site", "phone", "video"), (46, 30, 20, 4))[0]  # fmt: skip
        if life.row.wants_meeting and phase != "after" and mode not in faces:
            mode = "face"
        contact = self.add(
            Contact, assignment=task, phase=phase, mode=mode, on=day, round=round_,
            place=self.chance.choice(("社区会议室", "建议所涉现场", "本单位会议室"))
            if mode in faces else "",
            who=f"{self.chance.choice(HEADS)}副局长、业务科室负责人",
            opinions=matters.WORDS["talks"][phase].format(what=life.paper.asks[0].ask),
            by=self.person(task), at=clock.moment(day, 16),
        )  # fmt: skip
        answer = self.later(day, 0, 3)
        said = self.past(answer)
        self.add(
            ContactConfirmation, contact=contact, deputy=life.signers[0],
            confirmed=True if said else None,
            answered_at=clock.moment(answer, 19) if said else None,
        )  # fmt: skip
        if task.state == Task.SIGNED:
            task.state = Task.HANDLING

    # -- The reply -----------------------------------------------------------------------------

    def document(self, task: Assignment, on: dt.date) -> str:
        """机关代字〔年〕号, counted per unit and year."""
        key = (task.unit_id, on.year)
        self.numbers[key] = self.numbers.get(key, self.chance.randint(3, 20)) + 1
        short = task.unit.short_name.removeprefix(self.papers.place.letter)
        word = LETTERS.get(short, short.removesuffix("局"))
        return f"{self.papers.place.short}{word}函〔{on.year}〕{self.numbers[key]}号"

    def answer(self, life, task, day, canonical, round_=1) -> Reply:
        chance, by = self.chance, self.person(task)
        chosen = life.classes[canonical]
        reason = chance.choice(list(matters.WORDS["reasons"])) if chosen.needs_reason else ""
        checked = life.rules.reply_precheck != "none" and self.papers.office
        reply = self.add(
            Reply, assignment=task, round=round_, version=1, state=Reply.State.SERVED,
            document_number=self.document(task, day),
            text=matters.letter(canonical, day - dt.timedelta(days=12), chance, round_),
            result_class=chosen, reason_code=reason,
            publicity=chance.choices(("full", "on_request", "not"), (86, 9, 5))[0],
            signer=f"{chance.choice(HEADS)}局长", signer_rank="head",
            contact_person=f"{chance.choice(HEADS)}科长",
            contact_phone="100-0000", written_by=by, signed_off_by=by,
            written_at=clock.moment(day - dt.timedelta(days=6), 10),
            signed_off_at=clock.moment(day - dt.timedelta(days=1), 16),
            checked_by=self.papers.people[self.papers.office.pk] if checked else None,
        )  # fmt: skip
        said = matters.answers(life.paper, canonical, chance, reason or "conditions")
        for n, answer in enumerate(said, start=1):
            self.add(ReplyPoint, reply=reply, number=n, answer=answer, result_class=None)
        to = life.signers if life.rules.answers_to == "each" else life.signers[:1]
        mode = chance.choice(("face", "paper", "platform"))
        for n, deputy in enumerate(to):
            self.add(Service, reply=reply, deputy=deputy, by=by, served_on=day,
                     mode=mode if n == 0 else "platform",
                     received_at=clock.moment(day, 20))  # fmt: skip
        if chosen.needs_promise:
            self.after.promise(life, task, reply, day)
        task.state = Task.ANSWERED
        self.served.setdefault(task.pk, day)
        self.replies.setdefault(life.row.pk, []).append(reply)
        return reply
