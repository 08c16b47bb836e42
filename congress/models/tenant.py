"""The tenant: one people's congress, its terms, sittings and meetings."""

from django.db import models

from ..tenancy import TenantModel


class Congress(models.Model):
    """人民代表大会: a district's with its standing committee, a township's with its presidium."""

    class Level(models.TextChoices):
        COUNTY = "county", "县级"
        TOWNSHIP = "township", "乡级"

    key = models.SlugField("标识", unique=True, max_length=40)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="townships",
        verbose_name="所属区县人大",
    )
    name = models.CharField("人民代表大会全称", max_length=60)
    standing_committee_name = models.CharField("常务委员会（主席团）全称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    is_active = models.BooleanField("启用", default=True)
    settings = models.JSONField("设置", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人大"
        ordering = ["pk"]

    def __str__(self):
        return self.short_name


class CongressHost(models.Model):
    """An address at which one congress answers, besides <key>.<base domain>."""

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField("网址（主机名）", max_length=120, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "访问地址"

    def __str__(self):
        return self.host


class Term(TenantModel):
    """届: five years."""

    number = models.PositiveSmallIntegerField("届")
    name = models.CharField("名称", max_length=30)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "届"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "number"], name="a_term_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_term_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name


class Sitting(TenantModel):
    """会次: one congress meeting of a term."""

    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, related_name="sittings", verbose_name="届"
    )
    number = models.PositiveSmallIntegerField("次")
    name = models.CharField("名称", max_length=60)
    opens_on = models.DateField("开幕")
    closes_on = models.DateField("闭幕")

    class Meta:
        verbose_name = verbose_name_plural = "会次"
        ordering = ["-opens_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "term", "number"], name="a_sitting_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")),
                name="a_sitting_closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return self.name


class Meeting(TenantModel):
    """A meeting of the standing committee, the chairpersons or the presidium."""

    class Kind(models.TextChoices):
        STANDING_COMMITTEE = "standing_committee", "常委会会议"
        CHAIRPERSONS = "chairpersons", "主任会议"
        PRESIDIUM = "presidium", "主席团会议"

    kind = models.CharField("会议", max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("次")
    title = models.CharField("名称", max_length=80)
    held_on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "会议"
        ordering = ["-held_on"]

    def __str__(self):
        return self.title
