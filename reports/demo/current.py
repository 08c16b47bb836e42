"""What is going on these days with the demo's suggestions: every state, told step by step.

Everything is counted back from today, so that days left are right whenever the demo is loaded.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from congress.files import store
from congress.models import Membership
from congress.pdf import from_html
from congress.rules import next_working_day
from deputies.models import Deputy
from suggestions import actions as act
from suggestions.access import FILE_PURPOSE
from suggestions.actions import Plan, Pledge
from suggestions.models import Assignment, Feedback, Promise, ReturnRequest, Suggestion
from suggestions.queries import is_checked_first
from suggestions.rules.texts import CHECKS, fingerprint

from . import clock, matters
from .people import HEADS

if TYPE_CHECKING:
    from .year import Story

Part, State = Assignment.Role, Suggestion.State
# The steps in order, with the day of each after the first.
DAYS = {
    "draft": 0, "submitted": 0, "passed": 1, "registered": 2, "assigned": 4, "handed_on": 6,
    "signed": 8, "told": 12, "talked": 12, "drafted": 34, "signed_off": 37, "served": 38,
    "judged": 42,
}  # fmt: skip
STEPS = list(DAYS)
FULL = (
    # until which step, days since it was raised, how many
    ("draft", (2, 5)),
    ("submitted", (0, 1, 2, 3)),
    ("passed", (1, 2, 4)),
    ("registered", (3, 5, 14)),
    ("assigned", (4, 5, 9)),
    ("handed_on", (7, 8, 10)),
    ("signed", (11, 14)),
    ("talked", (25, 48, 70, 88, 93)),
    ("drafted", (52, 80)),
    ("signed_off", (46,)),
    ("served", (41, 44, 52, 75)),
)
SMALL = (
    ("draft", (2,)), ("submitted", (1,)), ("registered", (3,)), ("handed_on", (8,)),
    ("talked", (40, 90)), ("served", (42, 60)),
)  # fmt: skip


class Current:
    """The suggestions of these days."""

    def __init__(self, story: "Story"):
        self.story, self.papers, self.chance = story, story.papers, story.papers.chance
        self.today = timezone.localdate()
        seats = [s for s in story.seats if s.ends_on is None and s.deputy.membership_id]
        self.seats = {s.deputy_id: s for s in seats}
        self.people: list[Deputy] = [s.deputy for s in seats]
        self.first = self.people[0]  # whose login the demo names

    def tell(self) -> None:
        """All of it."""
        self.papers.learn()
        is_full = self.story.place.key == "gulou"
        made: dict[str, list[Suggestion]] = {}
        for until, ages in FULL if is_full else SMALL:
            for n, age in enumerate(ages):
                lead = self.first if until == "served" and not n else self.somebody(n)
                # The unit whose login the demo names has something to sign for.
                how = {"unit": "城管局"} if is_full and until == "handed_on" and n == 2 else {}
                made.setdefault(until, []).append(self.go(lead, age, until, **how))
        self.late()
        if is_full:
            self.joint()
            self.before_handing_over(made)
            self.asked(made)
            self.not_satisfied()
            self.on_paper()
            self.terminated()
        if self.papers.rules_on(self.today).has_pre_assign_round:
            self.consulted()
        self.promises()

    def somebody(self, n: int = 0) -> Deputy:
        """A deputy; the first street's more often, for its login is the one the demo names."""
        own = self.people[1:20] if n % 2 == 0 else self.people
        return self.chance.choice(own)

    # -- One suggestion, until a step ----------------------------------------------------------

    def at(self, on: dt.date, hour: int = 10):
        return clock.at(on, hour, self.chance.randrange(60))

    def day(self, start: dt.date, step: str) -> dt.date:
        day = start + dt.timedelta(days=DAYS[step])
        return self.workday(day) if DAYS[step] else min(day, self.today)

    def ago(self, days: int) -> dt.date:
        """A working day about so many days back."""
        return self.workday(self.today - dt.timedelta(days=days))

    def workday(self, day: dt.date) -> dt.date:
        """A day on which offices work, never after today."""
        working = next_working_day(day, self.papers.calendar)
        return working if working <= self.today else min(day, self.today)

    def go(self, lead: Deputy, age: int, until: str, **how: Any) -> Suggestion:
        """Raised `age` days ago, taken as far as `until`. `how`: unit (short name), joint (short
        names), mark, value (of the judgement), promises."""
        start, last = self.today - dt.timedelta(days=age), STEPS.index(until)
        seat = self.seats[lead.pk]
        street = seat.street.short_name if seat.street_id else self.story.place.name
        paper = self.paper(street, how.get("unit"))
        row = None
        for step in STEPS[: last + 1]:
            tell = getattr(self, f"_{step}")
            moment = clock.moment(self.day(start, step), 9 + STEPS.index(step) // 2)
            if moment > timezone.now():
                moment = timezone.now()
            with clock.at(moment.date(), timezone.localtime(moment).hour):
                row = tell(lead, paper, row, how) or row
        return Suggestion.objects.select_related("rule_set", "lead__membership").get(pk=row.pk)

    def paper(self, street: str, short: str | None) -> matters.Paper:
        for _ in range(60):
            paper = self.papers.writer.write(street)
            direct = paper.matter.direct or paper.matter.committee
            if not direct and (short is None or paper.matter.unit == short):
                break
        return paper

    def _draft(self, lead, paper, row, how) -> Suggestion:
        return act.start_draft(
            by=lead.membership, lead=lead, title=paper.title, situation=paper.situation,
            requests=paper.requests, may_publish_text=True, may_publish_reply=True,
            category=self.papers.categories[paper.matter.category],
        )  # fmt: skip

    def _submitted(self, lead, paper, row, how) -> Suggestion:
        return act.submit(row, by=lead.membership)

    def _passed(self, lead, paper, row, how) -> Suggestion:
        for step in self.papers.rules_on(self.today).pre_review_steps:
            street = self.story.of_street.get(row.street_id) if step == "street" else None
            checks = dict.fromkeys(CHECKS, True)
            row = act.pass_on(row, by=street or self.story.clerk, checks=checks)
        return row

    def _registered(self, lead, paper, row, how) -> Suggestion:
        category = self.papers.categories[paper.matter.category]
        checks = dict.fromkeys(CHECKS, True)
        return act.register(row, by=self.story.clerk, category=category, checks=checks)

    def _assigned(self, lead, paper, row, how) -> Suggestion:
        plans = [Plan(self.papers.office, Part.OWNER)]
        return act.assign(row, by=self.story.clerk, plans=plans)

    def _handed_on(self, lead, paper, row, how) -> Suggestion:
        unit = self.papers.unit_of(paper.matter)
        joint = [self.papers.unit(s) for s in how.get("joint", ())]
        plans = [Plan(unit, Part.LEAD if joint else Part.SOLE)]
        plans += [Plan(u, Part.JOINT) for u in joint if u.pk != unit.pk]
        office = self.papers.people[self.papers.office.pk]
        return act.assign_on(row.assignments.get(role=Part.OWNER), by=office, plans=plans)

    def task(self, row: Suggestion) -> Assignment:
        """The task of the unit that answers."""
        return row.assignments.exclude(role__in=[Part.OWNER, Part.JOINT]).exclude(
            state__in=["returned", "cancelled"]).get()  # fmt: skip

    def worker(self, task: Assignment) -> Membership:
        return self.papers.people[task.unit_id]

    def _signed(self, lead, paper, row, how) -> None:
        task = self.task(row)
        act.sign_for(task, by=self.worker(task))

    def _told(self, lead, paper, row, how) -> None:
        """A talk that was recorded, not yet confirmed."""
        task = self.task(row)
        mode, who = self.chance.choice(("face", "site")), f"{self.chance.choice(HEADS)}副局长"
        words = matters.WORDS["talks"]["before"].format(what=paper.asks[0].ask)
        act.record_contact(task, by=self.worker(task), phase="before", mode=mode,
                           on=timezone.localdate(), who=who, opinions=words)  # fmt: skip

    def _talked(self, lead, paper, row, how) -> None:
        contact = self.task(row).contacts.latest("pk")
        act.confirm_contact(contact, by=lead.membership, confirmed=True)

    def _drafted(self, lead, paper, row, how) -> None:
        self.reply(row, paper, how.get("mark", self.chance.choice("AAAB")))

    def reply(self, row: Suggestion, paper, mark: str) -> None:
        """A draft of the round's reply."""
        task = self.task(row)
        classes = {c.canonical: c for c in task.suggestion.rule_set.classes.all()}
        chosen = {"A": "solved", "B": "planned", "C": "not_now"}[mark]
        chosen = chosen if chosen in classes else "solved"
        reason = "funds" if chosen == "not_now" else ""
        said = matters.answers(paper, chosen, self.chance, reason)
        due = timezone.localdate() + dt.timedelta(days=200)
        pledges = [Pledge(paper.asks[0].promise, "以现场核实为准", "分管副局长", due)]
        act.draft_reply(
            task, by=self.worker(task), result_class=classes[chosen], reason_code=reason,
            text=matters.letter(chosen, timezone.localdate() - dt.timedelta(days=8), self.chance),
            points=dict(enumerate(said, start=1)), publicity="full",
            promises=pledges if chosen == "planned" else (),
            document_number=self.papers.handling.document(task, timezone.localdate()),
            contact_person=f"{self.chance.choice(HEADS)}科长", contact_phone="100-0000",
        )  # fmt: skip

    def _signed_off(self, lead, paper, row, how) -> None:
        task = self.task(row)
        act.sign_off(
            task,
            by=self.worker(task),
            signer=f"{self.chance.choice(HEADS)}局长",
            signer_rank="head",
        )

    def _served(self, lead, paper, row, how) -> None:
        task = self.task(row)
        if is_checked_first(task.replies.get(state="signed_off")):
            act.send_to_check(task, by=self.worker(task))
            by_office = task.suggestion.rule_set.reply_precheck == "government_office"
            office = self.papers.people[self.papers.office.pk]
            act.check_reply(task, by=office if by_office else self.story.clerk, passes=True)
        today = timezone.localdate()
        served = {d: ("face", today) for d in act.answered_deputies(self.task(row))}
        act.serve(self.task(row), by=self.worker(task), served=served)

    def _judged(self, lead, paper, row, how) -> None:
        value = how.get("value", "satisfied")
        for feedback in Feedback.objects.filter(suggestion=row, state="expected"):
            words = self.chance.choice(matters.WORDS["objections"])
            dimensions = row.rule_set.dimensions
            ratings = {d: "satisfied" for d in dimensions} | {dimensions[-1]: value}
            act.give_feedback(
                feedback, by=feedback.deputy.membership, ratings=ratings,
                opinion=words if value == "unsatisfied" else "", was_contacted=True,
            )  # fmt: skip

    # -- Scenes --------------------------------------------------------------------------------

    def late(self) -> None:
        """Units over their day: one urged, one not yet."""
        for n, age in enumerate((108, 101)):
            unit = "城管局" if n == 0 and self.story.place.key == "gulou" else None
            row = self.go(self.somebody(n), age, "talked", unit=unit)
            if n == 0:
                with self.at(self.ago(5), 9):
                    words = "答复期限已过，请在五个工作日内答复代表，并书面说明逾期原因。"
                    act.urge(self.task(row), by=self.story.clerk, text=words)

    def joint(self) -> None:
        """Several units: one opinion is in, another is awaited."""
        for age, given in ((30, True), (45, False)):
            how = {"unit": "住建局", "joint": ("规划资源局", "财政局")}
            row = self.go(self.somebody(1), age, "signed", **how)
            day = self.ago(age - 20)
            for n, task in enumerate(row.assignments.filter(role=Part.JOINT).order_by("pk")):
                if n and not given:
                    continue
                with self.at(day, 9):
                    act.sign_for(task, by=self.worker(task))
                    act.give_opinion(
                        task, by=self.worker(task), signer=f"{self.chance.choice(HEADS)}副局长",
                        text="同意主办单位意见，涉及我单位职责的事项将按时配合办理。",
                    )  # fmt: skip
                    if not given:
                        by = self.worker(self.task(row))
                        act.send_opinion_back(task, by=by, reason="请就用地和管线逐条提出意见")

    def before_handing_over(self, made: dict[str, list[Suggestion]]) -> None:
        """Asked to sign, sent back, withdrawn, alike ones merged, a delegation's."""
        for lead, others in (
            (self.people[7], [self.first, *self.people[8:11]]),
            (self.first, self.people[4:7]),
        ):
            row = self.go(lead, 3, "draft")
            with self.at(self.ago(2), 20):
                act.invite(row, by=lead.membership, deputies=others)
                digest = fingerprint(row.title, row.situation, row.requests)
                act.confirm_signature(row, by=others[-1].membership, text_sha256=digest)
        for n, lead in enumerate((self.first, self.people[15])):
            row = self.go(lead, 6, "passed")
            with self.at(self.ago(3), 15):
                words = ("请写明涉及的具体路段和户数，便于承办单位核实。",
                         "反映了两件互不相关的事，请分开提出，一事一议。")[n]  # fmt: skip
                act.send_back(row, by=self.story.clerk, opinion=words)
        row = self.go(self.people[21], 12, "registered")
        with self.at(self.ago(6), 15):
            act.withdraw(row, by=row.lead.membership, reason="经街道协调，问题已经解决")
        with self.at(self.ago(1), 11):
            main, *others = made["assigned"][:2]
            words = "反映同类问题，合并办理、分别答复"
            act.merge(main, others, by=self.story.clerk, reason=words)
        self.of_delegation()

    def of_delegation(self) -> None:
        """A delegation's own suggestion, written down by one of its deputies."""
        lead, start = self.people[30], self.today - dt.timedelta(days=20)
        seat, paper = self.seats[lead.pk], self.paper("各街道", "教育局")
        how: dict[str, Any] = {}
        with clock.at(start, 9):
            row = act.start_draft(
                by=lead.membership, lead=None, delegation=seat.delegation, title=paper.title,
                situation=paper.situation, requests=paper.requests,
            )  # fmt: skip
            row = act.submit(row, by=lead.membership)
        for step in ("passed", "registered", "assigned", "handed_on"):
            with clock.at(self.day(start, step), 9 + STEPS.index(step) // 2):
                row = getattr(self, f"_{step}")(lead, paper, row, how) or row

    def asked(self, made: dict[str, list[Suggestion]]) -> None:
        """Returns and extensions that wait for a word, key supervision proposed, a talk to
        confirm."""
        for n, row in enumerate(made["handed_on"][:2]):
            task, right = self.task(row), self.papers.unit("发改委")
            with self.at(self.ago(1), 10 + n):
                act.ask_return(
                    task, by=self.worker(task), reason=ReturnRequest.Reason.NOT_OURS,
                    explanation="经核对权责清单，该事项不由本单位主管，建议改由有关单位办理。",
                    legal_basis="《机构职能配置、内设机构和人员编制规定》第三条",
                    approved_by_head=f"{self.chance.choice(HEADS)}局长", proposed_unit=right,
                )  # fmt: skip
        for row in made["talked"][2:4]:
            task = self.task(row)
            with self.at(self.ago(1), 15):
                act.ask_extension(
                    task, by=self.worker(task), reason="difficult",
                    to_on=self.papers.handling.workday(task.legal_due_on + dt.timedelta(days=45)),
                    progress="已完成现场调查，因涉及管线权属和资金安排，需进一步协调。",
                    deputy_told_on=self.today - dt.timedelta(days=2),
                )  # fmt: skip
        committee = self.papers.unit("城建环资工委")
        for row in (made["talked"][0], made["assigned"][2]):
            with self.at(self.ago(4), 16):
                plan = "拟由常委会领导领衔，到现场督办，三个月内向主任会议报告。"
                act.propose_key(row, by=self.story.clerk, plan=plan, committee=committee)
        self.go(self.first, 16, "told")

    def not_satisfied(self) -> None:
        """One to be studied, one handled again, one before the chairpersons."""
        for n, mark in enumerate("CBBA"):
            age = (50, 55, 72, 90)[n]
            row = self.go(self.somebody(n), age, "judged", mark=mark, value="unsatisfied")
            on = self.ago((0, 9, 20, 30)[n])
            with self.at(on, 15):
                if n in (1, 2):
                    act.order_rehandling(
                        row, by=self.story.clerk, dimensions=["结果"],
                        opinion=matters.WORDS["again"],
                    )  # fmt: skip
                elif n == 3:
                    words = "涉及多个部门职责交叉，单靠承办单位难以解决。"
                    act.escalate(row, by=self.story.clerk, opinion=words)

    def on_paper(self) -> None:
        """A deputy of eighty filled in the form by hand. In mid-year a second person has yet to
        compare it; at the year's end, when the report is to be printed, that is done."""
        row = self.go(self.people[40], 48, "served")
        feedback = Feedback.objects.filter(suggestion=row, deputy=row.lead).first()
        with self.at(self.ago(2), 16):
            lines = [f"建议编号：{row.number}", f"建议标题：{row.title}", f"代表：{row.lead}",
                     "态度：满意", "结果：基本满意", "意见：希望抓好后续落实。"]  # fmt: skip
            body = "".join(f"<p>{line}</p>" for line in lines)
            scan = store(
                "征询意见表.pdf", from_html(f"<html lang=zh><h1>代表建议办理征询意见表</h1>{body}"),
                purpose=FILE_PURPOSE, content_type="application/pdf", by=self.story.clerk,
            )  # fmt: skip
            feedback = act.enter_paper_feedback(
                feedback, by=self.story.clerk, scan=scan, opinion="希望抓好后续落实。",
                ratings={"态度": "satisfied", "结果": "basically"},
            )  # fmt: skip
        if self.story.stage == "year-end":
            with self.at(self.ago(1), 9):
                act.confirm_paper_feedback(feedback, by=self.story.chief)

    def terminated(self) -> None:
        """The matter fell away while it was handled."""
        row = self.go(self.somebody(1), 36, "signed")
        with self.at(self.ago(8), 10):
            words = "建议所涉地块已整体征收，事项不再存在，经与代表沟通终止办理"
            act.terminate(row, by=self.story.clerk, reason=words)

    def consulted(self) -> None:
        """Units asked before 交办 whether the matter is theirs."""
        for age in (3, 5):
            row = self.go(self.somebody(), age, "registered")
            unit = self.papers.unit("住建局")
            with self.at(self.ago(1), 15):
                proposal = act.Proposal(Plan(unit, Part.SOLE))
                act.propose_units(row, by=self.story.clerk, proposals=[proposal])
                act.consult(row, by=self.story.clerk)
        row = self.go(self.somebody(), 39, "signed_off")
        with self.at(self.ago(1), 9):
            act.send_to_check(self.task(row), by=self.worker(self.task(row)))

    def promises(self) -> None:
        """Promises just reported, a class to be raised."""
        running = Promise.objects.filter(
            state=Promise.State.RUNNING, reply__state="served", suggestion__closed_at__isnull=False
        ).select_related("reply__assignment", "suggestion", "unit")
        for n, row in enumerate(self._each(running.order_by("due_on", "pk"), 3)):
            by = self.papers.people.get(row.unit_id)
            if by is None:
                continue
            with self.at(self.ago(2), 10 + n):
                act.report_promise(row, by=by, signer="局长", text=f"{row.content}，已经完成。")
                solved = row.suggestion.rule_set.classes.filter(canonical="solved").first()
                if n == 0 and solved:
                    act.propose_class(row.reply.assignment, by=by, to_class=solved,
                                      reason="承诺事项已经完成")  # fmt: skip

    def _each(self, rows, count: int) -> Iterator[Promise]:
        """The first of as many different units."""
        seen: set[int] = set()
        for row in rows:
            if row.unit_id not in seen and len(seen) < count:
                seen.add(row.unit_id)
                yield row
