"""Units changed after 交办, and the deputy's objection to one."""

from typing import Any

from django import forms

from congress.models import Unit

from ..models import Assignment
from ..queries import assignable_units
from .assigning import unit_choices
from .fields import Words, YesNoField
from .handling import ROLES
from .writing import handling_units

OWNER = Assignment.Role.OWNER
FIRST_LEVEL = "first"


class _UnitForm(forms.Form):
    """A unit, its part, and why."""

    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.none(), error_messages={"required": "请选择单位。"}
    )
    role = forms.ChoiceField(label="承办方式", error_messages={"required": "请选择承办方式。"})
    content = forms.CharField(label="承办内容", max_length=300, required=False)
    reason = Words(label="调整的理由", max_length=300, help_text="代表和有关单位都会看到这段话。")

    def offer(self, units, roles: list[tuple[str, str]]) -> None:
        """The units and roles to choose from."""
        self.fields["unit"].queryset = units
        self.fields["unit"].choices = unit_choices(units, "请选择")
        self.fields["role"].choices = roles


class AddUnitForm(_UnitForm):
    """增加承办单位, mostly 会办; under whom, where there are several levels."""

    def __init__(self, *args: Any, owners: list[Assignment], direct: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owners = {str(o.pk): o for o in owners}
        levels = [(key, f"由{o.unit_name}分办") for key, o in self.owners.items()]
        if direct:
            levels.append((FIRST_LEVEL, "由代工委直接交办"))
        if len(levels) > 1:
            self.fields["level"] = forms.ChoiceField(label="由哪一级交办", choices=levels)
            self.order_fields(["level"])
        self.only = levels[0][0] if levels else FIRST_LEVEL
        roles = [(Assignment.Role.JOINT.value, "会办"), *[r for r in ROLES if r[0] != "joint"]]
        if direct:
            roles.append((OWNER.value, "交办机构（由其分办）"))
        self.offer(assignable_units(), roles)

    @property
    def parent(self) -> Assignment | None:
        """The task below which the unit comes in; None at the first level."""
        return self.owners.get(self.cleaned_data.get("level") or self.only)


class ChangeUnitForm(_UnitForm):
    """变更承办单位: who takes the place of the present one."""

    stays_joint = forms.BooleanField(label="原单位转为会办单位", required=False)
    field_order = ["unit", "role", "content", "stays_joint", "reason"]

    def __init__(self, *args: Any, task: Assignment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = "改由"
        roles = list(ROLES)
        if task.parent_id is None:
            roles.append((OWNER.value, "交办机构（由其分办）"))
        self.offer(assignable_units().exclude(pk=task.unit_id), roles)
        self.initial.setdefault("role", task.role)
        self.initial.setdefault("content", task.content)
        if not task.answers or task.role == Assignment.Role.SEPARATE:
            del self.fields["stays_joint"]


class ObjectionForm(forms.Form):
    """代表异议单 (F20)."""

    text = Words(
        label="您的意见", max_length=500, rows=5,
        help_text="例如：这件事由哪个单位主管，为什么现在的单位办不了。",
    )  # fmt: skip
    wished_unit = forms.ModelChoiceField(
        label="希望改由哪个单位办理", queryset=Unit.objects.none(), required=False,
        empty_label="由代工委确定",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wished_unit"].queryset = handling_units()

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if len(text) < 5:
            raise forms.ValidationError("请写明您的意见。")
        return text


class AnswerObjectionForm(forms.Form):
    """The answer to an objection."""

    upheld = YesNoField(
        label="处理",
        yes="采纳，随后调整承办单位",
        no="不采纳，由现在的单位继续办理",
        error_messages={"required": "请选择怎样处理。"},
    )
    answer = Words(label="答复代表的意见", max_length=500, rows=4)
