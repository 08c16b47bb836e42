"""积分办法: the list of books, one version on one page, its grades, publication and differences."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from congress.admin import StaffAdmin, site
from congress.models import Role
from congress.once import once
from congress.words import cn_date

from .. import access, actions
from ..actions.books import faults_of
from ..forms.books import COLOURS, BandsForm, NewBookForm, PublishForm, VersionForm
from ..forms.rules import FORMS, way_of
from ..models import Aspect, DutyItem, RuleBook, RuleBookVersion
from ..queries import rule_tree, scale_of
from ..rules import Faulty, Rule, compare, describe, warnings
from ..rules.gates import EFFECTS
from ..rules.vocabulary import AGGREGATES

State = RuleBookVersion.State
READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
BOOKS = ("积分办法", "/admin/performance/rulebook/")
TONES = {State.DRAFT: "draft", State.PUBLISHED: "done"}
ORDINALS = "一二三四五六七八九十"


class RuleBookAdmin(StaffAdmin):
    roles_view = READERS

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            return super().changelist_view(request)
        versions = access.versions_visible_to(request.member).order_by("-number")
        books = RuleBook.objects.prefetch_related(Prefetch("versions", versions)).order_by("-pk")
        may_keep = access.may_keep(request.member)
        context = {
            "title": "积分办法",
            "note": "履职积分怎样计由办法的版本决定；发布后不再改动，考核期一直用它自己的版本。",
            "books": books,
            "may_keep": may_keep,
            "actions": [
                {"label": "新建办法", "url": "/admin/performance/books/new/", "primary": True}
            ]
            if may_keep
            else [],
        }
        return site.render(request, "performance/admin/books.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        latest = row and row.versions.order_by("-number").first()
        if latest is None or not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:performance_version", latest.pk)


site.register(RuleBook, RuleBookAdmin)


def find(request: HttpRequest, pk: int) -> RuleBookVersion:
    """A version this member may see, otherwise 404."""
    return access.find(access.versions_visible_to(request.member), pk)


def way_back(version: RuleBookVersion, *, to_version: bool = True) -> list[tuple[str, str]]:
    """The way back from a page below a version."""
    here = (str(version), f"/admin/performance/books/{version.pk}/")
    return [BOOKS, here] if to_version else [BOOKS]


def names_of(version: RuleBookVersion) -> dict[str, str]:
    """Words for item codes and rule keys that sentences mention."""
    found = dict(DutyItem.objects.values_list("code", "name"))
    return found | dict(version.nodes.values_list("key", "name"))


# -- Pages -------------------------------------------------------------------------------------


@site.page("performance/books/new/", "performance_book_new", KEEPERS)
@once
def new_book(request: HttpRequest) -> HttpResponse:
    """A new book from a template or empty."""
    form = NewBookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = actions.make_book(by=request.member, **form.cleaned_data)
        messages.success(request, "已建立办法草稿，可以逐条修改了")
        return redirect("admin:performance_version", version.pk)
    context = {
        "title": "新建积分办法",
        "form": form,
        "back": [BOOKS],
        "submit": "建立草稿",
        "cancel": BOOKS[1],
    }
    return site.render(request, "admin/one_form.html", context, 422 if form.is_bound else 200)


@site.page("performance/books/<int:pk>/", "performance_version", READERS)
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole version on one page: rules, grades, gates, what keeps it from being published."""
    version = find(request, pk)
    may_edit = access.may_keep(request.member) and version.state == State.DRAFT
    names = names_of(version)
    try:
        root, broken = rule_tree(version), ""
        bands, gates = scale_of(version)
    except Faulty as fault:
        root, broken, bands, gates = Rule(key="", kind="node", name=""), str(fault), [], []
    nodes = {n.key: n for n in version.nodes.select_related("item")}
    others = list(version.book.versions.exclude(pk=version.pk).order_by("-number"))
    context = {
        "title": version.book.name,
        "back": [BOOKS],
        "version": version,
        "tone": TONES[version.state],
        "may_edit": may_edit,
        "parts": [
            {"rule": rule, "rows": list(lines(rule, nodes, names, ORDINALS[n % 10]))}
            for n, rule in enumerate(root.children)
        ],
        "aspects": dict(Aspect.choices),
        "bands": [(b, COLOURS.get(b.colour, "")) for b in bands],
        "gates": [gate_words(g, names) for g in gates],
        "faults": ([broken] if broken else faults_of(version)) if may_edit else [],
        "warnings": warnings(root) if may_edit else [],
        "ways": [(form.way, form.label, form.explain) for form in FORMS.values()],
        "others": others,
        "actions": _buttons(request, version, may_edit, others),
        "periods": list(version.periods.order_by("-starts_on")[:5]),
    }
    return site.render(request, "performance/admin/version.html", context)


def _buttons(request, version: RuleBookVersion, may_edit: bool, others: list) -> list[dict]:
    base = f"/admin/performance/books/{version.pk}/"
    found = [{"label": "试算", "url": f"{base}trial/"}]
    if others:
        found.append({"label": "与其他版本比较", "url": f"{base}compare/"})
    if may_edit:
        found.append({"label": "发布", "url": f"{base}publish/", "primary": True})
    return found


def lines(rule: Rule, nodes: dict, names: dict[str, str], number: str, depth: int = 0):
    """The rows of a rule and all below it, each with its number and sentence."""
    node = nodes[rule.key]
    yield {
        "rule": rule,
        "node": node,
        "number": number,
        "depth": depth,
        "sentence": describe(rule, names),
        "is_group": not rule.is_leaf,
        "may_change": bool(way_of(node)),
    }
    for n, child in enumerate(rule.children, start=1):
        below = str(n) if depth == 0 else f"{number}.{n}"
        yield from lines(child, nodes, names, below, depth + 1)


def gate_words(gate, names: dict[str, str]) -> tuple[str, str]:
    """A gate's name and what it does, in plain words."""
    what = "、".join(names.get(code, code) for code in gate.measure.items[:3])
    if len(gate.measure.items) > 3:
        what += f"等{len(gate.measure.items)}项"
    words = [AGGREGATES[gate.measure.aggregate]]
    if gate.at_least is not None:
        words.append(f"达到 {gate.at_least}")
    if gate.below is not None:
        words.append(f"不到 {gate.below}")
    effect = EFFECTS[gate.effect] + (f"“{gate.grade}”" if gate.grade else "")
    return gate.name, f"{what}的{''.join(words)}的，{effect}"


@site.page("performance/books/<int:pk>/settings/", "performance_version_settings", KEEPERS)
@once
def version_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Precision and remark of a draft."""
    version = find(request, pk)
    form = VersionForm(
        request.POST or None, initial={"decimals": version.decimals, "note": version.note}
    )
    if request.method == "POST" and form.is_valid():
        actions.save_version(version, by=request.member, **form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("admin:performance_version", pk)
    context = {"title": "小数位数和说明", "form": form, "back": way_back(version)}
    context |= {"submit": "保存", "cancel": f"/admin/performance/books/{pk}/"}
    return site.render(request, "admin/one_form.html", context, 422 if form.is_bound else 200)


@site.page("performance/books/<int:pk>/bands/", "performance_bands", KEEPERS)
@once
def bands_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The grades of a draft; gaps and overlaps are told before they are saved."""
    version = find(request, pk)
    form = BandsForm(request.POST or None, initial=BandsForm.initial_of(version))
    if request.method == "POST" and form.is_valid():
        actions.save_bands(version, by=request.member, bands=form.values())
        messages.success(request, "等次已保存")
        return redirect("admin:performance_version", pk)
    context = {"title": "等次", "form": form, "version": version, "back": way_back(version)}
    return site.render(
        request, "performance/admin/bands.html", context, 422 if form.is_bound else 200
    )


@site.page("performance/books/<int:pk>/draft/", "performance_version_draft", KEEPERS)
@once
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """拟订新版本, copied from the latest one."""
    version = find(request, pk)
    if request.method == "POST":
        draft = actions.draft_version(version.book, by=request.member)
        messages.success(request, f"已从上一版复制出第{draft.number}版草稿")
        return redirect("admin:performance_version", draft.pk)
    context = {
        "title": "拟订新版本",
        "back": way_back(version),
        "explain": "把最近的一版原样复制成草稿，再逐条修改。原来的版本和用它的考核期不受影响。",
        "submit": "拟订新版本",
        "cancel": f"/admin/performance/books/{pk}/",
    }
    return site.render(request, "admin/one_form.html", context)


@site.page("performance/books/<int:pk>/discard/", "performance_version_discard", KEEPERS)
@once
def discard_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft is thrown away."""
    version = find(request, pk)
    if request.method == "POST":
        actions.discard_version(version, by=request.member)
        messages.success(request, "草稿已删除")
        return redirect("admin:performance_rulebook_changelist")
    context = {
        "title": "删除草稿",
        "back": way_back(version),
        "explain": f"“{version}”草稿里的 {version.nodes.count()} 条规则会全部删除，不能恢复。",
        "submit": "删除草稿",
        "danger": True,
        "cancel": f"/admin/performance/books/{pk}/",
    }
    return site.render(request, "admin/one_form.html", context)


@site.page("performance/books/<int:pk>/compare/", "performance_version_compare", READERS)
def compare_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from another version to this one, rule by rule."""
    version = find(request, pk)
    others = list(
        access.versions_visible_to(request.member)
        .filter(book=version.book)
        .exclude(pk=pk)
        .order_by("-number")
    )
    asked = request.GET.get("with", "")
    older = [v for v in others if v.number < version.number]
    other = next((v for v in others if str(v.pk) == asked), (older or others or [None])[0])
    context = {
        "title": f"第{version.number}版与其他版本比较",
        "back": way_back(version),
        "version": version,
        "others": others,
        "other": other,
        "changes": changes_between(other, version) if other else [],
    }
    return site.render(request, "performance/admin/compare.html", context)


KINDS = {
    "added": ("新增", "active"),
    "changed": ("修改", "warn"),
    "moved": ("移动", "off"),
    "removed": ("删除", "late"),
}


def changes_between(old: RuleBookVersion, new: RuleBookVersion) -> list[dict]:
    """Changes in rules and grades, in words. Raises Faulty."""
    names = names_of(old) | names_of(new)
    found = [
        {
            "kind": KINDS[c.kind],
            "name": c.name,
            "before": c.before,
            "after": c.after,
        }
        for c in compare(rule_tree(old), rule_tree(new), names)
    ]
    was, now = (_bands_words(v) for v in (old, new))
    if was != now:
        found.append({"kind": KINDS["changed"], "name": "等次", "before": was, "after": now})
    return found


def _bands_words(version: RuleBookVersion) -> str:
    said = []
    for band in scale_of(version)[0]:
        low = f"{band.low}分（含）以上" if band.low is not None else ""
        high = f"不到{band.high}分" if band.high is not None else ""
        said.append(f"{band.name} {low}{high}")
    return "；".join(said) or "没有等次"


@site.page("performance/books/<int:pk>/publish/", "performance_version_publish", KEEPERS)
@once
def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Date of force and document, checked once more before the version is closed for ever."""
    version = find(request, pk)
    faults = faults_of(version) if version.state == State.DRAFT else []
    initial = {"in_force_from": timezone.localdate(), "basis_document": version.basis_document}
    form = PublishForm(request.POST or None, version=version, initial=initial)
    is_checked = request.method == "POST" and form.is_valid()
    if is_checked and "confirmed" in request.POST:
        actions.publish_version(version, by=request.member, **form.cleaned_data)
        messages.success(
            request,
            f"第{version.number}版已发布，{cn_date(form.cleaned_data['in_force_from'])}施行",
        )
        return redirect("admin:performance_version", pk)
    earlier = (
        version.book.versions.filter(state=State.PUBLISHED, number__lt=version.number)
        .order_by("-number")
        .first()
    )
    checking = is_checked and "back" not in request.POST
    context = {
        "title": f"发布第{version.number}版",
        "back": way_back(version),
        "version": version,
        "form": form,
        "faults": faults,
        "warnings": warnings(rule_tree(version)) if not faults else [],
        "checking": checking,
        "answers": [
            ("办法", version.book.name, ""),
            ("版本", f"第{version.number}版", ""),
            ("规则", f"{version.nodes.exclude(kind='node').count()} 条", ""),
            ("施行日期", cn_date(form.cleaned_data["in_force_from"]), ""),
            ("依据文件", form.cleaned_data["basis_document"], ""),
        ]
        if checking
        else [],
        "changes": changes_between(earlier, version) if earlier and not faults else [],
        "earlier": earlier,
    }
    status = 422 if form.is_bound and not is_checked else 200
    return site.render(request, "performance/admin/publish.html", context, status)
