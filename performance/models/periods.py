"""Periods and tallies: figures are counted, again and again until the period is locked."""

from django.db import models
from django.db.models import F, Q

from congress.models import Job, Membership
from congress.tenancy import TenantModel
from deputies.models import Deputy, Mandate

from .books import RuleBookVersion, RuleNode


class Period(TenantModel):
    """考核期."""

    class Kind(models.TextChoices):
        YEAR = "year", "年度"
        HALF = "half", "半年"
        QUARTER = "quarter", "季度"
        TERM = "term", "届"
        CUSTOM = "custom", "自定"

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        LOCKED = "locked", "已锁定"

    class Step(models.TextChoices):
        LOCK = "lock", "锁定"

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.YEAR)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="所属考核期",
    )
    level = models.CharField(
        "考核的代表", max_length=20, choices=Mandate.Level.choices, default=Mandate.Level.COUNTY
    )
    version = models.ForeignKey(
        RuleBookVersion, on_delete=models.PROTECT, related_name="periods", verbose_name="积分办法"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    objections_until = models.DateField("异议截止", null=True, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核期"
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="a_period_name_is_used_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_period_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return self.name


class ManualAward(TenantModel):
    """A discretionary award or deduction: who, how much, why."""

    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="awards", verbose_name="考核期"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="awards", verbose_name="代表"
    )
    node = models.ForeignKey(
        RuleNode, on_delete=models.PROTECT, related_name="awards", verbose_name="规则"
    )
    points = models.DecimalField("分值", max_digits=8, decimal_places=2)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="决定人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "酌定加减分"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_award_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.deputy} {self.points}"


class Tally(TenantModel):
    """One run of the count over a period."""

    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="tallies", verbose_name="考核期"
    )
    number = models.PositiveIntegerField("次")
    version = models.ForeignKey(
        RuleBookVersion, on_delete=models.PROTECT, related_name="+", verbose_name="积分办法"
    )
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    facts_until = models.DateTimeField("记录截至")
    facts = models.PositiveIntegerField("记录数", default=0)
    deputies = models.PositiveIntegerField("代表数", default=0)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "汇总"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "period", "number"], name="a_tally_number_is_used_once"
            ),
        ]

    def __str__(self):
        return f"{self.period} 第{self.number}次汇总"


class TallyTotal(TenantModel):
    """One deputy's result of one tally.

    `lines` keeps every rule that gave or measured something: key → [points, measured, detail],
    decimals as text; the sentence of a line is derived from it and the rule (see
    queries.tallies.lines_of). One row per deputy, so a tally of a large congress stays small.
    """

    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="totals")
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="totals", verbose_name="代表"
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, related_name="totals", verbose_name="代表职务"
    )
    total = models.DecimalField("积分", max_digits=10, decimal_places=4)
    days = models.PositiveIntegerField("履职天数", default=0)
    in_office_days = models.PositiveIntegerField("在任天数", default=0)
    aspects = models.JSONField("各方面积分", default=dict)
    band = models.CharField("等次", max_length=20, blank=True)
    gates = models.JSONField("影响等次的门槛", default=list)
    lines = models.JSONField("各项得分", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "汇总结果"
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "tally", "deputy"], name="a_deputy_is_tallied_once"
            ),
        ]
