"""Units: any organ, as a tree."""

from django.db import models

from ..tenancy import TenantModel


class Unit(TenantModel):
    """机构、单位: an office, a committee, a street, a handling unit."""

    class Kind(models.TextChoices):
        ORGAN = "organ", "人大机关"
        DEPUTY_AFFAIRS = "deputy_affairs", "代表工作委员会"
        SPECIAL_COMMITTEE = "special_committee", "专门委员会"
        WORKING_COMMITTEE = "working_committee", "工作委员会"
        STREET_COMMITTEE = "street_committee", "街道工委"
        TOWN_PRESIDIUM = "town_presidium", "镇人大"
        GOVERNMENT_OFFICE = "government_office", "政府办"
        HANDLING_UNIT = "handling_unit", "承办单位"

    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    position = models.PositiveIntegerField("排序", default=0)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name="并入",
    )

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["position", "pk"]
        permissions = [("work_for_unit", "代管该单位的代表和活动")]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="a_unit_name_is_used_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(valid_to__isnull=False),
                name="a_merged_unit_is_closed",
            ),
        ]

    def __str__(self):
        return self.short_name


class UnitName(TenantModel):
    """曾用名: how a unit was called up to a day."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="old_names")
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    valid_to = models.DateField("用到")

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        ordering = ["-valid_to", "-pk"]

    def __str__(self):
        return self.name


class UnitContact(TenantModel):
    """联系人: whom to call at a unit; an office's telephone, never a private one."""

    class Duty(models.TextChoices):
        LEADER = "leader", "分管领导"
        LIAISON = "liaison", "联络员"
        OTHER = "other", "经办人"

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="contacts")
    duty = models.CharField("分工", max_length=10, choices=Duty.choices)
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    telephone = models.CharField("办公电话", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位联系人"
        ordering = ["duty", "pk"]

    def __str__(self):
        return self.name


STREET_KINDS = (Unit.Kind.STREET_COMMITTEE, Unit.Kind.TOWN_PRESIDIUM)
