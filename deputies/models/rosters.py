"""Rosters sent in: the file, what each row would do, what it did, how to undo it."""

from django.db import models

from congress.crypto import EncryptedTextField
from congress.models import Job, Membership, StoredFile
from congress.tenancy import TenantModel


class RosterBatch(TenantModel):
    """One uploaded roster: dry run, confirmation, result, undo."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "已上传"
        CHECKED = "checked", "已核对"
        APPLYING = "applying", "导入中"
        APPLIED = "applied", "已导入"
        UNDOING = "undoing", "撤销中"
        UNDONE = "undone", "已撤销"
        REFUSED = "refused", "无法读取"

    class Step(models.TextChoices):
        CHECK = "check", "核对"
        REFUSE = "refuse", "拒绝"
        CONFIRM = "confirm", "确认导入"
        APPLY = "apply", "写入"
        UNDO = "undo", "撤销"
        TAKE_BACK = "take_back", "恢复原状"

    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="文件"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.UPLOADED)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    starts_on = models.DateField("任职起始日期")
    default_level = models.CharField("默认层级", max_length=20, blank=True)
    document = models.CharField("依据文件", max_length=160, blank=True)
    # What the clerk answered: {"rows": {"sheet!line": answer}, "places": {"kind:name": answer}}
    decisions = models.JSONField("答复", default=dict)
    # Places the file names and the registry does not know, as the last check saw them.
    places = models.JSONField("未登记的名称", default=list)
    made = models.JSONField("新建的名称", default=dict)  # kind → ids, for the undoing
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField("统计", default=dict)
    problems = models.JSONField("整表问题", default=list)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_at = models.DateTimeField("导入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"
        ordering = ["-pk"]

    def __str__(self):
        return self.file.name


class RosterRow(TenantModel):
    """One row of a roster: what was read, what was repaired, what it means, what it did."""

    class Outcome(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "变更"
        UNCHANGED = "unchanged", "无变化"
        CONFLICT = "conflict", "有冲突"
        ERROR = "error", "有错误"

    batch = models.ForeignKey(RosterBatch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    name = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)  # as shown: identity number and phone masked
    repairs = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)  # who it may be, where somebody must say
    deputy = models.ForeignKey(
        "deputies.Deputy", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    done = models.JSONField(default=dict)  # what was written, for the undoing
    secrets_before = EncryptedTextField(default="", blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["congress", "batch", "outcome"])]
