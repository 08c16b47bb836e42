"""What every rule has: a name, a place in the tree, and optional bounds."""

from typing import Any

from django import forms

from congress.forms import WordsField
from congress.words import plain_number

from ...models import Aspect, DutyItem, RuleBookVersion, RuleNode
from ...rules.vocabulary import IDENTITIES
from ..fields import NumberField


class RuleForm(forms.Form):
    """What every rule has: a name, a place in the tree, and optional bounds."""

    way = ""
    kind = ""
    label = ""
    explain = ""
    ABOUT: tuple[str, ...] = ("name", "parent", "aspect")
    MORE: tuple[str, ...] = ("cap", "floor", "identities", "zero_unless")

    name = WordsField(label="名称", max_length=80)
    parent = forms.TypedChoiceField(label="放在哪里", coerce=int, empty_value=None, required=False)
    aspect = forms.ChoiceField(
        label="属于哪个方面",
        choices=[("", "随上级"), *Aspect.choices],
        required=False,
        help_text="放在最上一层的须选择。",
    )
    cap = NumberField(label="最多计多少分（封顶）", required=False, help_text="不封顶就空着。")
    floor = NumberField(
        label="最少计多少分（保底）",
        required=False,
        help_text="扣分项写负数，例如 -30 表示最多扣 30 分；写 0 表示扣完为止。",
    )
    identities = forms.MultipleChoiceField(
        label="只适用于",
        choices=[(k, v) for k, v in IDENTITIES.items() if k != "deputy"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选就适用于全体代表。",
    )
    zero_unless = forms.MultipleChoiceField(
        label="前提：这些规则都有得分才计",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        version: RuleBookVersion,
        node: RuleNode | None = None,
        parent: int | None = None,
        **kwargs: Any,
    ):
        self.version, self.node = version, node
        initial = self.initial_of(node) if node else {"parent": parent}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        nodes = list(version.nodes.select_related("item").order_by("position", "pk"))
        inside = _below(node.pk, nodes) | {node.pk} if node else set()
        buckets = [n for n in nodes if n.kind == RuleNode.Kind.NODE and n.pk not in inside]
        self.fields["parent"].choices = [
            ("", "最上一层"),
            *[(n.pk, n.name) for n in buckets],
        ]
        own = node.key if node else ""
        others = [(n.key, n.name) for n in nodes if n.key != own]
        if others:
            self.fields["zero_unless"].choices = others
        else:
            del self.fields["zero_unless"]

    def about(self):
        """The fields that stand first."""
        return self._fields(self.ABOUT)

    def counting(self):
        """The fields of this way of counting."""
        special = {*self.ABOUT, *self.MORE}
        return [self[name] for name in self.fields if name not in special]

    def more(self):
        """The fields that few rules need."""
        return self._fields(self.MORE)

    def _fields(self, names):
        return [self[name] for name in names if name in self.fields]

    def more_is_used(self) -> bool:
        """Whether one of the rarer fields carries something, so that it is shown open."""
        return any(f.value() for f in self.more()) or any(f.errors for f in self.more())

    def clean(self) -> dict:
        data = super().clean()
        if data.get("parent") is None and "parent" in data and not data.get("aspect"):
            item = self.item()
            if item is None:
                self.add_error("aspect", "请选择属于哪个方面")
            else:
                data["aspect"] = item.aspect
        cap, floor = data.get("cap"), data.get("floor")
        if cap is not None and floor is not None and cap < floor:
            self.add_error("cap", "封顶分低于保底分")
        return data

    def item(self) -> DutyItem | None:
        """The duty of a rule about exactly one."""
        return None

    def params(self) -> dict[str, Any]:
        """The stored form of a valid rule."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            name: plain_number(data[name])
            for name in ("cap", "floor")
            if data.get(name) is not None
        }
        if data.get("identities"):
            found["for"] = list(data["identities"])
        if data.get("zero_unless"):
            found["zero_unless"] = list(data["zero_unless"])
        return found

    def values(self) -> dict[str, Any]:
        """What actions.save_rule takes."""
        data = self.cleaned_data
        parent = data["parent"]
        kept = {
            k: v
            for k, v in (self.node.params if self.node else {}).items()
            if k in ("public_name", "counts_in")
        }
        return {
            "kind": self.kind,
            "name": data["name"],
            "aspect": data["aspect"] if parent is None else "",
            "parent": self.version.nodes.get(pk=parent) if parent else None,
            "item": self.item(),
            "params": {**kept, **self.params()},
        }

    @classmethod
    def initial_of(cls, node: RuleNode) -> dict[str, Any]:
        """The form's values from a stored rule."""
        params = node.params
        needed = params.get("zero_unless") or []
        return {
            "name": node.name,
            "parent": node.parent_id,
            "aspect": node.aspect,
            "cap": params.get("cap"),
            "floor": params.get("floor"),
            "identities": params.get("for", []),
            "zero_unless": [needed] if isinstance(needed, str) else needed,
        }


def _below(pk: int, nodes: list[RuleNode]) -> set[int]:
    found, queue = set(), [pk]
    while queue:
        here = queue.pop()
        below = [n.pk for n in nodes if n.parent_id == here]
        found.update(below)
        queue.extend(below)
    return found
