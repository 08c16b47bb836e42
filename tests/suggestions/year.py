"""A year of suggestions written straight into the tables, from a seed: every state, rounds, late
and extended replies, returns, promises kept and broken, judgements given, missing and on paper."""

import datetime as dt
import random

from django.utils import timezone

from congress.models import Meeting, Membership, Role, Sitting, StoredFile, Term, Unit
from congress.names import pinyin_key
from deputies.models import Delegation, Deputy, Mandate
from suggestions import models as m
from suggestions.models import Assignment, Category, Feedback, Promise, Reply, Suggestion

from . import stage

BATCH = dt.date(2026, 2, 2)
ON = dt.date(2026, 11, 20)  # the day the year is counted
DIMENSIONS = ("态度", "结果")
VALUES = ["satisfied"] * 7 + ["basically"] * 2 + ["unsatisfied"]


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def later(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


class Maker:
    """Makes a year; all chance comes from one seed."""

    def __init__(self, seed: int, deputies: int = 24):
        self.chance = random.Random(seed)
        self.rules = m.RuleSet.objects.filter(state="published").first() or stage.ready()
        self.classes = {c.mark: c for c in self.rules.classes.all()}
        self.clerk = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk").first()
        self.second = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk")[1]
        self.term = Term.objects.get()
        self.sitting = Sitting.objects.get(number=5)
        self.sitting_before, _ = Sitting.objects.get_or_create(
            term=self.term, number=4,
            defaults={"name": "第四次会议", "opens_on": dt.date(2025, 1, 14),
                      "closes_on": dt.date(2025, 1, 18)},
        )  # fmt: skip
        self.government = Unit.objects.get(short_name="政府办")
        self.committee = Unit.objects.get(short_name="财经委")
        self.streets = list(Unit.objects.filter(kind=Unit.Kind.STREET_COMMITTEE))
        self.units = [Unit.objects.get(short_name="住建局")] + [
            Unit.objects.get_or_create(
                name=f"滨海区{n}", short_name=n,
                defaults={"kind": Unit.Kind.HANDLING_UNIT, "position": 50},
            )[0]
            for n in ("教育局", "交通局", "民政局", "财政局", "生态环境局")
        ]  # fmt: skip
        self.tops = list(Category.objects.filter(parent=None).order_by("pk"))
        Category.objects.filter(pk__in=[c.pk for c in self.tops[:3]]).update(
            committee=self.committee
        )
        self.leaves = list(Category.objects.exclude(parent=None).order_by("pk"))
        self.scan = None
        self.people = self._people(deputies)

    def _people(self, count: int) -> list[Deputy]:
        places = [
            Delegation.objects.get_or_create(name=f"第{n}代表团", defaults={"position": k})[0]
            for k, n in enumerate("一二三")
        ]
        found = []
        for n in range(count):
            name = f"代表{n:03}"
            deputy = Deputy.objects.create(name=name, name_key=pinyin_key(name))
            Mandate.objects.create(
                deputy=deputy, level="county", term=self.term, delegation=places[n % 3],
                street=self.streets[n % 2], position=n + 1, starts_on=dt.date(2022, 1, 10),
            )  # fmt: skip
            found.append(deputy)
        return found

    def year(self, count: int, *, sitting: Sitting | None = None) -> list[Suggestion]:
        """So many suggestions of one year (the present by default)."""
        self.now = sitting or self.sitting
        self.day = later(self.now.closes_on, 17)
        return [self.one(n) for n in range(1, count + 1)]

    # -- One suggestion -----------------------------------------------------------------------

    def one(self, n: int) -> Suggestion:
        c = self.chance
        between = c.random() < 0.3
        assigned = later(self.day, c.randrange(40, 240)) if between else self.day
        submitted = later(assigned, -c.randrange(2, 14)) if between else self.now.opens_on
        is_group = c.random() < 0.05
        lead = None if is_group else c.choice(self.people)
        fate = c.choices(
            ["handled", "refused", "early", "before", "after", "over", "review"],
            [80, 4, 2, 3, 3, 2, 6],
        )[0]
        leaf = c.choice(self.leaves)
        row = Suggestion(
            state="review", raised_in="between" if between else "sitting",
            channel="between" if between else "sitting", term=self.term, sitting=self.now,
            title=f"关于办好第{n}件事的建议", situation="情况与问题", requests=["办好"],
            category=leaf, lead=lead, written_by=self.clerk, submitted_at=at(submitted),
            delegation=Delegation.objects.first() if is_group else None,
            street=c.choice([*self.streets, None]),
            is_key=fate == "handled" and c.random() < 0.08,
        )  # fmt: skip
        if fate == "refused":
            row.state = "not_accepted"
        elif fate == "early":
            row.state = "withdrawn"
        elif fate != "review":
            series = "闭" if between else ""
            row.number = f"{self.now.number}-{series}{n:03}"
            row.registered_at = at(submitted, 14)
            row.state = "withdrawn" if fate == "before" else "registered"
        row.save()
        self.made = row
        signers = c.sample([p for p in self.people if p != lead], c.choice([0, 0, 1, 3]))
        if is_group:
            signers = []
        for k, deputy in enumerate(signers):
            m.Signature.objects.create(
                suggestion=row, deputy=deputy, position=k, state="confirmed", text_sha256="x"
            )
        if fate in ("handled", "after", "over"):
            row.assigned_on, row.rule_set = assigned, self.rules
            row.state = "handling"
            row.save()
            self._handle(row, ([lead] if lead else []) + signers)
            if fate == "after":
                row.state = "withdrawn"
            elif fate == "over":
                row.state = "terminated"
            if fate != "handled":
                row.assignments.update(state="cancelled")
                row.closed_at = None
                row.save()
        return row

    def _task(self, row: Suggestion, unit: Unit, role: str, parent=None, **more) -> Assignment:
        c, on = self.chance, row.assigned_on
        limit = later(on, 30 if role == "joint" else 90)
        values = {
            "suggestion": row, "unit": unit, "unit_name": unit.name, "role": role,
            "parent": parent, "assigned_on": later(on, c.choice([0, 0, 3])) if parent else on,
            "legal_due_on": limit, "by": self.clerk, "state": "handling",
            "batch_due_on": c.choice([None, later(on, 75), later(on, 120)]),
            "internal_due_on": c.choice([None, later(on, 60)]),
        } | more  # fmt: skip
        task = Assignment(**values)
        task.signed_at = at(later(task.assigned_on, c.choice([0, 1, 5, 7, 8, 20])))
        task.save()
        return task

    def _handle(self, row: Suggestion, people: list[Deputy]) -> None:
        c = self.chance
        owner = None
        if c.random() < 0.7:
            owner = self._task(row, self.government, "owner", state="signed")
        units = c.sample(self.units, 4)
        kind = c.choices(["sole", "lead", "separate"], [50, 35, 15])[0]
        if kind == "sole":
            main, joint = [self._task(row, units[0], "sole", owner)], []
        elif kind == "lead":
            main = [self._task(row, units[0], "lead", owner)]
            joint = [self._task(row, u, "joint", owner) for u in units[1 : c.choice([2, 3])]]
        else:
            main, joint = [self._task(row, u, "separate", owner) for u in units[:2]], []
        self._return(row, main[0], units[3], owner)
        for task in joint:
            self._opinion(task)
        answered = [self._reply(task, people) for task in main]
        self._beside(row)
        if not all(answered):
            return
        row.state = "answered"
        self._judge(row, main, joint, people)
        row.save()

    def _return(self, row, task: Assignment, other: Unit, owner) -> None:
        c = self.chance
        values = {
            "reason": "not_ours", "explanation": "不属于本单位职责", "legal_basis": "三定规定",
            "approved_by_head": "局长", "asked_by": self.clerk, "decided_by": self.clerk,
            "decided_at": at(later(task.assigned_on, 9)), "decision": "已研究",
        }  # fmt: skip
        if c.random() < 0.1:
            gone = self._task(row, other, task.role, owner, state="returned", returns=1)
            m.ReturnRequest.objects.create(
                assignment=gone, accepted=True, new_assignment=task, **values
            )
        elif c.random() < 0.06:
            m.ReturnRequest.objects.create(assignment=task, accepted=False, **values)

    def _opinion(self, task: Assignment) -> None:
        c = self.chance
        if c.random() < 0.15:
            return
        day = later(task.assigned_on, c.choice([5, 20, 30, 31, 45]))
        back = c.random() < 0.15
        for version in range(1, 3 if back else 2):
            opinion = m.JointOpinion.objects.create(
                assignment=task, version=version, text="同意", signer="局长", by=self.clerk,
                accepted=False if back and version == 1 else None,
                sent_back_reason="空" if back and version == 1 else "",
            )  # fmt: skip
            m.JointOpinion.objects.filter(pk=opinion.pk).update(given_at=at(later(day, version)))
        Assignment.objects.filter(pk=task.pk).update(state="opinion_given")

    def _talks(self, task: Assignment, before: dt.date, people: list[Deputy]) -> None:
        c = self.chance
        for phase in ("before", "during", "after"):
            if c.random() < 0.25:
                continue
            day = later(before, -c.randrange(1, 20)) if phase != "after" else later(before, 4)
            talk = m.Contact.objects.create(
                assignment=task, phase=phase, mode=c.choice(["face", "site", "phone", "mail"]),
                on=day, who="副局长", opinions="已沟通", by=self.clerk,
            )  # fmt: skip
            for deputy in people[: c.choice([1, 2])]:
                m.ContactConfirmation.objects.create(
                    contact=talk, deputy=deputy, confirmed=c.choice([True, True, True, False, None])
                )

    def _extend(self, task: Assignment) -> None:
        c = self.chance
        if c.random() > 0.12:
            return
        granted = c.choice([later(task.legal_due_on, -5), later(task.legal_due_on, 6)])
        to = later(task.legal_due_on, 40)
        m.ExtensionRequest.objects.create(
            assignment=task, reason="wide", progress="正在办", to_on=to, asked_by=self.clerk,
            granted=True, decided_at=at(granted),
        )  # fmt: skip
        task.extended_to = to
        task.save()

    def _serve(self, task, people, round_number: int, day: dt.date, mark: str) -> Reply:
        reply = Reply.objects.create(
            assignment=task, round=round_number, state="served", text="答复", signer="局长",
            result_class=self.classes[mark], publicity="full", written_by=self.clerk,
        )  # fmt: skip
        for deputy in people or [None]:
            m.Service.objects.create(
                reply=reply, deputy=deputy, mode="paper", by=self.clerk,
                served_on=later(day, -self.chance.choice([0, 1, 2])),
            )  # fmt: skip
        return reply

    def _reply(self, task: Assignment, people: list[Deputy]) -> Reply | None:
        c = self.chance
        self._extend(task)
        if c.random() < 0.06:
            return None
        day = later(task.suggestion.assigned_on, c.choice([30, 60, 75, 80, 88, 90, 91, 95, 120]))
        if day > ON:
            return None
        self._talks(task, day, people)
        mark = c.choices("ABCD", [55, 27, 10, 8])[0]
        reply = self._serve(task, people, 1, day, mark)
        Assignment.objects.filter(pk=task.pk).update(state="answered")
        if mark == "B":
            self._promise(task, reply, day)
        return reply

    def _promise(self, task: Assignment, reply: Reply, day: dt.date) -> None:
        c = self.chance
        due = later(day, c.choice([60, 120, 400]))
        state = c.choice(["running", "kept", "kept", "changed", "broken", "reported"])
        kept = later(due, c.choice([-10, 0, 12])) if state == "kept" else None
        if kept and kept > ON:
            state, kept = "running", None
        row = Promise.objects.create(
            reply=reply, suggestion=task.suggestion, unit=task.unit, number=1, content="完成",
            criterion="完工", responsible="局长", due_on=due, state=state, kept_on=kept,
        )  # fmt: skip
        if state == "changed" or c.random() < 0.2:
            new = later(due, 90)
            m.PromiseEvent.objects.create(
                promise=row, kind="change", on=day, text="调整", old_due_on=due, new_due_on=new
            )
            Promise.objects.filter(pk=row.pk).update(due_on=new)
        if c.random() < 0.3:
            agreed = later(day, 30)
            m.ClassChange.objects.create(
                assignment=task, from_class=self.classes["B"], to_class=self.classes["A"],
                reason="已落实", proposed_by=self.clerk, deputy_agreed_at=at(agreed),
                committee_agreed_at=c.choice([at(later(agreed, 3)), None]),
            )  # fmt: skip

    def _beside(self, row: Suggestion) -> None:
        c = self.chance
        if row.is_key:
            meeting, _ = Meeting.objects.get_or_create(
                kind="chairpersons", number=3,
                defaults={"title": "第三次主任会议", "held_on": BATCH},
            )  # fmt: skip
            m.Supervision.objects.create(
                suggestion=row, kind="key", state="running", meeting=meeting, decided_on=BATCH,
                leader=self.clerk, committee=self.committee, by=self.clerk,
            )  # fmt: skip
        for _ in range(c.choice([0, 1, 1, 1, 2])):
            mode = c.choice(["full", "full", "abstract", "not"])
            out = at(later(row.assigned_on, 100)) if mode != "not" else None
            down = c.random() < 0.1 and out
            m.PublicationDecision.objects.create(
                suggestion=row, part="reply", mode=mode, secrecy_checked=bool(out),
                reason="" if mode == "full" else "个人信息", privacy_checked=bool(out),
                decided_by=self.clerk,
                published_at=out, taken_down_at=at(later(row.assigned_on, 120)) if down else None,
                taken_down_reason="更正" if down else "",
            )  # fmt: skip
        if c.random() < 0.05:
            row.raised_before = Suggestion.objects.exclude(pk=row.pk).first()

    # -- What the deputies say ----------------------------------------------------------------

    def _feedback(self, row, task, deputy, round_number: int, value: str | None) -> None:
        c = self.chance
        paper = value is not None and c.random() < 0.1
        feedback = Feedback.objects.create(
            suggestion=row, assignment=task, deputy=deputy, round=round_number, due_on=ON,
            state="given" if value else c.choice(["missed", "expected"]),
            given_at=at(ON) if value else None, on_behalf=paper,
            scan=self._scan() if paper else None, entered_by=self.clerk if paper else None,
            confirmed_by=self.second if paper else None,
            agrees_with_class=c.choice([True, True, None, False]) if value else None,
            has_conflict=c.random() < 0.03,
        )  # fmt: skip
        if value:
            other = c.choice([value, "satisfied"])
            for name, rated in zip(DIMENSIONS, c.sample([value, other], 2), strict=True):
                m.Rating.objects.create(feedback=feedback, dimension=name, value=rated)
        if c.random() < 0.05:  # corrected: the former word stays, and counts no more
            Feedback.objects.filter(pk=feedback.pk).update(superseded_at=at(ON))
            self._feedback(row, task, deputy, round_number, "satisfied" if value else None)

    def _scan(self) -> StoredFile:
        self.scan = self.scan or StoredFile.objects.create(
            name="表.pdf", content_type="application/pdf", size=1, sha256="0" * 64, purpose="scan"
        )
        return self.scan

    def _round(self, row, tasks, people, number: int, values: list) -> None:
        for task in tasks:
            for deputy in people:
                value = self.chance.choice(values) if self.chance.random() < 0.85 else None
                self._feedback(row, task, deputy, number, value)

    def _judge(self, row, main, joint, people) -> None:
        c = self.chance
        self._round(row, [*main, *joint], people, 1, VALUES)
        said = set(
            m.Rating.objects.filter(
                feedback__suggestion=row, feedback__superseded_at=None,
                feedback__assignment__in=main,
            ).values_list("value", flat=True)
        )  # fmt: skip
        if "unsatisfied" not in said:
            row.state = c.choice(["closed", "closed", "archived", "answered"])
            return
        what = c.choice(["explain", "rehandle", "rehandle", "wait"])
        if what == "wait":
            row.state = "dissatisfied"
        elif what == "explain":
            m.Study.objects.create(
                suggestion=row, round=1, result="explain", opinion="答复适当", by=self.clerk
            )
            row.state = "closed"
        else:
            row.round = 2
            row.state = "rehandling"
            if c.random() < 0.7:
                day = later(ON, -c.randrange(3, 10))
                for task in main:
                    self._serve(task, people, 2, day, c.choice("AAB"))
                self._round(row, main, people, 2, ["satisfied", "basically", "satisfied"])
                row.state = c.choice(["closed", "answered"])
