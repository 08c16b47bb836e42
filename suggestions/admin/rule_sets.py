"""办理规则: the versions, one version in plain words, its parts, classes, document, publication."""

from itertools import groupby

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.words import cn_date
from performance.models import DutyItem

from .. import access, actions, queries
from ..forms.rule_sets import (
    BasisFileForm,
    ClassesForm,
    NewRuleSetForm,
    PartForm,
    PublishRulesForm,
)
from ..models import RuleSet
from ..rules.bounds import BOUNDS
from ..rules.wording import PART_OF, PARTS, Line, changes, class_words, duties
from .frame import FORM

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
State = RuleSet.State


def rules_link() -> tuple[str, str]:
    return "办理规则", reverse("admin:suggestions_rule_sets")


def way_back(row: RuleSet) -> list[tuple[str, str]]:
    """The way back from a page below a version."""
    return [rules_link(), (str(row), reverse("admin:suggestions_rule_set", args=[row.pk]))]


def _draft(request: HttpRequest, pk: int) -> RuleSet:
    row = access.find_rule_set(request.member, pk)
    if row.state != State.DRAFT:
        raise NotAllowed("已发布的规则不能修改，请拟订新版本")
    return row


def _to(name: str, row: RuleSet) -> str:
    return reverse(f"admin:suggestions_rule_set_{name}", args=[row.pk])


@site.page("suggestions/rules/", "suggestions_rule_sets", READERS)
def rule_sets(request: HttpRequest) -> HttpResponse:
    """All sets with their versions, the newest in front; which one is in force today."""
    rows = access.rule_sets_visible_to(request.member).select_related("published_by")
    rows = rows.annotate(used=Count("suggestions")).order_by("name", "-number")
    may_keep = access.may_keep(request.member)
    new = {"label": "从模板新建", "url": reverse("admin:suggestions_rule_set_new")}
    people = {"label": "初审人员", "url": reverse("admin:suggestions_reviewers")}
    context = {
        "title": "办理规则",
        "note": "交办那天施行的一版随建议固定下来，以后改了规则，已交办的建议仍按原来的办。",
        "sets": [(name, list(versions)) for name, versions in groupby(rows, lambda r: r.name)],
        "in_force": queries.rules_in_force(timezone.localdate()),
        "actions": [new, people] if may_keep else [],
        "may_keep": may_keep,
    }
    return site.render(request, "suggestions/admin/rules/sets.html", context)


@site.page("suggestions/rules/new/", "suggestions_rule_set_new", KEEPERS)
@once
def new_rule_set(request: HttpRequest) -> HttpResponse:
    """A draft from one of the three templates."""
    form = NewRuleSetForm(request.POST or None, initial={"template": "plain"})
    if request.method == "POST" and form.is_valid():
        row = actions.make_rule_set(by=request.member, **form.cleaned_data)
        messages.success(request, "已建立草稿，请逐项核对")
        return redirect("admin:suggestions_rule_set", row.pk)
    return form_page(request, form, "新建办理规则", "建立草稿", [rules_link()], FORM)


@site.page("suggestions/rules/<int:pk>/", "suggestions_rule_set", READERS)
def rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    """One version on one page, in plain words."""
    row = access.find_rule_set(request.member, pk)
    may_keep = access.may_keep(request.member)
    may_edit = may_keep and row.state == State.DRAFT
    others = list(
        access.rule_sets_visible_to(request.member)
        .filter(name=row.name).exclude(pk=pk).order_by("-number")
    )  # fmt: skip
    context = {
        "title": row.name,
        "back": [rules_link()],
        "row": row,
        "may_edit": may_edit,
        "may_attach": may_keep and (may_edit or not row.basis_file_id),
        "is_in_force": queries.rules_in_force(timezone.localdate()) == row,
        "parts": [
            (part.key, part.title, [(x.label, _words(x, row), _law(x.fields)) for x in part.lines])
            for part in PARTS
        ],
        "classes": [(c, class_words(c)) for c in row.classes.all()],
        "faults": actions.rule_set_faults(row) if may_edit else [],
        "used": row.suggestions.count(),
        "others": others,
        "actions": _buttons(row, may_keep, may_edit, others),
    }
    return site.render(request, "suggestions/admin/rules/set.html", context)


def _words(line: Line, row: RuleSet) -> str:
    if line.fields == ("duty_items",):
        return duties(row, dict(DutyItem.objects.values_list("code", "name")))
    return line.read(row)


def _law(fields: tuple[str, ...]) -> str:
    return next((BOUNDS[f].words for f in fields if f in BOUNDS and BOUNDS[f].law), "")


def _buttons(row: RuleSet, may_keep: bool, may_edit: bool, others: list) -> list[dict]:
    found = []
    if others:
        found.append({"label": "与其他版本比较", "url": _to("compare", row)})
    if may_edit:
        found.append({"label": "发布", "url": _to("publish", row), "primary": True})
    elif may_keep and not any(o.number > row.number for o in others):
        found.append({"label": "拟订新版本", "url": _to("draft", row)})
    return found


@site.page("suggestions/rules/<int:pk>/edit/<str:part>/", "suggestions_rule_set_edit", KEEPERS)
@once
def edit(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """One part of a draft."""
    row = _draft(request, pk)
    if part not in PART_OF:
        raise Http404
    found = PART_OF[part]
    sent = request.POST if request.method == "POST" else None
    form = PartForm(sent, part=found, row=row)
    if form.is_valid():
        actions.edit_rule_set(row, by=request.member, **form.values())
        messages.success(request, f"“{found.title}”已保存")
        return redirect(f"{reverse('admin:suggestions_rule_set', args=[pk])}#{part}")
    return form_page(request, form, f"修改：{found.title}", "保存", way_back(row), FORM)


@site.page("suggestions/rules/<int:pk>/classes/", "suggestions_rule_set_classes", KEEPERS)
@once
def classes(request: HttpRequest, pk: int) -> HttpResponse:
    """The class dictionary of a draft."""
    row = _draft(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = ClassesForm(sent, row=row)
    if form.is_valid():
        actions.save_classes(row, by=request.member, classes=form.values())
        messages.success(request, "结果类别已保存")
        return redirect(f"{reverse('admin:suggestions_rule_set', args=[pk])}#classes")
    context = {"title": "结果类别", "form": form, "back": way_back(row), "row": row}
    return site.render(
        request, "suggestions/admin/rules/classes.html", context, 422 if form.is_bound else 200
    )


@site.page("suggestions/rules/<int:pk>/basis/", "suggestions_rule_set_basis", KEEPERS)
@once
def basis(request: HttpRequest, pk: int) -> HttpResponse:
    """依据文件 as a file."""
    row = access.find_rule_set(request.member, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BasisFileForm(*sent)
    if form.is_bound and form.is_valid():
        actions.attach_basis(row, by=request.member, upload=form.cleaned_data["file"])
        messages.success(request, "依据文件已保存")
        return redirect("admin:suggestions_rule_set", pk)
    return form_page(request, form, "上传依据文件", "上传", way_back(row), FORM)


@site.page("suggestions/rules/<int:pk>/draft/", "suggestions_rule_set_draft", KEEPERS)
@once
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """拟订新版本."""
    row = access.find_rule_set(request.member, pk)
    if request.method == "POST":
        new = actions.draft_rule_set(row, by=request.member)
        messages.success(request, f"已复制出第{new.number}版草稿")
        return redirect("admin:suggestions_rule_set", new.pk)
    context = {
        "title": "拟订新版本",
        "back": way_back(row),
        "explain": "把最近的一版原样复制成草稿，再逐项修改。已交办的建议仍按原来的一版办理。",
        "submit": "拟订新版本",
        "cancel": way_back(row)[-1][1],
    }
    return site.render(request, FORM, context)


@site.page("suggestions/rules/<int:pk>/discard/", "suggestions_rule_set_discard", KEEPERS)
@once
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft is thrown away."""
    row = _draft(request, pk)
    if request.method == "POST":
        actions.discard_rule_set(row, by=request.member)
        messages.success(request, "草稿已删除")
        return redirect("admin:suggestions_rule_sets")
    context = {
        "title": "删除草稿",
        "back": way_back(row),
        "explain": f"“{row}”草稿会删除，不能恢复。已发布的版本不受影响。",
        "submit": "删除草稿",
        "danger": True,
        "cancel": way_back(row)[-1][1],
    }
    return site.render(request, FORM, context)


@site.page("suggestions/rules/<int:pk>/compare/", "suggestions_rule_set_compare", READERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What another version said otherwise, line by line."""
    row = access.find_rule_set(request.member, pk)
    others = list(
        access.rule_sets_visible_to(request.member).exclude(pk=pk).order_by("name", "-number")
    )
    own = [o for o in others if o.name == row.name]
    older = [o for o in own if o.number < row.number]
    asked = request.GET.get("with", "")
    other = next((o for o in others if str(o.pk) == asked), (older or own or others or [None])[0])
    context = {
        "title": f"{row}与其他版本比较",
        "back": way_back(row),
        "row": row,
        "others": others,
        "other": other,
        "changes": changes(other, row) if other else [],
    }
    return site.render(request, "suggestions/admin/rules/compare.html", context)


@site.page("suggestions/rules/<int:pk>/publish/", "suggestions_rule_set_publish", KEEPERS)
@once
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Day of force and document, looked at once more before the version is closed for ever."""
    row = _draft(request, pk)
    faults = actions.rule_set_faults(row)
    initial = {"in_force_from": timezone.localdate(), "basis_document": row.basis_document}
    form = PublishRulesForm(request.POST or None, initial=initial)
    is_checked = request.method == "POST" and form.is_valid() and not faults
    if is_checked and "confirmed" in request.POST:
        actions.publish_rule_set(row, by=request.member, **form.cleaned_data)
        day = cn_date(form.cleaned_data["in_force_from"])
        messages.success(request, f"{row}已发布，{day}施行")
        return redirect("admin:suggestions_rule_set", pk)
    checking = is_checked and "back" not in request.POST
    earlier = (
        RuleSet.objects.filter(name=row.name, number__lt=row.number, state=State.PUBLISHED)
        .order_by("-number").first()
    )  # fmt: skip
    context = {
        "title": f"发布：{row}",
        "back": way_back(row),
        "row": row,
        "form": form,
        "faults": faults,
        "checking": checking,
        "earlier": earlier,
        "changes": changes(earlier, row) if earlier else [],
        "answers": [
            ("施行日期", cn_date(form.cleaned_data["in_force_from"]), ""),
            ("依据文件", form.cleaned_data["basis_document"], ""),
            ("文件附件", row.basis_file.name if row.basis_file else "没有上传", ""),
        ]
        if checking
        else [],
    }
    status = 422 if request.method == "POST" and not is_checked else 200
    return site.render(request, "suggestions/admin/rules/publish.html", context, status)
