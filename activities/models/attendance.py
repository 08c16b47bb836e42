"""Who was asked to come, who asked for leave, who came."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel
from deputies.models import Deputy, Mandate
from performance.models import DutyRecord

from .activities import Activity, Session

Outcome = DutyRecord.AttendanceOutcome


class Invitation(TenantModel):
    """One deputy asked to one activity. Taken back after the publication, it stays as a row."""

    class Source(models.TextChoices):
        ALL = "all", "全体代表"
        LEVEL = "level", "按层级"
        DELEGATION = "delegation", "按代表团"
        STREET = "street", "按街道（镇）"
        GROUP = "group", "按代表小组"
        COMMITTEE = "committee", "按委员会"
        PICKED = "picked", "逐个选定"

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="invitations", verbose_name="活动"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="invitations", verbose_name="代表"
    )
    # The seat as whose holder the person is asked; blank: as holder of any.
    level = models.CharField("层级", max_length=20, choices=Mandate.Level.choices, blank=True)
    source = models.CharField("邀请方式", max_length=12, choices=Source.choices)
    source_name = models.CharField("邀请范围", max_length=60, blank=True)
    invited_at = models.DateTimeField("邀请时间", auto_now_add=True)
    signed_up_at = models.DateTimeField("报名时间", null=True, blank=True)
    signed_up_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "activity", "deputy"],
                name="a_deputy_is_invited_once_to_an_activity",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_invitation_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(signed_up_at__isnull=True),
                name="a_withdrawn_invitation_holds_no_place",
            ),
        ]
        indexes = [
            models.Index(
                fields=["congress", "deputy"],
                name="live_invitations_of_a_deputy",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.deputy} {self.activity}"


class LeaveRequest(TenantModel):
    """请假: for the whole activity or for one session, with the reason."""

    class State(models.TextChoices):
        ASKED = "asked", "待批"
        APPROVED = "approved", "已准假"
        DECLINED = "declined", "未准假"
        DROPPED = "dropped", "已撤回"

    class Step(models.TextChoices):
        APPROVE = "approve", "准假"
        DECLINE = "decline", "不准假"
        DROP = "drop", "撤回请假"

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="leaves", verbose_name="邀请"
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="leaves",
        verbose_name="场次",
    )
    reason = models.CharField("请假事由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    decision = models.CharField("答复意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "invitation", "session"],
                condition=Q(state__in=["asked", "approved"]),
                nulls_distinct=False,
                name="a_leave_is_asked_once_per_session",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_leave_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision=""),
                name="a_declined_leave_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.invitation.deputy} {self.get_state_display()}"


class Participation(TenantModel):
    """签到: what is known of one invited deputy at one session."""

    class How(models.TextChoices):
        STAFF = "staff", "工作人员登记"
        CODE = "code", "签到码"
        CLOSING = "closing", "办结时认定"

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="participations", verbose_name="场次"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="participations", verbose_name="邀请"
    )
    value = models.CharField("出席情况", max_length=20, choices=Outcome.choices)
    how = models.CharField("登记方式", max_length=10, choices=How.choices)
    checked_in_at = models.DateTimeField("签到时间", null=True, blank=True)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "签到"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "session", "invitation"],
                name="a_deputy_attends_a_session_once",
            ),
        ]

    def __str__(self):
        return f"{self.invitation_id} {self.get_value_display()}"
