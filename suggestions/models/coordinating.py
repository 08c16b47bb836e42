"""协调会: units that do not agree are brought together by the office that assigned, or 代工委."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel

from .handling import Assignment
from .papers import Suggestion


class Coordination(TenantModel):
    """One meeting: called for a day, with what is to be settled; afterwards what was agreed."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="coordinations", verbose_name="建议"
    )
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=80, blank=True)
    issue = models.CharField("需要协调的问题", max_length=300)
    result = models.TextField("协调结果", blank=True)
    office = models.CharField("召集单位", max_length=80)
    tasks = models.ManyToManyField(
        Assignment, through="CoordinationTask", related_name="+", verbose_name="参加单位"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    noted_at = models.DateTimeField("登记结果的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "协调会"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(noted_at__isnull=True) | ~Q(result=""),
                name="a_noted_coordination_says_what_was_agreed",
            ),
        ]


class CoordinationTask(TenantModel):
    """A unit that was called to the meeting."""

    meeting = models.ForeignKey(Coordination, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "meeting", "task"], name="a_unit_is_called_once"
            ),
        ]
