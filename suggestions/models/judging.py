"""What the deputies say of a reply, and what follows from it. No round overwrites another."""

from django.db import models
from django.db.models import Q

from congress.models import Meeting, Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .handling import Assignment
from .papers import Suggestion
from .replies import Reply
from .rule_sets import ResultClass


class Feedback(TenantModel):
    """征询意见: one deputy on one unit in one round. Not answered, it stays unanswered: nobody is
    ever taken for satisfied."""

    class State(models.TextChoices):
        EXPECTED = "expected", "待反馈"
        GIVEN = "given", "已反馈"
        MISSED = "missed", "未反馈"
        EXCUSED = "excused", "免反馈"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="feedbacks", verbose_name="建议"
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="feedbacks", verbose_name="任务"
    )
    reply = models.ForeignKey(
        Reply,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feedbacks",
        verbose_name="答复",
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="feedbacks", verbose_name="代表"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.EXPECTED)
    due_on = models.DateField("反馈期限")
    # From which day it is counted; empty where somebody named the day itself.
    asked_on = models.DateField("起算日", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("已催请", default=0)
    reminded_on = models.DateField("最近催请", null=True, blank=True)
    was_contacted = models.BooleanField("答复前联系过", null=True, blank=True)
    met_with = models.CharField("面商人员", max_length=120, blank=True)
    agrees_with_class = models.BooleanField("认可结果类别", null=True, blank=True)
    own_class = models.ForeignKey(
        ResultClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代表认为的类别",
    )
    opinion = models.TextField("具体意见", blank=True)
    asks_rehandling = models.BooleanField("要求重办", default=False)
    agrees_to_publish = models.BooleanField("同意公开", null=True, blank=True)
    has_conflict = models.BooleanField("代表任职于承办单位", default=False)
    entered_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )
    on_behalf = models.BooleanField("代录", default=False)
    scan = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="纸质表扫描件",
    )
    confirmed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )
    given_at = models.DateTimeField("反馈时间", null=True, blank=True)
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name="更正的反馈",
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.CharField("更正理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "反馈"
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment", "deputy", "round"],
                condition=Q(superseded_at__isnull=True),
                name="a_deputy_judges_a_unit_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False) | Q(scan__isnull=False),
                name="a_feedback_entered_for_a_deputy_has_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("entered_by")),
                name="entering_and_confirming_a_form_are_two_people",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                name="a_corrected_feedback_has_a_reason",
            ),
        ]


class FeedbackCorrection(TenantModel):
    """更正评价（纸质）: what a deputy says on paper to correct a judgement, entered by one person
    with its scan; once a second person has compared it, it stands as a judgement of its own and the
    one before is kept beside it."""

    feedback = models.ForeignKey(
        Feedback, on_delete=models.PROTECT, related_name="corrections", verbose_name="原评价"
    )
    reason = models.CharField("更正理由", max_length=200)
    ratings = models.JSONField("评价", default=dict)
    answers = models.JSONField("其他填写内容", default=dict)
    scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="纸质件扫描件"
    )
    entered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)
    agrees = models.BooleanField("与扫描件一致", null=True, blank=True)
    compared_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )
    compared_at = models.DateTimeField("核对时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "更正评价（纸质）"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "feedback"],
                condition=Q(agrees__isnull=True),
                name="a_feedback_is_corrected_on_paper_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_correction_on_paper_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(agrees__isnull=True) | Q(compared_by__isnull=False),
                name="a_compared_correction_names_who_compared_it",
            ),
            models.CheckConstraint(
                condition=Q(compared_by__isnull=True) | ~Q(compared_by=models.F("entered_by")),
                name="entering_and_comparing_a_correction_are_two_people",
            ),
        ]


class Rating(TenantModel):
    """One dimension of one feedback."""

    class Value(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY = "basically", "基本满意"
        UNSATISFIED = "unsatisfied", "不满意"

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="ratings")
    dimension = models.CharField("方面", max_length=20)
    value = models.CharField("评价", max_length=12, choices=Value.choices)
    word = models.CharField("档次原文", max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "feedback", "dimension"], name="a_dimension_is_rated_once"
            ),
        ]


class Study(TenantModel):
    """不满意研判: what the committee found, and what follows; the figures stay as they are."""

    append_only = True

    class Result(models.TextChoices):
        REHANDLE = "rehandle", "重新办理"
        EXPLAIN = "explain", "答复适当，向代表说明"
        ESCALATE = "escalate", "提级协调"

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="studies")
    round = models.PositiveSmallIntegerField("轮次")
    result = models.CharField("研判结果", max_length=10, choices=Result.choices)
    dimensions = models.JSONField("针对的方面", default=list)
    opinion = models.TextField("研判意见")
    deputy_told_on = models.DateField("向代表说明的日期", null=True, blank=True)
    due_on = models.DateField("重办期限", null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "不满意研判"
        ordering = ["pk"]
