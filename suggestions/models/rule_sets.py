"""办理规则: what a congress decided on handling; versioned, frozen on each item at 交办."""

from django.db import models
from django.db.models import F, Q

from congress.models import Membership, StoredFile, Unit
from congress.tenancy import TenantModel


class RuleSet(TenantModel):
    """One version of a congress's rules; once published it is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订中"
        PUBLISHED = "published", "已发布"

    class Step(models.TextChoices):
        PUBLISH = "publish", "发布"

    class Count(models.TextChoices):
        WORKING_DAYS = "wd", "个工作日"
        DAYS = "d", "日"
        MONTHS = "m", "个月"

    class Clock(models.TextChoices):
        ASSIGNED = "assigned", "自交办之日"
        RECEIVED = "received", "自收到之日"

    class JointLimit(models.TextChoices):
        AFTER_ASSIGNING = "after", "自交办起"
        BEFORE_REPLY = "before", "答复期限之前"

    class Answer(models.TextChoices):
        EACH = "each", "逐一答复各位代表"
        LEAD = "lead", "答复领衔代表"

    class FeedbackFrom(models.TextChoices):
        LEAD = "lead", "领衔代表"
        ALL = "all", "全部签名代表"

    class MergeMode(models.TextChoices):
        SEPARATE = "separate", "合并办理、分别答复"
        ONE = "one", "合并办理、一并答复"

    class WithdrawUntil(models.TextChoices):
        ASSIGNED = "assigned", "交办之前"
        ANSWERED = "answered", "答复之前"

    class Precheck(models.TextChoices):
        NONE = "none", "不预审"
        GOVERNMENT_OFFICE = "government_office", "政府办预审"
        DEPUTY_AFFAIRS = "deputy_affairs", "代工委预审"

    class SignerRank(models.TextChoices):
        ANY = "any", "不作要求"
        DEPUTY_HEAD = "deputy_head", "分管负责人以上"
        HEAD = "head", "主要负责人"

    class Collector(models.TextChoices):
        """Who collects the words of deputies who do not give them on the phone; never the unit."""

        DEPUTY_AFFAIRS = "deputy_affairs", "代工委"
        STREET = "street", "街道工委（镇人大）"

    class ClosedMeans(models.TextChoices):
        ANSWERED = "answered", "已答复"
        SOLVED = "solved", "已解决（A类）"
        CLOSED = "closed", "已办结"

    class ItemValue(models.TextChoices):
        LEAD = "lead", "以领衔代表为准"
        WORST = "worst", "以最低一档为准"
        MAJORITY = "majority", "以多数为准"

    name = models.CharField("名称", max_length=80)
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    basis_document = models.CharField("依据文件", max_length=160, blank=True)
    basis_file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="依据文件附件",
    )
    template_key = models.CharField(max_length=40, blank=True)
    published_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    # Intake
    pre_review_steps = models.JSONField("初审环节", default=list, blank=True)
    assign_closed_days = models.PositiveSmallIntegerField("闭会期间交办（工作日）", default=7)
    has_pre_assign_round = models.BooleanField("交办前征询承办单位", default=False)
    number_format = models.CharField("编号格式", max_length=60, default="{sitting}-{series}{n:03}")
    withdraw_until = models.CharField(
        "可撤回至", max_length=10, choices=WithdrawUntil.choices, default=WithdrawUntil.ANSWERED
    )
    merge_mode = models.CharField(
        "并案方式", max_length=10, choices=MergeMode.choices, default=MergeMode.SEPARATE
    )
    # Taking over and returning
    sign_days = models.PositiveSmallIntegerField("签收（工作日）", null=True, blank=True)
    return_amount = models.PositiveSmallIntegerField("退办期限", default=7)
    return_count = models.CharField(
        "退办期限单位", max_length=2, choices=Count.choices, default=Count.WORKING_DAYS
    )
    return_clock = models.CharField(
        "退办期限起算", max_length=10, choices=Clock.choices, default=Clock.RECEIVED
    )
    allows_late_return = models.BooleanField("逾期仍可申请退办", default=False)
    reassign_days = models.PositiveSmallIntegerField("改办期限（工作日）", default=10)
    # Handling
    urgent_days = models.PositiveSmallIntegerField("加急建议的答复（日）", null=True, blank=True)
    first_contact_days = models.PositiveSmallIntegerField(
        "首次沟通（工作日）", null=True, blank=True
    )
    joint_limit = models.CharField(
        "会办期限起算",
        max_length=10,
        choices=JointLimit.choices,
        default=JointLimit.AFTER_ASSIGNING,
    )
    joint_amount = models.PositiveSmallIntegerField("会办期限", default=1)
    joint_count = models.CharField(
        "会办期限单位", max_length=2, choices=Count.choices, default=Count.MONTHS
    )
    joint_redo_days = models.PositiveSmallIntegerField("会办意见重报（工作日）", default=5)
    reply_months = models.PositiveSmallIntegerField("答复期限（月）", default=3)
    reply_max_months = models.PositiveSmallIntegerField("延长后的答复期限（月）", default=6)
    extension_max_days = models.PositiveSmallIntegerField(
        "每次延期最长（日）", null=True, blank=True
    )
    extension_max_times = models.PositiveSmallIntegerField("延期次数", null=True, blank=True)
    extension_approvers = models.JSONField("延期批准", default=list, blank=True)
    reply_precheck = models.CharField(
        "答复前预审", max_length=20, choices=Precheck.choices, default=Precheck.NONE
    )
    needs_second_check_of_no = models.BooleanField("不能解决的须复核", default=True)
    signer_min_rank = models.CharField(
        "答复由谁签发", max_length=12, choices=SignerRank.choices, default=SignerRank.ANY
    )
    signs_apart = models.BooleanField("签发人与拟稿人分开", default=False)
    answers_to = models.CharField(
        "联名建议的答复", max_length=10, choices=Answer.choices, default=Answer.EACH
    )
    # Feedback
    feedback_amount = models.PositiveSmallIntegerField("反馈期限", default=15)
    feedback_count = models.CharField(
        "反馈期限单位", max_length=2, choices=Count.choices, default=Count.WORKING_DAYS
    )
    feedback_reminders = models.PositiveSmallIntegerField("催请反馈次数", default=2)
    feedback_from = models.CharField(
        "反馈人", max_length=10, choices=FeedbackFrom.choices, default=FeedbackFrom.ALL
    )
    feedback_collector = models.CharField(
        "纸质评价由谁收集", max_length=16, choices=Collector.choices,
        default=Collector.DEPUTY_AFFAIRS,
    )  # fmt: skip
    hides_names_until_closed = models.BooleanField("背靠背评价", default=True)
    dimensions = models.JSONField("评价方面", default=list)
    scale = models.JSONField("评价档次", default=list)
    item_value = models.CharField(
        "联名建议以谁的评价为准",
        max_length=10,
        choices=ItemValue.choices,
        default=ItemValue.WORST,
    )
    rehandle_amount = models.PositiveSmallIntegerField("重办期限", default=1)
    rehandle_count = models.CharField(
        "重办期限单位", max_length=2, choices=Count.choices, default=Count.MONTHS
    )
    rehandle_rounds_max = models.PositiveSmallIntegerField("重办次数", default=2)
    # After closing
    promise_reports_years = models.PositiveSmallIntegerField("承诺跟踪年数", default=2)
    promise_feedback_days = models.PositiveSmallIntegerField("承诺评价（工作日）", default=20)
    publish_days = models.PositiveSmallIntegerField("公开期限（工作日）", default=20)
    publish_needs_consent = models.BooleanField("公开须经代表同意", default=True)
    duty_items = models.JSONField("计入的履职事项", default=dict, blank=True)
    closed_means = models.CharField(
        "办结率口径", max_length=10, choices=ClosedMeans.choices, default=ClosedMeans.CLOSED
    )

    class Meta:
        verbose_name = verbose_name_plural = "办理规则"
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "name", "number"], name="a_rule_set_version_is_used_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(in_force_from__isnull=False) & ~Q(basis_document="")),
                name="a_published_rule_set_has_a_day_and_a_document",
            ),
            # 代表法 art. 51: three months from 交办, six for wide and difficult ones; local rules
            # may be shorter, never longer.
            models.CheckConstraint(
                condition=Q(reply_months__gte=1, reply_months__lte=3),
                name="a_reply_is_due_within_three_months",
            ),
            models.CheckConstraint(
                condition=Q(reply_max_months__gte=F("reply_months"), reply_max_months__lte=6),
                name="a_reply_is_never_later_than_six_months",
            ),
            models.CheckConstraint(
                condition=Q(return_amount__gte=3, return_amount__lte=10),
                name="a_return_is_asked_within_three_to_ten_days",
            ),
            models.CheckConstraint(
                condition=Q(assign_closed_days__gte=1, assign_closed_days__lte=10),
                name="a_closed_session_item_is_assigned_in_ten_days",
            ),
        ]

    def __str__(self):
        return f"{self.name} 第{self.number}版"


class ResultClass(TenantModel):
    """办理结果类别 of one rule set: A/B/C/D, 甲乙丙 or words, with its canonical meaning, for the
    same mark means different things in different places."""

    class Canonical(models.TextChoices):
        SOLVED = "solved", "已经解决或者采纳"
        PARTLY = "partly", "部分解决"
        PLANNED = "planned", "列入计划解决"
        NOT_NOW = "not_now", "因条件限制暂不能解决"
        EXPLAINED = "explained", "留作参考或者解释说明"
        NOT_ADOPTED = "not_adopted", "不予采纳"
        HIGHER = "higher", "须由上级解决"

    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.CASCADE, related_name="classes", verbose_name="办理规则"
    )
    mark = models.CharField("类别标识", max_length=10)
    label = models.CharField("含义", max_length=60)
    canonical = models.CharField("统一口径", max_length=20, choices=Canonical.choices)
    needs_promise = models.BooleanField("须有承诺和时限", default=False)
    needs_reason = models.BooleanField("须有原因", default=False)
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "结果类别"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "rule_set", "mark"], name="a_class_mark_is_used_once"
            ),
        ]

    def __str__(self):
        return f"{self.mark}类（{self.label}）"


class Category(TenantModel):
    """建议分类 in two levels; the committee that supervises it."""

    name = models.CharField("名称", max_length=40)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级分类",
    )
    committee = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="对口督办委员会",
    )
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "建议分类"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "parent", "name"],
                name="a_category_name_is_used_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self.parent}／{self.name}" if self.parent_id else self.name


class LikelyUnit(TenantModel):
    """A unit that as a rule handles what falls into a category; the first is proposed first."""

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="likely_units", verbose_name="分类"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "分类对应的承办单位"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "category", "unit"], name="a_unit_is_likely_once_per_category"
            ),
        ]

    def __str__(self):
        return f"{self.category}：{self.unit}"
