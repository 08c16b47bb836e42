"""Results of a tally: the list, one deputy's account, the difference between two runs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from congress import audit
from congress.admin import site
from congress.charts import Bar, bars
from congress.words import cn_datetime
from congress.xlsx import attachment

from .. import access, exports
from ..forms.tallies import ResultFilter
from ..models import Tally
from ..queries import account, difference, figures_of, narrowed, rule_tree
from ..queries.results import aspects_of, in_aspects
from .dossiers import dossier_link
from .periods import READERS, spread, way_back

EACH_PAGE = 50


def found(request: HttpRequest, pk: int) -> Tally:
    """A tally this member may see, otherwise 404."""
    return access.find(access.tallies_visible_to(request.member), pk)


def tally_link(tally: Tally) -> tuple[str, str]:
    return f"第{tally.number}次汇总", reverse("admin:performance_tally", args=[tally.pk])


@site.page("performance/tallies/<int:pk>/", "performance_tally", READERS)
def results_page(request: HttpRequest, pk: int) -> HttpResponse:
    """每位代表的积分: figures, then the list as it is filtered."""
    tally = found(request, pk)
    mine = access.totals_visible_to(request.member).filter(tally=tally)
    figures = figures_of(tally, mine)
    form = ResultFilter(request.GET or None, grades=[band.name for band, _ in figures.grades])
    asked = form.asked() if form.is_bound else {}
    rows = narrowed(mine, asked)
    aspects = aspects_of(tally)
    if request.GET.get("export"):
        audit.record(request.member, "performance.export", tally, note="汇总结果")
        sheets = exports.tally_sheets(tally, rows, aspects, rule_tree(tally.version))
        return attachment(f"{tally}.xlsx", sheets)
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["export"] = "1"
    other = (
        access.tallies_visible_to(request.member)
        .filter(period=tally.period, number__lt=tally.number)
        .order_by("-number")
        .first()
    )
    links = []
    if other:
        address = reverse("admin:performance_difference", args=[pk])
        links.append({"label": f"与第{other.number}次汇总比较", "url": address})
    if page.paginator.count:
        links.append({"label": "导出", "url": "?" + query.urlencode()})
    context = {
        "title": f"{tally.period.name}积分",
        "note": f"第{tally.number}次汇总，{cn_datetime(tally.finished_at)}，"
        f"{tally.by.name if tally.by else '系统'}，按《{tally.version.book.name}》"
        f"第{tally.version.number}版，{tally.facts}条履职记录",
        "back": way_back(tally.period),
        "tally": tally,
        "figures": figures,
        "filter_form": form,
        "is_filtered": any(asked.get(k) not in (None, "") for k in asked if k != "order"),
        "page": page,
        "aspects": aspects,
        "lines": [(row, in_aspects(row, aspects)) for row in page],
        "chart": spread(tally, figures),
        "delegations": _by_delegation(tally, figures),
        "actions": links,
        "decimals": tally.version.decimals,
    }
    return site.render(request, "performance/admin/results.html", context)


def _by_delegation(tally: Tally, figures) -> str:
    if len(figures.delegations) < 2:
        return ""
    here = reverse("admin:performance_tally", args=[tally.pk])
    rows = [
        Bar(d["name"], round(d["mean"], 1), f"{here}?delegation={d['pk']}" if d["pk"] else "")
        for d in figures.delegations
    ]
    return bars("各代表团平均分", rows, "分")


@site.page("performance/tallies/<int:pk>/<int:deputy>/", "performance_total", READERS)
def account_page(request: HttpRequest, pk: int, deputy: int) -> HttpResponse:
    """One deputy: every line with its rule, its facts and their evidence."""
    tally = found(request, pk)
    mine = access.totals_visible_to(request.member).filter(tally=tally)
    row = mine.filter(deputy=deputy).select_related("mandate__constituency", "deputy").first()
    if row is None:
        row = access.find(mine, 0)
    row.tally = tally
    runs = (
        access.totals_visible_to(request.member)
        .filter(deputy=deputy, tally__period=tally.period, tally__finished_at__isnull=False)
        .order_by("tally__number")
    )
    aspects = aspects_of(tally)
    order = list(narrowed(mine, {}).values_list("deputy_id", flat=True))
    here = order.index(deputy)
    context = {
        "title": row.deputy.name,
        "note": f"{tally.period.name}，第{tally.number}次汇总，{cn_datetime(tally.finished_at)}",
        "back": [*way_back(tally.period), tally_link(tally)],
        "actions": [dossier_link(deputy, tally.period_id)],
        "tally": tally,
        "row": row,
        "account": account(row, rule_tree(tally.version)),
        "aspects": list(zip(aspects, in_aspects(row, aspects), strict=True)),
        "runs": list(runs),
        "previous": order[here - 1] if here else None,
        "following": order[here + 1] if here + 1 < len(order) else None,
        "record_url": _record_url(),
    }
    return site.render(request, "performance/admin/account.html", context)


def _record_url() -> str:
    """Where one duty fact is looked at, with 0 for its number; nothing where there is no page."""
    try:
        return reverse("admin:performance_dutyrecord_changelist")
    except NoReverseMatch:
        return ""


@site.page("performance/tallies/<int:pk>/difference/", "performance_difference", READERS)
def difference_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from an earlier run to this one, deputy by deputy, and why."""
    tally = found(request, pk)
    others = list(
        access.tallies_visible_to(request.member)
        .filter(period=tally.period)
        .exclude(pk=pk)
        .order_by("-number")
    )
    asked = request.GET.get("with", "")
    earlier = [o for o in others if o.number < tally.number]
    other = next((o for o in others if str(o.pk) == asked), (earlier or others or [None])[0])
    changes = []
    if other:
        mine = access.totals_visible_to(request.member).filter(tally__in=[tally.pk, other.pk])
        seen = set(mine.order_by().values_list("deputy_id", flat=True))
        changes = [c for c in difference(other, tally) if c.deputy.pk in seen]
    words = request.GET.get("q", "").strip()
    shown = [c for c in changes if words in c.deputy.name]
    if request.GET.get("export") and other:
        audit.record(request.member, "performance.export", tally, note=f"与第{other.number}次比较")
        name = f"{tally}与第{other.number}次比较.xlsx"
        return attachment(name, exports.difference_sheets(other, tally, shown))
    query = request.GET.copy()
    query["export"] = "1"
    context = {
        "title": f"第{tally.number}次汇总与第{other.number}次比较" if other else "两次汇总比较",
        "back": [*way_back(tally.period), tally_link(tally)],
        "tally": tally,
        "other": other,
        "others": others,
        "page": Paginator(shown, EACH_PAGE).get_page(request.GET.get("page")),
        "changes": len(changes),
        "up": sum(c.by > 0 for c in changes),
        "down": sum(c.by < 0 for c in changes),
        "q": words,
        "actions": [{"label": "导出", "url": "?" + query.urlencode()}] if shown else [],
    }
    return site.render(request, "performance/admin/difference.html", context)
