"""One form per way of counting, in plain words; each gives the vocabulary's parameters and is
filled from them again.

`FORMS` are the ways in the order they are offered; `way_of(node)` finds the one a stored rule was
written with.
"""

from collections.abc import Mapping

from ...models import RuleNode
from .base import RuleForm
from .measured import MeasuredForm, OnceForm, TargetForm, TimesForm
from .plain import ConstForm, GroupForm, ManualForm
from .tables import StepsForm, ValuesForm

__all__ = ["FORMS", "MeasuredForm", "RuleForm", "way_of"]

FORMS: Mapping[str, type[RuleForm]] = {
    form.way: form
    for form in (
        TimesForm,
        OnceForm,
        StepsForm,
        ValuesForm,
        TargetForm,
        ConstForm,
        ManualForm,
        GroupForm,
    )
}


def way_of(node: RuleNode) -> str:
    """The form a stored rule is changed with; "" where it has none (评议计分)."""
    params = node.params
    if node.kind == RuleNode.Kind.LINEAR:
        if (params.get("measure") or {}).get("aggregate") == "exists":
            return OnceForm.way
        return TargetForm.way if params.get("base") not in (None, "", "0") else TimesForm.way
    if node.kind == RuleNode.Kind.TABLE:
        by_value = any(row.get("attribute") for row in params.get("rows", ()))
        return ValuesForm.way if by_value else StepsForm.way
    return next((way for way, form in FORMS.items() if form.kind == node.kind), "")
