"""My points and days, each line with its rule and the facts behind it."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from congress.access import only
from congress.models import Role
from deputies import access as registry

from .. import access, queries
from ..models import Aspect, Objection, Period
from ..rules import describe


def periods_of(request: HttpRequest) -> list[Period]:
    """The periods a deputy may look at, the newest first; one at the deputy's level."""
    rows = access.periods_visible_to(request.member)
    return list(rows.order_by("-starts_on", "-ends_on", "-pk"))


def chosen(request: HttpRequest, periods: list[Period]) -> Period | None:
    """The period asked for, else the newest."""
    asked = request.GET.get("period", "")
    if asked.isdigit():
        return next((p for p in periods if p.pk == int(asked)), None)
    return periods[0] if periods else None


@only(Role.DEPUTY)
def performance(request: HttpRequest) -> HttpResponse:
    """我的履职: the total, the aspects, every line that gave points."""
    deputy = registry.own(request.member)
    periods = periods_of(request)
    period = chosen(request, periods)
    context = {"deputy": deputy, "periods": periods, "period": period}
    if period is not None:
        total, is_reckoned = queries.counted(deputy, period)
        root = queries.rule_tree(period.version)
        lines = queries.lines_of(total, root) if total else []
        words = dict(Aspect.choices)
        context |= {
            "total": total,
            "is_reckoned": is_reckoned,
            "tally": queries.latest_tally(period),
            "aspects": [
                (words.get(key, key), Decimal(points))
                for key, points in (total.aspects if total else {}).items()
            ],
            "lines": [(x, f"level-{min(x.depth, 2)}") for x in lines],
            "open_objections": access.objections_visible_to(request.member)
            .filter(period=period, state=Objection.State.OPEN)
            .count(),
            "may_object": period.state == Period.State.OPEN
            and not (period.objections_until and timezone.localdate() > period.objections_until),
        }
    return render(request, "performance/portal/account.html", context)


@only(Role.DEPUTY)
def line(request: HttpRequest, period: int, key: str) -> HttpResponse:
    """One line: the rule in words, how it was counted, the facts behind it."""
    deputy = registry.own(request.member)
    row = get_object_or_404(access.periods_visible_to(request.member), pk=period)
    root = queries.rule_tree(row.version)
    rule = next((r for r in root.walk() if r.key == key and r is not root), None)
    if rule is None:
        raise Http404
    total, is_reckoned = queries.counted(deputy, row)
    views = {v.rule.key: v for v in queries.lines_of(total, root, zeros=True)} if total else {}
    within = access.records_visible_to(request.member).filter(
        on__range=(row.starts_on, row.ends_on)
    )
    facts = queries.facts_behind(rule, within) if rule.is_leaf else within.none()
    page = Paginator(facts.order_by("-on", "-pk"), 30).get_page(request.GET.get("page"))
    context = {
        "period": row,
        "rule": rule,
        "said": describe(rule),
        "view": views.get(key),
        "parts": [v for v in views.values() if v.rule in rule.children and v.points],
        "page": page,
        "is_reckoned": is_reckoned,
        "may_object": row.state == Period.State.OPEN,
    }
    return render(request, "performance/portal/line.html", context)


@only(Role.DEPUTY)
def records(request: HttpRequest) -> HttpResponse:
    """我的履职记录, the latest first."""
    rows = access.records_visible_to(request.member).filter(withdrawn_at=None)
    year = request.GET.get("year", "")
    years = sorted({d.year for d in rows.order_by().dates("on", "year")}, reverse=True)
    if year.isdigit():
        rows = rows.filter(on__year=int(year))
    page = Paginator(rows.order_by("-on", "-pk"), 30).get_page(request.GET.get("page"))
    context = {"page": page, "years": years, "year": year}
    return render(request, "performance/portal/records.html", context)


@only(Role.DEPUTY)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact: from where it comes, its evidence, what is said against it."""
    row = access.find(access.records_visible_to(request.member), pk)
    context = {
        "record": row,
        "source": SOURCES.get(row.source_kind.split(".")[0], "工作机构登记"),
        "objections": access.objections_visible_to(request.member).filter(record=row),
        "period": Period.objects.filter(
            starts_on__lte=row.on, ends_on__gte=row.on, state=Period.State.OPEN
        ).first(),
        "outcome": row.get_outcome_display(),
    }
    return render(request, "performance/portal/record.html", context)


SOURCES = {
    "activities": "活动办结时记入",
    "performance": "由申报审核后记入",
    "suggestions": "由代表建议记入",
}


urlpatterns = [
    path("performance/", performance, name="portal_performance"),
    path("performance/<int:period>/lines/<str:key>/", line, name="portal_line"),
    path("performance/records/", records, name="portal_records"),
    path("performance/records/<int:pk>/", record, name="portal_record"),
]
