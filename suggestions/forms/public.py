"""How everybody narrows the list of published suggestions."""

from django import forms
from django.db.models import QuerySet

from congress.forms import FilterForm
from congress.models import Unit

from ..models import Category, PublicationDecision, ResultClass
from ..queries.search import search_published


class PublicSuggestions(FilterForm):
    """Words, year, category, unit and result; choices are what is there."""

    q = forms.CharField(
        label="找什么", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "如：公交 站点"}),
    )  # fmt: skip
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    category = forms.ModelChoiceField(
        Category.objects.none(), label="分类", required=False, empty_label="全部"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="承办单位", required=False, empty_label="全部"
    )
    result = forms.ChoiceField(
        label="办理结果", required=False, choices=[("", "全部"), *ResultClass.Canonical.choices]
    )

    def __init__(self, *args, rows: QuerySet, live: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.live = live
        years = rows.order_by().values_list("suggestion__assigned_on__year", flat=True).distinct()
        self.fields["year"].choices = [
            ("", "全部"),
            *((y, f"{y}年") for y in sorted({y for y in years if y}, reverse=True)),
        ]
        self.fields["category"].queryset = Category.objects.filter(parent=None)
        ours = rows.order_by().values("suggestion")
        self.fields["unit"].queryset = (
            Unit.objects.filter(assignments__suggestion__in=ours)
            .exclude(assignments__role="owner")
            .distinct()
        )

    def apply(self, rows: QuerySet) -> tuple[QuerySet, bool]:
        """The rows left, and whether they are only near to what was typed."""
        asked = self.asked()
        if asked.get("year"):
            rows = rows.filter(suggestion__assigned_on__year=asked["year"])
        if category := asked.get("category"):
            below = [category, *category.children.all()]
            rows = rows.filter(suggestion__category__in=below)
        if asked.get("unit"):
            tasks = asked["unit"].assignments.exclude(state__in=["returned", "cancelled"])
            rows = rows.filter(suggestion__in=tasks.values("suggestion"))
        if asked.get("result"):
            replied = self.live.filter(
                part=PublicationDecision.Part.REPLY,
                reply__result_class__canonical=asked["result"],
            )
            rows = rows.filter(suggestion__in=replied.values("suggestion"))
        return search_published(rows, self.live, asked.get("q", ""))
