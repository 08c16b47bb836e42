"""督办: the wall of what is under way, by light, by what it is stuck at, by unit; 催办."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import site
from congress.holidays import work_calendar
from congress.models import Role
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports, queries
from ..forms.wall import UrgeForm, WallFilter
from ..models import Assignment
from ..queries import wall as board
from .worklists import EACH_PAGE, picked, with_query

READERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET, Role.CHAIR)
FIGURES = {board.LATE: "late", board.SOON: "warn", board.FINE: ""}
URGERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET)


def wall_link() -> tuple[str, str]:
    return "督办", reverse("admin:suggestions_wall")


def _every(request: HttpRequest) -> QuerySet[Assignment]:
    rows = access.followed_tasks(request.member)
    return board.wall(rows, timezone.localdate(), work_calendar())


def _narrowed(request: HttpRequest) -> tuple[WallFilter, QuerySet[Assignment]]:
    form = WallFilter(request.GET or None)
    asked = form.asked()
    rows = board.narrowed(_every(request), asked)
    if asked.get("checking"):
        rows = rows.filter(pk__in=access.tasks_to_check(request.member).values("pk"))
    if asked.get("q"):
        seen = access.visible_to(request.member)
        found, _ = queries.search_suggestions(seen, asked["q"])
        rows = rows.filter(suggestion__in=found.order_by().values("pk"))
    return form, rows


@site.page("suggestions/wall/", "suggestions_wall", READERS)
def wall(request: HttpRequest) -> HttpResponse:
    """What is under way, the most pressing in front; every figure leads to its rows."""
    form, rows = _narrowed(request)
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="督办")
        return attachment("代表建议督办.xlsx", exports.wall_list(rows, timezone.localdate()))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    found = board.counts(_every(request))
    may_urge = request.member.role in URGERS
    context = {
        "title": "督办",
        "note": "正在办理的每一项任务：还有几天、卡在哪里。点数字看对应的任务。",
        "filter_form": form,
        "page": page,
        "lines": [(t, board.LIGHTS.get(t.light, ""), board.TONES.get(t.light, "off"),
                   board.points_of(t)) for t in page],
        "lights": [(label, found[key], f"?light={key}", FIGURES[key])
                   for key, label in board.LIGHTS.items()],
        "points": [(label, found[key], f"?point={key}") for key, label in board.POINTS.items()],
        "all": found["all"],
        "actions": _links(request, bool(page)),
        "may_urge": may_urge,
        "is_filtered": any(request.GET.get(n) for n in form.fields),
        "ticked": "ticked" in request.GET,
        "tick_url": with_query(request, ticked="1"),
    }  # fmt: skip
    return site.render(request, "suggestions/admin/wall.html", context)


def _links(request: HttpRequest, with_export: bool) -> list[dict]:
    links = [
        {"label": "重点督办", "url": reverse("admin:suggestions_keys")},
        {"label": "按单位", "url": reverse("admin:suggestions_wall_units")},
        {"label": "催办记录", "url": reverse("admin:suggestions_urges")},
    ]
    if with_export:
        links.append({"label": "导出", "url": with_query(request, export="1")})
    return links


@site.page("suggestions/wall/units/", "suggestions_wall_units", READERS)
def units(request: HttpRequest) -> HttpResponse:
    """The wall unit by unit; every figure leads to its rows."""
    rows = board.by_unit(_every(request))
    columns = [("light", key, label) for key, label in board.LIGHTS.items()]
    columns += [("point", key, label) for key, label in board.POINTS.items()]
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="督办（按单位）")
        return attachment("代表建议督办（按单位）.xlsx", exports.wall_units(rows, columns))
    home = reverse("admin:suggestions_wall")
    lines = []
    for row in rows:
        whole = f"{home}?unit={row['unit_id']}"
        cells = [(label, row[key], f"{whole}&{name}={key}") for name, key, label in columns]
        lines.append((row["unit__name"], row["all"], whole, cells))
    context = {
        "title": "按单位督办",
        "note": "逾期多的单位在前。",
        "back": [wall_link()],
        "columns": [label for *_, label in columns],
        "lines": lines,
        "actions": [{"label": "导出", "url": "?export=1"}] if lines else [],
    }
    return site.render(request, "suggestions/admin/wall_units.html", context)


@site.page("suggestions/wall/urge/", "suggestions_urge", URGERS)
@require_POST
@once
def urge(request: HttpRequest) -> HttpResponse:
    """催办 several tasks at once: one message each, one letter for each unit."""
    rows = picked(request, _every(request))
    form = UrgeForm(request.POST if "send" in request.POST else None)
    if form.is_valid():
        done, left = actions.urge_several(rows, by=request.member, **form.cleaned_data)
        if done:
            messages.success(request, f"已催办 {len(done)} 项任务")
        for words in left:
            messages.warning(request, words)
        return redirect("admin:suggestions_urges")
    context = {
        "title": "催办",
        "back": [wall_link()],
        "rows": rows,
        "form": form,
        "unit_count": len({t.unit_id for t in rows}),
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/urge.html", context, status)


@site.page("suggestions/wall/urges/", "suggestions_urges", READERS)
def urges(request: HttpRequest) -> HttpResponse:
    """催办 that were sent, the latest in front, with their letters."""
    rows = board.urges_of(access.followed_tasks(request.member))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    context = {"title": "催办记录", "back": [wall_link()], "page": page}
    return site.render(request, "suggestions/admin/urges.html", context)
