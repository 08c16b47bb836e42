"""A stage for suggestions: rules in force, a sitting, deputies with logins, units with people, and
short ways to every state."""

import datetime as dt
import itertools

import time_machine

from congress.models import Membership, Role, Sitting, Term, Unit, User
from deputies.models import Deputy
from performance import actions as performance
from suggestions import actions, queries
from suggestions.models import Assignment, Category, Feedback, ResultClass, RuleSet, Suggestion
from suggestions.rules.texts import CHECKS, fingerprint
from tests import cast
from tests.activities.stage import deputies as seated

SITTING = dt.date(2026, 1, 13)  # a day of the sitting
ASSIGNED = dt.date(2026, 2, 2)  # the 交办会
SITUATION = "湖滨社区共有六层以上老旧住宅四十二栋，居民中六十岁以上老人占三成，上下楼十分不便。"
REQUESTS = ["统筹安排加装电梯的资金和计划", "简化加装电梯的审批手续"]
titles = itertools.count(1)


def on(day: dt.date, hour: int = 10):
    """The clock stands on that day."""
    return time_machine.travel(
        dt.datetime.combine(day, dt.time(hour - 8), tzinfo=dt.UTC), tick=False
    )


def rules(template: str = "plain", **values) -> RuleSet:
    """A rule set of a template in force since 2022."""
    row = actions.make_rule_set(by=None, template=template)
    clerk = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk").first()
    if values:
        row = actions.edit_rule_set(row, by=clerk, **values)
    return actions.publish_rule_set(
        row, by=clerk, in_force_from=dt.date(2022, 1, 1), basis_document="常发〔2022〕5号"
    )


def ready(template: str = "plain", **values) -> RuleSet:
    """All that must be there before a suggestion can be raised."""
    actions.ship_categories()
    performance.ship_items()
    Sitting.objects.create(
        term=Term.objects.get(), number=5, name="第五次会议",
        opens_on=dt.date(2026, 1, 12), closes_on=dt.date(2026, 1, 16),
    )  # fmt: skip
    values = {"pre_review_steps": []} | values
    return rules(template, **values)


def people(count: int = 4) -> list[Deputy]:
    """Deputies with logins, the first is the cast's 代表甲."""
    rows = Deputy.objects.filter(pk__in=[d.pk for d in seated(count)])
    return list(rows.select_related("membership__user", "membership__congress").order_by("pk"))


def unit(short: str, kind: str = Unit.Kind.HANDLING_UNIT, role: str = Role.HANDLING_UNIT):
    """A handling unit with one person; gives the unit and the person."""
    row = Unit.objects.create(name=f"滨海区{short}", short_name=short, kind=kind, position=90)
    user = User.objects.create_user(f"{row.congress.key}-u{row.pk}", must_change_password=False)
    who = Membership.objects.create(user=user, role=role, name=f"{short}经办", unit=row)
    return row, who


def clerk(congress) -> Membership:
    return cast.member(congress, Role.DEPUTY_AFFAIRS)


def draft(lead: Deputy, **more) -> Suggestion:
    values = {
        "title": f"关于加装老旧小区电梯的建议之{next(titles)}",
        "situation": SITUATION,
        "requests": REQUESTS,
    } | more
    with on(SITTING):
        return actions.start_draft(by=lead.membership, lead=lead, **values)


def hash_of(row: Suggestion) -> str:
    return fingerprint(row.title, row.situation, row.requests)


def submitted(lead: Deputy, cosigners=(), **more) -> Suggestion:
    row = draft(lead, **more)
    with on(SITTING, 11):
        if cosigners:
            row = actions.invite(row, by=lead.membership, deputies=cosigners)
            for deputy in cosigners:
                actions.confirm_signature(row, by=deputy.membership, text_sha256=hash_of(row))
        return actions.submit(row, by=lead.membership)


def registered(congress, lead: Deputy, cosigners=(), category: str = "物业管理", **more):
    row = submitted(lead, cosigners, **more)
    with on(SITTING, 14):
        return actions.register(
            row, by=clerk(congress), category=Category.objects.get(name=category),
            checks=dict.fromkeys(CHECKS, True),
        )  # fmt: skip


def assigned(congress, lead: Deputy, plans, cosigners=(), day: dt.date = ASSIGNED, **more):
    """Handed over at the 交办会. `plans`: (unit, role) pairs."""
    row = registered(congress, lead, cosigners, **more)
    with on(day):
        return actions.assign(
            row, by=clerk(congress), plans=[actions.Plan(u, role) for u, role in plans]
        )


def task_of(row: Suggestion, unit: Unit) -> Assignment:
    return row.assignments.exclude(state__in=["returned", "cancelled"]).get(unit=unit)


def klass(mark: str) -> ResultClass:
    return ResultClass.objects.get(mark=mark)


def talked(task: Assignment, who: Membership, day: dt.date):
    """A talk face to face that the lead confirmed."""
    with on(day):
        contact = actions.record_contact(
            task, by=who, phase="during", mode="face", on=day, who="住建局副局长程某",
            opinions="代表同意分两批实施。",
        )  # fmt: skip
        lead = task.suggestion.lead.membership
        actions.confirm_contact(contact, by=lead, confirmed=True)
    return contact


def drafted(task: Assignment, who: Membership, day: dt.date, mark: str = "A", **more):
    values = {
        "text": "收悉您提出的建议后，我们到现场作了调查，现将办理情况答复如下。",
        "result_class": klass(mark),
        "points": {1: "已列入今年计划。", 2: "已将审批环节减为三个。"},
        "publicity": "full",
    } | more
    with on(day):
        return actions.draft_reply(task, by=who, **values)


def answered(task: Assignment, who: Membership, day: dt.date, mark: str = "A", **more):
    """Signed for, talked, drafted, signed off, checked by 代工委 where asked, and served on one
    day."""
    with on(day):
        task = Assignment.objects.get(pk=task.pk)
        if task.state == Assignment.State.TO_SIGN:
            actions.sign_for(task, by=who)
    talked(task, who, day)
    drafted(task, who, day, mark, **more)
    with on(day, 15):
        reply = actions.sign_off(task, by=who, signer="局长程某")
        if queries.is_checked_first(reply):
            task = actions.send_to_check(task, by=who).assignment
            actions.check_reply(task, by=clerk(who.congress), passes=True)
        to = actions.answered_deputies(Assignment.objects.get(pk=task.pk))
        actions.serve(task, by=who, served={d: ("face", day) for d in to})
    return Suggestion.objects.get(pk=task.suggestion_id)


def judged(row: Suggestion, day: dt.date, value: str = "satisfied", deputies=()) -> Suggestion:
    """Every expected judgement of the round is given, all alike."""
    rows = Feedback.objects.filter(suggestion=row, state="expected", superseded_at=None)
    if deputies:
        rows = rows.filter(deputy__in=deputies)
    with on(day):
        for feedback in rows.order_by("pk"):
            actions.give_feedback(
                feedback, by=feedback.deputy.membership,
                ratings=dict.fromkeys(row.rule_set.dimensions, value),
                opinion="资金没有落实，仍未开工。" if value == "unsatisfied" else "",
            )  # fmt: skip
    return Suggestion.objects.get(pk=row.pk)
