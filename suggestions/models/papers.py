"""The suggestion itself: who raised it, its texts, who looked at it before it was registered."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from congress.models import Membership, Sitting, StoredFile, Term, Unit
from congress.tenancy import TenantModel
from deputies.models import Delegation, Deputy

from .rule_sets import Category, RuleSet


class NumberSeries(TenantModel):
    """编号: issued once per series, never reused."""

    key = models.CharField("系列", max_length=80)
    last = models.PositiveIntegerField("已用至", default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["congress", "key"], name="a_series_is_kept_once"),
        ]

    def __str__(self):
        return self.key


class Suggestion(TenantModel):
    """代表建议、批评和意见."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", "建议"
        CRITICISM = "criticism", "批评"
        OPINION = "opinion", "意见"

    # 代表法 art. 24 and 36: during a sitting to the congress, between sittings to the standing
    # committee (townships: the presidium).
    class RaisedIn(models.TextChoices):
        SITTING = "sitting", "会议期间"
        BETWEEN = "between", "闭会期间"

    class Channel(models.TextChoices):
        SITTING = "sitting", "大会提出"
        BETWEEN = "between", "闭会提出"
        INSPECTION = "inspection", "视察调研"
        STATION = "station", "代表家站点"
        BILL = "bill", "议案转建议"
        ABOVE = "above", "上级转来"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        COSIGNING = "cosigning", "联名确认中"
        PRE_REVIEW = "pre_review", "待初审"
        SENT_BACK = "sent_back", "退回修改"
        REVIEW = "review", "待复审"
        NOT_ACCEPTED = "not_accepted", "不作为建议处理"
        REGISTERED = "registered", "已登记"
        CONSULTING = "consulting", "预交办征询"
        ASSIGNED = "assigned", "已交办"
        HANDLING = "handling", "办理中"
        ANSWERED = "answered", "已答复待反馈"
        DISSATISFIED = "dissatisfied", "不满意待研判"
        REHANDLING = "rehandling", "重新办理"
        ESCALATED = "escalated", "提级协调"
        CLOSED = "closed", "办结"
        ARCHIVED = "archived", "已归档"
        WITHDRAWN = "withdrawn", "已撤回"
        TERMINATED = "terminated", "终止"

    class Step(models.TextChoices):
        INVITE = "invite", "邀请联名"
        SUBMIT = "submit", "提交"
        PASS_ON = "pass_on", "初审通过"
        SEND_BACK = "send_back", "退回修改"
        RESUBMIT = "resubmit", "修改后提交"
        REFUSE = "refuse", "不作为建议处理"
        REGISTER = "register", "登记编号"
        CONSULT = "consult", "征询承办单位"
        ASSIGN = "assign", "交办"
        ASSIGN_ON = "assign_on", "分办"
        ANSWER = "answer", "全部答复"
        REOPEN = "reopen", "改办"
        ACCEPT = "accept", "办结"
        OBJECT = "object", "不满意"
        REHANDLE = "rehandle", "重新办理"
        ESCALATE = "escalate", "提级协调"
        ARCHIVE = "archive", "归档"
        WITHDRAW = "withdraw", "撤回"
        TERMINATE = "terminate", "终止"
        CLOSE_OUTSIDE = "close_outside", "登记系统外办结"

    kind = models.CharField("类型", max_length=12, choices=Kind.choices, default=Kind.SUGGESTION)
    state = models.CharField("状态", max_length=14, choices=State.choices, default=State.DRAFT)
    raised_in = models.CharField("提出时间", max_length=10, choices=RaisedIn.choices)
    channel = models.CharField("提出渠道", max_length=12, choices=Channel.choices)
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, related_name="suggestions", verbose_name="届"
    )
    sitting = models.ForeignKey(
        Sitting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="会次",
    )
    number = models.CharField("编号", max_length=60, blank=True)
    bill_number = models.CharField("原议案号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=120, blank=True)
    situation = models.TextField("情况与问题", blank=True)
    requests = models.JSONField("具体建议", default=list, blank=True)  # numbered points
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="分类",
    )
    wished_units = models.ManyToManyField(
        Unit, through="WishedUnit", related_name="+", verbose_name="希望的承办单位"
    )
    lead = models.ForeignKey(
        Deputy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="领衔代表",
    )
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="提出的代表团",
    )
    # Speaks for the delegation: is talked with, answered and asked to judge.
    delegation_head = models.ForeignKey(
        Deputy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代表团团长",
    )
    street = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所在街道（镇）",
    )
    raised_before = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raised_again",
        verbose_name="往年的同类建议",
    )
    revised_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions_of",
        verbose_name="修改前的建议",
    )
    wants_meeting = models.BooleanField("要求面商", default=False)
    contact_hours = models.CharField("方便联系的时间", max_length=60, blank=True)
    may_publish_text = models.BooleanField("同意公开建议", null=True, blank=True)
    may_publish_reply = models.BooleanField("同意公开答复", null=True, blank=True)
    consent_asked_at = models.DateTimeField("征求公开意见的时间", null=True, blank=True)
    hides_name = models.BooleanField("对承办单位隐去姓名", default=False)
    is_for_reference = models.BooleanField("仅供参考，不需答复", default=False)
    urgent_reason = models.CharField("加急理由", max_length=200, blank=True)
    is_secret_placeholder = models.BooleanField("涉密，只留编号", default=False)
    written_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="填写人"
    )
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    registered_at = models.DateTimeField("登记时间", null=True, blank=True)
    # T0: the first-level 交办, from which the law counts (代表法 art. 51).
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    rule_set = models.ForeignKey(
        RuleSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="办理规则",
    )
    is_key = models.BooleanField("重点督办", default=False)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # Pairs of characters of the title, to find what is like it (rules.similarity).
    title_pairs = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    # The showing of the empty form it was begun with: kept by itself or saved, it is one draft.
    form_key = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "代表建议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "term", "number"],
                condition=~Q(number=""),
                name="a_suggestion_number_is_never_used_twice",
            ),
            models.UniqueConstraint(
                fields=["congress", "form_key"],
                condition=Q(form_key__isnull=False),
                name="an_empty_form_makes_one_draft",
            ),
            models.CheckConstraint(
                condition=~Q(raised_in="sitting") | Q(sitting__isnull=False),
                name="a_suggestion_raised_at_a_sitting_names_it",
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(delegation__isnull=False) | Q(channel="above"),
                name="a_suggestion_has_a_lead_or_a_delegation",
            ),
            models.CheckConstraint(
                condition=Q(delegation_head__isnull=True) | Q(delegation__isnull=False),
                name="a_head_speaks_for_a_delegation",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        "assigned",
                        "handling",
                        "answered",
                        "dissatisfied",
                        "rehandling",
                        "escalated",
                        "closed",
                        "archived",
                    ]
                )
                | Q(assigned_on__isnull=False, rule_set__isnull=False) & ~Q(number="")
                | Q(is_secret_placeholder=True, state="closed") & ~Q(number=""),
                name="an_assigned_suggestion_has_a_number_a_day_and_rules",
            ),
        ]
        indexes = [
            models.Index(fields=["congress", "state", "assigned_on"]),
            models.Index(fields=["congress", "term", "category"]),
            models.Index(fields=["congress", "lead"]),
            GinIndex(fields=["title_pairs"], name="suggestions_by_title_pairs"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}".strip() or "未命名的建议"

    @property
    def is_received(self) -> bool:
        """Whether it was raised in a higher congress and sent here (`received`)."""
        return self.channel == self.Channel.ABOVE

    @property
    def raised_by(self) -> str:
        """Who raised it, in words."""
        if self.is_received:
            return self.received.proposer
        return self.lead.name if self.lead_id else str(self.delegation)

    @property
    def is_outside(self) -> bool:
        """Whether it is a state secret that is being handled outside this system."""
        return self.is_secret_placeholder and self.state == self.State.REGISTERED

    @property
    def state_words(self) -> str:
        """Where it stands, in words."""
        return "系统外办理" if self.is_outside else self.get_state_display()


class WishedUnit(TenantModel):
    """A unit the deputy would like to handle it."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="wishes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "unit"], name="a_unit_is_wished_for_once"
            ),
        ]


class Revision(TenantModel):
    """文本版本: a text as it was submitted or registered; confirmations hold for one hash."""

    append_only = True

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="revisions", verbose_name="建议"
    )
    number = models.PositiveSmallIntegerField("版本")
    title = models.CharField("标题", max_length=120)
    situation = models.TextField("情况与问题")
    requests = models.JSONField("具体建议")
    sha256 = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文本版本"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "number"], name="a_text_version_is_used_once"
            ),
        ]

    def __str__(self):
        return f"第{self.number}稿"


class Signature(TenantModel):
    """联名: a deputy invited to sign; the confirmation names the hash of the text it is for."""

    class State(models.TextChoices):
        INVITED = "invited", "待确认"
        CONFIRMED = "confirmed", "已确认"
        VOIDED = "voided", "文本有改动，待重新确认"
        DECLINED = "declined", "未同意"
        WITHDRAWN = "withdrawn", "已撤回签名"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="signatures", verbose_name="建议"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="signatures", verbose_name="代表"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.INVITED)
    text_sha256 = models.CharField("确认的文本", max_length=64, blank=True)
    invited_at = models.DateTimeField("邀请时间", auto_now_add=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    # The name taken back after the text was handed in: said by the deputy, or in writing.
    withdrawn_reason = models.CharField("撤回签名的理由", max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "联名"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "deputy"], name="a_deputy_signs_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(text_sha256=""),
                name="a_confirmed_signature_names_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | ~Q(withdrawn_reason="") & Q(withdrawn_by__isnull=False),
                name="a_withdrawn_signature_has_a_reason_and_who_entered_it",
            ),
        ]

    def __str__(self):
        return f"{self.deputy}（{self.get_state_display()}）"


class Review(TenantModel):
    """初审、复审意见: the check list, the result, the ground."""

    append_only = True

    class Result(models.TextChoices):
        PASSED = "passed", "通过"
        SENT_BACK = "sent_back", "退回修改"
        REFUSED = "refused", "不作为建议处理"

    class Outcome(models.TextChoices):
        """What becomes of a paper that is not handled as a suggestion."""

        BACK = "back", "退回代表"
        PETITION = "petition", "转信访"
        REFERENCE = "reference", "转有关部门工作参考"
        HIGHER = "higher", "转上级"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="reviews", verbose_name="建议"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="reviews", verbose_name="文本"
    )
    step = models.CharField("环节", max_length=20)
    checks = models.JSONField("检查项目", default=dict)
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    ground = models.CharField("理由类别", max_length=30, blank=True)
    opinion = models.TextField("意见", blank=True)
    outcome = models.CharField("去向", max_length=10, choices=Outcome.choices, blank=True)
    sent_to = models.CharField("转给", max_length=80, blank=True)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="审查人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "审查意见"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="passed") | ~Q(opinion=""),
                name="a_refusing_review_has_an_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(result="refused") | ~Q(ground=""),
                name="a_refused_suggestion_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "back"]) | Q(result="refused") & ~Q(sent_to=""),
                name="what_is_sent_elsewhere_names_where",
            ),
        ]


class Attachment(TenantModel):
    """附件."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="attachments", verbose_name="建议"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "附件"


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
