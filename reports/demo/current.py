"""What is going on these days with the demo's suggestions: every state, told step by step.

Everything is counted back from today, so that days left are right whenever the demo is loaded.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from congress.models import Membership
from congress.rules import next_working_day
from deputies.models import Deputy
from suggestions import actions as act
from suggestions.actions import Plan, Pledge
from suggestions.models import Assignment, Feedback, Suggestion
from suggestions.queries import is_checked_first
from suggestions.rules.texts import CHECKS

from . import answered, clock, in_hand, matters, raised
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
        rules = self.papers.rules_on(self.today)
        named = raised.heads(self) if "delegation" in rules.pre_review_steps else {}
        made: dict[str, list[Suggestion]] = {}
        for until, ages in FULL if is_full else SMALL:
            for n, age in enumerate(ages):
                lead = self.first if until == "served" and not n else self.somebody(n)
                # The unit whose login the demo names has something to sign for.
                how = {"unit": "城管局"} if is_full and until == "handed_on" and n == 2 else {}
                made.setdefault(until, []).append(self.go(lead, age, until, **how))
        in_hand.late(self)
        if is_full:
            together = in_hand.joint(self)
            raised.before_handing_over(self, made)
            in_hand.asked(self, made)
            answered.not_satisfied(self)
            answered.on_paper(self)
            in_hand.terminated(self)
            raised.sent_on(self)
            raised.from_above(self)
            in_hand.by_a_street(self)
            in_hand.brought_together(self, together)
            in_hand.unsigned(self)
            answered.corrected(self)
            answered.commended(self)
        if named:
            raised.before_a_head(self, named)
        if rules.has_pre_assign_round:
            raised.consulted(self)
        answered.promises(self)

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
        names), direct (a unit assigned at the first level), category, mark, value (of the
        judgement), then (by step what is done besides)."""
        start, last = self.today - dt.timedelta(days=age), STEPS.index(until)
        seat = self.seats[lead.pk]
        street = seat.street.short_name if seat.street_id else self.story.place.name
        paper = self.paper(street, how.get("unit"), how.get("category"))
        row = self.take(None, STEPS[: last + 1], lead, paper, start, how)
        return Suggestion.objects.select_related("rule_set", "lead__membership").get(pk=row.pk)

    def take(self, row, steps, lead, paper, start: dt.date, how: dict[str, Any]) -> Suggestion:
        """These steps, each on its day counted from `start`, never after now."""
        for step in steps:
            tell = getattr(self, f"_{step}")
            moment = clock.moment(self.day(start, step), 9 + STEPS.index(step) // 2)
            if moment > timezone.now():
                moment = timezone.now()
            with clock.at(moment.date(), timezone.localtime(moment).hour):
                row = tell(lead, paper, row, how) or row
                if besides := how.get("then", {}).get(step):
                    besides(row)
        return row

    def paper(
        self, street: str, short: str | None = None, category: str | None = None
    ) -> matters.Paper:
        """A text of a unit's matters, or of a category's, where one is asked for."""
        for _ in range(200 if category else 60):
            paper = self.papers.writer.write(street)
            direct = paper.matter.direct or paper.matter.committee
            fits = short in (None, paper.matter.unit) and category in (None, paper.matter.category)
            if not direct and fits:
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
        direct = how.get("direct")
        plans = [Plan(direct, Part.SOLE) if direct else Plan(self.papers.office, Part.OWNER)]
        return act.assign(row, by=self.story.clerk, plans=plans)

    def _handed_on(self, lead, paper, row, how) -> Suggestion | None:
        if how.get("direct"):
            return None
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
