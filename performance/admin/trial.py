"""试算: a version tried on a deputy's real records or on typed figures, before it is published."""

import datetime as dt
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from congress.admin import site
from deputies import access as registry
from deputies.queries import search

from ..forms.books import TrialForm
from ..models import Aspect, DutyItem
from ..queries import lines_of, preview, rule_tree, try_out
from ..rules import Facts, Faulty
from ..rules.evaluate import FactGroup
from .books import READERS, find, way_back

MOST = 9999


@site.page("performance/books/<int:pk>/trial/", "performance_version_trial", READERS)
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Points line by line; nothing is kept."""
    version = find(request, pk)
    today = timezone.localdate()
    days = {"starts_on": dt.date(today.year, 1, 1), "ends_on": today}
    form = TrialForm(request.GET if "q" in request.GET else None, initial=days)
    context = {
        "title": "试算",
        "note": "只看结果，不保存，也不影响任何人的积分。",
        "back": way_back(version),
        "version": version,
        "form": form,
        "aspects": _typed_rows(request),
    }
    try:
        context |= _tried(request, version, form, days)
    except Faulty as fault:
        context["fault"] = str(fault)
    return site.render(request, "performance/admin/trial.html", context)


def _tried(request, version, form: TrialForm, days: dict) -> dict:
    root = rule_tree(version)
    if "typed" in request.GET:
        total = try_out(version, _typed_facts(request), root)
        return {"total": total, "lines": lines_of(total, root, zeros=True), "of": "手工填写的数量"}
    if not form.is_bound or not form.is_valid():
        return {}
    span = {k: form.cleaned_data.get(k) or days[k] for k in days}
    chosen = request.GET.get("deputy", "")
    seen = registry.visible_to(request.member)
    found = list(search(seen, form.cleaned_data["q"]).order_by("name_key")[:20])
    deputy = next((d for d in found if str(d.pk) == chosen), found[0] if len(found) == 1 else None)
    if deputy is None:
        return {"choices": found, "none_found": not found}
    total = preview(version, deputy, **span, root=root)
    return {
        "total": total,
        "lines": lines_of(total, root, zeros=True),
        "of": f"{deputy.name}代表",
        "span": span,
        "choices": found if len(found) > 1 else [],
    }


def _typed_rows(request: HttpRequest) -> list[tuple[str, list]]:
    """Each duty with what was typed for it, by aspect."""
    rows = list(DutyItem.objects.filter(is_active=True))
    return [
        (
            Aspect(aspect).label,
            [(i, request.GET.get(f"n_{i.pk}", "")) for i in rows if i.aspect == aspect],
        )
        for aspect in Aspect.values
    ]


def _typed_facts(request: HttpRequest) -> Facts:
    facts = Facts()
    for item in DutyItem.objects.filter(is_active=True):
        text = request.GET.get(f"n_{item.pk}", "").strip()
        count = min(int(text), MOST) if text.isdecimal() else 0
        if count:
            facts.add(FactGroup(item.code, "present", "lead", "", count, Decimal(count)))
    return facts
