"""The list, the plan, the page of one activity and its steps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import StaffAdmin, StepPage, site
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports, queries
from ..forms import ActivityFilter, ActivityForm, CloseForm, ReasonForm
from ..models import Activity, Outcome
from ..rules import FLOW, rate
from .frame import found, frame, refuse_closed, tone_of

Step, State = Activity.Step, Activity.State
EACH_PAGE = 30


def filtered(request: HttpRequest) -> tuple[ActivityFilter, object]:
    """The filter form and the rows it leaves, those to come in front."""
    form = ActivityFilter(request.GET or None, member=request.member)
    rows = access.visible_to(request.member)
    asked = form.asked()
    if asked.get("q"):
        words = asked["q"].strip()
        rows = rows.filter(Q(title__icontains=words) | Q(place__icontains=words))
    for name in ("kind", "organiser", "state"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("year"):
        rows = rows.filter(starts_at__year=asked["year"])
    now, today = timezone.now(), timezone.localdate()
    member, when = request.member, asked.get("when", "")
    if when in ("coming", "over"):
        over = Q(ends_at__lt=now)
        rows = rows.filter(over if when == "over" else ~over & ~Q(state=State.CANCELLED))
    elif when:
        waiting = {
            "today": lambda: queries.today(member, today),
            "to_publish": lambda: queries.to_publish(member, today),
            "to_close": lambda: queries.to_close(member),
        }[when]()
        rows = rows.filter(pk__in=waiting.order_by().values("pk"))
    return form, queries.nearest_first(rows, now)


class ActivityAdmin(StaffAdmin):
    roles_view = access.READERS
    roles_add = roles_change = access.PLANNERS
    flow = FLOW
    step_pages = (
        StepPage(
            Step.PUBLISH,
            actions.publish,
            primary=True,
            done="活动已发布，已通知受邀代表",
            explain="发布后，受邀的代表会收到消息，可以报名和请假。时间和地点还可以改，改了会再通知。",
        ),
        StepPage(
            Step.CLOSE,
            actions.close,
            form=CloseForm,
            primary=True,
            done="活动已办结，出席情况已记入履职",
            explain=(
                "办结后，签到册上的出席情况会记入每位代表的履职记录。没有签到、也没有准假的应到代表"
                "记为缺席，会收到消息；当天不在任的代表不算应到。请先核对签到册。"
            ),
        ),
        StepPage(
            Step.REOPEN,
            actions.reopen,
            form=ReasonForm,
            done="活动已重新打开，记入的履职记录已撤回",
            explain=(
                "重新打开会撤回这次活动记入的全部履职记录，并告诉有关代表。更正签到册以后，"
                "需要再次办结才会重新记入。考核期已锁定的，不能重新打开。"
            ),
        ),
        StepPage(
            Step.CANCEL,
            actions.cancel,
            form=ReasonForm,
            done="活动已取消",
            explain="取消后不能恢复。已发布的活动，受邀代表会收到取消的消息和原因。",
        ),
    )

    def rows(self, member):
        return access.visible_to(member)

    def steps_for(self, member, row):
        return access.steps(member, row)

    def has_view_permission(self, request, obj=None):
        return self._is(request, self.roles_view)

    def changelist_view(self, request, extra_context=None):
        """Activities of this member, those to come in front."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form, rows = filtered(request)
        if request.GET.get("export"):
            audit.record(request.member, "activities.export", note="活动一览")
            return attachment("代表活动.xlsx", exports.activity_list(rows))
        page = Paginator(queries.with_counts(rows), EACH_PAGE).get_page(request.GET.get("page"))
        now = timezone.now()
        lines = [(a, *tone_of(a, a.ends_at < now)) for a in page]
        here = reverse("admin:activities_activity_changelist")
        query = request.GET.copy()
        query["export"] = "1"
        links = [{"label": "导出", "url": "?" + query.urlencode()}] if lines else []
        if self.has_add_permission(request):
            add = reverse("admin:activities_activity_add")
            links.insert(0, {"label": "新建活动", "url": add, "primary": True})
        context = {
            "title": "活动",
            "filter_form": form,
            "page": page,
            "lines": lines,
            "actions": links,
            "is_filtered": bool(request.GET),
            "figures": [
                ("将要举行", self._count(request, "coming"), f"{here}?when=coming", ""),
                (
                    "待办结",
                    queries.to_close(request.member).count(),
                    f"{here}?when=to_close",
                    "late",
                ),
                (
                    "请假待批",
                    queries.leaves_waiting(request.member).count(),
                    reverse("admin:leaves_waiting"),
                    "warn",
                ),
            ],
        }
        return site.render(request, "activities/staff/list.html", context)

    @staticmethod
    def _count(request, when: str) -> int:
        rows = access.visible_to(request.member).exclude(state=State.CANCELLED)
        return rows.filter(ends_at__gte=timezone.now()).count()

    def add_view(self, request, form_url="", extra_context=None):
        """The plan on one page; it becomes a draft."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return plan_page(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one activity: what it is, the steps possible now, how it stands."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            if request.member.role in self.roles_view:
                raise Http404
            return super().change_view(request, object_id, form_url, extra_context)
        return site.render(
            request,
            "activities/staff/about.html",
            frame(
                request, row, "about", **about(row), step_buttons=self.step_buttons(request, row)
            ),
        )


def about(activity: Activity) -> dict:
    """How an activity stands, in figures and facts."""
    counts = queries.attendance_counts(activity)
    base = reverse("admin:activity_guests", args=[activity.pk])
    live = queries.live_invitations(activity)
    figures = [("受邀", live.count(), base, "人")]
    if activity.is_open or activity.state == State.DRAFT:
        signed = live.filter(signed_up_at__isnull=False).count()
        figures.append(("已报名", signed, f"{base}?show=signed_up", "人"))
    for value in (
        Outcome.PRESENT,
        Outcome.LATE,
        Outcome.LEAVE,
        Outcome.ABSENT,
        Outcome.NOT_OBLIGED,
    ):
        if counts.get(value):
            figures.append((value.label, counts[value], f"{base}?show={value}", "人"))
    share = rate(counts) if activity.state == State.CLOSED else None
    feeds = [f.item.name for f in activity.kind.feeds.select_related("item")]
    return {
        "figures": figures,
        "share": None if share is None else round(share * 100),
        "feeds": "、".join(feeds),
        "facts_written": queries.facts_of(activity).count()
        if activity.state == State.CLOSED
        else None,
        "sessions": list(activity.sessions.all()),
        "is_over": activity.ends_at < timezone.now(),
    }


@once
def plan_page(request: HttpRequest, activity: Activity | None = None) -> HttpResponse:
    """New or changed: the same form, the same checks."""
    form = ActivityForm(request.POST or None, member=request.member, activity=activity)
    if request.method == "POST" and form.is_valid():
        if activity is None:
            row = actions.plan(by=request.member, **form.cleaned_data)
            messages.success(request, "草稿已保存。接下来选定参加的代表，然后发布。")
            return redirect("admin:activity_invite", row.pk)
        actions.revise(activity, by=request.member, **form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("admin:activities_activity_change", activity.pk)
    context = {
        "title": "新建活动" if activity is None else f"修改：{activity.title}",
        "form": form,
        "activity": activity,
        "back": [("活动", reverse("admin:activities_activity_changelist"))],
        "tell": activity is not None and activity.is_open,
    }
    if activity is not None:
        context["back"].append(
            (activity.title, reverse("admin:activities_activity_change", args=[activity.pk]))
        )
    status = 422 if form.is_bound else 200
    return site.render(request, "activities/staff/plan.html", context, status)


@site.page("activities/<int:pk>/edit/", "activity_edit", access.PLANNERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the plan until the activity is closed."""
    activity = found(request, pk, to_run=True)
    refuse_closed(activity)
    return plan_page(request, activity)


@site.page("activities/<int:pk>/sessions/", "activity_sessions", access.PLANNERS)
@once
def sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Check in each half-day by itself, or once for the whole activity."""
    activity = found(request, pk, to_run=True)
    if request.method != "POST":
        return redirect("admin:activity_checkin", pk)
    actions.split_into_half_days(
        activity, by=request.member, split=request.POST.get("to") == "half"
    )
    messages.success(request, "签到场次已设置")
    return redirect("admin:activity_checkin", pk)


site.register(Activity, ActivityAdmin)
