"""Duty facts: what a deputy did, once per source, never changed."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy


class Aspect(models.TextChoices):
    """The four aspects of a district's list."""

    CONGRESS_WORK = "congress_work", "会议期间工作"
    BETWEEN_SESSIONS = "between_sessions", "闭会期间工作"
    EXAMPLE = "example", "模范作用与自身建设"
    OTHER = "other", "其他"


class DutyItem(TenantModel):
    """履职事项: one line of the list of duties."""

    code = models.CharField("编号", max_length=20)
    name = models.CharField("名称", max_length=60)
    aspect = models.CharField("方面", max_length=20, choices=Aspect.choices)
    unit_word = models.CharField("计量单位", max_length=10, default="次")
    self_reportable = models.BooleanField("可由代表申报", default=False)
    counts_as_day = models.BooleanField("计入履职天数", default=True)
    hint = models.CharField("申报说明", max_length=200, blank=True)
    position = models.PositiveIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "履职事项"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "code"], name="a_duty_item_code_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class DutyRecord(TenantModel):
    """履职记录: one fact, one deputy, one source. Taken back, it stays as a withdrawn row."""

    class AttendanceOutcome(models.TextChoices):
        PRESENT = "present", "出席"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "缺席"
        LATE = "late", "迟到"
        NOT_OBLIGED = "not_obliged", "不应到"

    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="duty_records", verbose_name="代表"
    )
    item = models.ForeignKey(
        DutyItem, on_delete=models.PROTECT, related_name="records", verbose_name="事项"
    )
    on = models.DateField("日期")
    title = models.CharField("内容", max_length=160, blank=True)
    quantity = models.DecimalField("数量", max_digits=8, decimal_places=2, default=1)
    outcome = models.CharField(
        "出席情况", max_length=20, choices=AttendanceOutcome.choices, blank=True
    )
    role = models.CharField("作用", max_length=20, blank=True)
    level = models.CharField("级别", max_length=20, blank=True)
    attributes = models.JSONField("属性", default=dict, blank=True)
    source_kind = models.CharField("来源", max_length=40)
    source_id = models.CharField("来源编号", max_length=40)
    entered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    on_behalf = models.BooleanField("代录", default=False)
    evidence = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="佐证",
    )
    created_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤回人",
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "履职记录"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "source_kind", "source_id", "item", "deputy"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_duty_counts_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="a_duty_quantity_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_duty_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["congress", "on"],
                name="duty_records_by_day",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.Index(fields=["congress", "deputy", "on"]),
        ]

    def __str__(self):
        return f"{self.on} {self.title or self.item}"
