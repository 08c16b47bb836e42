"""A deputy's draft, the choice of co-signers, an answer to an invitation."""

import unicodedata
from typing import Any

from django import forms
from django.db.models import QuerySet

from activities.queries import own_level
from congress.forms import FilterForm
from congress.models import Unit
from congress.uploads import EvidenceField
from deputies.models import Delegation, Deputy
from deputies.queries import in_office

from ..models import Category, Suggestion
from .fields import YesNoField

MOST_REQUESTS = 8
SHOWN_REQUESTS = 3
WISHES = 3


def category_choices(empty: str = "不确定，由工作人员选定", upper: bool = False) -> list:
    """Two levels as groups of a select; with `upper` the upper level may be chosen too."""
    rows = Category.objects.filter(is_active=True).select_related("parent")
    tops = [c for c in rows if c.parent_id is None]
    groups = []
    for top in tops:
        below = [(c.pk, c.name) for c in rows if c.parent_id == top.pk]
        whole = [(top.pk, f"{top.name}（全部）")] if upper and below else []
        groups.append((top.name, [*whole, *below] or [(top.pk, top.name)]))
    return [("", empty), *groups]


class CategoryField(forms.TypedChoiceField):
    """A category of the open congress, chosen from the two levels."""

    def __init__(self, *, empty: str = "不确定，由工作人员选定", upper: bool = False, **kwargs):
        kwargs.setdefault("label", "分类")
        self.empty, self.upper = empty, upper
        super().__init__(coerce=self._find, empty_value=None, **kwargs)

    def fill(self) -> None:
        self.choices = category_choices(self.empty, self.upper)

    def prepare_value(self, value):
        return value.pk if isinstance(value, Category) else value

    @staticmethod
    def _find(value: str) -> Category:
        return Category.objects.get(pk=value, is_active=True)


def handling_units() -> QuerySet[Unit]:
    """The units a suggestion may be handed to."""
    kinds = [
        Unit.Kind.HANDLING_UNIT, Unit.Kind.GOVERNMENT_OFFICE, Unit.Kind.STREET_COMMITTEE,
        Unit.Kind.SPECIAL_COMMITTEE,
    ]  # fmt: skip
    return Unit.objects.filter(kind__in=kinds, valid_to=None).order_by("position", "pk")


class DraftForm(forms.Form):
    """The text as it is written; a draft may be incomplete, only what is there is checked."""

    title = forms.CharField(
        label="标题",
        max_length=120,
        required=False,
        help_text="一件建议只写一件事，例如：关于在湖滨社区增设公交站点的建议。",
        error_messages={"max_length": "标题最多 120 个字，请精简。"},
    )
    situation = forms.CharField(
        label="情况与问题",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="在哪里、是什么情况、影响了谁。可以用手机的语音输入。",
        error_messages={"max_length": "这一部分最多 8000 个字，请精简。"},
    )
    kind = forms.ChoiceField(
        label="类型", choices=Suggestion.Kind.choices, required=False,
        initial=Suggestion.Kind.SUGGESTION,
    )  # fmt: skip
    category = CategoryField(required=False)
    earlier_number = forms.CharField(
        label="往年提过的，填写当时的编号",
        max_length=60,
        required=False,
        help_text="例如：4-012。承办单位会看到当时的答复和承诺。",
    )
    wants_meeting = forms.BooleanField(
        label="要求承办单位当面沟通",
        required=False,
        help_text="勾选后，没有当面沟通，承办单位不能答复。",
    )
    contact_hours = forms.CharField(
        label="方便联系的时间",
        max_length=60,
        required=False,
        help_text="例如：工作日下午三点以后。",
    )
    may_publish_text = YesNoField(
        label="是否同意公开建议",
        required=False,
        yes="同意",
        no="不同意",
    )
    may_publish_reply = YesNoField(
        label="是否同意公开答复",
        required=False,
        yes="同意",
        no="不同意",
    )
    hides_name = forms.BooleanField(
        label="对承办单位隐去姓名",
        required=False,
        help_text="承办单位看不到您的姓名，沟通和答复由代工委转达。",
    )
    is_for_reference = forms.BooleanField(
        label="仅供参考，不需要答复",
        required=False,
        help_text="勾选后，没有答复不算逾期。",
    )
    urgent_reason = forms.CharField(
        label="需要加急的理由", max_length=200, required=False, help_text="不急的不用填。"
    )

    def __init__(self, *args, suggestion: Suggestion | None = None, **kwargs):
        if suggestion is not None:
            kwargs.setdefault("initial", _initial(suggestion))
        super().__init__(*args, **kwargs)
        self.row = suggestion
        self.fields["category"].fill()
        for n in range(1, MOST_REQUESTS + 1):
            self.fields[f"request_{n}"] = forms.CharField(
                label=f"建议{n}",
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": "每条最多 1000 个字，请精简。"},
            )
        units = handling_units()
        for n in range(1, WISHES + 1):
            self.fields[f"wish_{n}"] = forms.ModelChoiceField(
                label=f"希望的承办单位{n}", queryset=units, required=False, empty_label="不指定"
            )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Suggestion.Kind.SUGGESTION

    def clean_earlier_number(self) -> Suggestion | None:
        """The suggestion of that number, of the latest term that used it."""
        number = unicodedata.normalize("NFKC", self.cleaned_data["earlier_number"]).strip()
        if not number:
            return None
        rows = Suggestion.objects.filter(number=number, is_secret_placeholder=False)
        found = rows.exclude(pk=self.row and self.row.pk).order_by("-term__starts_on").first()
        if found is None:
            raise forms.ValidationError(f"没有找到编号为“{number}”的建议。")
        return found

    @property
    def request_fields(self) -> list:
        return [self[f"request_{n}"] for n in range(1, MOST_REQUESTS + 1)]

    @property
    def first_requests(self) -> list:
        """Those shown at once: all that are filled, at least three."""
        filled = [
            n for n, f in enumerate(self.request_fields, start=1) if (f.value() or "").strip()
        ]
        return self.request_fields[: max(SHOWN_REQUESTS, max(filled, default=0))]

    @property
    def more_requests(self) -> list:
        return self.request_fields[len(self.first_requests) :]

    @property
    def wish_fields(self) -> list:
        return [self[f"wish_{n}"] for n in range(1, WISHES + 1)]

    @property
    def values(self) -> dict[str, Any]:
        """For the action: requests and wishes in one list each."""
        data = self.cleaned_data
        own = ("request_", "wish_", "earlier_")
        named = {k: v for k, v in data.items() if not k.startswith(own)}
        requests = [data[f"request_{n}"].strip() for n in range(1, MOST_REQUESTS + 1)]
        wishes = [data[f"wish_{n}"] for n in range(1, WISHES + 1)]
        return {
            **named,
            "raised_before": data["earlier_number"],
            "requests": [r for r in requests if r],
            "wished_units": list(dict.fromkeys(u for u in wishes if u)),
        }


def _initial(row: Suggestion) -> dict[str, Any]:
    yes_no = {True: "yes", False: "no", None: None}
    values: dict[str, Any] = {
        "title": row.title,
        "situation": row.situation,
        "category": row.category_id,
        "kind": row.kind,
        "earlier_number": row.raised_before.number if row.raised_before_id else "",
        "wants_meeting": row.wants_meeting,
        "contact_hours": row.contact_hours,
        "is_for_reference": row.is_for_reference,
        "may_publish_text": yes_no[row.may_publish_text],
        "may_publish_reply": yes_no[row.may_publish_reply],
        "hides_name": row.hides_name,
        "urgent_reason": row.urgent_reason,
    }
    values |= {f"request_{n}": text for n, text in enumerate(row.requests, start=1)}
    values |= {f"wish_{n}": w.unit_id for n, w in enumerate(row.wishes.order_by("pk"), start=1)}
    return values


class CosignerForm(FilterForm):
    """Who else is asked to sign: found by name or by delegation."""

    q = forms.CharField(label="姓名", max_length=20, required=False)
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="全部"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = Delegation.objects.order_by("position", "pk")

    def found(self, on, exclude: int | None) -> QuerySet[Deputy]:
        """Deputies in office of the own level, by what was asked."""
        asked = self.asked()
        seats = in_office(on, own_level())
        if asked.get("delegation"):
            seats = seats.filter(delegation=asked["delegation"])
        rows = Deputy.objects.filter(pk__in=seats.order_by().values("deputy")).exclude(pk=exclude)
        if name := (asked.get("q") or "").strip():
            rows = rows.filter(name__contains=name)
        return rows.filter(membership__isnull=False).order_by("name_key", "pk")


class FileForm(forms.Form):
    """附件."""

    file = EvidenceField(label="附件")


class WithdrawForm(forms.Form):
    """撤回, in writing."""

    reason = forms.CharField(
        label="撤回的理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class UnsignForm(forms.Form):
    """Why a co-signer takes the name back."""

    reason = forms.CharField(
        label="撤回签名的理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )


class UnsignPaperForm(UnsignForm):
    """The same from a paper the deputy signed."""

    scan = EvidenceField(label="代表签名的书面材料", kinds=("jpeg", "png", "webp", "pdf"))
