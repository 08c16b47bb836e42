"""What is going on these days before the units: asked to sign, looked at, sent back, sent on."""

import datetime as dt
from typing import TYPE_CHECKING

from congress.files import store
from congress.pdf import from_html
from deputies.models import Deputy
from suggestions import actions as act
from suggestions.access import FILE_PURPOSE
from suggestions.actions import Plan
from suggestions.models import Assignment, PreReviewer, Review, Suggestion
from suggestions.rules.texts import CHECKS, fingerprint

from . import clock

if TYPE_CHECKING:
    from .current import Current

Part = Assignment.Role


def before_handing_over(now: "Current", made: dict[str, list[Suggestion]]) -> None:
    """Asked to sign, sent back, withdrawn, alike ones merged, a delegation's."""
    for lead, others in (
        (now.people[7], [now.first, *now.people[8:11]]),
        (now.first, now.people[4:7]),
    ):
        row = now.go(lead, 3, "draft")
        with now.at(now.ago(2), 20):
            act.invite(row, by=lead.membership, deputies=others)
            digest = fingerprint(row.title, row.situation, row.requests)
            act.confirm_signature(row, by=others[-1].membership, text_sha256=digest)
    for n, lead in enumerate((now.first, now.people[15])):
        row = now.go(lead, 6, "passed")
        with now.at(now.ago(3), 15):
            words = ("请写明涉及的具体路段和户数，便于承办单位核实。",
                     "反映了两件互不相关的事，请分开提出，一事一议。")[n]  # fmt: skip
            act.send_back(row, by=now.story.clerk, opinion=words)
    row = now.go(now.people[21], 12, "registered")
    with now.at(now.ago(6), 15):
        act.withdraw(row, by=row.lead.membership, reason="经街道协调，问题已经解决")
    with now.at(now.ago(1), 11):
        main, *others = made["assigned"][:2]
        words = "反映同类问题，合并办理、分别答复"
        act.merge(main, others, by=now.story.clerk, reason=words)
    of_delegation(now)


def of_delegation(now: "Current") -> None:
    """A delegation's own suggestion, written down by one of its deputies."""
    lead, start = now.people[30], now.today - dt.timedelta(days=20)
    seat, paper = now.seats[lead.pk], now.paper("各街道", "教育局")
    with clock.at(start, 9):
        row = act.start_draft(
            by=lead.membership, lead=None, delegation=seat.delegation, title=paper.title,
            situation=paper.situation, requests=paper.requests,
        )  # fmt: skip
        row = act.submit(row, by=lead.membership)
    now.take(row, ("passed", "registered", "assigned", "handed_on"), lead, paper, start, {})


def consulted(now: "Current") -> None:
    """Units asked before 交办 whether the matter is theirs."""
    for age in (3, 5):
        row = now.go(now.somebody(), age, "registered")
        unit = now.papers.unit("住建局")
        with now.at(now.ago(1), 15):
            proposal = act.Proposal(Plan(unit, Part.SOLE))
            act.propose_units(row, by=now.story.clerk, proposals=[proposal])
            act.consult(row, by=now.story.clerk)
    row = now.go(now.somebody(), 39, "signed_off")
    with now.at(now.ago(1), 9):
        act.send_to_check(now.task(row), by=now.worker(now.task(row)))


def sent_on(now: "Current") -> None:
    """A paper that was a petition: explained to its deputy, then sent to where petitions go."""
    row = now.go(now.people[24], 9, "passed")
    with now.at(now.ago(4), 15):
        act.refuse(
            row, by=now.story.clerk, ground="petition", deputy_told_on=now.ago(4),
            explanation="所附材料是居民对邻里房屋产权的申诉，属信访材料；已向代表当面说明，转信访部门办理。",
            outcome=Review.Outcome.PETITION, sent_to=f"{now.story.place.name}信访局",
        )  # fmt: skip


def from_above(now: "Current") -> None:
    """Two papers of the city's congress: one handed over and signed for, one just entered."""
    sender = "市人大常委会代表工作委员会"
    for n, (age, steps) in enumerate(((16, ("assigned", "handed_on", "signed")), (2, ()))):
        paper, start = now.paper("各街道", "住建局"), now.ago(age)
        number = f"{start.year}年第{217 + 86 * n}号"
        with now.at(start, 9):
            letter = store(
                "来文.pdf",
                from_html(f"<html lang=zh><h1>转办代表建议的函</h1><p>{number}：{paper.title}</p>"),
                purpose=FILE_PURPOSE, content_type="application/pdf", by=now.story.clerk,
            )  # fmt: skip
            row = act.receive(
                by=now.story.clerk, letter=letter, sender=sender, number=number,
                sent_on=start - dt.timedelta(days=4), received_on=start,
                reply_by=start + dt.timedelta(days=60), proposer=("市人大代表叶若谷",
                "市人大代表沈知行等5人")[n], title=paper.title, situation=paper.situation,
                requests=paper.requests, category=now.papers.categories[paper.matter.category],
            )  # fmt: skip
        now.take(row, steps, None, paper, start, {})


def heads(now: "Current") -> dict[int, Deputy]:
    """The heads of the delegations are named for the second step of pre-review: of each the first
    of its deputies. Gives them by delegation."""
    found: dict[int, Deputy] = {}
    for seat in now.seats.values():
        found.setdefault(seat.delegation_id, seat.deputy)
    named = {seat.delegation_id: seat.delegation for seat in now.seats.values()}
    with now.at(now.ago(120), 10):
        for pk, head in found.items():
            act.name_reviewer(
                by=now.story.clerk, step=PreReviewer.Step.DELEGATION, member=head.membership,
                delegation=named[pk],
            )  # fmt: skip
    return found


def before_a_head(now: "Current", named: dict[int, Deputy]) -> None:
    """The street has passed it; the head of the delegation has it on the phone."""
    seat = next(s for s in now.seats.values() if named[s.delegation_id].pk != s.deputy_id)
    row = now.go(seat.deputy, 3, "submitted")
    with now.at(now.ago(1), 10):
        by = now.story.of_street.get(row.street_id) or now.story.clerk
        act.pass_on(row, by=by, checks=dict.fromkeys(CHECKS, True))
