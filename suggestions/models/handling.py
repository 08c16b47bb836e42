"""交办: batches, who is to handle what, and the tasks of units."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, Unit
from congress.tenancy import TenantModel

from .papers import Suggestion


class AssignmentBatch(TenantModel):
    """交办会: many suggestions handed over at once; all three dates are kept."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟交办"
        DONE = "done", "已交办"

    title = models.CharField("名称", max_length=80)
    meeting_on = models.DateField("交办会日期", null=True, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    assigned_on = models.DateField("交办日期")
    reply_due_on = models.DateField("统一要求的答复日期", null=True, blank=True)
    document_number = models.CharField("交办函文号", max_length=60, blank=True)
    contact = models.CharField("联系人和电话", max_length=80, blank=True)
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "交办批次"
        ordering = ["-pk"]

    def __str__(self):
        return self.title


class Assignment(TenantModel):
    """One unit's task in one suggestion: at the first level an owner, below it those who handle."""

    class Role(models.TextChoices):
        OWNER = "owner", "交办机构"  # first level: hands on, answers nothing itself
        SOLE = "sole", "独办"
        LEAD = "lead", "主办"
        JOINT = "joint", "会办"
        SEPARATE = "separate", "分办"

    class State(models.TextChoices):
        TO_SIGN = "to_sign", "待签收"
        SIGNED = "signed", "已签收"
        RETURN_ASKED = "return_asked", "申请退办"
        RETURNED = "returned", "已退办"
        HANDLING = "handling", "办理中"
        OPINION_GIVEN = "opinion_given", "意见已交"
        OPINION_BACK = "opinion_back", "意见被退回"
        DRAFTED = "drafted", "拟稿"
        SIGNED_OFF = "signed_off", "已签发"
        CHECKING = "checking", "预审中"
        ANSWERED = "answered", "已答复"
        EXTENSION_ASKED = "extension_asked", "申请延期"
        REHANDLING = "rehandling", "重办"
        DONE = "done", "完成"
        CANCELLED = "cancelled", "已取消"

    class Step(models.TextChoices):
        SIGN = "sign", "签收"
        START = "start", "开始办理"
        ASK_RETURN = "ask_return", "申请退办"
        ACCEPT_RETURN = "accept_return", "同意退办"
        REFUSE_RETURN = "refuse_return", "不同意退办"
        GIVE_OPINION = "give_opinion", "提交会办意见"
        SEND_OPINION_BACK = "send_opinion_back", "退回会办意见"
        ASK_EXTENSION = "ask_extension", "申请延期"
        GRANT_EXTENSION = "grant_extension", "同意延期"
        REFUSE_EXTENSION = "refuse_extension", "不同意延期"
        DRAFT_REPLY = "draft_reply", "拟写答复"
        SIGN_OFF = "sign_off", "签发"
        CHECK = "check", "送预审"
        PASS_CHECK = "pass_check", "预审通过"
        FAIL_CHECK = "fail_check", "预审退回"
        SERVE = "serve", "送达答复"
        REHANDLE = "rehandle", "重新办理"
        FINISH = "finish", "完成"
        CANCEL = "cancel", "取消"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="assignments", verbose_name="建议"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上一级交办",
    )
    batch = models.ForeignKey(
        AssignmentBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="交办批次",
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="assignments", verbose_name="单位"
    )
    unit_name = models.CharField("单位当时的名称", max_length=80)
    role = models.CharField("承办方式", max_length=10, choices=Role.choices)
    content = models.CharField("承办内容", max_length=300, blank=True)
    state = models.CharField("状态", max_length=16, choices=State.choices, default=State.TO_SIGN)
    assigned_on = models.DateField("交办日期")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    # Three dates, never mixed: the law's, the batch's, the house's own; each with its working.
    legal_due_on = models.DateField("法定期限")
    batch_due_on = models.DateField("批次要求", null=True, blank=True)
    internal_due_on = models.DateField("内控期限", null=True, blank=True)
    extended_to = models.DateField("延期至", null=True, blank=True)
    working = models.JSONField("推算过程", default=list)
    returns = models.PositiveSmallIntegerField("退办次数", default=0)
    deputies_conflict = models.BooleanField("提出人任职于本单位", default=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办任务"
        ordering = ["suggestion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "unit"],
                condition=~Q(state__in=["returned", "cancelled"]) & ~Q(role="owner"),
                name="a_unit_handles_a_suggestion_once",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True)
                | Q(extended_to__gte=models.F("legal_due_on")),
                name="an_extension_is_never_earlier_than_the_limit",
            ),
        ]
        indexes = [
            models.Index(fields=["congress", "unit", "state"]),
            models.Index(fields=["congress", "state", "legal_due_on"]),
        ]

    def __str__(self):
        return f"{self.unit_name}（{self.get_role_display()}）"

    @property
    def answers(self) -> bool:
        """Whether this unit owes the deputies a reply."""
        return self.role in (self.Role.SOLE, self.Role.LEAD, self.Role.SEPARATE)


class ProposedTask(TenantModel):
    """拟交办意见: which unit is to take a suggestion and how, until it is handed over; the unit may
    be asked before (预交办征询), and a second person checks the sheet."""

    class Source(models.TextChoices):
        STAFF = "staff", "人工确定"
        WISH = "wish", "代表希望"
        LIKELY = "likely", "分类对应"
        CATEGORY = "category", "同类建议"
        SIMILAR = "similar", "相似建议"

    batch = models.ForeignKey(
        AssignmentBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed",
        verbose_name="交办批次",
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="proposed", verbose_name="建议"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("承办方式", max_length=10, choices=Assignment.Role.choices)
    content = models.CharField("承办内容", max_length=300, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.STAFF)
    reason = models.CharField("理由", max_length=200, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    checked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField("征询时间", null=True, blank=True)
    agrees = models.BooleanField("单位同意", null=True, blank=True)
    answer = models.CharField("单位意见", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "拟交办意见"
        ordering = ["suggestion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "unit"], name="a_unit_is_proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=models.F("by")),
                name="proposing_and_checking_units_are_two_people",
            ),
        ]

    def __str__(self):
        return f"{self.unit}（{self.get_role_display()}）"
