"""初审人员: who gives the word of a delegation, and who sits in the motions group (议案组)."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel
from deputies.models import Delegation


class PreReviewer(TenantModel):
    """A person who looks at suggestions before 代工委 does, from a day to a day."""

    class Step(models.TextChoices):
        DELEGATION = "delegation", "代表团团长"
        MOTIONS = "motions", "议案组成员"

    step = models.CharField("环节", max_length=12, choices=Step.choices)
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代表团",
    )
    member = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="人员"
    )
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    named_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "初审人员"
        ordering = ["step", "delegation__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step="delegation", delegation__isnull=False)
                | Q(step="motions", delegation__isnull=True),
                name="a_head_belongs_to_a_delegation",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_reviewer_ends_no_earlier_than_begun",
            ),
            models.UniqueConstraint(
                fields=["congress", "delegation"],
                condition=Q(ends_on__isnull=True, step="delegation"),
                name="a_delegation_has_one_head_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["congress", "member"],
                condition=Q(ends_on__isnull=True, step="motions"),
                name="a_member_sits_in_the_motions_group_once",
            ),
        ]

    def __str__(self):
        return f"{self.member.name}（{self.delegation or self.get_step_display()}）"
