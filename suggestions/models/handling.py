"""交办 and 办理: who handles, talks, asks to return or for more time, and answers."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile, Unit
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .papers import Suggestion
from .rule_sets import ResultClass


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
    deputies_conflict = models.BooleanField("提出人是本单位负责人", default=False)
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


class ReturnRequest(TenantModel):
    """退办申请."""

    class Reason(models.TextChoices):
        NOT_OURS = "not_ours", "不属于本单位职责"
        MOVED = "moved", "职责已调整"
        DUPLICATE = "duplicate", "重复交办"
        HIGHER = "higher", "属上级事权"
        OTHER = "other", "其他"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="return_requests", verbose_name="任务"
    )
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    explanation = models.TextField("说明")
    legal_basis = models.CharField("依据（三定规定、权责清单）", max_length=200)
    proposed_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="建议改由",
    )
    approved_by_head = models.CharField("主要负责人", max_length=40)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    is_late = models.BooleanField("超过退办期限", default=False)
    accepted = models.BooleanField("同意", null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision = models.CharField("决定说明", max_length=300, blank=True)
    new_assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="改办任务",
    )

    class Meta:
        verbose_name = verbose_name_plural = "退办申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment"],
                condition=Q(accepted__isnull=True),
                name="a_return_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="a_decided_return_has_a_decider_and_words",
            ),
        ]


class ExtensionRequest(TenantModel):
    """延期申请: before the limit, with what was done, to a day the law still allows."""

    class Reason(models.TextChoices):
        WIDE = "wide", "涉及面广"
        DIFFICULT = "difficult", "处理难度大"
        POLICY = "policy", "待政策明确"
        SEASON = "season", "受施工等季节限制"

    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        related_name="extension_requests",
        verbose_name="任务",
    )
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    progress = models.TextField("已办情况")
    to_on = models.DateField("延期至")
    deputy_told_on = models.DateField("已向代表说明的日期", null=True, blank=True)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    granted = models.BooleanField("同意", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision = models.CharField("决定说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment"],
                condition=Q(granted__isnull=True),
                name="an_extension_is_asked_once_at_a_time",
            ),
        ]


class ExtensionApproval(TenantModel):
    """One approver's word on an extension; a rule set may ask for several."""

    append_only = True

    request = models.ForeignKey(
        ExtensionRequest, on_delete=models.PROTECT, related_name="approvals"
    )
    role = models.CharField("批准机构", max_length=20)
    agrees = models.BooleanField("同意")
    note = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "request", "role"], name="an_approver_speaks_once"
            ),
        ]


class Contact(TenantModel):
    """沟通记录; an event may cover several suggestions, each has its own row."""

    class Phase(models.TextChoices):
        BEFORE = "before", "办前"
        DURING = "during", "办中"
        AFTER = "after", "办后"

    class Mode(models.TextChoices):
        FACE = "face", "面谈"
        SITE = "site", "现场"
        PHONE = "phone", "电话"
        VIDEO = "video", "视频"
        MAIL = "mail", "邮件"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="contacts", verbose_name="任务"
    )
    phase = models.CharField("阶段", max_length=8, choices=Phase.choices)
    mode = models.CharField("方式", max_length=8, choices=Mode.choices)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=80, blank=True)
    who = models.CharField("参加人员及职务", max_length=200)
    opinions = models.TextField("代表意见和沟通情况")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "沟通记录"
        ordering = ["on", "pk"]

    @property
    def is_face_to_face(self) -> bool:
        return self.mode in (self.Mode.FACE, self.Mode.SITE)


class ContactConfirmation(TenantModel):
    """A deputy's word on a contact that a unit recorded."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="confirmations", verbose_name="沟通"
    )
    deputy = models.ForeignKey(Deputy, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField("属实", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "contact", "deputy"], name="a_contact_is_confirmed_once"
            ),
        ]


class JointOpinion(TenantModel):
    """会办意见函, version by version."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="opinions", verbose_name="任务"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    document_number = models.CharField("文号", max_length=40, blank=True)
    text = models.TextField("会办意见")
    signer = models.CharField("签发人", max_length=40)
    given_at = models.DateTimeField("提交时间", auto_now_add=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField("采用", null=True, blank=True)
    sent_back_reason = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会办意见"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment", "version"], name="an_opinion_version_is_used_once"
            ),
        ]


class OpinionWaiver(TenantModel):
    """The lead unit answers without a joint opinion, for a reason that stands in the record."""

    append_only = True

    joint = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="waivers")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Reply(TenantModel):
    """答复函: one version of one round; served, it is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        SIGNED_OFF = "signed_off", "已签发"
        CHECKED = "checked", "已预审"
        SERVED = "served", "已送达"
        DROPPED = "dropped", "作废"

    class Publicity(models.TextChoices):
        FULL = "full", "主动公开"
        ON_REQUEST = "on_request", "依申请公开"
        NOT = "not", "不予公开"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="replies", verbose_name="任务"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    version = models.PositiveSmallIntegerField("稿次", default=1)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    document_number = models.CharField("文号", max_length=60, blank=True)
    text = models.TextField("正文")
    result_class = models.ForeignKey(
        ResultClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="结果类别",
    )
    reason_code = models.CharField("不能解决的原因", max_length=30, blank=True)
    publicity = models.CharField("公开属性", max_length=12, choices=Publicity.choices, blank=True)
    signer = models.CharField("签发人", max_length=40, blank=True)
    signed_in_name_of = models.CharField("署名单位", max_length=80, blank=True)
    contact_person = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    signed_off_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_off_at = models.DateTimeField("签发时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letter = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复函",
    )

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["round", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment", "round", "version"],
                name="a_reply_version_is_used_once",
            ),
            models.UniqueConstraint(
                fields=["congress", "assignment", "round"],
                condition=Q(state="served"),
                name="a_round_has_one_served_reply",
            ),
            models.CheckConstraint(
                condition=~Q(state="served")
                | Q(result_class__isnull=False) & ~Q(signer="") & ~Q(publicity=""),
                name="a_served_reply_has_a_class_a_signer_and_a_publicity",
            ),
        ]


class ReplyPoint(TenantModel):
    """The answer to one numbered request."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField("序号")
    answer = models.TextField("答复")
    result_class = models.ForeignKey(
        ResultClass, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "reply", "number"], name="a_point_is_answered_once"
            ),
        ]


class Service(TenantModel):
    """送达: a reply reaches one deputy; the last required one decides whether it was in time."""

    class Mode(models.TextChoices):
        FACE = "face", "当面送达"
        PAPER = "paper", "纸质送达"
        PLATFORM = "platform", "平台送达"

    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, related_name="services", verbose_name="答复"
    )
    deputy = models.ForeignKey(
        Deputy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代表",
    )
    delegation = models.ForeignKey(
        "deputies.Delegation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mode = models.CharField("方式", max_length=10, choices=Mode.choices)
    served_on = models.DateField("送达日期")
    received_at = models.DateTimeField("查收时间", null=True, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "reply", "deputy"], name="a_reply_is_served_once_per_deputy"
            ),
        ]
