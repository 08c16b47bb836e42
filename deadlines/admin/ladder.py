"""提醒规则 and 岗位: when people are reminded, and who is who in a unit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from congress.admin import site
from congress.models import Unit as House
from congress.once import once

from .. import access, actions, queries
from ..forms import HANDLING, PlanForm, PostsForm
from ..rules import Rank


@site.page("deadlines/plan/", "deadlines_plan", access.KEEPERS)
@once
def plan(request: HttpRequest) -> HttpResponse:
    """When people are reminded, and from which day the next one up is told too."""
    form = PlanForm(request.POST or None, plan=queries.reminder_plan())
    if request.method == "POST" and form.is_valid():
        actions.save_plan(form.plan, by=request.member)
        messages.success(request, "提醒规则已保存，未办结的时限按新规则提醒")
        return redirect("admin:deadlines_plan")
    context = {
        "title": "提醒规则",
        "note": "提醒只在工作日 8 点至 18 点发出。承办人总会收到；越临近期限，提醒越往上一级。",
        "form": form,
        "cancel": reverse("admin:index"),
        "actions": [{"label": "单位岗位", "url": reverse("admin:deadlines_posts")}],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "deadlines/staff/plan.html", context, status)


@site.page("deadlines/posts/", "deadlines_posts", access.KEEPERS)
def posts(request: HttpRequest) -> HttpResponse:
    """Every handling unit with its clerks, liaison and heads."""
    units = list(House.objects.filter(kind__in=HANDLING, valid_to=None))
    lines = [
        (unit, [(rank, "、".join(m.name for m in rungs.get(rank, []))) for rank in Rank])
        for unit, rungs in queries.posts_of(units)
    ]
    context = {
        "title": "单位岗位",
        "note": "时限提醒发给岗位，不发给个人：换了人，在这里改一次即可。",
        "back": [("提醒规则", reverse("admin:deadlines_plan"))],
        "ranks": list(Rank),
        "lines": lines,
    }
    return site.render(request, "deadlines/staff/posts.html", context)


@site.page("deadlines/posts/<int:pk>/", "deadlines_unit_posts", access.KEEPERS)
@once
def unit_posts(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is what in one unit."""
    unit = get_object_or_404(House.objects.filter(kind__in=HANDLING), pk=pk)
    form = PostsForm(request.POST or None, members=queries.people_of(unit))
    back = reverse("admin:deadlines_posts")
    if request.method == "POST" and form.is_valid():
        changed = actions.set_posts(unit, form.ranks, by=request.member)
        messages.success(request, f"已设置“{unit}”的岗位，{changed} 人有变动")
        return redirect(back)
    context = {
        "title": f"{unit}的岗位",
        "back": [("单位岗位", back)],
        "form": form,
        "submit": "保存",
        "cancel": back,
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "deadlines/staff/unit_posts.html", context, status)
