"""What a deputy reports, because the system cannot know it: reviewed, verified, then a fact."""

from django.db import models
from django.db.models import F, Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .records import DutyItem, DutyRecord


class SelfReport(TenantModel):
    """履职申报: first review by street or group staff, verification by 代工委, never one person."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待初审"
        REVIEWED = "reviewed", "待复核"
        VERIFIED = "verified", "已计入"
        RETURNED = "returned", "已退回"
        DROPPED = "dropped", "已撤回"

    class Step(models.TextChoices):
        SUBMIT = "submit", "提交"
        REVIEW = "review", "初审通过"
        VERIFY = "verify", "复核通过"
        RETURN = "return", "退回"
        DROP = "drop", "撤回"

    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="self_reports", verbose_name="代表"
    )
    item = models.ForeignKey(
        DutyItem, on_delete=models.PROTECT, related_name="self_reports", verbose_name="事项"
    )
    on = models.DateField("日期")
    quantity = models.DecimalField("数量", max_digits=8, decimal_places=2, default=1)
    title = models.CharField("内容", max_length=160)
    role = models.CharField("作用", max_length=20, blank=True)
    level = models.CharField("级别", max_length=20, blank=True)
    evidence = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="佐证",
    )
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    entered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    on_behalf = models.BooleanField("代录", default=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="初审人",
    )
    reviewed_at = models.DateTimeField("初审时间", null=True, blank=True)
    verified_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="复核人",
    )
    verified_at = models.DateTimeField("复核时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    record = models.OneToOneField(
        DutyRecord,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="self_report",
        verbose_name="履职记录",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "履职申报"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | Q(verified_by__isnull=True)
                | ~Q(reviewed_by=F("verified_by")),
                name="review_and_verification_are_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(record__isnull=False, verified_by__isnull=False),
                name="a_verified_report_has_a_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="a_returned_report_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="a_reported_quantity_is_positive"
            ),
        ]

    def __str__(self):
        return f"{self.deputy} {self.on} {self.title}"
