"""Days of rest and work that differ from the week: the yearly notice, and single days."""

from django.db import models

from ..tenancy import TenantModel


class HolidayNotice(TenantModel):
    """A year's notice entered by a congress, where none came with the product or it changed."""

    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("依据文件", max_length=120)
    text = models.TextField("通知正文", max_length=4000)
    by = models.ForeignKey(
        "congress.Membership", on_delete=models.PROTECT, related_name="+", verbose_name="录入人"
    )
    at = models.DateTimeField("录入时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日安排"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "year"], name="a_year_has_one_holiday_notice"
            ),
        ]

    def __str__(self):
        return f"{self.year}年节假日安排"


class Holiday(TenantModel):
    """One day this congress changed by itself, over whatever the notice says."""

    on = models.DateField("日期")
    is_working = models.BooleanField("上班")
    name = models.CharField("事由", max_length=40)
    reason = models.CharField("依据或理由", max_length=200)
    by = models.ForeignKey(
        "congress.Membership", on_delete=models.PROTECT, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日"
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "on"], name="a_day_is_changed_once"),
        ]

    def __str__(self):
        return f"{self.on:%Y-%m-%d} {'上班' if self.is_working else '放假'}"
