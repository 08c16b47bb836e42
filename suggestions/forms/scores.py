"""A score sheet and its indicators as forms; a unit's objection and its decision."""

from decimal import Decimal, InvalidOperation

from django import forms

from congress.forms import DayField, WordsField
from congress.models import Sitting

from ..models import ScoreIndicator, ScoreSheet
from ..rules.figures import UNIT_FORMULAS


class NewSheetForm(forms.Form):
    """Which year."""

    sitting = forms.ModelChoiceField(
        label="会次年度", queryset=Sitting.objects.none(), empty_label=None
    )
    name = WordsField(label="名称", max_length=80)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        taken = ScoreSheet.objects.values("sitting")
        rows = Sitting.objects.exclude(pk__in=taken).select_related("term").order_by("-opens_on")
        self.fields["sitting"].queryset = rows
        self.fields["sitting"].label_from_instance = lambda s: f"{s.term.name}{s.name}"


class SheetForm(forms.Form):
    """What holds for the whole sheet."""

    name = WordsField(label="名称", max_length=80)
    basis_document = WordsField(label="依据文件", max_length=160, required=False,
                                help_text="文件名称和文号。")  # fmt: skip
    minimum = forms.IntegerField(
        label="参加排名的最少任务数", min_value=1, max_value=50,
        help_text="主办和会办合计不足的，只列得分，不排名次：办一件得满分，不能排在办八十件的前面。",
    )  # fmt: skip
    joint_share = forms.IntegerField(
        label="会办部分占比（%）", min_value=0, max_value=50,
        help_text="既有主办又有会办的单位，总分里会办占多少。只有一种的，按那一种计。",
    )  # fmt: skip
    objections_until = DayField(label="意见截止日期", required=False)


class IndicatorForm(forms.Form):
    """One indicator."""

    formula = forms.ChoiceField(label="指标")
    kind = forms.ChoiceField(label="计分方式", choices=ScoreIndicator.Kind.choices)
    weight = forms.DecimalField(
        label="满分（扣分、加分的上限）", min_value=Decimal("0.1"), max_value=100, decimal_places=1
    )
    floor = forms.DecimalField(
        label="零分线（%）", min_value=0, max_value=100, decimal_places=2, initial=0,
        help_text="按比例得分用：达到零分线得0分，达到满分线得满分。",
    )  # fmt: skip
    full = forms.DecimalField(
        label="满分线（%）", min_value=0, max_value=100, decimal_places=2, initial=100
    )
    steps = WordsField(
        label="分档", rows=4, required=False, max_length=300,
        help_text="分档得分用，每行一档：达到的百分率，空格，得分。例如：98 15。",
    )  # fmt: skip
    each = forms.DecimalField(
        label="每项分值", min_value=0, max_value=50, decimal_places=2, initial=0,
        help_text="每项扣分、每项加分用。",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups: dict[str, list] = {}
        for f in UNIT_FORMULAS:
            groups.setdefault(f.group, []).append((f.id, f"{f.id} {f.name}"))
        self.fields["formula"].choices = list(groups.items())

    def clean_steps(self) -> list[list[str]]:
        found = []
        for line in self.cleaned_data["steps"].splitlines():
            if not line.strip():
                continue
            parts = line.replace("，", " ").replace(",", " ").replace("%", " ").split()
            try:
                at, points = (Decimal(p) for p in parts)
            except (InvalidOperation, ValueError):
                raise forms.ValidationError(f"“{line}”看不懂，请写成“98 15”的样子") from None
            if not (0 <= at <= 100 and 0 <= points <= 100):
                raise forms.ValidationError(f"“{line}”超出了0到100")
            found.append([str(at), str(points)])
        return found

    def clean(self):
        asked = super().clean()
        if "formula" in asked:
            asked["part"] = "joint" if asked["formula"].startswith("V") else "main"
        floor, full = asked.get("floor"), asked.get("full")
        if floor is not None and full is not None and floor >= full:
            self.add_error("full", "满分线应当高于零分线")
        if asked.get("kind") == "step" and not asked.get("steps") and "steps" not in self.errors:
            self.add_error("steps", "请写明分档")
        return asked


class ScoreObjectionForm(forms.Form):
    """A unit's objection."""

    indicator = forms.ChoiceField(label="涉及的指标", required=False)
    text = WordsField(
        label="意见和依据", rows=5, min_length=5, max_length=1000,
        help_text="写明哪一件、哪个数据不对，依据是什么。",
    )  # fmt: skip

    def __init__(self, *args, names: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "总分或者其他")] + [(n, n) for n in dict.fromkeys(names)]
        self.fields["indicator"].choices = choices


class DecisionForm(forms.Form):
    """What becomes of an objection."""

    upheld = forms.TypedChoiceField(
        label="处理", choices=[("yes", "采纳"), ("no", "不予采纳")], widget=forms.RadioSelect,
        coerce=lambda v: v == "yes",
    )  # fmt: skip
    points = forms.DecimalField(
        label="调整分值", required=False, min_value=-50, max_value=50, decimal_places=2,
        help_text="采纳的填写，加分为正，减分为负。",
    )  # fmt: skip
    decision = WordsField(label="处理意见", rows=3, max_length=300)

    def clean(self):
        asked = super().clean()
        asked["points"] = asked.get("points") or Decimal(0)
        if asked.get("upheld") and not asked["points"] and "points" not in self.errors:
            self.add_error("points", "采纳的，请填写调整的分值")
        return asked
