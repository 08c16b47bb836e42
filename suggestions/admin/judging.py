"""评价与重办: who has not spoken, paper forms, 不满意 and what follows, round by round."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports, queries
from ..actions.correcting import CORRECTED
from ..forms.studying import (
    CorrectionForm,
    EscalateForm,
    ExplainForm,
    JudgingFilter,
    PaperForm,
    ReasonForm,
    RehandleForm,
)
from ..models import Feedback, FeedbackCorrection, Suggestion
from ..queries import judging as desk
from .frame import ABOUT_FORM, keep_paper
from .worklists import EACH_PAGE, picked, tabs, with_query

KEEPERS = (Role.DEPUTY_AFFAIRS,)
READERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.CHAIR)
State, Step = Suggestion.State, Suggestion.Step
TONES = {
    State.ANSWERED: "waiting", State.DISSATISFIED: "late", State.REHANDLING: "active",
    State.ESCALATED: "late", State.CLOSED: "done", State.ARCHIVED: "done",
}  # fmt: skip


def judging_link() -> tuple[str, str]:
    return "评价与重办", reverse("admin:suggestions_judging")


def _page(pk: int) -> str:
    return reverse("admin:suggestions_judged", args=[pk])


def _rows(request: HttpRequest) -> QuerySet[Suggestion]:
    return desk.desk(access.judged_before(request.member), timezone.localdate())


def _found(request: HttpRequest, pk: int) -> Suggestion:
    return get_object_or_404(desk.with_judgements(_rows(request)), pk=pk)


def _feedback(request: HttpRequest, pk: int) -> Feedback:
    rows = access.feedback_visible_to(request.member)
    return get_object_or_404(rows.select_related("suggestion__rule_set", "scan"), pk=pk)


@site.page("suggestions/judging/", "suggestions_judging", READERS)
def judging(request: HttpRequest) -> HttpResponse:
    """The desk: what is awaited longest in front."""
    form = JudgingFilter(request.GET or None)
    asked = form.asked()
    place = asked.get("place") or "open"
    place = place if place in desk.PLACES else "open"
    rows = _rows(request)
    if category := asked.get("category"):
        rows = rows.filter(category__in=[category, *category.children.all()])
    if asked.get("due") == "late":
        rows = rows.filter(due_on__lt=timezone.localdate())
    if asked.get("mine"):
        rows = desk.to_compare(rows, request.member)
    if asked.get("q"):
        rows, _ = queries.search_suggestions(rows, asked["q"])
    counts = desk.place_counts(rows)
    shown = rows.filter(desk.IN[place])
    order = {"closed": ("-closed_at", "-pk"), "rehandling": ("redo_on", "pk")}
    shown = desk.with_judgements(shown.order_by(*order.get(place, ("due_on", "pk"))))
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="评价")
        return attachment("代表评价.xlsx", exports.judgement_list(desk.judgement_rows(shown)))
    page = Paginator(shown, EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "评价与重办",
        "note": "代表没有评价的，是未反馈，任何时候都不算满意。",
        "filter_form": form,
        "tabs": tabs(request, desk.PLACES, counts, place),
        "place": place,
        "page": page,
        "lines": [
            (row, TONES.get(row.state, "off"), desk.value_of(row, 1), desk.value_of(row, row.round))
            for row in page
        ],
        "actions": [{"label": "导出", "url": with_query(request, export="1")}] if page else [],
        "may_keep": access.may_keep(request.member),
        "is_filtered": any(request.GET.get(n) for n in ("q", "category", "due", "mine")),
        "ticked": "ticked" in request.GET,
        "tick_url": with_query(request, ticked="1"),
    }
    return site.render(request, "suggestions/admin/judging.html", context)


@site.page("suggestions/judging/<int:pk>/", "suggestions_judged", READERS)
def judged(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: every round as it was said, and the steps possible now."""
    row = _found(request, pk)
    possible = access.steps(request.member, row)
    keeps = access.may_keep(request.member)
    pages = {
        Step.REHANDLE: ("重新办理", "suggestions_rehandle", True),
        Step.ACCEPT: ("说明后办结", "suggestions_explain", False),
        Step.ESCALATE: ("提请主任会议协调", "suggestions_escalate", False),
    }
    context = {
        "title": f"评价：{row.title}",
        "back": [judging_link()],
        "row": row,
        "tone": TONES.get(row.state, "off"),
        "rounds": desk.rounds(row),
        "keeps": keeps,
        "is_open": row.state == State.ANSWERED,
        "may_enter": keeps and row.state in (State.ANSWERED, State.DISSATISFIED),
        "may_correct": keeps and row.state in CORRECTED,
        "corrections": desk.corrections_of(row),
        "step_buttons": [
            {"label": label, "url": reverse(f"admin:{name}", args=[pk]), "primary": primary}
            for step, (label, name, primary) in pages.items() if step in possible
        ],
    }  # fmt: skip
    return site.render(request, "suggestions/admin/judged.html", context)


# -- Who has not spoken -----------------------------------------------------------------------


def _each(request: HttpRequest, act: Callable, done: str) -> HttpResponse:
    """Carry an action out on every ticked row; what is refused is said, row by row."""
    rows = picked(request, _rows(request))
    count = 0
    for row in rows:
        try:
            act(row, by=request.member)
            count += 1
        except NotAllowed as refusal:
            messages.warning(request, f"第{row.number}号：{refusal}")
    if count:
        messages.success(request, done.format(count))
    return redirect("admin:suggestions_judging")


@site.page("suggestions/judging/remind/", "suggestions_judging_remind", KEEPERS)
@require_POST
@once
def remind(request: HttpRequest) -> HttpResponse:
    """催请反馈: once a day at most."""
    return _each(request, actions.remind_feedback, "已催请 {} 件建议的代表反馈")


@site.page("suggestions/judging/silence/", "suggestions_judging_silence", KEEPERS)
@require_POST
@once
def silence(request: HttpRequest) -> HttpResponse:
    """未反馈 is entered: the days and the reminders of the rules are over."""
    return _each(request, actions.pass_over_silence, "已登记 {} 件的未反馈")


# -- Paper forms and corrections --------------------------------------------------------------


@site.page("suggestions/judging/collect/", "suggestions_collect", (Role.STREET,))
def collect(request: HttpRequest) -> HttpResponse:
    """What a street still has to collect from its deputies, where the rules say so."""
    rows = access.feedback_to_collect(request.member).filter(suggestion__state=State.ANSWERED)
    page = Paginator(rows.order_by("due_on", "pk"), EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "待收集的评价",
        "note": "代表可以在手机上评价；填了纸质表的，在这里照表录入并上传扫描件，"
        "代工委核对后生效。",
        "page": page,
        "lines": list(page),
    }
    return site.render(request, "suggestions/admin/collect.html", context)


@site.page("suggestions/judging/paper/<int:pk>/", "suggestions_paper", (*KEEPERS, Role.STREET))
@once
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper form is entered for a deputy, with its scan; a second person compares it."""
    collects = request.member.role == Role.STREET
    if collects:
        feedback = get_object_or_404(access.feedback_to_collect(request.member), pk=pk)
    else:
        feedback = _feedback(request, pk)
    row = feedback.suggestion
    if feedback.state not in (Feedback.State.EXPECTED, Feedback.State.MISSED):
        raise NotAllowed("这位代表已经评价过这个单位")
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        rules=row.rule_set,
        task=feedback.assignment,
        with_class=feedback.reply_id is not None,
    )
    if request.method == "POST" and form.is_valid():
        scan = keep_paper(form.cleaned_data["scan"], request.member)
        actions.enter_paper_feedback(
            feedback, by=request.member, ratings=form.ratings, scan=scan, **form.values
        )
        if collects:
            messages.success(request, "已录入，代工委核对后生效")
            return redirect("admin:suggestions_collect")
        messages.success(request, "已录入，请另一位同事核对后生效")
        return redirect("admin:suggestions_judged", row.pk)
    told = {"about": _about(feedback), "explain": "照着纸质表录入。录入人和核对人不能是同一人。"}
    if collects:
        back = [("待收集的评价", reverse("admin:suggestions_collect"))]
        return form_page(request, form, "录入纸质评价表", "录入", back, ABOUT_FORM, **told)
    return _form(request, row, form, "录入纸质评价表", "录入", **told)


def _about(feedback: Feedback) -> list[tuple[str, str]]:
    row = feedback.suggestion
    rows = [
        ("建议", f"第{row.number}号 {row.title}"),
        ("单位", f"{feedback.assignment.unit_name}（{feedback.assignment.get_role_display()}）"),
        ("代表", feedback.deputy.name),
    ]
    if feedback.has_conflict:
        rows.append(("注意", "代表任职于这个单位"))
    return rows


def _written(feedback: Feedback) -> list[tuple[str, str]]:
    """What else stands on the paper."""
    words = {True: "同意", False: "不同意"}
    rows = [
        ("面商人员", feedback.met_with),
        ("代表认为的类别", str(feedback.own_class or "")),
        ("公开答复", words.get(feedback.agrees_to_publish, "")),
    ]
    return [(label, value) for label, value in rows if value]


@site.page("suggestions/judging/compare/<int:pk>/", "suggestions_compare", KEEPERS)
@once
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person compares the entry with the scan."""
    feedback = _feedback(request, pk)
    if not feedback.on_behalf or feedback.confirmed_by_id or feedback.superseded_at:
        raise NotAllowed("没有需要核对的纸质评价表")
    if request.method == "POST":
        actions.confirm_paper_feedback(feedback, by=request.member)
        messages.success(request, "已核对，评价生效")
        return redirect("admin:suggestions_judged", feedback.suggestion_id)
    context = {
        "title": "核对纸质评价表",
        "back": [judging_link(), (feedback.suggestion.number, _page(feedback.suggestion_id))],
        "about": [
            *_about(feedback),
            *((r.dimension, r.word) for r in feedback.ratings.all()),
            *_written(feedback),
            ("具体意见", feedback.opinion),
            ("录入", feedback.entered_by.name),
        ],
        "scan": feedback.scan,
        "redo": reverse("admin:suggestions_correct", args=[feedback.pk]),
        "own": feedback.entered_by.user_id == request.member.user_id,
    }
    return site.render(request, "suggestions/admin/compare.html", context)


@site.page("suggestions/judging/correct/<int:pk>/", "suggestions_correct", KEEPERS)
@once
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A judgement is opened again for its deputy; both values stay."""
    feedback = _feedback(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.correct_feedback(feedback, by=request.member, **form.cleaned_data)
        messages.success(request, "已重新打开，请代表再次评价；原评价保留")
        return redirect("admin:suggestions_judged", feedback.suggestion_id)
    about = [*_about(feedback), ("现在的评价", desk.said(feedback))]
    return _form(request, feedback.suggestion, form, "更正评价", "重新打开", about=about,
                 explain="代表评错了或者纸质表录错了，才能更正；原评价和理由保留。")  # fmt: skip


@site.page("suggestions/judging/correct/<int:pk>/paper/", "suggestions_correct_paper", KEEPERS)
@once
def correct_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """更正评价（纸质）: what the deputy corrects in writing, also after the round has closed."""
    feedback = _feedback(request, pk)
    row = feedback.suggestion
    form = CorrectionForm(
        request.POST or None,
        request.FILES or None,
        rules=row.rule_set,
        task=feedback.assignment,
        with_class=feedback.reply_id is not None,
    )
    if request.method == "POST" and form.is_valid():
        scan = keep_paper(form.cleaned_data["scan"], request.member)
        actions.enter_correction(
            feedback, by=request.member, ratings=form.ratings, scan=scan,
            reason=form.cleaned_data["reason"], **form.values,
        )  # fmt: skip
        messages.success(request, "已录入更正，请另一位同事核对后生效；原评价保留")
        return redirect("admin:suggestions_judged", row.pk)
    about = [*_about(feedback), ("现在的评价", desk.said(feedback))]
    return _form(request, row, form, "更正评价（纸质）", "录入更正", about=about,
                 explain="照着代表签名的书面更正录入。核对生效后，原评价仍保留在案。")  # fmt: skip


@site.page("suggestions/judging/corrections/<int:pk>/", "suggestions_compare_correction", KEEPERS)
@once
def compare_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person compares a correction with its scan."""
    visible = access.feedback_visible_to(request.member).values("pk")
    rows = FeedbackCorrection.objects.filter(feedback__in=visible).select_related(
        "feedback__suggestion__rule_set", "feedback__assignment", "feedback__deputy", "scan",
        "entered_by",
    )  # fmt: skip
    row = get_object_or_404(rows, pk=pk)
    suggestion = row.feedback.suggestion
    if row.agrees is not None:
        raise NotAllowed("这份更正已经核对")
    if request.method == "POST":
        agrees = "redo" not in request.POST
        actions.compare_correction(row, by=request.member, agrees=agrees)
        messages.success(request, "已核对，更正生效" if agrees else "已退回，请重新录入")
        return redirect("admin:suggestions_judged", suggestion.pk)
    words = {s["value"]: s["word"] for s in suggestion.rule_set.scale}
    context = {
        "title": "核对更正评价",
        "back": [judging_link(), (suggestion.number, _page(suggestion.pk))],
        "about": [
            *_about(row.feedback),
            ("原评价", desk.said(row.feedback)),
            *((name, words.get(value, value)) for name, value in row.ratings.items()),
            ("具体意见", row.answers.get("opinion") or "—"),
            ("更正理由", row.reason),
            ("录入", row.entered_by.name),
        ],
        "scan": row.scan,
        "own": row.entered_by.user_id == request.member.user_id,
    }
    return site.render(request, "suggestions/admin/compare.html", context)


# -- 研判 -------------------------------------------------------------------------------------


def _form(request, row: Suggestion, form: forms.Form, title: str, submit: str, **more: Any):
    return form_page(
        request,
        form,
        title,
        submit,
        [judging_link(), (row.number, _page(row.pk))],
        ABOUT_FORM,
        **more,
    )


def _may(request: HttpRequest, pk: int, step: Suggestion.Step) -> Suggestion:
    row = _found(request, pk)
    if step not in access.steps(request.member, row):
        raise NotAllowed(f"“{row.get_state_display()}”状态下不能“{step.label}”")
    return row


def _study(request, row, form, act, title, submit, done, explain) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        act(row, by=request.member, **form.cleaned_data)
        messages.success(request, done)
        return redirect("admin:suggestions_judged", row.pk)
    said = [
        (f"{f.assignment.unit_name}，{f.deputy.name}", f"{words}。{f.opinion}")
        for f, words in desk.rounds(row)[0].judgements
        if f.state == Feedback.State.GIVEN
    ]
    about = [("建议", f"第{row.number}号 {row.title}"), *said]
    return _form(request, row, form, title, submit, about=about, explain=explain)


@site.page("suggestions/judging/<int:pk>/rehandle/", "suggestions_rehandle", KEEPERS)
@once
def rehandle(request: HttpRequest, pk: int) -> HttpResponse:
    """重办: a new round with its own clock."""
    row = _may(request, pk, Step.REHANDLE)
    over = row.round > row.rule_set.rehandle_rounds_max
    form = RehandleForm(
        request.POST or None,
        dimensions=row.rule_set.dimensions,
        needs_meeting=over or row.state == State.ESCALATED,
        initial={"dimensions": desk.unsatisfied_in(row)},
    )
    rules = row.rule_set
    explain = (
        f"承办单位从今天起{rules.rehandle_amount}{rules.get_rehandle_count_display()}内再次答复，"
        "代表再次评价。前一轮的评价保留，不改。"
    )
    return _study(request, row, form, actions.order_rehandling, "重新办理", "通知承办单位重办",
                  "已通知承办单位重新办理", explain)  # fmt: skip


@site.page("suggestions/judging/<int:pk>/explain/", "suggestions_explain", KEEPERS)
@once
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """说明后办结: the reply is right and was explained."""
    row = _may(request, pk, Step.ACCEPT)
    form = ExplainForm(request.POST or None)
    return _study(request, row, form, actions.close_explained, "说明后办结", "办结", "已办结",
                  "研判认为答复适当，并已向代表说明的，可以办结。统计中仍是不满意。")  # fmt: skip


@site.page("suggestions/judging/<int:pk>/escalate/", "suggestions_escalate", KEEPERS)
@once
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """提级协调."""
    row = _may(request, pk, Step.ESCALATE)
    return _study(request, row, EscalateForm(request.POST or None), actions.escalate,
                  "提请主任会议协调", "提请", "已提请主任会议协调",
                  "主任会议研究以后，再决定重新办理或者说明后办结。")  # fmt: skip
