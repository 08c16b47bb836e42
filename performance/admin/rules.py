"""One rule of a draft: the form of its way of counting, its place, its removal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from congress.admin import site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.rules import FORMS, RuleForm, way_of
from ..models import RuleBookVersion, RuleNode
from ..rules import Faulty, describe
from ..rules.vocabulary import parse_rule
from .books import KEEPERS, find, names_of, way_back


def _draft(request: HttpRequest, pk: int) -> RuleBookVersion:
    version = find(request, pk)
    if version.state != RuleBookVersion.State.DRAFT:
        raise NotAllowed("已发布的版本不能修改，请拟订新版本")
    return version


def _node(request: HttpRequest, pk: int) -> RuleNode:
    versions = access.versions_visible_to(request.member)
    rows = RuleNode.objects.filter(version__in=versions.order_by())
    node = access.find(rows.select_related("item", "version__book", "parent"), pk)
    if node.version.state != RuleBookVersion.State.DRAFT:
        raise NotAllowed("已发布的版本不能修改，请拟订新版本")
    return node


@site.page("performance/books/<int:pk>/rules/new/<str:way>/", "performance_rule_new", KEEPERS)
@once
def new_rule(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """A new rule of one way of counting; `?parent=` is the bucket it goes into."""
    version = _draft(request, pk)
    if way not in FORMS:
        raise Http404
    asked = request.GET.get("parent", "")
    parent = int(asked) if asked.isascii() and asked.isdigit() else None
    return _edit(request, version, FORMS[way], None, parent)


@site.page("performance/books/rules/<int:pk>/", "performance_rule", KEEPERS)
@once
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule of a draft."""
    node = _node(request, pk)
    way = way_of(node)
    if not way:
        raise NotAllowed("评议计分的规则不在这里修改")
    return _edit(request, node.version, FORMS[way], node, None)


def _edit(
    request: HttpRequest,
    version: RuleBookVersion,
    form_class: type[RuleForm],
    node: RuleNode | None,
    parent: int | None,
) -> HttpResponse:
    form = form_class(request.POST or None, version=version, node=node, parent=parent)
    sentence, valid = "", request.method == "POST" and form.is_valid()
    if valid and "preview" in request.POST:
        sentence = _sentence(form, version)
    elif valid:
        saved = actions.save_rule(version, by=request.member, node=node, **form.values())
        messages.success(request, f"已保存“{saved.name}”")
        return redirect(f"/admin/performance/books/{version.pk}/#rule-{saved.pk}")
    elif node is not None and request.method == "GET":
        sentence = _stored_sentence(node, version)
    context = {
        "title": f"修改：{node.name}" if node else f"添加：{form_class.label}",
        "note": form_class.explain,
        "back": way_back(version),
        "form": form,
        "node": node,
        "version": version,
        "sentence": sentence,
        "ways": [(f.way, f.label) for f in FORMS.values()] if node is None else [],
        "parent": parent,
    }
    status = 422 if request.method == "POST" and not valid else 200
    return site.render(request, "performance/admin/rule.html", context, status)


def _sentence(form: RuleForm, version: RuleBookVersion) -> str:
    values = form.values()
    item = values["item"]
    return _say(
        version,
        kind=values["kind"],
        name=values["name"],
        params=values["params"],
        item=item.code if item else "",
        unit=item.unit_word if item else "次",
    )


def _stored_sentence(node: RuleNode, version: RuleBookVersion) -> str:
    item = node.item
    return _say(
        version,
        kind=node.kind,
        name=node.name,
        params=node.params,
        item=item.code if item else "",
        unit=item.unit_word if item else "次",
    )


def _say(version: RuleBookVersion, **parts) -> str:
    try:
        parsed = parse_rule(key="", **parts)
    except Faulty as fault:
        return str(fault)
    return f"{parsed.name}：{describe(parsed, names_of(version))}"


@site.page("performance/books/rules/<int:pk>/shift/<str:way>/", "performance_rule_shift", KEEPERS)
@require_POST
def shift(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """One place up or down."""
    node = _node(request, pk)
    actions.shift_rule(node, by=request.member, up=way == "up")
    return redirect(f"/admin/performance/books/{node.version_id}/#rule-{node.pk}")


@site.page("performance/books/rules/<int:pk>/remove/", "performance_rule_remove", KEEPERS)
@once
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule out of a draft, with what is below it."""
    node = _node(request, pk)
    version = node.version
    if request.method == "POST":
        actions.remove_rule(node, by=request.member)
        messages.success(request, f"已删除“{node.name}”")
        return redirect("admin:performance_version", version.pk)
    below = node.children.count()
    context = {
        "title": f"删除规则：{node.name}",
        "back": way_back(version),
        "explain": f"组内的 {below} 条规则会一起删除。"
        if below
        else "删除后不能恢复，可以再添加。",
        "submit": "删除",
        "danger": True,
        "cancel": f"/admin/performance/books/{version.pk}/",
    }
    return site.render(request, "admin/one_form.html", context)
