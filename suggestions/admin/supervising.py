"""重点督办 and ordinary supervision: proposed, decided by the chairpersons' meeting, led, planned,
visited, ended with a result."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role, Unit
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports
from ..forms.supervising import (
    DecideForm,
    EndForm,
    EventForm,
    LeaderForm,
    MeetingForm,
    PlanForm,
    ProposeForm,
    SupervisionFilter,
)
from ..models import Suggestion, Supervision
from ..queries import by_words
from ..queries import supervising as desk
from .frame import ABOUT_FORM
from .wall import READERS, URGERS, wall_link
from .worklists import EACH_PAGE, tabs, with_query

KEEPERS = (Role.DEPUTY_AFFAIRS,)
TONES = {"proposed": "warn", "running": "active", "done": "done", "dropped": "off"}


def keys_link() -> tuple[str, str]:
    return "重点督办", reverse("admin:suggestions_keys")


def _page(pk: int) -> str:
    return reverse("admin:suggestions_key", args=[pk])


def _rows(request: HttpRequest) -> QuerySet[Supervision]:
    return access.supervisions_visible_to(request.member)


def _found(request: HttpRequest, pk: int, may: str = "") -> Supervision:
    row = get_object_or_404(_rows(request), pk=pk)
    if may and may not in access.supervision_steps(request.member, row):
        raise NotAllowed(f"这项督办{row.get_state_display()}，您现在不能这样办理")
    return row


@site.page("suggestions/keys/", "suggestions_keys", READERS)
def keys(request: HttpRequest) -> HttpResponse:
    """Supervisions by state; for the chairpersons, their own in front of all."""
    form = SupervisionFilter(request.GET or None)
    asked = form.asked()
    rows = _rows(request)
    if words := (asked.get("q") or "").strip():
        rows = by_words(rows, words, "suggestion__title", number="suggestion__number")
    for name in ("kind", "leader", "committee"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("mine"):
        rows = desk.own(rows, request.member)
    place = asked.get("place") or "running"
    place = place if place in desk.PLACES else "running"
    counts = desk.place_counts(rows)
    shown = desk.with_visits(rows.filter(state=place)).order_by("-is_own", "-decided_on", "-pk")
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="重点督办")
        return attachment("重点督办.xlsx", exports.supervision_list(shown))
    page = Paginator(shown, EACH_PAGE).get_page(request.GET.get("page"))
    links = [{"label": "导出", "url": with_query(request, export="1")}] if page else []
    if place == "proposed" and page and request.member.role in KEEPERS:
        links.insert(0, {"label": "登记主任会议的决定", "primary": True,
                         "url": reverse("admin:suggestions_keys_decide")})  # fmt: skip
    own = request.member.role == Role.CHAIR
    context = {
        "title": "重点督办",
        "note": "由主任会议确定，领导领衔、委员会督办；对口督办和街道跟踪督办也列在这里。",
        "back": [wall_link()],
        "filter_form": form,
        "tabs": tabs(request, desk.PLACES, counts, place),
        "place": place,
        "page": page,
        "lines": [(row, desk.units_stand(row), TONES[row.state]) for row in page],
        "actions": links,
        "own_count": _rows(request).filter(leader=request.member, state="running").count()
        if own
        else None,
        "own_url": f"?place=running&leader={request.member.pk}",
        "is_filtered": any(v for k, v in asked.items() if k != "place"),
    }
    return site.render(request, "suggestions/admin/keys.html", context)


@site.page("suggestions/keys/<int:pk>/", "suggestions_key", READERS)
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """One supervision: who leads, the plan, what was done, how the units stand."""
    row = get_object_or_404(desk.with_visits(_rows(request)), pk=pk)
    steps = access.supervision_steps(request.member, row)
    pages = {
        "note": ("登记督办情况", "suggestions_key_note", True),
        "end": ("结束督办", "suggestions_key_end", False),
        "plan": ("修改方案", "suggestions_key_plan", False),
        "leader": ("调整领衔人", "suggestions_key_leader", False),
    }
    buttons = [
        {"label": label, "url": reverse(f"admin:{name}", args=[pk]), "primary": primary}
        for step, (label, name, primary) in pages.items() if step in steps
    ]  # fmt: skip
    if "decide" in steps:
        url = reverse("admin:suggestions_keys_decide") + f"?pick={pk}"
        buttons.insert(0, {"label": "登记主任会议的决定", "url": url, "primary": True})
    context = {
        "title": f"{row.get_kind_display()}：{row.suggestion.title}",
        "back": [wall_link(), keys_link()],
        "row": row,
        "tone": TONES[row.state],
        "tasks": desk.units_stand(row),
        "events": row.events.select_related("by").prefetch_related("deputies").order_by("on", "pk"),
        "step_buttons": buttons,
    }
    return site.render(request, "suggestions/admin/key.html", context)


@site.page("suggestions/<int:pk>/supervise/", "suggestions_supervise", URGERS)
@once
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion is proposed for key supervision, or taken up without a meeting."""
    row = access.find(request.member, pk)
    access.need_here(row)
    kinds = access.supervision_kinds(request.member)
    own = Unit.objects.filter(pk=request.member.unit_id).first()
    initial = {"kind": kinds[0], "committee": _supervisor(row) or own}
    form = ProposeForm(request.POST or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if values["kind"] == Supervision.Kind.KEY:
            found = actions.propose_key(
                row, by=request.member, plan=values["plan"], committee=values["committee"]
            )
            messages.success(request, "已提出，主任会议决定后登记")
        else:
            found = actions.start_supervision(row, by=request.member, **values)
            messages.success(request, "已开始督办")
        return redirect("admin:suggestions_key", found.pk)
    return form_page(
        request,
        form,
        "提出督办",
        "提出",
        [wall_link(), keys_link()],
        ABOUT_FORM,
        about=[("建议", f"第{row.number}号 {row.title}"), ("状态", row.get_state_display())],
        explain="重点督办由主任会议决定后开始；对口督办、街道跟踪督办提出后就开始。",
    )


def _supervisor(row: Suggestion) -> Unit | None:
    """The committee that supervises the category."""
    category = row.category
    if category is None:
        return None
    return category.committee or (category.parent.committee if category.parent_id else None)


@site.page("suggestions/keys/decide/", "suggestions_keys_decide", KEEPERS)
@once
def decide(request: HttpRequest) -> HttpResponse:
    """The decision of one meeting on the proposals before it, all on one sheet."""
    rows = _rows(request).filter(state=Supervision.State.PROPOSED, kind=Supervision.Kind.KEY)
    ids = [int(n) for n in request.GET.getlist("pick") if n.isdigit()]
    if ids:
        rows = rows.filter(pk__in=ids)
    rows = list(rows.order_by("pk")[:EACH_PAGE])
    if not rows:
        raise NotAllowed("没有等待主任会议决定的重点督办建议")
    data = request.POST or None
    meeting = MeetingForm(data)
    sheets = [
        (row, DecideForm(data, prefix=f"k{row.pk}", initial={"committee": row.committee_id}))
        for row in rows
    ]
    valid = [f.is_valid() for f in (meeting, *(form for _, form in sheets))]
    if request.method == "POST" and all(valid):
        decided_at = meeting.cleaned_data["meeting"]
        taken = 0
        for row, form in sheets:
            values = form.cleaned_data
            if values["taken"] == "yes":
                actions.decide_key(
                    row, by=request.member, meeting=decided_at, leader=values["leader"],
                    committee=values["committee"], government_leader=values["government_leader"],
                )  # fmt: skip
                taken += 1
            else:
                actions.drop_key(
                    row, by=request.member, meeting=decided_at, reason=values["reason"]
                )
        messages.success(request, f"已登记：{taken} 件列为重点督办，{len(sheets) - taken} 件未列入")
        return redirect("admin:suggestions_keys")
    context = {
        "title": "登记主任会议的决定",
        "back": [wall_link(), keys_link()],
        "meeting_form": meeting,
        "sheets": sheets,
        "has_errors": data is not None,
        "no_meetings": not desk.deciding_meetings().exists(),
    }
    status = 422 if data is not None else 200
    return site.render(request, "suggestions/admin/keys_decide.html", context, status)


def _step(request, pk, may, form, act, *, title, submit, done, explain="") -> HttpResponse:
    """One form on one supervision, one action, back to it."""
    row = _found(request, pk, may)
    if request.method == "POST" and form.is_valid():
        act(row, by=request.member, **form.cleaned_data)
        messages.success(request, done)
        return redirect("admin:suggestions_key", pk)
    return form_page(
        request,
        form,
        title,
        submit,
        [wall_link(), keys_link(), (row.suggestion.number, _page(pk))],
        ABOUT_FORM,
        about=[("建议", f"第{row.suggestion.number}号 {row.suggestion.title}")],
        explain=explain,
    )


@site.page("suggestions/keys/<int:pk>/note/", "suggestions_key_note", READERS)
@once
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit, a hearing, a report."""
    form = EventForm(request.POST or None, initial={"on": timezone.localdate(), "kind": "site"})
    return _step(request, pk, "note", form, actions.note_supervision,
                 title="登记督办情况", submit="登记", done="已登记")  # fmt: skip


@site.page("suggestions/keys/<int:pk>/end/", "suggestions_key_end", URGERS)
@once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The result, and how it was."""
    return _step(request, pk, "end", EndForm(request.POST or None), actions.end_supervision,
                 title="结束督办", submit="结束督办", done="督办已结束",
                 explain="重点督办至少要有一次现场督办才能结束。")  # fmt: skip


@site.page("suggestions/keys/<int:pk>/plan/", "suggestions_key_plan", URGERS)
@once
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """督办方案."""
    row = _found(request, pk, "plan")
    form = PlanForm(request.POST or None, initial={"plan": row.plan})
    return _step(request, pk, "plan", form, actions.plan_supervision,
                 title="督办方案", submit="保存", done="方案已保存")  # fmt: skip


@site.page("suggestions/keys/<int:pk>/leader/", "suggestions_key_leader", KEEPERS)
@once
def leader(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else leads from now on."""
    row = _found(request, pk, "leader")
    initial = {"leader": row.leader_id, "government_leader": row.government_leader}
    return _step(request, pk, "leader", LeaderForm(request.POST or None, initial=initial),
                 actions.change_leader, title="调整领衔人", submit="调整",
                 done="已调整，原领衔人留在督办记录里")  # fmt: skip
