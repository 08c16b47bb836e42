"""What the demo's deputies say of the replies, what follows from it, and what counts as duty."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from performance.actions import record_duties
from performance.models import DutyItem, DutyRecord
from suggestions.models import Assignment, Feedback, Rating, Study, Suggestion
from suggestions.rules import feedback_limit, rehandle_limit

from . import clock, matters

if TYPE_CHECKING:
    from .handling import Handling
    from .papers import Life

State, Task = Suggestion.State, Assignment.State
WORDS = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}


class Judgement:
    """The deputies' word, round by round."""

    def __init__(self, handling: "Handling"):
        self.handling, self.chance = handling, handling.chance
        self.judged: list[tuple[Feedback, Suggestion]] = []
        self.add, self.past, self.later = handling.add, handling.past, handling.later
        self.calendar, self.story = handling.papers.calendar, handling.story
        self.today = handling.today

    def judge(self, life, served, joint, last: dt.date, round_: int = 1) -> None:
        """Each signer on each unit; from that the suggestion closes, or is handled once more."""
        chance = self.chance
        value = chance.choices(
            ("satisfied", "basically", "unsatisfied"),
            (88, 8.5, 3.5) if round_ == 1 else (74, 22, 4),
        )[0]
        people = life.signers if life.rules.feedback_from == "all" else life.signers[:1]
        critic = 0 if chance.random() < 0.7 else chance.randrange(len(people))
        tasks = [*(t for t, *_ in served), *joint]
        replies = {t.pk: reply for t, reply, _ in served}
        words, waiting = [], False
        for task in tasks:
            for n, deputy in enumerate(people):
                own = value if n == critic and task is tasks[0] else (
                    "satisfied" if chance.random() < 0.95 else "basically")  # fmt: skip
                due = feedback_limit(last, life.numbers, self.calendar).due_on
                day = last + dt.timedelta(days=chance.randint(1, max(3, (due - last).days - 1)))
                missed = chance.random() < 0.035 and n != critic
                row_ = self._feedback(life, task, replies.get(task.pk), deputy, last, round_)
                if missed and self.past(due + dt.timedelta(days=8)):
                    row_.state, row_.reminders = Feedback.State.MISSED, 2
                elif missed or not self.past(day):
                    waiting = True
                else:
                    self._say(life, row_, own, day)
                    words.append((own, day))
        if waiting:
            return
        end = max((day for _, day in words), default=last + dt.timedelta(days=30))
        if any(own == "unsatisfied" for own, _ in words):
            self._study(life, served, joint, end, round_)
        else:
            self._close(life, end)

    def _feedback(self, life, task, reply, deputy, last, round_) -> Feedback:
        due = feedback_limit(last, life.numbers, self.calendar).due_on
        return self.add(
            Feedback, suggestion=life.row, assignment=task, reply=reply, deputy=deputy,
            round=round_, due_on=due, asked_on=last,
        )  # fmt: skip

    def _say(self, life, row: Feedback, value: str, day: dt.date) -> None:
        chance = self.chance
        row.state, row.given_at = Feedback.State.GIVEN, clock.moment(day, 20, chance.randrange(60))
        row.entered_by = row.deputy.membership
        row.was_contacted, row.agrees_with_class = True, chance.random() < 0.97
        row.met_with = "分管负责人"
        row.agrees_to_publish = True
        row.asks_rehandling = value == "unsatisfied"
        row.opinion = chance.choice(
            matters.WORDS["objections"] if value == "unsatisfied" else matters.WORDS["praises"]
        )
        dimensions = life.rules.dimensions
        for name in dimensions:
            last = name == dimensions[-1]
            said = value if last or value == "satisfied" else (
                "satisfied" if chance.random() < 0.8 else "basically")  # fmt: skip
            self.add(Rating, feedback=row, dimension=name, value=said, word=WORDS[said])
        self.judged.append((row, life.row))

    def _study(self, life, served, joint, day: dt.date, round_: int) -> None:
        """代工委 looks into it: handled again, explained, or brought before the chairpersons."""
        row = life.row
        row.state = State.DISSATISFIED
        on = self.later(day, 2, 6)
        if not self.past(on):
            return
        again = self.chance.random() < 0.78 and round_ == 1
        due = rehandle_limit(on, life.numbers, self.calendar).due_on
        self.add(
            Study, suggestion=row, round=round_, by=self.story.clerk, at=clock.moment(on, 15),
            result=Study.Result.REHANDLE if again else Study.Result.EXPLAIN,
            dimensions=[life.rules.dimensions[-1]] if again else [],
            opinion=matters.WORDS["again" if again else "explained"],
            due_on=due if again else None, deputy_told_on=None if again else on,
        )  # fmt: skip
        if not again:
            self._close(life, on)
            return
        row.state, row.round = State.REHANDLING, 2
        lead = served[0][0]
        lead.state = Task.REHANDLING
        for task, *_ in served[1:]:
            task.state = Task.REHANDLING
        back = self.handling.back_to_workday(due - dt.timedelta(days=self.chance.randint(0, 8)))
        if not self.past(back):
            return
        anew = []
        for task, *_ in served:
            self.handling.talk(life, task, "during", back - dt.timedelta(days=5), 2)
            result = "solved" if self.chance.random() < 0.6 else "planned"
            anew.append((task, self.handling.answer(life, task, back, result, 2), back))
        row.state = State.ANSWERED
        self.judge(life, anew, joint, back, 2)

    def _close(self, life: "Life", day: dt.date) -> None:
        row = life.row
        row.closed_at = clock.moment(day, 20, 59)
        year = row.sitting.opens_on.year
        row.state = State.ARCHIVED if year < self.today.year else State.CLOSED
        for task in life.tasks:
            if task.state in (Task.ANSWERED, Task.OPINION_GIVEN):
                task.state = Task.DONE

    def count_duties(self, lives: list["Life"]) -> None:
        """The facts of leading, signing and judging, as the actions write them."""
        codes = self.handling.papers.published[0].duty_items or {}
        items = {i.code: i for i in DutyItem.objects.filter(code__in=codes.values())}
        found, by = [], self.story.clerk
        for life in lives:
            row = life.row
            for deputy in () if life.is_merged_in else life.signers:
                lead = deputy.pk == row.lead_id
                item = items.get(codes.get(f"lead_{row.raised_in}" if lead else "cosign"))
                if item:
                    found.append(
                        DutyRecord(
                            deputy=deputy, item=item, on=timezone.localdate(row.submitted_at),
                            title=f"{row.number} {row.title}"[:160],
                            role="lead" if lead else "cosigner",
                            source_kind="suggestions.suggestion", source_id=str(row.pk),
                        )
                    )  # fmt: skip
        once = {}
        for feedback, row in self.judged:
            once.setdefault((feedback.deputy_id, row.pk, feedback.round), (feedback, row))
        item = items.get(codes.get("feedback"))
        for feedback, row in once.values():
            if item:
                found.append(
                    DutyRecord(
                        deputy=feedback.deputy, item=item,
                        on=timezone.localdate(feedback.given_at),
                        title=f"评价{row.number}号建议的办理"[:160],
                        source_kind="suggestions.suggestion.feedback",
                        source_id=f"{row.pk}/{feedback.round}",
                    )
                )  # fmt: skip
        self.judged = []
        if found:
            for fact in found:
                fact.created_at = clock.moment(fact.on, 21)
            with clock.at(min(f.on for f in found), 18), clock.given_moments(DutyRecord):
                record_duties(by, found)
