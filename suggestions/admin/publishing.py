"""公开: what was answered and is to be published within the days of the rules, item by item or
several at once; what the deputy said; what was taken down."""

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
from deadlines.queries import shown_once as limits_shown

from .. import access, actions, exports, queries
from ..forms.publishing import ConsentOnBehalfForm, PublishForm, PublishingFilter, TakeDownForm
from ..models import PublicationDecision, Reply, Suggestion
from ..queries import publishing as desk
from ..rules.kinds import PUBLISH
from ..rules.texts import judgement_hints, masked, privacy_hints
from .frame import ABOUT_FORM
from .worklists import EACH_PAGE, picked, tabs, with_query

KEEPERS = (Role.DEPUTY_AFFAIRS,)
Part, Mode = PublicationDecision.Part, PublicationDecision.Mode
HOME = ("公开", "admin:suggestions_publishing")


def _home() -> tuple[str, str]:
    return HOME[0], reverse(HOME[1])


def _rows(request: HttpRequest) -> QuerySet[Suggestion]:
    rows = access.visible_to(request.member)
    return desk.publishable(rows).order_by("served_last", "pk")


def _found(request: HttpRequest, pk: int) -> Suggestion:
    return get_object_or_404(_rows(request), pk=pk)


def _page(pk: int) -> str:
    return reverse("admin:suggestions_publish", args=[pk])


def _narrowed(request: HttpRequest) -> tuple[PublishingFilter, QuerySet, str, dict[str, int]]:
    form = PublishingFilter(request.GET or None)
    asked = form.asked()
    place = asked.get("place") or ""
    place = place if place in desk.DESKS else "check"
    rows = _rows(request)
    if category := asked.get("category"):
        rows = rows.filter(category__in=[category, *category.children.all()])
    if asked.get("due") == "late":
        rows = desk.overdue(rows, timezone.localdate())
    elif asked.get("due") == "soon":
        rows = desk.pressing(rows, timezone.localdate())
    if asked.get("q"):
        rows, _ = queries.search_suggestions(rows, asked["q"])
    return form, rows.filter(desk.PLACES[place]), place, desk.desk_counts(rows)


@site.page("suggestions/publishing/", "suggestions_publishing", KEEPERS)
def publishing(request: HttpRequest) -> HttpResponse:
    """The desk: what is served longest in front."""
    form, rows, place, counts = _narrowed(request)
    rows = rows.select_related("rule_set").prefetch_related("publication_decisions", "assignments")
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note="公开审查")
        return attachment("代表建议公开.xlsx", exports.publishing_list(rows))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    every = _rows(request)
    late = desk.overdue(every, timezone.localdate()).count()
    context = {
        "title": "公开",
        "note": "答复送达后，在规定的工作日内完成公开审查。过了公开期限的排在最前。",
        "filter_form": form,
        "page": page,
        "lines": [(row, _standing(row), _units(row)) for row in page],
        "place": place,
        "tabs": tabs(request, desk.DESKS, counts, place),
        "late": late,
        "late_url": "?place=check&due=late",
        "actions": [{"label": "导出", "url": with_query(request, export="1")}] if page else [],
        "is_filtered": any(request.GET.get(n) for n in ("q", "category", "due")),
        "ticked": "ticked" in request.GET,
        "tick_url": with_query(request, ticked="1"),
    }
    return site.render(request, "suggestions/admin/publishing.html", context)


def _standing(row: Suggestion) -> dict[str, PublicationDecision]:
    """The decision that stands for the text and for the latest reply, as they lie in the rows."""
    found = {}
    for decision in sorted(row.publication_decisions.all(), key=lambda d: d.pk):
        if decision.taken_down_at is None:
            found[decision.part] = decision
    return found


def _units(row: Suggestion) -> str:
    return "、".join(t.unit_name for t in row.assignments.all() if t.answers)


# -- One suggestion ---------------------------------------------------------------------------


@site.page("suggestions/publishing/<int:pk>/", "suggestions_publish", KEEPERS)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: what stands of its text and each reply, what was decided before."""
    row = _found(request, pk)
    decisions = list(
        row.publication_decisions.select_related("decided_by", "taken_down_by", "reply__assignment")
    )
    standing = {(d.part, d.reply_id): d for d in decisions if d.taken_down_at is None}
    replies = Reply.objects.filter(assignment__suggestion=row, state=Reply.State.SERVED)
    parts = [("建议", reverse("admin:suggestions_publish_text", args=[pk]),
              standing.get((Part.TEXT, None)))]  # fmt: skip
    for reply in replies.select_related("assignment").order_by("round", "pk"):
        again = f"（第{reply.round}次办理）" if reply.round > 1 else ""
        parts.append((
            f"{reply.assignment.unit_name}的答复{again}",
            reverse("admin:suggestions_publish_reply", args=[reply.pk]),
            standing.get((Part.REPLY, reply.pk)),
        ))  # fmt: skip
    live = next((d for d in decisions if d.part == Part.TEXT and d.public_id
                 and d.taken_down_at is None), None)  # fmt: skip
    context = {
        "title": f"公开：{row.title}",
        "back": [_home()],
        "row": row,
        "limits": limits_shown([row], [PUBLISH]),
        "parts": parts,
        "decisions": decisions,
        "needs_consent": row.rule_set.publish_needs_consent,
        "may_ask": None in (row.may_publish_text, row.may_publish_reply),
        "public_url": reverse("public_suggestion", args=[live.public_id]) if live else "",
        "again": row.round > 1,
    }
    return site.render(request, "suggestions/admin/publish.html", context)


@site.page("suggestions/publishing/<int:pk>/text/", "suggestions_publish_text", KEEPERS)
@once
def publish_text(request: HttpRequest, pk: int) -> HttpResponse:
    """公开审查 of the suggestion."""
    row = _found(request, pk)
    return _decide(request, row, None, desk.text_to_publish(row), "公开建议")


@site.page("suggestions/publishing/replies/<int:pk>/", "suggestions_publish_reply", KEEPERS)
@once
def publish_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """公开审查 of one served reply; its publicity as the unit proposed it is ticked."""
    reply = get_object_or_404(
        Reply.objects.filter(state=Reply.State.SERVED).select_related("assignment"), pk=pk
    )
    row = _found(request, reply.assignment.suggestion_id)
    text = desk.reply_to_publish(reply)
    return _decide(request, row, reply, text, f"公开{reply.assignment.unit_name}的答复")


def _hints(title: str, text: str, reply: Reply | None) -> list[str]:
    """What the person who checks looks at again; of a later round also what tells of the one
    before."""
    again = judgement_hints(text) if reply and reply.round > 1 else []
    return [*again, *privacy_hints(title, text)]


def _decide(request, row: Suggestion, reply: Reply | None, text: str, title: str) -> HttpResponse:
    """Fill the sheet, look at what will be hidden, then decide."""
    part = Part.REPLY if reply else Part.TEXT
    standing = row.publication_decisions.filter(part=part, reply=reply, taken_down_at=None)
    if standing.exclude(published_at=None).exists():
        raise NotAllowed("已经公开；需要改动请先撤下")
    mode = Mode.FULL
    if reply and reply.publicity != Reply.Publicity.FULL:
        mode = Mode.NOT
    form = PublishForm(
        request.POST or None, initial={"mode": mode, "title": row.title, "text": text}
    )
    context = {
        "title": title,
        "back": [_home(), (row.number, _page(row.pk))],
        "row": row,
        "reply": reply,
        "form": form,
        "original": text,
        "hints": _hints(row.title, text, reply),
        "cancel": _page(row.pk),
    }
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        status = 422 if form.is_bound and form.errors else 200
        return site.render(request, "suggestions/admin/publish_form.html", context, status)
    values = form.decided()
    if "confirm" in request.POST:
        actions.decide_publication(row, by=request.member, part=part, reply=reply, **values)
        said = "已登记为不公开" if values["mode"] == Mode.NOT else "已公开"
        messages.success(request, said)
        return redirect("admin:suggestions_publish", row.pk)
    shown, spots = masked(values["text"])
    shown_title, in_title = masked(values["title"])
    context |= {
        "mode": Mode(values["mode"]).label,
        "is_public": values["mode"] != Mode.NOT,
        "shown": shown,
        "shown_title": shown_title,
        "spots": [*in_title, *spots],
        "hints": _hints(shown_title, shown, reply),
    }
    return site.render(request, "suggestions/admin/publish_check.html", context)


# -- Consent and taking down ------------------------------------------------------------------


@site.page("suggestions/publishing/<int:pk>/ask/", "suggestions_publish_ask", KEEPERS)
@require_POST
@once
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The deputy is asked on the phone."""
    actions.ask_consent(_found(request, pk), by=request.member)
    messages.success(request, "已请代表在手机上答复是否同意公开")
    return redirect("admin:suggestions_publish", pk)


@site.page("suggestions/publishing/<int:pk>/consent/", "suggestions_publish_consent", KEEPERS)
@once
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """What the deputy said by phone or in person is entered, with how it was said."""
    row = _found(request, pk)
    form = ConsentOnBehalfForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.give_consent(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已登记代表的意见")
        return redirect("admin:suggestions_publish", pk)
    return form_page(
        request,
        form,
        "登记代表的意见",
        "登记",
        [_home(), (row.number, _page(pk))],
        ABOUT_FORM,
        explain="代表在手机上答复的，不需要登记。不用手机的代表，当面或者电话征求后登记。",
    )


@site.page("suggestions/publishing/decisions/<int:pk>/", "suggestions_take_down", KEEPERS)
@once
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """撤下 one published part, with its reason."""
    decision = get_object_or_404(
        PublicationDecision.objects.exclude(published_at=None).filter(
            suggestion__in=_rows(request).order_by().values("pk")
        ),
        pk=pk,
    )
    if decision.taken_down_at:
        raise NotAllowed("这项内容已经撤下")
    form = TakeDownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.take_down(decision, by=request.member, **form.cleaned_data)
        messages.success(request, "已撤下，公众不再看得到")
        return redirect("admin:suggestions_publish", decision.suggestion_id)
    return form_page(
        request,
        form,
        f"撤下{decision.get_part_display()}",
        "撤下",
        [_home(), (decision.suggestion.number, _page(decision.suggestion_id))],
        ABOUT_FORM,
        explain=f"《{decision.title}》撤下以后，公众马上看不到；撤下的理由留在记录里。",
        danger=True,
    )


# -- Several at once --------------------------------------------------------------------------


@site.page("suggestions/publishing/ask/", "suggestions_publish_ask_all", KEEPERS)
@require_POST
@once
def ask_all(request: HttpRequest) -> HttpResponse:
    """Several deputies are asked; who has answered or has no login is said."""
    left = []
    rows = picked(request, _rows(request))
    for row in rows:
        try:
            actions.ask_consent(row, by=request.member)
        except NotAllowed as refusal:
            left.append(f"{row.number}：{refusal}")
    messages.success(request, f"已请 {len(rows) - len(left)} 件建议的代表答复")
    for words in left:
        messages.warning(request, words)
    return redirect(HOME[1])


@site.page("suggestions/publishing/several/", "suggestions_publish_several", KEEPERS)
@require_POST
@once
def several(request: HttpRequest) -> HttpResponse:
    """Several texts and replies on one sheet, each looked at and ticked, then published whole."""
    rows = picked(request, _rows(request).select_related("rule_set"))
    sheets = [sheet for row in rows for sheet in _sheets(row)]
    if "confirm" in request.POST:
        ticked = set(request.POST.getlist("publish"))
        chosen = [s for s in sheets if s["key"] in ticked and not s["fault"]]
        if not chosen:
            raise NotAllowed("请勾选审查通过的建议和答复")
        for s in chosen:
            actions.decide_publication(
                s["row"], by=request.member, part=s["part"], reply=s["reply"], mode=Mode.FULL,
                title=s["row"].title, text=s["text"], secrecy_checked=True, privacy_checked=True,
            )  # fmt: skip
        messages.success(request, f"已公开 {len(chosen)} 项")
        return redirect(HOME[1])
    context = {
        "title": "逐项审查后公开",
        "note": "每项都看过、审查通过的才勾选。没有勾选的留在待审查里。",
        "back": [_home()],
        "rows": rows,
        "sheets": sheets,
    }
    return site.render(request, "suggestions/admin/publish_several.html", context)


def _sheets(row: Suggestion) -> list[dict]:
    """What of a suggestion is still to be decided, as it would stand in public."""
    standing = {(d.part, d.reply_id) for d in row.publication_decisions.filter(taken_down_at=None)}
    replies = Reply.objects.filter(assignment__suggestion=row, state=Reply.State.SERVED)
    wanted = [(Part.TEXT, None, "建议", desk.text_to_publish(row), row.may_publish_text)]
    wanted += [
        (Part.REPLY, r, f"{r.assignment.unit_name}的答复", desk.reply_to_publish(r),
         row.may_publish_reply if r.publicity == Reply.Publicity.FULL else "unit")
        for r in replies.select_related("assignment").prefetch_related("points", "promises")
    ]  # fmt: skip
    found = []
    for part, reply, label, text, consent in wanted:
        if (part, reply.pk if reply else None) in standing:
            continue
        shown, spots = masked(text)
        fault = ""
        if consent == "unit":
            fault = f"承办单位定为“{reply.get_publicity_display()}”，请逐件审查"
        elif row.rule_set.publish_needs_consent and consent is not True:
            fault = "代表不同意公开" if consent is False else "代表还没有答复是否同意公开"
        found.append({
            "key": f"{part}-{reply.pk if reply else row.pk}", "row": row, "part": part,
            "reply": reply, "label": label, "text": text, "shown": shown, "spots": spots,
            "fault": fault, "hints": _hints(row.title, shown, reply),
        })  # fmt: skip
    return found
