"""考核期: the list of periods, one period with its tallies, opening, tallying, locking."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress.admin import StaffAdmin, StepPage, site
from congress.models import Role
from congress.once import once
from congress.words import cn_date, plain_number

from .. import access, actions, exports
from ..forms.tallies import ObjectionsForm, PeriodForm
from ..models import DutyRecord, Objection, Period, Publication, RuleNode
from ..queries import changes_since, figures_of, latest_tally
from ..queries.periods import to_end
from ..rules import PERIOD_FLOW

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
EACH_PAGE = 30
TONES = {Period.State.OPEN: "active", Period.State.LOCKED: "done"}
PUBLICATION_TONES = {
    Publication.State.DRAFT: "draft",
    Publication.State.PROPOSED: "waiting",
    Publication.State.CONFIRMED: "waiting",
    Publication.State.PUBLISHED: "done",
    Publication.State.RETURNED: "warn",
    Publication.State.DROPPED: "off",
}


def periods_link() -> tuple[str, str]:
    return "考核期", reverse("admin:performance_period_changelist")


def way_back(period: Period) -> list[tuple[str, str]]:
    """The way back from a page below a period."""
    return [
        periods_link(),
        (period.name, reverse("admin:performance_period_change", args=[period.pk])),
    ]


def found(request: HttpRequest, pk: int) -> Period:
    """A period this member may see, otherwise 404."""
    return access.find(access.periods_visible_to(request.member), pk)


class PeriodAdmin(StaffAdmin):
    roles_view = READERS
    flow = PERIOD_FLOW
    step_pages = (
        StepPage(
            Period.Step.LOCK,
            actions.lock_period,
            danger=True,
            done="考核期已锁定",
            explain=(
                "锁定以后，这一考核期的履职记录、酌定分和汇总都不能再改，也不能再提异议，"
                "不能解除锁定。履职公布经第二人确认时会自动锁定，一般不需要单独办理。"
            ),
        ),
    )

    def rows(self, member):
        return access.periods_visible_to(member)

    def steps_for(self, member, row):
        return access.period_steps(member, row)

    def changelist_view(self, request, extra_context=None):
        """Periods with their last tally, the latest in front."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        rows = access.periods_visible_to(request.member).annotate(
            runs=Count("tallies", filter=Q(tallies__finished_at__isnull=False))
        )
        waiting = request.GET.get("show") == "to_end"
        if waiting:
            rows = to_end(rows, timezone.localdate())
        page = Paginator(rows.order_by("-starts_on", "-pk"), EACH_PAGE).get_page(
            request.GET.get("page")
        )
        new = {
            "label": "设立考核期",
            "url": reverse("admin:performance_period_new"),
            "primary": True,
        }
        context = {
            "title": "考核期",
            "waiting": waiting,
            "note": "一个考核期用一版积分办法。期内随时可以汇总，公布时锁定。",
            "page": page,
            "lines": [(period, TONES[period.state]) for period in page],
            "actions": [new] if access.may_keep(request.member) else [],
            "may_keep": access.may_keep(request.member),
        }
        return site.render(request, "performance/admin/periods.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One period: where it stands, its last tally in figures, its runs and publications."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return site.render(request, "performance/admin/period.html", self.page_of(request, row))

    def page_of(self, request: HttpRequest, period: Period) -> dict:
        may_keep = access.may_keep(request.member)
        latest = latest_tally(period)
        results = access.totals_visible_to(request.member).filter(tally=latest)
        figures = figures_of(latest, results) if latest else None
        publications = list(
            access.publications_visible_to(request.member)
            .filter(period=period)
            .exclude(state=Publication.State.DROPPED)
            .order_by("-edition", "-pk")
        )
        waiting = access.objections_visible_to(request.member).filter(
            period=period, state=Objection.State.OPEN
        )
        page = Paginator(
            access.tallies_visible_to(request.member).filter(period=period).order_by("-number"), 10
        ).get_page(request.GET.get("page"))
        is_open = period.state == Period.State.OPEN
        changed = changes_since(latest) if latest and is_open else 0
        return {
            "title": period.name,
            "back": [periods_link()],
            "period": period,
            "tone": TONES[period.state],
            "is_open": is_open,
            "may_keep": may_keep,
            "latest": latest,
            "figures": figures,
            "chart": spread(latest, figures),
            "changed": changed,
            "page": page,
            "facts": DutyRecord.objects.filter(
                withdrawn_at=None, on__range=(period.starts_on, period.ends_on)
            ).count()
            if may_keep
            else None,
            "waiting": waiting.count(),
            "publications": [(p, PUBLICATION_TONES[p.state]) for p in publications],
            "has_awards": period.version.nodes.filter(kind=RuleNode.Kind.MANUAL).exists(),
            "stage": self._stage(period, latest, publications),
            "step_buttons": self.step_buttons(request, period),
            "actions": self._actions(period, latest, changed) if may_keep else [],
        }

    def _stage(self, period: Period, latest, publications: list) -> int:
        """Which of 记录 汇总 核对异议 公布 comes next, counted from 1; 5 is over."""
        if any(p.is_frozen for p in publications):
            return 5
        if latest is None:
            return 1 if timezone.localdate() <= period.ends_on else 2
        if publications:
            return 4
        until = period.objections_until
        return 4 if until and until < timezone.localdate() else 3

    def _actions(self, period: Period, latest, changed: int) -> list[dict]:
        found = []
        if period.state == Period.State.OPEN:
            address = reverse("admin:performance_period_tally", args=[period.pk])
            stale = latest is None or changed > 0
            words = "汇总" if latest is None else "重新汇总"
            found.append({"label": words, "url": address, "primary": stale})
        if latest:
            address = reverse("admin:performance_publication_new") + f"?period={period.pk}"
            found.append({"label": "拟订公布", "url": address})
        return found


site.register(Period, PeriodAdmin)


def spread(tally, figures) -> str:
    """How the totals of a tally are spread; each column leads to its deputies."""
    if figures is None:
        return ""
    address = reverse("admin:performance_tally", args=[tally.pk])
    return exports.histogram(
        figures.totals,
        figures.mean,
        url=lambda low, high: f"{address}?low={plain_number(low)}&high={plain_number(high)}",
    )


@site.page("performance/periods/new/", "performance_period_new", KEEPERS)
@once
def new_period(request: HttpRequest) -> HttpResponse:
    """设立考核期."""
    today = timezone.localdate()
    initial = {
        "name": f"{today.year}年度",
        "starts_on": today.replace(month=1, day=1),
        "ends_on": today.replace(month=12, day=31),
        "kind": Period.Kind.YEAR,
        "level": request.congress.level,
    }
    form = PeriodForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        period = actions.open_period(by=request.member, **form.cleaned_data)
        messages.success(request, f"已设立“{period.name}”")
        return redirect("admin:performance_period_change", period.pk)
    context = {
        "title": "设立考核期",
        "form": form,
        "back": [periods_link()],
        "submit": "设立考核期",
        "cancel": periods_link()[1],
    }
    if not form.fields["version"].queryset.exists():
        context |= {"nothing": "还没有已发布的积分办法，先拟订并发布一版，再设立考核期。"}
    status = 422 if form.is_bound else 200
    return site.render(request, "performance/admin/period_new.html", context, status)


@site.page("performance/periods/<int:pk>/tally/", "performance_period_tally", KEEPERS)
@once
def tally_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a tally does, then begin it; its progress is the job's page."""
    period = found(request, pk)
    if request.method == "POST":
        job = actions.start_tally(period, by=request.member)
        return redirect("job", job.public_id)
    latest = latest_tally(period)
    context = {
        "title": "汇总积分",
        "back": way_back(period),
        "explain": (
            f"按《{period.version.book.name}》第{period.version.number}版，把"
            f"{cn_date(period.starts_on)}至{cn_date(period.ends_on)}的履职记录计成每位代表的积分和"
            "履职天数。只计在任期间的记录。公布以前可以随时重新汇总，每一次的结果都保留，可以比较。"
        ),
        "submit": "开始汇总" if latest is None else f"开始第{latest.number + 1}次汇总",
        "cancel": way_back(period)[1][1],
    }
    return site.render(request, "admin/one_form.html", context)


@site.page("performance/periods/<int:pk>/objections/", "performance_period_objections", KEEPERS)
@once
def objections_page(request: HttpRequest, pk: int) -> HttpResponse:
    """异议截止: until when deputies may object."""
    period = found(request, pk)
    form = ObjectionsForm(
        request.POST or None, initial={"objections_until": period.objections_until}
    )
    if request.method == "POST" and form.is_valid():
        actions.set_objections_until(period, by=request.member, **form.cleaned_data)
        messages.success(request, "异议截止日期已保存")
        return redirect("admin:performance_period_change", pk)
    context = {
        "title": "异议截止",
        "form": form,
        "back": way_back(period),
        "submit": "保存",
        "cancel": way_back(period)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)
