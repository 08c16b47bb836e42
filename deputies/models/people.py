"""Deputies and their seats. A person may hold seats at several levels; all of it is dated."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from congress.crypto import EncryptedTextField
from congress.models import Membership, Term, Unit
from congress.tenancy import TenantModel

from .places import Constituency, Delegation


class Deputy(TenantModel):
    """代表: a person in the registry."""

    class Gender(models.TextChoices):
        MALE = "男", "男"
        FEMALE = "女", "女"

    # How the public page names a deputy; it tells neither number nor order.
    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    name = models.CharField("姓名", max_length=40)
    name_key = models.CharField("拼音排序", max_length=120, editable=False, db_collation="C")
    initials = models.CharField("拼音首字母", max_length=20, editable=False, blank=True)
    gender = models.CharField("性别", max_length=2, choices=Gender.choices, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    # As exact as the committee knows it: 1975, 1975-03 or 1975-03-06.
    born = models.CharField("出生日期", max_length=10, blank=True)
    party = models.CharField("党派", max_length=30, blank=True)
    education = models.CharField("学历", max_length=30, blank=True)
    occupation = models.CharField("工作单位及职务", max_length=120, blank=True)
    id_number = EncryptedTextField("身份证号", blank=True, default="")
    id_number_index = models.CharField(max_length=64, blank=True, editable=False)
    phone = EncryptedTextField("手机号", blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    membership = models.OneToOneField(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy",
        verbose_name="登录身份",
    )
    notes = models.TextField("备注", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "代表"
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "id_number_index"],
                condition=~Q(id_number_index=""),
                name="an_identity_number_belongs_to_one_deputy",
            ),
            models.CheckConstraint(
                condition=Q(born="") | Q(born__regex=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
                name="a_birth_date_is_a_year_month_or_day",
            ),
        ]
        indexes = [models.Index(fields=["congress", "name"])]

    def __str__(self):
        return self.name

    @property
    def official_name(self) -> str:
        """As lists of the congress print it: 马丽（女，回族）; men and Han are not remarked."""
        notes = ["女"] if self.gender == self.Gender.FEMALE else []
        if self.ethnicity not in ("", "汉族"):
            notes.append(self.ethnicity)
        return f"{self.name}（{'，'.join(notes)}）" if notes else self.name


class Mandate(TenantModel):
    """A seat: one deputy, one level, from a day to a day."""

    class Level(models.TextChoices):
        NATIONAL = "national", "全国人大代表"
        PROVINCIAL = "provincial", "省级人大代表"
        CITY = "city", "市级人大代表"
        COUNTY = "county", "区县人大代表"
        TOWNSHIP = "township", "乡镇人大代表"
        STREET_COUNCIL = "street_council", "街道议政代表"

    class Start(models.TextChoices):
        ELECTION = "election", "换届选举"
        BY_ELECTION = "by_election", "补选"
        MOVED_IN = "moved_in", "调入"

    class End(models.TextChoices):
        TERM_OVER = "term_over", "届满"
        RESIGNED = "resigned", "辞职"
        TERMINATED = "terminated", "终止"
        RECALLED = "recalled", "罢免"
        MOVED_AWAY = "moved_away", "迁出"
        DIED = "died", "去世"

    deputy = models.ForeignKey(
        Deputy, on_delete=models.CASCADE, related_name="mandates", verbose_name="代表"
    )
    level = models.CharField("层级", max_length=20, choices=Level.choices)
    term = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="届",
    )
    constituency = models.ForeignKey(
        Constituency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="选区/选举单位",
    )
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="代表团",
    )
    street = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="所在街道（镇）",
    )
    number = models.CharField("代表证号", max_length=30, blank=True)
    position = models.PositiveIntegerField("名册序号", default=0)
    starts_on = models.DateField("任职起")
    ends_on = models.DateField("任职止", null=True, blank=True)
    start_reason = models.CharField(
        "产生方式", max_length=20, choices=Start.choices, default=Start.ELECTION
    )
    end_reason = models.CharField("离任原因", max_length=20, choices=End.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代表职务"
        ordering = ["level", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_mandate_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["congress", "deputy", "level"],
                condition=Q(ends_on__isnull=True),
                name="a_deputy_holds_one_open_mandate_per_level",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="")
                | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="an_ended_mandate_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["congress", "level", "starts_on"])]

    def __str__(self):
        return f"{self.deputy}（{self.get_level_display()}）"


class MandateEvent(TenantModel):
    """What happened to a seat: dated, with its document. Never changed; taken back only together
    with the roster that wrote it."""

    class Kind(models.TextChoices):
        ELECTED = "elected", "当选"
        BY_ELECTED = "by_elected", "补选"
        SUSPENDED = "suspended", "暂停执行代表职务"
        RESUMED = "resumed", "恢复执行代表职务"
        RESIGNED = "resigned", "辞职"
        TERMINATED = "terminated", "代表资格终止"
        MOVED = "moved", "调整选区、代表团或街道"

    mandate = models.ForeignKey(
        Mandate, on_delete=models.CASCADE, related_name="events", verbose_name="代表职务"
    )
    kind = models.CharField("事项", max_length=20, choices=Kind.choices)
    on = models.DateField("日期")
    document = models.CharField("依据文件", max_length=160, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职事项"
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"
