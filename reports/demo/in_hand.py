"""What is going on these days at the units: late, together, asked for a word, brought together."""

import datetime as dt
from typing import TYPE_CHECKING

from congress.rules import add_working_days
from suggestions import actions as act
from suggestions.models import Assignment, ReturnRequest, Suggestion
from suggestions.rules.texts import fingerprint

from .people import HEADS

if TYPE_CHECKING:
    from .current import Current

Part = Assignment.Role


def late(now: "Current") -> None:
    """Units over their day: one urged, one not yet."""
    for n, age in enumerate((108, 101)):
        unit = "城管局" if n == 0 and now.story.place.key == "gulou" else None
        row = now.go(now.somebody(n), age, "talked", unit=unit)
        if n == 0:
            with now.at(now.ago(5), 9):
                words = "答复期限已过，请在五个工作日内答复代表，并书面说明逾期原因。"
                act.urge(now.task(row), by=now.story.clerk, text=words)


def joint(now: "Current") -> list[Suggestion]:
    """Several units: one opinion is in, another is awaited. Gives the suggestions."""
    made = []
    for age, given in ((30, True), (45, False)):
        how = {"unit": "住建局", "joint": ("规划资源局", "财政局")}
        row = now.go(now.somebody(1), age, "signed", **how)
        made.append(row)
        day = now.ago(age - 20)
        for n, task in enumerate(row.assignments.filter(role=Part.JOINT).order_by("pk")):
            if n and not given:
                continue
            with now.at(day, 9):
                act.sign_for(task, by=now.worker(task))
                act.give_opinion(
                    task, by=now.worker(task), signer=f"{now.chance.choice(HEADS)}副局长",
                    text="同意主办单位意见，涉及我单位职责的事项将按时配合办理。",
                )  # fmt: skip
                if not given:
                    by = now.worker(now.task(row))
                    act.send_opinion_back(task, by=by, reason="请就用地和管线逐条提出意见")
    return made


def asked(now: "Current", made: dict[str, list[Suggestion]]) -> None:
    """Returns and extensions that wait for a word, key supervision proposed, a talk to
    confirm."""
    for n, row in enumerate(made["handed_on"][:2]):
        task, right = now.task(row), now.papers.unit("发改委")
        with now.at(now.ago(1), 10 + n):
            act.ask_return(
                task, by=now.worker(task), reason=ReturnRequest.Reason.NOT_OURS,
                explanation="经核对权责清单，该事项不由本单位主管，建议改由有关单位办理。",
                legal_basis="《机构职能配置、内设机构和人员编制规定》第三条",
                approved_by_head=f"{now.chance.choice(HEADS)}局长", proposed_unit=right,
            )  # fmt: skip
    for row in made["talked"][2:4]:
        task = now.task(row)
        with now.at(now.ago(1), 15):
            act.ask_extension(
                task, by=now.worker(task), reason="difficult",
                to_on=now.papers.handling.workday(task.legal_due_on + dt.timedelta(days=45)),
                progress="已完成现场调查，因涉及管线权属和资金安排，需进一步协调。",
                deputy_told_on=now.today - dt.timedelta(days=2),
            )  # fmt: skip
    committee = now.papers.unit("城建环资工委")
    for row in (made["talked"][0], made["assigned"][2]):
        with now.at(now.ago(4), 16):
            plan = "拟由常委会领导领衔，到现场督办，三个月内向主任会议报告。"
            act.propose_key(row, by=now.story.clerk, plan=plan, committee=committee)
    now.go(now.first, 16, "told")


def terminated(now: "Current") -> None:
    """The matter fell away while it was handled."""
    row = now.go(now.somebody(1), 36, "signed")
    with now.at(now.ago(8), 10):
        words = "建议所涉地块已整体征收，事项不再存在，经与代表沟通终止办理"
        act.terminate(row, by=now.story.clerk, reason=words)


def by_a_street(now: "Current") -> None:
    """A street's own matter: its committee handles it alone, and has talked with the deputy."""
    street = now.story.streets[0]
    lead = next(s.deputy for s in now.seats.values() if s.street_id == street.pk)
    now.go(lead, 33, "talked", direct=street, category="社区治理")


def brought_together(now: "Current", rows: list[Suggestion]) -> None:
    """Units that do not agree: a meeting was held and what it settled is written down; another is
    called for the coming week."""
    held, coming = rows
    office = now.papers.people[now.papers.office.pk]
    day = now.ago(6)
    with now.at(now.ago(9), 10):
        meeting = act.call_coordination(
            held, by=office, tasks=held.assignments.filter(parent__isnull=False), on=day,
            place="区政府第二会议室", issue="道路拓宽所需用地和资金由哪家单位落实，意见不一致。",
        )  # fmt: skip
    with now.at(day, 17):
        act.note_coordination(
            meeting, by=office,
            result="由住建局统一组织实施，规划资源局十个工作日内出具用地意见，资金列入明年预算。",
        )  # fmt: skip
    with now.at(now.ago(1), 14):
        act.call_coordination(
            coming, by=now.story.clerk, tasks=coming.assignments.filter(parent__isnull=False),
            on=add_working_days(now.today, 3, now.papers.calendar), place="人大常委会会议室",
            issue="承办单位对管线迁改的先后次序意见不一致，需要共同确定答复口径。",
        )  # fmt: skip


def unsigned(now: "Current") -> None:
    """Signed together, and while it is handled one of them takes the name back."""
    lead, others = now.people[26], now.people[27:29]

    def sign(row: Suggestion) -> None:
        act.invite(row, by=lead.membership, deputies=others)
        digest = fingerprint(row.title, row.situation, row.requests)
        for other in others:
            act.confirm_signature(row, by=other.membership, text_sha256=digest)

    row = now.go(lead, 28, "signed", then={"draft": sign})
    with now.at(now.ago(3), 20):
        signature = row.signatures.get(deputy=others[1])
        words = "了解到区里已有统一安排，本人不再参加联名。"
        act.withdraw_signature(signature, by=others[1].membership, reason=words)
