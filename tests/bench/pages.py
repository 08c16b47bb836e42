"""Pages: queries, answer times and weights of what people open most, with few and many rows."""

import copy
import datetime as dt
import uuid

from activities.models import Activity, Invitation
from congress.models import Congress, Role
from congress.tenancy import in_congress
from performance.models import DutyItem, DutyRecord
from tests import cast
from tests.activities import stage
from tests.performance import year

from . import years
from .booklet import published
from .harness import Row, at_most, no_more, queries
from .web import Visitor, answer_times, p50_p95, serving, weight

NAME = "Pages: with 30 and 3,000 activities and duty facts, 4 clients at once"
CLIENTS, EACH = 4, 40
FEW, MANY = 30, 3000
DISTRICT = 400  # deputies of a large district
PUBLICATION = f"public: publication of {DISTRICT} deputies"
BUDGET = {"html": 40, "css": 30, "js": 60, "all": 250}  # KB on the wire
HEAVY = ("staff",)  # the budget is for deputies, units and the public, not for the staff's theme


def measure() -> list[Row]:
    congress = cast.make_congress("binhai", "滨海区")
    with in_congress(congress):
        year.period()
        deputy = stage.deputies(1)[0]
        first = stage.published(stage.clerk(congress), [deputy])
    fill(congress, first, deputy, FEW)
    clerk = Visitor(congress, stage.clerk(congress))
    at_phone = Visitor(congress, cast.member(congress, Role.DEPUTY))
    pages = {
        "staff: first screen": (clerk, "/admin/"),
        "staff: list of activities": (clerk, "/admin/activities/activity/"),
        "deputy: home": (at_phone, "/me/"),
        "deputy: activities": (at_phone, "/me/activities/"),
        "public: home": (Visitor(congress), "/"),
        "public: activities": (Visitor(congress), "/activities/"),
    }
    rows = []
    pages[PUBLICATION] = publication(DISTRICT)
    small = publication(FEW)
    with serving() as port:
        least = counted(*small)
        few = {name: counted(*page) for name, page in pages.items()} | {PUBLICATION: least}
        fill(congress, first, deputy, MANY - FEW)
        for name, (visitor, path) in pages.items():
            count = counted(visitor, path)
            goal = f"as many as with {FEW} rows"
            rows.append(no_more(f"{name}: queries", count, few[name], goal))
            p50, p95 = p50_p95(answer_times(port, visitor, path, CLIENTS, EACH))
            rows += [Row(f"{name}: p50", p50, "ms"), Row(f"{name}: p95", p95, "ms")]
            sizes = weight(port, visitor, path)
            for kind, most in BUDGET.items():
                most = None if name.startswith(HEAVY) else most
                rows.append(at_most(f"{name}: {kind}", sizes[kind], "KB", most))
            most = None if name.startswith(HEAVY) else 15
            rows.append(at_most(f"{name}: requests", sizes["requests"], "", most))
    return rows


def publication(deputies: int) -> tuple[Visitor, str]:
    """The public page of a published year of so many deputies, for a stranger."""
    congress, period = years.make(f"p{deputies}", deputies, deputies * 5)
    with in_congress(congress):
        paper = published(congress, period)
    return Visitor(congress), f"/performance/{paper.public_id}/"


def counted(visitor: Visitor, path: str) -> int:
    """Queries of one page, the second time it is opened."""
    assert visitor.client.get(path).status_code == 200, path
    return queries(lambda: visitor.client.get(path))


def fill(congress: Congress, like: Activity, deputy, count: int) -> None:
    """More activities like one, the deputy invited to each, and as many duty facts."""
    with in_congress(congress):
        invited = Invitation.objects.get(activity=like, deputy=deputy)
        plans = []
        for n in range(count):
            plan = copy.copy(like)
            plan.pk, plan.public_id = None, uuid.uuid4()
            plan._state = copy.copy(like._state)
            plan._state.adding = True
            plan.starts_at = like.starts_at + dt.timedelta(hours=n)
            plan.ends_at = like.ends_at + dt.timedelta(hours=n)
            plans.append(plan)
        answers = []
        for plan in Activity.objects.bulk_create(plans):
            answer = copy.copy(invited)
            answer._state = copy.copy(invited._state)
            answer.pk, answer.activity_id, answer._state.adding = None, plan.pk, True
            answers.append(answer)
        Invitation.objects.bulk_create(answers)
        # As actions.record_duty writes them, all at once.
        item = DutyItem.objects.get(code="E02")
        DutyRecord.objects.bulk_create(
            DutyRecord(
                deputy=deputy,
                item=item,
                on=dt.date(year.YEAR, 1 + n % 12, 1 + n % 28),
                quantity=1,
                title=item.name,
                source_kind="bench",
                source_id=uuid.uuid4().hex,
            )
            for n in range(count)
        )
