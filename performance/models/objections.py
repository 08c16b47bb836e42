"""Objections: wrong, duplicate, missing; they come before the period is locked."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .books import RuleNode
from .periods import Period
from .records import DutyItem, DutyRecord


class Objection(TenantModel):
    """错、重、漏 异议."""

    class Kind(models.TextChoices):
        WRONG = "wrong", "错"
        DUPLICATE = "duplicate", "重"
        MISSING = "missing", "漏"

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        UPHELD = "upheld", "已采纳"
        REJECTED = "rejected", "未采纳"
        DROPPED = "dropped", "已撤回"

    class Step(models.TextChoices):
        UPHOLD = "uphold", "采纳"
        REJECT = "reject", "不予采纳"
        DROP = "drop", "撤回"

    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="objections", verbose_name="考核期"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="objections", verbose_name="代表"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    record = models.ForeignKey(
        DutyRecord,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name="履职记录",
    )
    node = models.ForeignKey(
        RuleNode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="规则",
    )
    item = models.ForeignKey(
        DutyItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="事项",
    )
    text = models.TextField("说明")
    evidence = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="佐证",
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decision_reason = models.CharField("处理说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | (Q(decided_by__isnull=False) & ~Q(decision_reason="")),
                name="a_decided_objection_has_a_decider_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="missing") | Q(record__isnull=False) | Q(node__isnull=False),
                name="an_objection_points_at_a_record_or_a_rule",
            ),
            models.UniqueConstraint(
                fields=["congress", "record"],
                condition=Q(state="open"),
                name="a_record_has_one_open_objection",
            ),
        ]

    def __str__(self):
        return f"{self.deputy}：{self.get_kind_display()}"
