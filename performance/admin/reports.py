"""自行申报: what waits for the first review and for verification, one by one or many at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from congress.admin import StaffAdmin, StepPage, site
from congress.models import Role
from congress.once import once
from congress.words import cn_day
from deputies import access as registry

from .. import access, actions
from ..forms.records import DutyForm, ReasonForm, ReportFilter
from ..models import SelfReport
from ..queries.records import (
    alike,
    counts_by_state,
    questions,
    reports_narrowed,
    reports_to_verify,
)
from ..rules import SELF_REPORT_FLOW
from ..rules.explain import VALUE_WORDS
from .periods import READERS
from .records import ENTERERS

State, Step = SelfReport.State, SelfReport.Step
EACH_PAGE = 30
TABS = (State.SUBMITTED, State.REVIEWED, State.RETURNED, State.VERIFIED, State.DROPPED)
TONES = {
    State.DRAFT: "draft",
    State.SUBMITTED: "active",
    State.REVIEWED: "waiting",
    State.VERIFIED: "done",
    State.RETURNED: "warn",
    State.DROPPED: "off",
}
BULK = {
    "review": (Step.REVIEW, actions.review_all, "初审通过"),
    "verify": (Step.VERIFY, actions.verify_all, "复核通过"),
}


def reports_link() -> tuple[str, str]:
    return "自行申报", reverse("admin:performance_selfreport_changelist")


class SelfReportAdmin(StaffAdmin):
    roles_view = READERS
    flow = SELF_REPORT_FLOW
    step_template = "performance/admin/report_step.html"
    step_pages = (
        StepPage(
            Step.REVIEW,
            actions.review,
            primary=True,
            done="初审通过，等待代工委复核",
            explain="初审通过后，由另一位同志复核。请核对时间、地点和内容是否属实。",
        ),
        StepPage(
            Step.VERIFY,
            actions.verify,
            primary=True,
            done="复核通过，已计入履职记录，已告知代表",
            explain="复核通过后，这项履职记入代表的履职记录并计分，同时告知代表。",
        ),
        StepPage(
            Step.RETURN,
            actions.return_report,
            form=ReasonForm,
            done="已退回，已告知代表",
            explain="退回后代表可以修改再提交，重新经过初审和复核。",
        ),
        StepPage(
            Step.DROP,
            actions.drop,
            danger=True,
            done="已撤回",
            explain="撤回后不再审核，也不计入履职。",
        ),
    )

    def rows(self, member):
        return access.reports_visible_to(member)

    def steps_for(self, member, row):
        return access.report_steps(member, row)

    def step_context(self, request, row, step):
        return {"facts": facts_of(row), "alike": alike(row), "back": way_back(row), "row": row}

    def changelist_view(self, request, extra_context=None):
        """Reports by state; those this member can pass on carry a box."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = ReportFilter(
            request.GET or None,
            member=request.member,
            initial={"state__exact": asked_state(request)},
        )
        visible = access.reports_visible_to(request.member)
        rows = reports_narrowed(visible, form.asked(), registry.visible_to(request.member))
        if form.asked().get("mine"):
            rows = reports_to_verify(rows, request.member)
        counts = counts_by_state(rows)
        state = asked_state(request)
        if state:
            rows = rows.filter(state=state)
        first = "submitted_at" if state in (State.SUBMITTED, State.REVIEWED) else "-pk"
        page = Paginator(rows.order_by(first, "pk"), EACH_PAGE).get_page(request.GET.get("page"))
        lines = [(row, TONES[row.state], passing_step(request.member, row)) for row in page]
        bulk = next(
            (name for name, (step, *_) in BULK.items() if step in [s for *_, s in lines]), ""
        )
        context = {
            "title": "自行申报",
            "note": "代表申报和代录的履职，初审、复核由两位同志先后办理，通过后计入履职记录。",
            "filter_form": form,
            "tabs": tabs(request, counts, state, SelfReport.State, TABS),
            "page": page,
            "lines": lines,
            "bulk": bulk,
            "bulk_label": BULK[bulk][2] if bulk else "",
            "state": state,
            "is_filtered": any(v for k, v in form.asked().items() if k != "state__exact"),
            "ticked": bool(request.GET.get("ticked")),
            "open_lines": sum(bool(step) for *_, step in lines),
            "actions": [{"label": "代录", "url": reverse("admin:performance_on_behalf")}]
            if request.member.role in ENTERERS
            else [],
        }
        return site.render(request, "performance/admin/reports.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One report: what is said, the evidence, what looks like it, its way so far."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            if request.member.role in READERS:
                raise Http404
            return super().change_view(request, object_id, form_url, extra_context)
        steps = access.report_steps(request.member, row)
        is_open = row.state in (State.SUBMITTED, State.REVIEWED)
        context = {
            "title": f"{row.deputy.name}：{row.item.name}",
            "back": [reports_link()],
            "row": row,
            "tone": TONES[row.state],
            "facts": facts_of(row),
            "alike": alike(row) if is_open else [],
            "rules": questions(row.item, row.on).rules,
            "course": course(row),
            "step_buttons": self.step_buttons(request, row),
            "why_not": why_not(request.member, row, steps),
            "may_mend": Step.SUBMIT in steps,
            "next": next_one(request.member, row) if steps == [] or not is_open else None,
        }
        return site.render(request, "performance/admin/report.html", context)


site.register(SelfReport, SelfReportAdmin)


def asked_state(request: HttpRequest) -> str:
    """The state of the tab; without one, what waits for this member."""
    asked = request.GET.get("state__exact", "")
    if asked in State.values:
        return asked
    if set(request.GET) - {"page"}:
        return ""
    mine = {Role.STREET: State.SUBMITTED, Role.DEPUTY_AFFAIRS: State.REVIEWED}
    return mine.get(request.member.role, "")


def tabs(request: HttpRequest, counts: dict, state: str, states, shown) -> list[dict]:
    """States as tabs with counts; the other filters stay."""
    query = request.GET.copy()
    for name in ("page", "ticked"):
        query.pop(name, None)
    found = []
    for value in ("", *shown):
        query["state__exact"] = value
        found.append(
            {
                "label": states(value).label if value else "全部",
                "count": counts.get(value, 0) if value else sum(counts.values()),
                "url": "?" + query.urlencode(),
                "here": value == state,
            }
        )
    return [*found[1:], found[0]]


def passing_step(member, row: SelfReport) -> Step | None:
    """The step by which this member may pass a report on now."""
    steps = access.report_steps(member, row)
    return next((s for s in (Step.REVIEW, Step.VERIFY) if s in steps), None)


def facts_of(row: SelfReport) -> list[tuple[str, str]]:
    """What a report says, as labels and values."""
    found = [
        ("代表", row.deputy.name),
        ("事项", f"{row.item.name}（{row.item.get_aspect_display()}）"),
        ("日期", cn_day(row.on)),
        ("内容", row.title),
    ]
    if row.quantity != 1:
        found.append(("数量", f"{row.quantity.normalize():f}{row.item.unit_word}"))
    if row.role:
        found.append(("作用", VALUE_WORDS.get(row.role, row.role)))
    if row.level:
        found.append(("级别", VALUE_WORDS.get(row.level, row.level)))
    who = f"{row.entered_by.name}代录" if row.on_behalf else "本人申报"
    return [*found, ("填报", who)]


def course(row: SelfReport) -> list[dict]:
    """The way a report has gone and what comes next."""
    waits = {State.SUBMITTED: 1, State.REVIEWED: 2}.get(row.state)
    entered = f"{row.entered_by.name}代录" if row.on_behalf else row.deputy.name
    events = [
        {"title": "提交", "at": row.submitted_at, "by": entered, "done": bool(row.submitted_at)},
        {
            "title": "街道工委、镇人大或代工委初审",
            "at": row.reviewed_at,
            "by": row.reviewed_by.name if row.reviewed_by else "",
            "done": bool(row.reviewed_at),
            "now": waits == 1,
        },
        {
            "title": "代工委复核",
            "at": row.verified_at,
            "by": row.verified_by.name if row.verified_by else "",
            "done": bool(row.verified_at),
            "now": waits == 2,
        },
    ]
    if row.state == State.RETURNED:
        events = [events[0], {"title": "退回修改", "note": row.return_reason, "now": True}]
    elif row.state == State.DROPPED:
        events = [events[0], {"title": "已撤回", "done": True}]
    elif row.state == State.VERIFIED:
        events.append({"title": "计入履职记录", "at": row.verified_at, "done": True})
    return events


def why_not(member, row: SelfReport, steps: list) -> str:
    """Why somebody who usually can may not pass this one on."""
    if member.role not in ENTERERS or Step.REVIEW in steps or Step.VERIFY in steps:
        return ""
    if row.state not in (State.SUBMITTED, State.REVIEWED):
        return ""
    if row.entered_by.user_id == member.user_id:
        return "这条申报由您代录，要由其他同志初审和复核。"
    if row.state == State.REVIEWED and member.role == Role.STREET:
        return "初审已通过，等待代工委复核。"
    if row.state == State.REVIEWED:
        return "您已初审，要由另一位同志复核。"
    return ""


def next_one(member, row: SelfReport) -> SelfReport | None:
    """The next report that waits for this member."""
    waiting = State.SUBMITTED if member.role == Role.STREET else State.REVIEWED
    rows = access.reports_visible_to(member).filter(state=waiting).exclude(pk=row.pk)
    rows = rows.exclude(entered_by__user=member.user_id).exclude(reviewed_by__user=member.user_id)
    return rows.order_by("submitted_at", "pk").first() if member.role in ENTERERS else None


def way_back(row: SelfReport) -> list[tuple[str, str]]:
    here = reverse("admin:performance_selfreport_change", args=[row.pk])
    return [reports_link(), (f"{row.deputy.name}：{row.item.name}", here)]


@site.page("performance/reports/<slug:what>/", "performance_reports_bulk", ENTERERS)
@require_POST
@once
def bulk(request: HttpRequest, what: str) -> HttpResponse:
    """初审通过 or 复核通过 for those chosen; who may not be passed on is named with the reason."""
    if what not in BULK:
        raise Http404
    step, action, words = BULK[what]
    picked = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()][:EACH_PAGE]
    rows = access.reports_visible_to(request.member).filter(pk__in=picked).order_by("pk")
    waiting = State.SUBMITTED if step == Step.REVIEW else State.REVIEWED
    back = f"{reports_link()[1]}?state__exact={waiting}"
    if not picked:
        messages.warning(request, "请先勾选要办理的申报")
        return redirect(back)
    done, refused = action(rows, by=request.member)
    if done:
        messages.success(request, f"{words} {len(done)} 件")
    for row, sentence in refused:
        messages.warning(request, f"{row.deputy.name}“{row.title}”没有办理：{sentence}")
    return redirect(back)


@site.page("performance/reports/<int:pk>/mend/", "performance_report_mend", ENTERERS)
@once
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A returned entry on behalf is mended by the one who entered it and sent again."""
    row = access.find(access.reports_visible_to(request.member), pk)
    if Step.SUBMIT not in access.report_steps(request.member, row):
        SELF_REPORT_FLOW.after(row.state, Step.SUBMIT)
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {n: getattr(row, n) for n in ("on", "title", "quantity", "role", "level")}
    form = DutyForm(*sent, item=row.item, asked=questions(row.item, row.on), initial=initial)
    if form.is_bound and form.is_valid():
        actions.send_again(row, by=request.member, **form.values())
        messages.success(request, "已修改并再次提交")
        return redirect("admin:performance_selfreport_change", pk)
    context = {
        "title": "修改后再提交",
        "back": way_back(row),
        "explain": f"退回原因：{row.return_reason}",
        "form": form,
        "submit": "再次提交",
        "cancel": way_back(row)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)
