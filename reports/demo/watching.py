"""Supervision of the demo's suggestions: key ones by the chairpersons, late units urged."""

import datetime as dt
from typing import TYPE_CHECKING

from congress.models import Meeting, Membership, Role
from suggestions.models import (
    Assignment,
    Supervision,
    SupervisionDeputy,
    SupervisionEvent,
    Urge,
)

from . import clock
from .people import HEADS

if TYPE_CHECKING:
    from .handling import Handling
    from .papers import Life

Task = Assignment.State


class Watching:
    """Who looks after what units do."""

    def __init__(self, handling: "Handling"):
        self.handling, self.chance, self.today = handling, handling.chance, handling.today
        self.place, self.story = handling.papers.place, handling.story
        self.add, self.past, self.later = handling.add, handling.past, handling.later

    def supervise(self, lives: list["Life"], year: int) -> None:
        """Key suggestions decided in March, visited, ended in November; late units urged."""
        chosen = [x for x in lives if x.batch and x.row.assigned_on]
        count = {"gulou": 9, "yunze": 4, "liuxi": 1}[self.place.key]
        kinds = (Meeting.Kind.CHAIRPERSONS, Meeting.Kind.PRESIDIUM)
        meeting = (
            Meeting.objects.filter(
                kind__in=kinds, held_on__year=year, held_on__gte=dt.date(year, 2, 20)
            )
            .order_by("held_on")
            .first()
        )
        if meeting is None or meeting.held_on >= self.today:
            return
        leaders = list(Membership.objects.filter(role=Role.CHAIR).select_related("user"))
        for life in self.chance.sample(chosen, min(count, len(chosen))):
            self._key(life, meeting, self.chance.choice(leaders), year)
        for life in lives:
            for task in life.tasks:
                due = task.extended_to or task.legal_due_on
                if self._is_late(task, due) and self.past(self.later(due, 1, 1)):
                    self.add(
                        Urge, assignment=task, by=self.story.clerk, letter=None,
                        text="答复期限已过，请在五个工作日内答复代表，并说明逾期原因。",
                        at=clock.moment(self.later(due, 1, 1), 9),
                    )  # fmt: skip

    def _is_late(self, task: Assignment, due: dt.date) -> bool:
        if task.pk in self.handling.served:
            return self.handling.served[task.pk] > due
        return task.answers and task.state in (Task.SIGNED, Task.HANDLING) and due < self.today

    def _key(self, life: "Life", meeting: Meeting, leader: Membership, year: int) -> None:
        row = life.row
        category = row.category
        committee = category.committee if category else None
        if committee is None:
            return
        row.is_key = True
        visit, hear = dt.date(year, 5, 14), dt.date(year, 9, 10)
        end = dt.date(year, 11, 6)
        now = year == self.today.year and self.chance.random() < 0.4
        done = row.closed_at is not None and self.past(end) and not now
        supervision = self.add(
            Supervision, suggestion=row, kind=Supervision.Kind.KEY, meeting=meeting,
            decided_on=meeting.held_on, leader=leader, committee=committee,
            government_leader=f"副{self.place.letter}长{self.chance.choice(HEADS)}某",
            plan="五月到现场督办，九月听取办理情况汇报，十一月向主任会议报告督办结果。",
            state=Supervision.State.DONE if done else Supervision.State.RUNNING,
            result="所提问题已基本解决，承诺事项有明确时间表，代表表示满意。" if done else "",
            rating="好" if done else "", ended_on=end if done else None, by=self.story.clerk,
            created_at=clock.moment(meeting.held_on - dt.timedelta(days=12), 10),
        )  # fmt: skip
        for kind, day, text in (
            ("site", visit, "到现场察看进展，听取承办单位和居民意见，要求倒排工期。"),
            ("talk", hear, "听取办理情况汇报，代表逐条提出意见，要求向居民公开进度。"),
        ):
            if not self.past(day):
                continue
            event = self.add(SupervisionEvent, supervision=supervision, kind=kind, on=day,
                             text=text, by=leader, at=clock.moment(day, 17))  # fmt: skip
            for deputy in life.signers[:3]:
                self.add(SupervisionDeputy, event=event, deputy=deputy)
