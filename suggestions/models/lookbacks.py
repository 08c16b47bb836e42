"""回头看: a campaign over what a term left planned or unsolved; a finding by the unit and by the
deputy for each item."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from congress.models import Membership, Term
from congress.tenancy import TenantModel

from .handling import Assignment
from .rule_sets import ResultClass


class LookBack(TenantModel):
    """One campaign: which term, which results, until when."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        CLOSED = "closed", "已结束"

    title = models.CharField("名称", max_length=80)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name="届")
    meanings = ArrayField(
        models.CharField(max_length=20, choices=ResultClass.Canonical.choices),
        verbose_name="办理结果",
    )
    due_on = models.DateField("单位自查截止")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.RUNNING)
    summary = models.TextField("总结", blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始时间", auto_now_add=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回头看"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") | ~Q(summary=""),
                name="a_closed_look_back_has_a_summary",
            ),
        ]

    def __str__(self):
        return self.title


class LookBackItem(TenantModel):
    """One unit's task looked at again: what the unit found, what the deputy says of it."""

    class Finding(models.TextChoices):
        SOLVED = "solved", "已经解决"
        GOING = "going", "正在推进"
        STUCK = "stuck", "仍未解决"

    class Word(models.TextChoices):
        AGREES = "agrees", "属实"
        DIFFERS = "differs", "不属实"

    campaign = models.ForeignKey(
        LookBack, on_delete=models.PROTECT, related_name="items", verbose_name="回头看"
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="look_backs", verbose_name="任务"
    )
    result_class = models.ForeignKey(
        ResultClass, on_delete=models.PROTECT, related_name="+", verbose_name="当时的结果类别"
    )
    finding = models.CharField("单位自查结果", max_length=8, choices=Finding.choices, blank=True)
    finding_text = models.TextField("单位自查情况", blank=True)
    signer = models.CharField("签发人", max_length=40, blank=True)
    found_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField("自查时间", null=True, blank=True)
    word = models.CharField("代表意见", max_length=8, choices=Word.choices, blank=True)
    word_text = models.CharField("代表说明", max_length=500, blank=True)
    word_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    word_at = models.DateTimeField("代表答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回头看事项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "campaign", "assignment"],
                name="a_task_is_looked_back_at_once_per_campaign",
            ),
            models.CheckConstraint(
                condition=Q(finding="") | ~Q(signer="") & Q(found_at__isnull=False),
                name="a_finding_is_signed_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(word="") | ~Q(finding=""),
                name="a_deputy_answers_what_a_unit_found",
            ),
            models.CheckConstraint(
                condition=~Q(word="differs") | ~Q(word_text=""),
                name="a_deputy_who_differs_says_how",
            ),
        ]
