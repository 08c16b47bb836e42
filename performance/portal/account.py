"""My points and days, each line with its rule and the facts behind it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress.access import only
from congress.models import Role
from deputies import access as registry

from .. import access, queries
from ..models import DutyItem, DutyRecord, Objection, Period, SelfReport
from ..queries import mine
from ..queries.accounts import details_of
from ..queries.records import rules_of, source_of
from ..rules import Faulty, describe
from .objections import TONES as OBJECTION_TONES

EACH_PAGE = 30


def chosen(request: HttpRequest, periods: list[Period]) -> Period | None:
    """The period asked for, else the one that is on."""
    asked = request.GET.get("period", "")
    found = next((p for p in periods if str(p.pk) == asked), None)
    return found or mine.current_of(periods, timezone.localdate())


@only(Role.DEPUTY)
def performance(request: HttpRequest) -> HttpResponse:
    """我的履职: points and days of a period, and how each point came about."""
    deputy = registry.own(request.member)
    periods = list(mine.periods_of(deputy))
    period = chosen(request, periods)
    result = mine.result_of(deputy, period) if period else None
    states = SelfReport.State
    reports = mine.own_reports(deputy)
    objections = mine.own_objections(deputy).filter(state=Objection.State.OPEN)
    context = {
        "deputy": deputy,
        "periods": periods,
        "period": period,
        "result": result,
        "aspects": mine.aspects_of(result.total) if result else [],
        "facts": access.records_visible_to(request.member).filter(withdrawn_at=None).count(),
        "closed": mine.objection_closed(period, timezone.localdate()),
        "waiting": reports.filter(state__in=[states.SUBMITTED, states.REVIEWED]).count(),
        "to_mend": list(reports.filter(state__in=[states.DRAFT, states.RETURNED])[:5]),
        "open_objections": objections.count(),
    }
    return render(request, "performance/portal/account.html", context)


@only(Role.DEPUTY)
def line(request: HttpRequest, period: int, key: str) -> HttpResponse:
    """One line: the rule in words, how it was counted, the facts behind it."""
    deputy = registry.own(request.member)
    row = access.find(mine.periods_of(deputy), period)
    total, _ = queries.counted(deputy, row)
    try:
        root = queries.rule_tree(total.tally.version if total and total.tally_id else row.version)
    except Faulty:
        raise Http404 from None
    rule = next((r for r in root.walk() if r.key == key and r is not root), None)
    if rule is None:
        raise Http404
    views = {v.rule.key: v for v in queries.lines_of(total, root, zeros=True)} if total else {}
    within = access.records_visible_to(request.member).filter(
        deputy=deputy, on__range=(row.starts_on, row.ends_on)
    )
    facts = queries.facts_behind(rule, within) if rule.is_leaf else within.none()
    page = Paginator(facts.order_by("-on", "-pk"), EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "period": row,
        "rule": rule,
        "said": describe(rule, dict(DutyItem.objects.values_list("code", "name"))),
        "view": views.get(key),
        "parts": [v for v in views.values() if v.rule in rule.children and v.points],
        "page": page,
        "lines": [(fact, details_of(fact)) for fact in page],
        "closed": mine.objection_closed(row, timezone.localdate()),
    }
    return render(request, "performance/portal/line.html", context)


@only(Role.DEPUTY)
def records(request: HttpRequest) -> HttpResponse:
    """我的履职记录: every fact, the latest in front, by year and duty."""
    rows = access.records_visible_to(request.member)
    years = [d.year for d in rows.order_by().dates("on", "year", order="DESC")]
    items = DutyItem.objects.filter(pk__in=rows.order_by().values("item"))
    year, item = request.GET.get("year", ""), request.GET.get("item", "")
    if year.isdecimal() and int(year) in years:
        rows = rows.filter(on__year=int(year))
    if item.isdecimal() and any(str(i.pk) == item for i in items):
        rows = rows.filter(item=int(item))
    page = Paginator(rows.order_by("-on", "-pk"), EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, details_of(row)) for row in page],
        "years": years,
        "items": items,
        "year": year,
        "item": item,
    }
    return render(request, "performance/portal/records.html", context)


@only(Role.DEPUTY)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact: what, from where, by which rules it counts, what was objected."""
    row = access.find(access.records_visible_to(request.member), pk)
    period = mine.period_of(row.deputy, row.on)
    objections = list(mine.own_objections(row.deputy).filter(record=row))
    is_open = any(o.state == Objection.State.OPEN for o in objections)
    context = {
        "record": row,
        "details": details_of(row),
        "source": source_of(row),
        "period": period,
        "rules": counting(row, period),
        "objections": [(o, OBJECTION_TONES[o.state]) for o in objections],
        "closed": mine.objection_closed(period, timezone.localdate()),
        "may_object": row.withdrawn_at is None and not is_open,
    }
    return render(request, "performance/portal/record.html", context)


def counting(row: DutyRecord, period: Period | None) -> list[tuple[str, str, bool]]:
    """The rules for a fact's duty: name, how they count, whether they take this fact."""
    if period is None:
        return []
    try:
        root = queries.rule_tree(period.version)
    except Faulty:
        return []
    names = {row.item.code: row.item.name}
    return [
        (rule.name, describe(rule, names), rule.counts(row))
        for rule in rules_of(root, row.item.code)
    ]


urlpatterns = [
    path("performance/", performance, name="portal_performance"),
    path("performance/<int:period>/lines/<str:key>/", line, name="portal_line"),
    path("performance/records/", records, name="portal_records"),
    path("performance/records/<int:pk>/", record, name="portal_record"),
]
