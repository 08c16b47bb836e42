"""What lives on after the demo's replies: promises kept, moved and broken, classes raised,
publication."""

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

from congress.rules import add_working_days
from suggestions.models import (
    Assignment,
    ClassChange,
    Promise,
    PromiseEvent,
    PublicationDecision,
    Reply,
    ReplyPoint,
)
from suggestions.rules.texts import mask

from . import clock

if TYPE_CHECKING:
    from .handling import Handling
    from .papers import Life

Event = PromiseEvent.Kind
# Out of a hundred promises whose day is over.
KEPT = (("kept", 84), ("changed", 8), ("broken", 3), ("late", 5))


class After:
    """Promises and publication of the demo's suggestions."""

    def __init__(self, handling: "Handling"):
        self.handling, self.chance = handling, handling.chance

    def promise(self, life: "Life", task: Assignment, reply: Reply, served: dt.date) -> None:
        """One or two dated promises, and what became of them."""
        handling, chance = self.handling, self.chance
        asks = life.paper.asks[: chance.choices((1, 2), (65, 35))[0]]
        kept = True
        for n, ask in enumerate(asks, start=1):
            months = chance.choice((3, 5, 6, 8, 10, 13, 15))
            due = handling.workday(served + dt.timedelta(days=months * 30))
            row = handling.add(
                Promise, reply=reply, suggestion=life.row, unit=task.unit, number=n,
                content=ask.promise, criterion="完成后向代表书面报告，以现场核实为准",
                responsible=reply.signer.replace("局长", "副局长"), due_on=due,
            )  # fmt: skip
            kept &= self._follow(life, task, row, served)
        if kept and life.rules.promise_reports_years and chance.random() < 0.5:
            self._raise_class(life, task, reply)

    def _follow(self, life, task, row: Promise, served: dt.date) -> bool:
        """Whether the promise is kept by now."""
        handling, chance, due = self.handling, self.chance, row.due_on
        fate = chance.choices([k for k, _ in KEPT], [w for _, w in KEPT])[0]
        by, head = handling.person(task), row.responsible
        if not handling.past(due):
            return False
        if fate == "broken":
            day = handling.later(due - dt.timedelta(days=20), 0, 3)
            self._event(row, Event.FAIL, day, "因规划调整，原定地块另有用途，承诺事项无法实施，"
                        "已向代表当面说明原因。", by, signer=head)  # fmt: skip
            row.state = Promise.State.BROKEN
            return False
        if fate == "changed":
            day = handling.later(due - dt.timedelta(days=25), 0, 5)
            new = handling.workday(due + dt.timedelta(days=chance.choice((90, 150, 200))))
            text = "因管线迁移工程量增加，完成时间需要顺延，已书面报告代表。"
            self._event(row, Event.CHANGE, day, text, by, signer=head, old_due_on=due,
                        new_due_on=new)  # fmt: skip
            row.due_on, row.state = new, Promise.State.CHANGED
            if not handling.past(new):
                return False
        if fate == "late" and (handling.today - due).days < 90:
            return False  # over its day, and nobody has reported
        reported = handling.later(row.due_on - dt.timedelta(days=12), 0, 6)
        if fate == "late":
            reported = handling.later(row.due_on, 15, 40)
        if not handling.past(reported):
            return False
        self._event(row, Event.REPORT, reported, f"{row.content}，已按期完成，现场资料附后。",
                    by, signer=head)  # fmt: skip
        row.state = Promise.State.REPORTED
        checked = handling.later(reported, 5, 15)
        if handling.past(checked):
            self._event(row, Event.VERIFY, checked, "到现场核实，已落实。", handling.story.clerk)
            row.state, row.kept_on = Promise.State.KEPT, checked
        said = handling.later(checked, 2, 12)
        if handling.past(said) and chance.random() < 0.8:
            value = chance.choices(("satisfied", "basically"), (90, 10))[0]
            lead = life.signers[0]
            self._event(row, Event.RECEIPT, said, "承诺兑现，表示感谢。", lead.membership,
                        value=value, deputy=lead)  # fmt: skip
        return row.state == Promise.State.KEPT

    def _event(self, row: Promise, kind: str, on: dt.date, text: str, by, **more) -> None:
        self.handling.add(
            PromiseEvent, promise=row, kind=kind, on=on, text=text, by=by,
            at=clock.moment(on, 11), **more,
        )  # fmt: skip

    def _raise_class(self, life, task, reply: Reply) -> None:
        """B→A: everything promised is kept; unit, deputy and committee agree."""
        handling = self.handling
        solved = life.classes.get("solved")
        rows = [p for p in handling.papers.rows.waiting[Promise] if p.reply_id == reply.pk]
        on = handling.later(max(p.kept_on for p in rows), 3, 8)
        agreed = handling.later(on, 3, 8)
        if solved is None or not handling.past(agreed):
            return
        handling.add(
            ClassChange, assignment=task, from_class=reply.result_class, to_class=solved,
            reason="答复中的承诺事项已全部落实", proposed_by=handling.person(task),
            proposed_at=clock.moment(on, 10), deputy_agreed_at=clock.moment(agreed, 20),
            committee_agreed_at=clock.moment(agreed, 15), committee_by=handling.story.clerk,
        )  # fmt: skip

    # -- Publication ---------------------------------------------------------------------------

    def publish(self, life: "Life") -> None:
        """Within twenty working days after it was closed most texts and replies are public."""
        handling, row = self.handling, life.row
        if row.closed_at is None:
            return
        days = self.chance.randint(4, 12)
        closed = timezone.localdate(row.closed_at)
        on = add_working_days(closed, days, handling.papers.calendar)
        if not handling.past(on):
            return
        part = PublicationDecision.Part
        text = "\n".join([row.situation, *(f"{n}. {r}" for n, r in enumerate(row.requests, 1))])
        self._decide(life, part.TEXT, row.may_publish_text is True, None, text, on)
        waiting = handling.papers.rows.waiting[ReplyPoint]
        for reply in handling.replies[row.pk]:
            points = [p.answer for p in waiting if p.reply_id == reply.pk]
            full = reply.publicity == Reply.Publicity.FULL and row.may_publish_reply is True
            self._decide(life, part.REPLY, full, reply, "\n".join([reply.text, *points]), on)

    def _decide(self, life, part, public: bool, reply: Reply | None, text: str, on) -> None:
        row = life.row
        mode = PublicationDecision.Mode
        at = clock.moment(on, 15)
        self.handling.add(
            PublicationDecision, suggestion=row, part=part, reply=reply,
            mode=mode.FULL if public else mode.NOT, title=mask(row.title) if public else "",
            text=mask(text) if public else "", secrecy_checked=True, privacy_checked=True,
            reason="" if public else "代表不同意公开或者内容不宜公开",
            decided_by=self.handling.story.chief, decided_at=at,
            published_at=at if public else None,
            public_id=secrets.token_urlsafe(12) if public else None,
        )  # fmt: skip
