"""酌定加减分: points at discretion within what the rules allow, each with its reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import site
from congress.flow import NotAllowed
from congress.once import once
from congress.words import signed_number

from .. import access, actions
from ..forms.tallies import AwardForm, choices_of
from ..models import Period, RuleNode
from ..queries.counts import holders
from .periods import EACH_PAGE, KEEPERS, READERS, found, way_back


@site.page("performance/periods/<int:pk>/awards/", "performance_awards", READERS)
def awards_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The awards of a period, the latest in front."""
    period = found(request, pk)
    rows = access.awards_visible_to(request.member).filter(period=period).order_by("-pk")
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(deputy__name__contains=words)
    may_keep = access.may_keep(request.member) and period.state == Period.State.OPEN
    add = reverse("admin:performance_award_new", args=[pk])
    context = {
        "title": "酌定加减分",
        "note": "办法中由人酌定的项目在这里登记，下一次汇总计入。",
        "back": way_back(period),
        "period": period,
        "page": Paginator(rows, EACH_PAGE).get_page(request.GET.get("page")),
        "q": words,
        "may_keep": may_keep,
        "actions": [{"label": "登记", "url": add, "primary": True}] if may_keep else [],
    }
    return site.render(request, "performance/admin/awards.html", context)


@site.page("performance/periods/<int:pk>/awards/new/", "performance_award_new", KEEPERS)
@once
def new_award(request: HttpRequest, pk: int) -> HttpResponse:
    """登记酌定加减分."""
    period = found(request, pk)
    if not period.version.nodes.filter(kind=RuleNode.Kind.MANUAL).exists():
        raise NotAllowed("这一考核期的积分办法没有酌定加减分的规则")
    deputies = choices_of(h.mandate for h in holders(period).values())
    form = AwardForm(request.POST or None, period=period, deputies=deputies)
    if request.method == "POST" and form.is_valid():
        row = actions.award(period, by=request.member, **form.cleaned_data)
        messages.success(request, f"已登记：{row.deputy.name}，下一次汇总计入")
        return redirect("admin:performance_awards", pk)
    here = reverse("admin:performance_awards", args=[pk])
    context = {
        "title": "登记酌定加减分",
        "form": form,
        "back": [*way_back(period), ("酌定加减分", here)],
        "submit": "登记",
        "cancel": here,
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


@site.page("performance/awards/<int:pk>/withdraw/", "performance_award_withdraw", KEEPERS)
@once
def withdraw_award(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回酌定加减分."""
    row = access.find(access.awards_visible_to(request.member), pk)
    here = reverse("admin:performance_awards", args=[row.period_id])
    if request.method == "POST":
        actions.withdraw_award(row, by=request.member)
        messages.success(request, "已撤回，下一次汇总不再计入")
        return redirect(here)
    context = {
        "title": "撤回酌定加减分",
        "back": [*way_back(row.period), ("酌定加减分", here)],
        "explain": f"撤回{row.deputy.name}的“{row.node.name}”{signed_number(row.points)}分："
        f"{row.reason}",
        "submit": "撤回",
        "danger": True,
        "cancel": here,
    }
    return site.render(request, "admin/one_form.html", context)
