"""What lives on after the reply: supervision, promises, 回头看, publication."""

from django.db import models
from django.db.models import Q

from congress.models import Meeting, Membership, StoredFile, Unit
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .handling import Assignment
from .papers import Suggestion
from .replies import Reply


class Supervision(TenantModel):
    """督办: 重点督办 is decided by the chairpersons' meeting (代表法 art. 52)."""

    class Kind(models.TextChoices):
        KEY = "key", "重点督办"
        COMMITTEE = "committee", "专委对口督办"
        STREET = "street", "街道跟踪督办"

    class State(models.TextChoices):
        PROPOSED = "proposed", "拟督办"
        RUNNING = "running", "督办中"
        DONE = "done", "已结束"
        DROPPED = "dropped", "未列入"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="supervisions", verbose_name="建议"
    )
    kind = models.CharField("督办方式", max_length=10, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="决定的主任会议",
    )
    decided_on = models.DateField("决定日期", null=True, blank=True)
    leader = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="领衔督办",
    )
    government_leader = models.CharField("政府领办领导", max_length=60, blank=True)
    committee = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="督办委员会",
    )
    plan = models.TextField("督办方案", blank=True)
    result = models.TextField("督办结果", blank=True)
    rating = models.CharField("督办评价", max_length=20, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="key", state__in=["running", "done"])
                | Q(meeting__isnull=False, decided_on__isnull=False),
                name="key_supervision_is_decided_by_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["congress", "suggestion"],
                condition=Q(kind="key", state__in=["proposed", "running"]),
                name="a_suggestion_is_under_key_supervision_once",
            ),
        ]


class SupervisionEvent(TenantModel):
    """A visit, a talk, a report under a supervision."""

    append_only = True

    class Kind(models.TextChoices):
        SITE = "site", "现场督办"
        TALK = "talk", "听取汇报"
        REPORT = "report", "书面报告"
        LEADER = "leader", "更换领衔人"
        OTHER = "other", "其他"

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    on = models.DateField("日期")
    text = models.TextField("情况")
    deputies = models.ManyToManyField(
        Deputy, through="SupervisionDeputy", related_name="+", verbose_name="参加代表"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办记录"
        ordering = ["on", "pk"]


class SupervisionDeputy(TenantModel):
    event = models.ForeignKey(SupervisionEvent, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(Deputy, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "event", "deputy"], name="a_deputy_takes_part_once"
            ),
        ]


class Urge(TenantModel):
    """催办: a letter to a unit."""

    append_only = True

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="urges")
    text = models.CharField("内容", max_length=300)
    letter = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        ordering = ["-pk"]


class Promise(TenantModel):
    """承诺: made in a reply, dated, followed across years and terms."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        REPORTED = "reported", "已报落实"
        KEPT = "kept", "已落实"
        CHANGED = "changed", "已调整"
        BROKEN = "broken", "未能落实"

    class Step(models.TextChoices):
        REPORT = "report", "报告落实"
        CONFIRM = "confirm", "确认落实"
        CHANGE = "change", "调整承诺"
        FAIL = "fail", "无法落实"
        REOPEN = "reopen", "重新跟踪"

    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, related_name="promises", verbose_name="答复"
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="promises", verbose_name="建议"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="promises")
    number = models.PositiveSmallIntegerField("序号")
    content = models.CharField("承诺内容", max_length=300)
    criterion = models.CharField("完成标准", max_length=200)
    responsible = models.CharField("责任领导", max_length=40)
    due_on = models.DateField("承诺完成日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    kept_on = models.DateField("落实日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承诺"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "reply", "number"], name="a_promise_number_is_used_once"
            ),
        ]
        indexes = [models.Index(fields=["congress", "state", "due_on"])]

    def __str__(self):
        return self.content[:40]


class PromiseEvent(TenantModel):
    """A report, a change with its signed reason, a deputy's receipt: never overwritten."""

    append_only = True

    class Kind(models.TextChoices):
        REPORT = "report", "落实情况报告"
        PROGRESS = "progress", "进展报告"
        CHANGE = "change", "调整"
        FAIL = "fail", "无法落实"
        VERIFY = "verify", "核实"
        RECEIPT = "receipt", "代表回执"
        REOPEN = "reopen", "到期重新跟踪"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    on = models.DateField("日期")
    text = models.TextField("内容")
    signer = models.CharField("签发人", max_length=40, blank=True)
    old_due_on = models.DateField(null=True, blank=True)
    new_due_on = models.DateField("新的完成日期", null=True, blank=True)
    value = models.CharField("代表评价", max_length=12, blank=True)
    deputy = models.ForeignKey(
        Deputy, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "承诺记录"
        ordering = ["on", "pk"]


class ClassChange(TenantModel):
    """The class of an answered suggestion is raised later (B→A): three parties agree."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="class_changes"
    )
    from_class = models.ForeignKey(
        "suggestions.ResultClass", on_delete=models.PROTECT, related_name="+"
    )
    to_class = models.ForeignKey(
        "suggestions.ResultClass", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("理由", max_length=300)
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    deputy_agreed_at = models.DateTimeField("代表同意", null=True, blank=True)
    committee_agreed_at = models.DateTimeField("督办机构同意", null=True, blank=True)
    committee_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    # The word of a deputy without a login, from paper; it counts once a second person compared it.
    paper_word = models.BooleanField("纸质件上的意见", null=True, blank=True)
    scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    compared_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "结果类别调整"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paper_word__isnull=True)
                | Q(scan__isnull=False, entered_by__isnull=False),
                name="a_word_on_a_class_entered_for_a_deputy_has_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(compared_by__isnull=True) | ~Q(compared_by=models.F("entered_by")),
                name="entering_and_comparing_a_class_are_two_people",
            ),
        ]

    @property
    def is_agreed(self) -> bool:
        return bool(self.deputy_agreed_at and self.committee_agreed_at and not self.refused_at)


class PublicationDecision(TenantModel):
    """公开审查: secrecy and privacy checked, then full, abstract or not; taken down with a log."""

    class Mode(models.TextChoices):
        FULL = "full", "全文公开"
        ABSTRACT = "abstract", "摘要公开"
        NOT = "not", "不公开"

    class Part(models.TextChoices):
        TEXT = "text", "建议"
        REPLY = "reply", "答复"

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="publication_decisions"
    )
    part = models.CharField("对象", max_length=6, choices=Part.choices)
    mode = models.CharField("方式", max_length=10, choices=Mode.choices)
    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("公开标题", max_length=120, blank=True)
    text = models.TextField("公开文本", blank=True)
    reason = models.CharField("不公开或者摘要公开的理由", max_length=200, blank=True)
    secrecy_checked = models.BooleanField("保密审查通过", default=False)
    privacy_checked = models.BooleanField("个人信息审查通过", default=False)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_down_reason = models.CharField("撤下理由", max_length=200, blank=True)
    public_id = models.CharField(max_length=24, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开审查"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(secrecy_checked=True, privacy_checked=True) & ~Q(mode="not"),
                name="what_is_published_was_checked",
            ),
            models.CheckConstraint(
                condition=Q(mode="full") | ~Q(reason=""),
                name="what_is_held_back_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True) | ~Q(taken_down_reason=""),
                name="what_is_taken_down_has_a_reason",
            ),
        ]
        indexes = [
            # What is public, newest first: the list, the feed and the search read nothing else.
            models.Index(
                fields=["congress", "part", "-published_at"],
                condition=Q(published_at__isnull=False, taken_down_at__isnull=True),
                name="published_and_not_taken_down",
            ),
        ]
