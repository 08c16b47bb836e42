"""Messages to members: written in the transaction of what they tell."""

from django.db import models

from congress.models import Membership
from congress.tenancy import TenantModel


class Notice(TenantModel):
    """One message to one member, in the app; never changed but for being read."""

    to = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    template = models.CharField(max_length=80)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    dedupe_key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "to", "dedupe_key"],
                condition=~models.Q(dedupe_key=""),
                name="a_notice_is_sent_once_per_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to"], name="unread_notices", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self):
        return self.title
