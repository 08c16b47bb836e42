"""时限: what is due when, for whom, and how that was counted."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from congress.models import Membership
from congress.models import Unit as House
from congress.tenancy import TenantModel

from .rules import MOST_BEFORE, Light, Limit, Plan, Rank, Unit, light


class Deadline(TenantModel):
    """One thing one member or one unit must do by a day. The subject is named, never linked: this
    app knows none. A unit's is everybody's who holds the post on the day of the reminder."""

    kind = models.CharField("种类", max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    what = models.CharField("事项", max_length=120)
    link = models.CharField(max_length=300, blank=True)
    member = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name="办理人",
    )
    to_unit = models.ForeignKey(
        House,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name="办理单位",
    )
    start_on = models.DateField("起算日")
    unit = models.CharField("单位", max_length=4, choices=Unit.choices)
    amount = models.PositiveSmallIntegerField("期限", default=0)
    law = models.CharField("依据", max_length=120, blank=True)
    due_on = models.DateField("截止日期")
    working = models.JSONField("推算过程", default=list)
    is_provisional = models.BooleanField("暂按周末推算", default=False)
    lapses = models.BooleanField("到期不再催办", default=False)
    # The matter's own days; empty: the congress's plan.
    remind_before = models.JSONField("提前提醒天数", default=list)
    reminded_on = models.DateField("最近提醒", null=True, blank=True)
    next_on = models.DateField("下次提醒", null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["congress", "kind", "subject_type", "subject_id", "to_unit"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="an_open_deadline_of_a_unit_is_set_once",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, to_unit__isnull=True)
                | Q(member__isnull=True, to_unit__isnull=False),
                name="a_deadline_is_a_members_or_a_units",
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
            models.Index(
                fields=["congress", "next_on"],
                name="deadlines_to_remind_of",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
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

    @property
    def whose(self) -> str:
        """The unit's or the person's name."""
        return self.to_unit.short_name if self.to_unit_id else self.member.name

    def light_on(self, today: date) -> Light:
        """The light it shows on a day."""
        return light(self.due_on, today)


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


class Shift(TenantModel):
    """重算: a due date that moved because the calendar did; before and after are kept."""

    deadline = models.ForeignKey(
        Deadline, on_delete=models.CASCADE, related_name="shifts", verbose_name="时限"
    )
    from_on = models.DateField("原截止日期")
    to_on = models.DateField("新截止日期")
    reason = models.CharField("原因", max_length=120)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限变动"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(to_on=F("from_on")), name="a_shifted_deadline_has_another_day"
            ),
        ]

    def __str__(self):
        return f"{self.deadline} 改为 {self.to_on}"


class Post(TenantModel):
    """岗位: what a member is in the own unit, for the ladder; without one a member is a clerk."""

    member = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="post", verbose_name="成员"
    )
    rank = models.CharField("岗位", max_length=12, choices=Rank.choices)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"

    def __str__(self):
        return f"{self.member.name}：{self.get_rank_display()}"


def _from_day() -> list:
    return [MinValueValidator(-MOST_BEFORE), MaxValueValidator(365)]


class ReminderPlan(TenantModel):
    """提醒规则 of a congress: when people are reminded, and when the next one up is told."""

    before = models.JSONField("提前提醒天数", default=list)
    liaison = models.SmallIntegerField("联络员", null=True, blank=True, validators=_from_day())
    deputy_head = models.SmallIntegerField(
        "分管负责人", null=True, blank=True, validators=_from_day()
    )
    head = models.SmallIntegerField("主要负责人", null=True, blank=True, validators=_from_day())
    office = models.SmallIntegerField("政府办", null=True, blank=True, validators=_from_day())
    keepers = models.SmallIntegerField("代工委", null=True, blank=True, validators=_from_day())
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        constraints = [
            models.UniqueConstraint(fields=["congress"], name="a_congress_has_one_reminder_plan"),
        ]

    def __str__(self):
        return "提醒规则"

    @property
    def plan(self) -> Plan:
        return Plan(
            tuple(self.before),
            self.liaison,
            self.deputy_head,
            self.head,
            self.office,
            self.keepers,
        )
