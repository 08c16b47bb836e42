"""Kinds of activity, kept as data: what each feeds, how it counts."""

from django.db import models

from congress.tenancy import TenantModel
from performance.models import DutyItem


class ActivityKind(TenantModel):
    """活动类型: congress sitting, inspection, training and so on."""

    class Quantity(models.TextChoices):
        ONCE = "once", "每次活动计一次"
        HALF_DAYS = "half_days", "按半天计"
        DAYS = "days", "按天计"

    code = models.SlugField("编号", max_length=30)
    name = models.CharField("名称", max_length=40)
    quantity_rule = models.CharField(
        "计量方式", max_length=10, choices=Quantity.choices, default=Quantity.ONCE
    )
    absence_counts = models.BooleanField(
        "请假和缺席记入履职记录",
        default=True,
        help_text="不勾选时，只记出席；请假和缺席只留在活动的签到册里。",
    )
    by_sign_up = models.BooleanField(
        "默认自愿报名",
        default=False,
        help_text="勾选后，新建这类活动时默认为自愿报名：只有报了名的代表才算应到。",
    )
    late_after = models.PositiveSmallIntegerField(
        "迟到界限（分钟）", default=15, help_text="开始后超过这么多分钟签到，记为迟到。"
    )
    position = models.PositiveIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "活动类型"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "code"], name="an_activity_kind_code_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["congress", "name"], name="an_activity_kind_name_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class KindItem(TenantModel):
    """A duty item that a kind of activity feeds; a kind may feed several."""

    kind = models.ForeignKey(
        ActivityKind, on_delete=models.CASCADE, related_name="feeds", verbose_name="活动类型"
    )
    item = models.ForeignKey(
        DutyItem, on_delete=models.PROTECT, related_name="+", verbose_name="记入的履职事项"
    )

    class Meta:
        verbose_name = verbose_name_plural = "记入的履职事项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "kind", "item"], name="a_kind_feeds_an_item_once"
            ),
        ]

    def __str__(self):
        return str(self.item)
