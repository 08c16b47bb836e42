"""优秀建议: suggestions that were commended."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel

from .papers import Suggestion


class Commendation(TenantModel):
    """评为优秀建议 by a decision; taken back it stays, with the reason."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="commendations", verbose_name="建议"
    )
    name = models.CharField("名称", max_length=60, default="优秀建议")
    on = models.DateField("决定日期")
    document = models.CharField("依据文件或者会议", max_length=120)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "优秀建议"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "name", "on"],
                condition=Q(revoked_at__isnull=True),
                name="a_suggestion_is_commended_once_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True)
                | ~Q(revoked_reason="") & Q(revoked_by__isnull=False),
                name="a_revoked_commendation_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.on.year}年{self.name}"
