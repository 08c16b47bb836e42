"""An activity with its sessions and files."""

import uuid

from django.db import models
from django.db.models import F, Q

from congress.models import Membership, StoredFile, Unit
from congress.tenancy import TenantModel

from .kinds import ActivityKind


class Activity(TenantModel):
    """活动: planned, published, held, closed. Its state is changed by actions only."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        CLOSED = "closed", "已办结"
        REOPENED = "reopened", "已重新打开"
        CANCELLED = "cancelled", "已取消"

    class Step(models.TextChoices):
        PUBLISH = "publish", "发布"
        CLOSE = "close", "办结并记入履职"
        REOPEN = "reopen", "重新打开"
        CANCEL = "cancel", "取消活动"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=80)
    kind = models.ForeignKey(
        ActivityKind, on_delete=models.PROTECT, related_name="activities", verbose_name="类型"
    )
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    place = models.CharField("地点", max_length=120)
    organiser = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name="组织单位"
    )
    description = models.TextField("内容和安排", blank=True)
    audience = models.CharField("参加对象", max_length=120, blank=True)
    contact = models.CharField("联系人和电话", max_length=60, blank=True)
    by_sign_up = models.BooleanField("自愿报名", default=False)
    capacity = models.PositiveIntegerField("名额", null=True, blank=True)
    sign_up_closes_at = models.DateTimeField("报名（请假）截止", null=True, blank=True)
    is_public = models.BooleanField("向社会公开", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    result = models.TextField("活动成果", blank=True)
    reason = models.CharField("取消或重新打开的原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="拟订人"
    )
    created_at = models.DateTimeField("拟订时间", auto_now_add=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "活动"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_activity_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(sign_up_closes_at__isnull=True)
                | Q(sign_up_closes_at__lte=F("starts_at")),
                name="sign_up_closes_before_an_activity_begins",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                name="a_capacity_has_at_least_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "reopened"]) | ~Q(reason=""),
                name="a_cancelled_or_reopened_activity_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="a_closed_activity_knows_when_it_was_closed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(published_at__isnull=False),
                name="a_published_activity_knows_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["congress", "starts_at"]),
            models.Index(fields=["congress", "state", "starts_at"]),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        """Published and not yet closed: answers, leave and check-in are possible."""
        return self.state in (self.State.PUBLISHED, self.State.REOPENED)


class Session(TenantModel):
    """签到场次: a half-day or a day of an activity at which people check in."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="sessions", verbose_name="活动"
    )
    name = models.CharField("名称", max_length=40)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    half_days = models.PositiveSmallIntegerField("半天数", default=1)
    code = models.CharField("签到码", max_length=6, blank=True)
    code_opens_at = models.DateTimeField("签到开始", null=True, blank=True)
    code_closes_at = models.DateTimeField("签到截止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "签到场次"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "activity", "starts_at"],
                name="an_activity_has_one_session_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(half_days__in=[1, 2]), name="a_session_lasts_one_or_two_half_days"
            ),
            models.CheckConstraint(
                condition=Q(code="")
                | Q(code_opens_at__isnull=False, code_closes_at__gt=F("code_opens_at")),
                name="a_check_in_code_has_its_time",
            ),
        ]

    def __str__(self):
        return self.name


class ActivityFile(TenantModel):
    """A file of an activity: notice, material, result or photo. None is ever required."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "通知"
        MATERIAL = "material", "会议材料"
        RESULT = "result", "活动成果"
        PHOTO = "photo", "照片"

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="files", verbose_name="活动"
    )
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="文件"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.MATERIAL)
    is_public = models.BooleanField("向社会公开", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "活动材料"
        ordering = ["kind", "pk"]

    def __str__(self):
        return self.file.name
