"""年度报告: the figures of a sitting's year, printed only when they agree, and frozen."""

import uuid

from django.db import models
from django.db.models import Q

from congress.models import Job, Membership, Sitting, StoredFile
from congress.tenancy import TenantModel


class YearlyReport(TenantModel):
    """One edition of the report on handling suggestions (代表法 art. 51): earlier ones stay."""

    class State(models.TextChoices):
        MAKING = "making", "正在生成"
        REFUSED = "refused", "合计不相符，没有生成"
        FROZEN = "frozen", "已生成"
        PUBLISHED = "published", "已公开"

    class Step(models.TextChoices):
        PUBLISH = "publish", "公开"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(
        Sitting, on_delete=models.PROTECT, related_name="yearly_reports", verbose_name="会次"
    )
    edition = models.PositiveSmallIntegerField("版次", default=0)  # 0 until it is frozen
    title = models.CharField("标题", max_length=120)
    on = models.DateField("截至日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.MAKING)
    texts = models.JSONField("文字部分", default=dict, blank=True)
    faults = models.JSONField("不相符的各项", default=list, blank=True)
    content = models.JSONField("各表", default=dict, blank=True)
    manifest = models.CharField("校验码", max_length=64, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="报告"
    )
    sheet = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="表格"
    )
    made_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="生成人"
    )
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    published_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公开人"
    )
    published_at = models.DateTimeField("公开时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "建议办理年度报告"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "sitting", "edition"],
                condition=Q(edition__gt=0),
                name="an_edition_of_a_yearly_report_is_used_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["frozen", "published"])
                | Q(edition__gt=0, document__isnull=False, sheet__isnull=False) & ~Q(manifest=""),
                name="a_frozen_yearly_report_has_its_papers_and_its_seal",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(document__isnull=True),
                name="a_yearly_report_that_does_not_add_up_is_not_printed",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="a_published_yearly_report_says_when",
            ),
        ]

    def __str__(self):
        return self.title if self.edition < 2 else f"{self.title}（第{self.edition}版）"

    @property
    def is_frozen(self) -> bool:
        return self.state in (self.State.FROZEN, self.State.PUBLISHED)
