"""What units ask for: to return a task, or for more time."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, Unit
from congress.tenancy import TenantModel

from .handling import Assignment


class ReturnRequest(TenantModel):
    """退办申请."""

    class Reason(models.TextChoices):
        NOT_OURS = "not_ours", "不属于本单位职责"
        MOVED = "moved", "职责已调整"
        DUPLICATE = "duplicate", "重复交办"
        HIGHER = "higher", "属上级事权"
        OTHER = "other", "其他"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="return_requests", verbose_name="任务"
    )
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    explanation = models.TextField("说明")
    legal_basis = models.CharField("依据（三定规定、权责清单）", max_length=200)
    proposed_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="建议改由",
    )
    approved_by_head = models.CharField("主要负责人", max_length=40)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    is_late = models.BooleanField("超过退办期限", default=False)
    accepted = models.BooleanField("同意", null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision = models.CharField("决定说明", max_length=300, blank=True)
    new_assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="改办任务",
    )

    class Meta:
        verbose_name = verbose_name_plural = "退办申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment"],
                condition=Q(accepted__isnull=True),
                name="a_return_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="a_decided_return_has_a_decider_and_words",
            ),
        ]


class ExtensionRequest(TenantModel):
    """延期申请: before the limit, with what was done, to a day the law still allows."""

    class Reason(models.TextChoices):
        WIDE = "wide", "涉及面广"
        DIFFICULT = "difficult", "处理难度大"
        POLICY = "policy", "待政策明确"
        SEASON = "season", "受施工等季节限制"

    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        related_name="extension_requests",
        verbose_name="任务",
    )
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    progress = models.TextField("已办情况")
    to_on = models.DateField("延期至")
    deputy_told_on = models.DateField("已向代表说明的日期", null=True, blank=True)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    granted = models.BooleanField("同意", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision = models.CharField("决定说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment"],
                condition=Q(granted__isnull=True),
                name="an_extension_is_asked_once_at_a_time",
            ),
        ]


class ExtensionApproval(TenantModel):
    """One approver's word on an extension; a rule set may ask for several."""

    append_only = True

    request = models.ForeignKey(
        ExtensionRequest, on_delete=models.PROTECT, related_name="approvals"
    )
    role = models.CharField("批准机构", max_length=20)
    agrees = models.BooleanField("同意")
    note = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "request", "role"], name="an_approver_speaks_once"
            ),
        ]
