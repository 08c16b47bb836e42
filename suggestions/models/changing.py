"""What changes after 交办: units added, taken out, replaced; the deputy's objection to a unit."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, Unit
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .handling import Assignment
from .papers import Suggestion


class UnitChange(TenantModel):
    """调整承办单位: what was done, why, by whom; the tasks themselves stay as they were."""

    append_only = True

    class Kind(models.TextChoices):
        ADD = "add", "增加承办单位"
        OUT = "out", "调出承办单位"
        REPLACE = "replace", "变更承办单位"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="unit_changes", verbose_name="建议"
    )
    kind = models.CharField("调整方式", max_length=8, choices=Kind.choices)
    old = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_out"
    )
    new = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_in"
    )
    # The words of the day: roles may move with a change, and units are renamed.
    text = models.CharField("调整内容", max_length=300)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办单位调整"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(old__isnull=False) | Q(new__isnull=False),
                name="a_change_of_units_names_a_task",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_change_of_units_has_a_reason"),
        ]

    def __str__(self):
        return self.text


class UnitObjection(TenantModel):
    """代表异议单 (F20): the deputy does not think the unit the right one; 代工委 answers."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="unit_objections", verbose_name="建议"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="+", verbose_name="代表"
    )
    text = models.CharField("异议", max_length=500)
    wished_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="希望改由",
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("提出时间", auto_now_add=True)
    upheld = models.BooleanField("采纳", null=True, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代表对承办单位的异议"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "deputy"],
                condition=Q(upheld__isnull=True),
                name="a_deputy_objects_to_units_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(upheld__isnull=True) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="an_answered_objection_has_words_and_an_author",
            ),
        ]
