"""The year-end publication: confirmed by two people, then frozen, edition by edition."""

import uuid

from django.db import models
from django.db.models import F, Q

from congress.models import Job, Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .books import RuleNode
from .periods import Period, Tally


class Publication(TenantModel):
    """年终公布: one edition for one audience; what is published is `PublicationRow`, frozen."""

    class Audience(models.TextChoices):
        INTERNAL = "internal", "机关内部"
        DEPUTIES = "deputies", "全体代表"
        PUBLIC = "public", "社会公开"

    class Column(models.TextChoices):
        TOTAL = "total", "总分"
        ASPECTS = "aspects", "各方面得分"
        ITEMS = "items", "各项得分"
        DAYS = "days", "履职天数"
        GRADE = "grade", "等次"
        RANK = "rank", "名次"

    class Partition(models.TextChoices):
        DELEGATION = "delegation", "按代表团"
        GROUP = "group", "按代表小组"
        LEVEL = "level", "不分组"

    class Order(models.TextChoices):
        ROSTER = "roster", "按名册顺序"
        SCORE = "score", "按得分高低"

    class State(models.TextChoices):
        DRAFT = "draft", "拟订中"
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "待第二人确认"
        PUBLISHED = "published", "已公布"
        RETURNED = "returned", "已退回"
        DROPPED = "dropped", "已作废"

    class Step(models.TextChoices):
        PROPOSE = "propose", "提交确认"
        CONFIRM = "confirm", "第一人确认"
        FREEZE = "freeze", "第二人确认并公布"
        RETURN = "return", "退回"
        DROP = "drop", "作废"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="publications", verbose_name="考核期"
    )
    tally = models.ForeignKey(
        Tally, on_delete=models.PROTECT, related_name="publications", verbose_name="汇总"
    )
    title = models.CharField("标题", max_length=80)
    audience = models.CharField("公布范围", max_length=10, choices=Audience.choices)
    columns = models.JSONField("公布内容", default=list)
    partition = models.CharField(
        "分组", max_length=12, choices=Partition.choices, default=Partition.DELEGATION
    )
    order = models.CharField("排列", max_length=10, choices=Order.choices, default=Order.ROSTER)
    edition = models.PositiveSmallIntegerField("版次", default=1)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections_after",
        verbose_name="更正的版次",
    )
    reason = models.CharField("更正原因", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="拟订人"
    )
    made_at = models.DateTimeField("拟订时间", auto_now_add=True)
    proposed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提交人",
    )
    proposed_at = models.DateTimeField("提交时间", null=True, blank=True)
    first_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="第一确认人",
    )
    first_at = models.DateTimeField("第一次确认时间", null=True, blank=True)
    second_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="第二确认人",
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    # Frozen beside the rows: figures of the whole and of each part, and how it was counted.
    figures = models.JSONField(default=dict)
    explanation = models.JSONField(default=dict)
    manifest = models.CharField("校验码", max_length=64, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    booklet = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="通报"
    )
    large_print = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="大字版通报"
    )
    sheet = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="表格"
    )

    class Meta:
        verbose_name = verbose_name_plural = "履职公布"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "period", "audience", "edition"],
                condition=~Q(state="dropped"),
                name="an_edition_number_is_used_once_per_audience",
            ),
            models.CheckConstraint(
                condition=Q(first_by__isnull=True)
                | Q(second_by__isnull=True)
                | ~Q(first_by=F("second_by")),
                name="two_different_people_confirm_a_publication",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(first_by__isnull=False, second_by__isnull=False, published_at__isnull=False)
                & ~Q(manifest=""),
                name="a_publication_has_two_confirmations_and_a_manifest",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, corrects__isnull=True)
                | Q(edition__gt=1, corrects__isnull=False) & ~Q(reason=""),
                name="a_later_edition_names_what_it_corrects_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="a_returned_publication_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.title if self.edition == 1 else f"{self.title}（第{self.edition}版）"

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.PUBLISHED


class PublicationRow(TenantModel):
    """One deputy in one edition: text and figures as they stood at the freeze, never changed."""

    append_only = True

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="rows")
    deputy = models.ForeignKey(Deputy, on_delete=models.PROTECT, related_name="published_rows")
    position = models.PositiveIntegerField("序号")
    part = models.CharField("分组", max_length=80)
    part_position = models.PositiveIntegerField()
    name = models.CharField("姓名", max_length=60)
    delegation = models.CharField("代表团", max_length=80, blank=True)
    group = models.CharField("代表小组", max_length=80, blank=True)
    constituency = models.CharField("选区", max_length=80, blank=True)
    note = models.CharField("任职说明", max_length=60, blank=True)
    total = models.DecimalField("总分", max_digits=10, decimal_places=4)
    aspects = models.JSONField("各方面得分", default=dict)
    items = models.JSONField("各项得分", default=dict)
    days = models.PositiveIntegerField("履职天数")
    in_office_days = models.PositiveIntegerField("在任天数")
    grade = models.CharField("等次", max_length=20, blank=True)
    rank = models.PositiveIntegerField("名次", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公布的结果"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "publication", "deputy"], name="a_deputy_is_published_once"
            ),
            models.UniqueConstraint(
                fields=["congress", "publication", "position"],
                name="a_published_position_is_used_once",
            ),
        ]

    def __str__(self):
        return self.name


class Correction(TenantModel):
    """An entry after the lock (更正): a locked period is never changed, the next edition carries
    the difference of one rule for one deputy, with its reason."""

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="corrections", verbose_name="版次"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="corrections", verbose_name="代表"
    )
    node = models.ForeignKey(
        RuleNode, on_delete=models.PROTECT, related_name="+", verbose_name="规则"
    )
    points = models.DecimalField("分值增减", max_digits=8, decimal_places=2)
    days = models.SmallIntegerField("履职天数增减", default=0)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(points=0) | ~Q(days=0), name="a_correction_changes_something"
            ),
        ]

    def __str__(self):
        return f"{self.deputy} {self.points}"
