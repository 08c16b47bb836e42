"""What a paper brings until it has its number: versions, signatures, looks at it, files."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .papers import Suggestion


class Revision(TenantModel):
    """文本版本: a text as it was submitted or registered; confirmations hold for one hash."""

    append_only = True

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="revisions", verbose_name="建议"
    )
    number = models.PositiveSmallIntegerField("版本")
    title = models.CharField("标题", max_length=120)
    situation = models.TextField("情况与问题")
    requests = models.JSONField("具体建议")
    sha256 = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文本版本"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "number"], name="a_text_version_is_used_once"
            ),
        ]

    def __str__(self):
        return f"第{self.number}稿"


class Signature(TenantModel):
    """联名: a deputy invited to sign; the confirmation names the hash of the text it is for."""

    class State(models.TextChoices):
        INVITED = "invited", "待确认"
        CONFIRMED = "confirmed", "已确认"
        VOIDED = "voided", "文本有改动，待重新确认"
        DECLINED = "declined", "未同意"
        WITHDRAWN = "withdrawn", "已撤回签名"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="signatures", verbose_name="建议"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, related_name="signatures", verbose_name="代表"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.INVITED)
    text_sha256 = models.CharField("确认的文本", max_length=64, blank=True)
    invited_at = models.DateTimeField("邀请时间", auto_now_add=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    # The name taken back after the text was handed in: said by the deputy, or in writing.
    withdrawn_reason = models.CharField("撤回签名的理由", max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "联名"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "suggestion", "deputy"], name="a_deputy_signs_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(text_sha256=""),
                name="a_confirmed_signature_names_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | ~Q(withdrawn_reason="") & Q(withdrawn_by__isnull=False),
                name="a_withdrawn_signature_has_a_reason_and_who_entered_it",
            ),
        ]

    def __str__(self):
        return f"{self.deputy}（{self.get_state_display()}）"


class Review(TenantModel):
    """初审、复审意见: the check list, the result, the ground."""

    append_only = True

    class Result(models.TextChoices):
        PASSED = "passed", "通过"
        SENT_BACK = "sent_back", "退回修改"
        REFUSED = "refused", "不作为建议处理"

    class Outcome(models.TextChoices):
        """What becomes of a paper that is not handled as a suggestion."""

        BACK = "back", "退回代表"
        PETITION = "petition", "转信访"
        REFERENCE = "reference", "转有关部门工作参考"
        HIGHER = "higher", "转上级"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="reviews", verbose_name="建议"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="reviews", verbose_name="文本"
    )
    step = models.CharField("环节", max_length=20)
    checks = models.JSONField("检查项目", default=dict)
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    ground = models.CharField("理由类别", max_length=30, blank=True)
    opinion = models.TextField("意见", blank=True)
    outcome = models.CharField("去向", max_length=10, choices=Outcome.choices, blank=True)
    sent_to = models.CharField("转给", max_length=80, blank=True)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="审查人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "审查意见"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="passed") | ~Q(opinion=""),
                name="a_refusing_review_has_an_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(result="refused") | ~Q(ground=""),
                name="a_refused_suggestion_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "back"]) | Q(result="refused") & ~Q(sent_to=""),
                name="what_is_sent_elsewhere_names_where",
            ),
        ]


class Attachment(TenantModel):
    """附件."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="attachments", verbose_name="建议"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
