"""时限: what is due when, for whom, and how that was counted."""

from django.db import models
from django.db.models import F, Q

from congress.models import Membership
from congress.tenancy import TenantModel

from .rules import Limit, Unit


class Deadline(TenantModel):
    """One thing one member must do by a day. The subject is named, never linked: this app knows
    none."""

    kind = models.CharField("种类", max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    what = models.CharField("事项", max_length=120)
    link = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="deadlines", verbose_name="办理人"
    )
    start_on = models.DateField("起算日")
    unit = models.CharField("单位", max_length=4, choices=Unit.choices)
    amount = models.PositiveSmallIntegerField("期限", default=0)
    law = models.CharField("依据", max_length=120, blank=True)
    due_on = models.DateField("截止日期")
    working = models.JSONField("推算过程", default=list)
    is_provisional = models.BooleanField("暂按周末推算", default=False)
    lapses = models.BooleanField("到期不再催办", default=False)
    remind_before = models.JSONField("提前提醒天数", default=list)
    reminded_on = models.DateField("最近提醒", null=True, blank=True)
    created_at = models.DateTimeField("设定时间", auto_now_add=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "kind", "subject_type", "subject_id", "member"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="an_open_deadline_is_set_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_deadline_is_met_or_cancelled_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["congress", "due_on"],
                name="open_deadlines",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(fields=["subject_type", "subject_id"], name="deadlines_of_a_subject"),
        ]

    def __str__(self):
        return self.what

    @property
    def limit(self) -> Limit:
        on = self.due_on if self.unit == Unit.FIXED else None
        return Limit(Unit(self.unit), self.amount, on, self.law)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.cancelled_at is None


class Extension(TenantModel):
    """延期: a later day, given by somebody for a reason."""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="extensions", verbose_name="时限"
    )
    from_on = models.DateField("原截止日期")
    to_on = models.DateField("延至")
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="批准人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="an_extension_gives_more_time"
            ),
        ]

    def __str__(self):
        return f"{self.deadline} 延至 {self.to_on}"
