"""Rule-books as data: staff build, version, test and publish one in the browser."""

from django.db import models
from django.db.models import Q

from congress.models import Membership
from congress.tenancy import TenantModel


class RuleBook(TenantModel):
    """履职积分办法."""

    class Subject(models.TextChoices):
        PERSON = "person", "代表"
        GROUP = "group", "代表小组"
        UNIT = "unit", "单位"

    name = models.CharField("名称", max_length=80)
    subject = models.CharField(
        "计分对象", max_length=10, choices=Subject.choices, default=Subject.PERSON
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分办法"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "name"], name="a_rule_book_name_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class RuleBookVersion(TenantModel):
    """One version of a rule-book; once published it is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订中"
        PUBLISHED = "published", "已发布"

    class Step(models.TextChoices):
        PUBLISH = "publish", "发布"

    book = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, related_name="versions", verbose_name="积分办法"
    )
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    basis_document = models.CharField("依据文件", max_length=160, blank=True)
    decimals = models.PositiveSmallIntegerField("小数位数", default=1)
    template_key = models.CharField(max_length=40, blank=True)
    note = models.TextField("说明", blank=True)
    published_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "积分办法版本"
        ordering = ["book", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "book", "number"], name="a_version_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(in_force_from__isnull=False),
                name="a_published_version_has_a_date_of_force",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4), name="a_rule_book_has_at_most_four_decimals"
            ),
        ]

    def __str__(self):
        return f"{self.book} 第{self.number}版"


class RuleNode(TenantModel):
    """One bucket or leaf of a version's tree; its parameters are the vocabulary's JSON."""

    class Kind(models.TextChoices):
        NODE = "node", "分组"
        CONST = "const", "固定分"
        LINEAR = "linear", "按量计分"
        TABLE = "table", "分档计分"
        RATING = "rating", "评议计分"
        MANUAL = "manual", "酌定加减分"

    version = models.ForeignKey(
        RuleBookVersion, on_delete=models.CASCADE, related_name="nodes", verbose_name="版本"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    position = models.PositiveIntegerField("排序", default=0)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    key = models.CharField("标识", max_length=40)
    name = models.CharField("名称", max_length=80)
    aspect = models.CharField("方面", max_length=20, blank=True)
    item = models.ForeignKey(
        "performance.DutyItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_nodes",
        verbose_name="事项",
    )
    params = models.JSONField("参数", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "积分规则"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "version", "key"], name="a_rule_key_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class Outcome(TenantModel):
    """What follows from the points: gate, band, quota or trigger."""

    class Kind(models.TextChoices):
        GATE = "gate", "门槛"
        BAND = "band", "等次"
        QUOTA = "quota", "名额"
        TRIGGER = "trigger", "提醒"

    version = models.ForeignKey(
        RuleBookVersion, on_delete=models.CASCADE, related_name="outcomes", verbose_name="版本"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=60)
    position = models.PositiveIntegerField("排序", default=0)
    params = models.JSONField("参数", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "结果运用"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name
