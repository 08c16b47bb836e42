"""The word of a head of a delegation or of the motions group; who they are."""

from typing import Any

from django import forms

from congress.models import Membership, Role
from deputies.access import visible_to
from deputies.forms.people import find_people
from deputies.models import Delegation

from ..models import PreReviewer
from .fields import Words, YesNoField
from .intake import checks_field


class PreReviewForm(forms.Form):
    """初审: what was looked at, passed on or sent back, in which words."""

    checked = checks_field(required=False, help_text="审查没有问题的打勾。")
    passes = YesNoField(
        label="初审意见",
        yes="同意提交",
        no="退回代表修改",
        error_messages={"required": "请选择同意还是退回。"},
    )
    opinion = Words(
        label="意见",
        max_length=500,
        help_text="退回的，请写明改哪里、怎样改，代表会看到。",
        error_messages={"required": "请写明初审意见。"},
    )


class NameReviewerForm(forms.Form):
    """登记初审人员: a head with the delegation, or a member of the motions group."""

    step = forms.ChoiceField(
        label="环节", choices=PreReviewer.Step.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择环节。"},
    )  # fmt: skip
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False,
        empty_label="议案组不选", help_text="登记团长的选择；原来的团长同时不再担任。",
    )  # fmt: skip
    deputy_name = forms.CharField(
        label="代表", max_length=60, required=False,
        help_text="同名的，在姓名后写代表证号，例如“张华 023”。",
    )  # fmt: skip
    staff = forms.ModelChoiceField(
        label="或者专工委人员", queryset=Membership.objects.none(), required=False,
        empty_label="不是专工委人员", help_text="只用于议案组。",
    )  # fmt: skip

    def __init__(self, *args: Any, member: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by, self.deputy = member, None
        self.fields["delegation"].queryset = Delegation.objects.order_by("position", "pk")
        self.fields["staff"].queryset = Membership.objects.filter(
            role=Role.COMMITTEE, valid_to=None
        )

    def clean_deputy_name(self) -> str:
        name = self.cleaned_data["deputy_name"]
        people, faults = find_people(name, visible_to(self.by))
        if faults:
            raise forms.ValidationError(faults)
        if len(people) > 1:
            raise forms.ValidationError("一次登记一位。")
        self.deputy = people[0] if people else None
        if self.deputy and not self.deputy.membership_id:
            raise forms.ValidationError(f"{self.deputy.name}还没有登录账号，不能在手机上初审。")
        return name

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        step, delegation = values.get("step"), values.get("delegation")
        if step == PreReviewer.Step.DELEGATION and not delegation:
            self.add_error("delegation", "请选择代表团。")
        if step == PreReviewer.Step.MOTIONS and delegation:
            self.add_error("delegation", "议案组成员不选代表团。")
        if step == PreReviewer.Step.DELEGATION and values.get("staff"):
            self.add_error("staff", "代表团团长须是代表。")
        if bool(self.deputy) == bool(values.get("staff")) and "deputy_name" not in self.errors:
            self.add_error("deputy_name", "请填写代表，或者选择专工委人员，两者填一项。")
        return values

    def values(self) -> dict[str, Any]:
        """For the action."""
        data = self.cleaned_data
        who = self.deputy.membership if self.deputy else data["staff"]
        return {"step": data["step"], "delegation": data["delegation"], "member": who}
