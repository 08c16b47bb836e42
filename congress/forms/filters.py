"""How a list is narrowed: what an address asks for, as far as it can be understood."""

from collections.abc import Iterable
from typing import Any

from django import forms


class TabField(forms.ChoiceField):
    """Which tab of a list is open; it goes along with the filters, out of sight."""

    def __init__(self, tabs: Iterable[str], **kwargs: Any):
        super().__init__(
            label="分栏",
            required=False,
            widget=forms.HiddenInput,
            choices=[(key, key) for key in tabs],
            error_messages={"invalid_choice": "没有“%(value)s”这一栏。"},
            **kwargs,
        )


class FilterForm(forms.Form):
    """The filters of a list. One that cannot be understood is said in words and left out; the
    others hold."""

    def asked(self) -> dict[str, Any]:
        """What was asked and could be understood."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return self.cleaned_data

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Each filter that is not in use because it could not be understood: name, why."""
        if not self.is_bound:
            return []
        return [
            (str(self.fields[name].label), " ".join(words))
            for name, words in self.errors.items()
            if name in self.fields
        ]
