"""The suggestion itself: who raised it, its text, where it stands, the number it got."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from congress.models import Membership, Sitting, Term, Unit
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
