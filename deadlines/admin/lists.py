"""时限: all that is open, the most pressing first; one with its working and its ladder."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import site
from congress.xlsx import Sheet, attachment

from .. import access, queries
from ..forms import DeadlineFilter, words_for
from ..models import Deadline
from ..rules import RUNG_WORDS, RUNGS, Light

EACH_PAGE = 30
MOST_ROWS = 20_000


@site.page("deadlines/", "deadlines_list", access.READERS)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Open time limits by light, unit and words; exported as they stand here."""
    today = timezone.localdate()
    form = DeadlineFilter(request.GET or None)
    rows = access.visible_to(request.member).filter(done_at=None, cancelled_at=None)
    rows = rows.exclude(lapses=True, due_on__lt=today)
    asked = form.asked()
    if asked.get("q"):
        q = asked["q"]
        rows = rows.filter(
            Q(what__icontains=q)
            | Q(member__name__icontains=q)
            | Q(to_unit__name__icontains=q)
            | Q(to_unit__short_name__icontains=q)
        )
    if asked.get("unit"):
        rows = rows.filter(Q(to_unit=asked["unit"]) | Q(member__unit=asked["unit"]))
    tabs = _tabs(request, rows, today)
    if asked.get("light") in Light.values:
        rows = queries.with_light(rows, asked["light"], today)
    if request.GET.get("export"):
        audit.record(request.member, "deadlines.export", note="未办结的时限")
        return attachment("时限.xlsx", [_sheet(rows, today)])
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["export"] = "1"
    context = {
        "title": "时限",
        "note": "未办结的全部时限，最急的在前。点事项看起算日、推算过程和逐级提醒。",
        "tabs": tabs,
        "filter_form": form,
        "page": page,
        "is_filtered": bool(request.GET),
        "actions": [{"label": "导出", "url": "?" + query.urlencode()}] if page.object_list else [],
    }
    return site.render(request, "deadlines/staff/list.html", context)


def _tabs(request: HttpRequest, rows, today) -> list[dict]:
    counts = {light: queries.with_light(rows, light, today).count() for light in Light}
    tabs = [{"label": "全部", "value": "", "count": sum(counts.values())}]
    tabs += [{"label": x.label, "value": x.value, "count": counts[x]} for x in reversed(Light)]
    for tab in tabs:
        query = request.GET.copy()
        for name in ("page", "light"):
            query.pop(name, None)
        if tab["value"]:
            query["light"] = tab["value"]
        tab["url"] = "?" + query.urlencode()
        tab["here"] = tab["value"] == request.GET.get("light", "")
    return tabs


def _sheet(rows, today) -> Sheet:
    head = [
        "截止日期",
        "剩余天数",
        "状态",
        "事项",
        "办理",
        "起算日",
        "依据",
        "最近提醒",
        "推算过程",
    ]
    return Sheet(
        "时限",
        head,
        (
            [
                row.due_on, (row.due_on - today).days, row.light_on(today).label, row.what,
                row.whose, row.start_on, row.law, row.reminded_on, "".join(row.working),
            ]
            for row in rows[:MOST_ROWS].iterator(chunk_size=1000)
        ),
        note=f"截至{today:%Y年%-m月%-d日}",
        landscape=True,
    )  # fmt: skip


@site.page("deadlines/<int:pk>/", "deadlines_deadline", access.READERS)
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """One time limit: its working, and who is told from when."""
    row = access.find(request.member, pk)
    context = {
        "title": row.what,
        "back": [("时限", reverse("admin:deadlines_list"))],
        "deadline": row,
        "opens": row.link if row.link.startswith("/admin/") else "",
        "is_next_past": row.next_on is not None and row.next_on <= timezone.localdate(),
        "rungs": _rungs(row) if row.to_unit_id and row.is_open else [],
    }
    return site.render(request, "deadlines/staff/deadline.html", context)


def _rungs(row: Deadline) -> list[dict]:
    plan = queries.reminder_plan()
    people = queries.people_by_rung([row.to_unit], timezone.localdate())[row.to_unit_id]
    found = []
    for rung in RUNGS:
        start = plan.rung_from(rung)
        if rung == RUNGS[0]:
            start = -max(plan.before)
        words = "不提醒" if start is None else words_for(start)
        names = "、".join(m.name for m in people.get(rung, []))
        found.append({"label": RUNG_WORDS[rung], "from": words, "people": names})
    return found
