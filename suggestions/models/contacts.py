"""沟通: units talk with deputies, and deputies confirm it."""

from django.db import models
from django.db.models import Q

from congress.models import Membership, StoredFile
from congress.tenancy import TenantModel
from deputies.models import Deputy

from .handling import Assignment


class Contact(TenantModel):
    """沟通记录; an event may cover several suggestions, each has its own row."""

    class Phase(models.TextChoices):
        BEFORE = "before", "办前"
        DURING = "during", "办中"
        AFTER = "after", "办后"

    class Mode(models.TextChoices):
        FACE = "face", "面谈"
        SITE = "site", "现场"
        PHONE = "phone", "电话"
        VIDEO = "video", "视频"
        MAIL = "mail", "邮件"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="contacts", verbose_name="任务"
    )
    phase = models.CharField("阶段", max_length=8, choices=Phase.choices)
    mode = models.CharField("方式", max_length=8, choices=Mode.choices)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=80, blank=True)
    who = models.CharField("参加人员及职务", max_length=200)
    opinions = models.TextField("代表意见和沟通情况")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "沟通记录"
        ordering = ["on", "pk"]

    @property
    def is_face_to_face(self) -> bool:
        return self.mode in (self.Mode.FACE, self.Mode.SITE)


class ContactConfirmation(TenantModel):
    """A deputy's word on a contact that a unit recorded. Who has no login or has left gives it on
    paper: entered by one person with a scan (`paper_word`), it counts once a second compared it."""

    class Means(models.TextChoices):
        SIGNED = "signed", "代表在纸质沟通记录上签字"
        TOLD = "told", "代表口头答复，代工委作了记录"
        ASKED = "asked", "代表已去世、离任或联系不上，向其他参加人核实"

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="confirmations", verbose_name="沟通"
    )
    deputy = models.ForeignKey(Deputy, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField("属实", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    means = models.CharField("确认的方式", max_length=8, choices=Means.choices, blank=True)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(paper_word__isnull=True)
                | Q(scan__isnull=False, entered_by__isnull=False) & ~Q(means=""),
                name="a_word_on_a_talk_entered_for_a_deputy_has_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(compared_by__isnull=True) | ~Q(compared_by=models.F("entered_by")),
                name="entering_and_comparing_a_word_are_two_people",
            ),
            models.UniqueConstraint(
                fields=["congress", "contact", "deputy"], name="a_contact_is_confirmed_once"
            ),
        ]
