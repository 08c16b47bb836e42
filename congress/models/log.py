"""The log: one row per step, chained by hashes, never changed by the application."""

from django.db import models

from ..tenancy import TenantModel


class LogEntry(TenantModel):
    """Who did what, as what, when, from where, to which row, with which outcome."""

    append_only = True

    class Outcome(models.TextChoices):
        DONE = "done", "完成"
        REFUSED = "refused", "拒绝"

    number = models.PositiveBigIntegerField("序号")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        "congress.Membership",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="操作人",
    )
    by_name = models.CharField("姓名", max_length=60, blank=True)
    role = models.CharField("角色", max_length=20, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    step = models.CharField("操作", max_length=60)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    object_type = models.CharField("对象类型", max_length=60, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    before = models.JSONField("原值", null=True)
    after = models.JSONField("新值", null=True)
    note = models.TextField("说明", blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "日志"
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "number"], name="a_log_number_is_used_once"
            ),
        ]
        indexes = [models.Index(fields=["congress", "object_type", "object_id"])]

    def __str__(self):
        return f"{self.number} {self.step}"


class LogHead(TenantModel):
    """The last number and hash of a congress's chain: a row removed at the end is missed here."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["congress"], name="a_congress_has_one_log_head"),
        ]
