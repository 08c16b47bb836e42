"""会办意见 and 答复: what units write, and how it reaches the deputies."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .handling import Assignment
from .rule_sets import ResultClass


class JointOpinion(TenantModel):
    """会办意见函, version by version."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="opinions", verbose_name="任务"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    document_number = models.CharField("文号", max_length=40, blank=True)
    text = models.TextField("会办意见")
    signer = models.CharField("签发人", max_length=40)
    given_at = models.DateTimeField("提交时间", auto_now_add=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField("采用", null=True, blank=True)
    sent_back_reason = models.CharField("退回原因", max_length=200, blank=True)
    sent_back_on = models.DateField("退回日期", null=True, blank=True)
    redo_due_on = models.DateField("重报期限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会办意见"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment", "version"], name="an_opinion_version_is_used_once"
            ),
        ]


class OpinionWaiver(TenantModel):
    """The lead unit answers without a joint opinion, for a reason that stands in the record."""

    append_only = True

    joint = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="waivers")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Reply(TenantModel):
    """答复函: one version of one round; served, it is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        SIGNED_OFF = "signed_off", "已签发"
        CHECKED = "checked", "已预审"
        SERVED = "served", "已送达"
        DROPPED = "dropped", "作废"

    class Publicity(models.TextChoices):
        FULL = "full", "主动公开"
        ON_REQUEST = "on_request", "依申请公开"
        NOT = "not", "不予公开"

    class SignerRank(models.TextChoices):
        HEAD = "head", "主要负责人"
        DEPUTY_HEAD = "deputy_head", "分管负责人"
        OTHER = "other", "其他负责人"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="replies", verbose_name="任务"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    version = models.PositiveSmallIntegerField("稿次", default=1)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    document_number = models.CharField("文号", max_length=60, blank=True)
    text = models.TextField("正文")
    result_class = models.ForeignKey(
        ResultClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="结果类别",
    )
    reason_code = models.CharField("不能解决的原因", max_length=30, blank=True)
    publicity = models.CharField("公开属性", max_length=12, choices=Publicity.choices, blank=True)
    signer = models.CharField("签发人", max_length=40, blank=True)
    signer_rank = models.CharField(
        "签发人职务", max_length=12, choices=SignerRank.choices, blank=True
    )
    signed_in_name_of = models.CharField("署名单位", max_length=80, blank=True)
    contact_person = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    signed_off_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_off_at = models.DateTimeField("签发时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letter = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复函",
    )
    # Several units that lead answer with one document: the others' copy of what one drafted.
    joint_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="joint_copies",
        verbose_name="联合答复",
    )

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["round", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "assignment", "round", "version"],
                name="a_reply_version_is_used_once",
            ),
            models.UniqueConstraint(
                fields=["congress", "assignment", "round"],
                condition=Q(state="served"),
                name="a_round_has_one_served_reply",
            ),
            models.CheckConstraint(
                condition=~Q(state="served")
                | Q(result_class__isnull=False) & ~Q(signer="") & ~Q(publicity=""),
                name="a_served_reply_has_a_class_a_signer_and_a_publicity",
            ),
        ]

    @property
    def signed_together(self) -> list["Reply"]:
        """The other leading units' copies of this document that stand, each with its number."""
        standing = (self.State.SIGNED_OFF, self.State.SERVED)
        return [r for r in self.joint_copies.all() if r.state in standing]


class ReplyPoint(TenantModel):
    """The answer to one numbered request."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField("序号")
    answer = models.TextField("答复")
    result_class = models.ForeignKey(
        ResultClass, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "reply", "number"], name="a_point_is_answered_once"
            ),
        ]


class Service(TenantModel):
    """送达: a reply reaches one deputy; the last required one decides whether it was in time."""

    class Mode(models.TextChoices):
        FACE = "face", "当面送达"
        PAPER = "paper", "纸质送达"
        PLATFORM = "platform", "平台送达"

    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, related_name="services", verbose_name="答复"
    )
    deputy = models.ForeignKey(
        Deputy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代表",
    )
    delegation = models.ForeignKey(
        "deputies.Delegation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mode = models.CharField("方式", max_length=10, choices=Mode.choices)
    served_on = models.DateField("送达日期")
    received_at = models.DateTimeField("查收时间", null=True, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "reply", "deputy"], name="a_reply_is_served_once_per_deputy"
            ),
        ]


class SupplementaryLetter(TenantModel):
    """补充答复: a joint unit writes to the deputy itself; it adds to the reply, closes nothing."""

    append_only = True

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="supplements", verbose_name="任务"
    )
    text = models.TextField("内容")
    signer = models.CharField("签发人", max_length=40)
    document_number = models.CharField("文号", max_length=60, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "补充答复"
        ordering = ["pk"]
