"""单位考评: a sheet of indicators as data, what came of it per unit, and what units object to."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, Sitting, Unit
from congress.tenancy import TenantModel


class ScoreSheet(TenantModel):
    """One year's sheet: drafted, shown to the units for their objections, then frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订中"
        SHOWN = "shown", "征求单位意见"
        FROZEN = "frozen", "已封存"

    class Step(models.TextChoices):
        SHOW = "show", "发各单位征求意见"
        FREEZE = "freeze", "封存"

    sitting = models.ForeignKey(
        Sitting, on_delete=models.PROTECT, related_name="score_sheets", verbose_name="会次年度"
    )
    name = models.CharField("名称", max_length=80)
    basis_document = models.CharField("依据文件", max_length=160, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    minimum = models.PositiveSmallIntegerField("参加排名的最少任务数", default=3)
    joint_share = models.PositiveSmallIntegerField("会办部分占比（%）", default=20)
    grades = models.JSONField("等次", default=list, blank=True)  # [[name, from points], …]
    objections_until = models.DateField("意见截止日期", null=True, blank=True)
    counted_on = models.DateField("统计截至", null=True, blank=True)
    manifest = models.CharField("校验码", max_length=64, blank=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="封存人"
    )
    frozen_at = models.DateTimeField("封存时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位考评"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "sitting"], name="a_year_has_one_score_sheet"
            ),
            models.CheckConstraint(
                condition=Q(joint_share__lte=50), name="joint_handling_weighs_at_most_half"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(counted_on__isnull=False),
                name="a_shown_score_sheet_says_of_which_day_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(state="frozen") | ~Q(manifest="") & Q(frozen_at__isnull=False),
                name="a_frozen_score_sheet_has_its_seal",
            ),
        ]

    def __str__(self):
        return self.name


class ScoreIndicator(TenantModel):
    """One indicator: which figure, how it becomes points, how much it weighs."""

    class Part(models.TextChoices):
        MAIN = "main", "主办"
        JOINT = "joint", "会办"

    class Kind(models.TextChoices):
        LINEAR = "linear", "按比例得分"
        STEP = "step", "分档得分"
        DEDUCT = "deduct", "每项扣分"
        BONUS = "bonus", "每项加分"

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    part = models.CharField("部分", max_length=6, choices=Part.choices)
    formula = models.CharField("指标", max_length=8)
    kind = models.CharField("计分方式", max_length=8, choices=Kind.choices)
    weight = models.DecimalField("满分（扣分、加分的上限）", max_digits=5, decimal_places=1)
    floor = models.DecimalField("零分线（%）", max_digits=5, decimal_places=2, default=0)
    full = models.DecimalField("满分线（%）", max_digits=5, decimal_places=2, default=100)
    each = models.DecimalField("每项分值", max_digits=5, decimal_places=2, default=0)
    steps = models.JSONField("分档", default=list, blank=True)  # [[from per cent, points], …]

    class Meta:
        verbose_name = verbose_name_plural = "考评指标"
        ordering = ["part", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "sheet", "formula", "kind"],
                name="a_figure_is_scored_once_in_a_way",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_score_weighs_something"),
            models.CheckConstraint(
                condition=Q(floor__lt=models.F("full")), name="a_score_begins_below_its_full_mark"
            ),
        ]

    def __str__(self):
        return f"{self.formula} {self.get_kind_display()}"


class ScoreResult(TenantModel):
    """One unit's points: counted when the sheet is shown, corrected by what was upheld."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="results")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField("单位", max_length=160)
    main = models.PositiveIntegerField("主办任务")
    joint = models.PositiveIntegerField("会办任务")
    counted = models.DecimalField("统计得分", max_digits=6, decimal_places=2)
    points = models.DecimalField("得分", max_digits=6, decimal_places=2)
    grade = models.CharField("等次", max_length=20, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    lines = models.JSONField("各项得分", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "考评结果"
        ordering = [models.F("rank").asc(nulls_last=True), "-points", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "sheet", "unit"], name="a_unit_is_scored_once_a_year"
            ),
        ]

    def __str__(self):
        return f"{self.unit_name} {self.points}"


class ScoreObjection(TenantModel):
    """A unit objects to its result; decided with words, upheld with the points it gains."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        UPHELD = "upheld", "采纳"
        REJECTED = "rejected", "不予采纳"

    result = models.ForeignKey(ScoreResult, on_delete=models.CASCADE, related_name="objections")
    indicator = models.CharField("涉及的指标", max_length=60, blank=True)
    text = models.TextField("意见和依据")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    points = models.DecimalField("调整分值", max_digits=5, decimal_places=2, default=0)
    decision = models.CharField("处理意见", max_length=300, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考评意见"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_by__isnull=False) & ~Q(decision=""),
                name="a_decided_score_objection_has_a_decider_and_words",
            ),
            models.CheckConstraint(
                condition=Q(state="upheld") | Q(points=0),
                name="only_an_upheld_score_objection_moves_points",
            ),
            models.UniqueConstraint(
                fields=["congress", "result", "indicator"],
                condition=Q(state="open"),
                name="a_unit_objects_to_an_indicator_once_at_a_time",
            ),
        ]
