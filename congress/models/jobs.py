"""Work to be done in the background: the row is the truth, the queue only carries it."""

import uuid

from django.db import models

from ..tenancy import TenantModel


class Job(TenantModel):
    """One piece of long work with its progress and its result."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.CharField("任务", max_length=60)
    title = models.CharField("名称", max_length=120)
    args = models.JSONField(default=dict)
    by = models.ForeignKey(
        "congress.Membership",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="发起人",
    )
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField("完成时间", null=True)
    failed_at = models.DateTimeField("失败时间", null=True)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    result = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="unfinished_jobs",
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_over(self) -> bool:
        return bool(self.done_at or self.failed_at)
