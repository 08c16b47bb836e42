"""并案: papers that are handled together and answered each for itself."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel

from .papers import Suggestion


class MergeGroup(TenantModel):
    """并案: handled together; every item keeps its own number, reply and feedback."""

    main = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="leads_merge", verbose_name="主件"
    )
    reason = models.CharField("并案理由", max_length=200)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "并案"


class MergedItem(TenantModel):
    """A suggestion in a merge group, from when to when."""

    group = models.ForeignKey(
        MergeGroup, on_delete=models.PROTECT, related_name="items", verbose_name="并案"
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="merges", verbose_name="建议"
    )
    joined_at = models.DateTimeField("并入时间", auto_now_add=True)
    left_at = models.DateTimeField("分出时间", null=True, blank=True)
    left_reason = models.CharField("分出理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "并案建议"
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion"],
                condition=Q(left_at__isnull=True),
                name="a_suggestion_is_merged_once_at_a_time",
            ),
        ]
