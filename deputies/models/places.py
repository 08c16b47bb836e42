"""Where deputies come from and belong: constituencies, delegations, groups, committees."""

from django.db import models
from django.db.models import F, Q

from congress.models import Unit
from congress.tenancy import TenantModel

COMMITTEE_KINDS = (
    Unit.Kind.ORGAN,
    Unit.Kind.DEPUTY_AFFAIRS,
    Unit.Kind.SPECIAL_COMMITTEE,
    Unit.Kind.WORKING_COMMITTEE,
)


class Constituency(TenantModel):
    """选区 / 选举单位."""

    class Kind(models.TextChoices):
        CONSTITUENCY = "constituency", "选区"
        ELECTING_UNIT = "electing_unit", "选举单位"

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.CONSTITUENCY)
    street = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="constituencies",
        verbose_name="所在街道（镇）",
    )
    seats = models.PositiveSmallIntegerField("应选名额", null=True, blank=True)
    position = models.PositiveIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "选区（选举单位）"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "name"], name="a_constituency_name_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class Delegation(TenantModel):
    """代表团, during a sitting."""

    name = models.CharField("名称", max_length=60)
    position = models.PositiveIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "代表团"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "name"], name="a_delegation_name_is_used_once"
            ),
        ]

    def __str__(self):
        return self.name


class DeputyGroup(TenantModel):
    """代表小组、专业代表小组."""

    class Kind(models.TextChoices):
        STREET = "street", "代表小组"
        PROFESSIONAL = "professional", "专业代表小组"

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.STREET)
    street = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_groups",
        verbose_name="所在街道（镇）",
    )
    position = models.PositiveIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "代表小组"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="a_group_name_is_used_once"),
        ]

    def __str__(self):
        return self.name


class DatedSeat(TenantModel):
    """A place held from a day to a day."""

    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        abstract = True


class GroupSeat(DatedSeat):
    """A deputy in a group: leader, deputy leader, liaison or member."""

    class Role(models.TextChoices):
        LEADER = "leader", "组长"
        DEPUTY_LEADER = "deputy_leader", "副组长"
        LIAISON = "liaison", "联络员"
        MEMBER = "member", "组员"

    group = models.ForeignKey(
        DeputyGroup, on_delete=models.CASCADE, related_name="seats", verbose_name="小组"
    )
    deputy = models.ForeignKey(
        "deputies.Deputy", on_delete=models.CASCADE, related_name="group_seats", verbose_name="代表"
    )
    role = models.CharField("职务", max_length=20, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        verbose_name = verbose_name_plural = "小组成员"
        ordering = ["group", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "group", "deputy"],
                condition=Q(ends_on__isnull=True),
                name="a_deputy_sits_in_a_group_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_group_seat_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.deputy} {self.get_role_display()}"

    @property
    def words(self) -> str:
        """The group, and the office held in it: 东湖第一小组（组长）."""
        if self.role == self.Role.MEMBER:
            return self.group.name
        return f"{self.group.name}（{self.get_role_display()}）"


class CommitteeSeat(DatedSeat):
    """A deputy's seat in a committee or in the standing committee."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="committee_seats", verbose_name="委员会"
    )
    deputy = models.ForeignKey(
        "deputies.Deputy",
        on_delete=models.CASCADE,
        related_name="committee_seats",
        verbose_name="代表",
    )
    title = models.CharField("职务", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "委员会任职"
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "unit", "deputy"],
                condition=Q(ends_on__isnull=True),
                name="a_deputy_sits_in_a_committee_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_committee_seat_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.deputy} {self.title}"

    @property
    def words(self) -> str:
        """The committee, and the office held in it: 财经委（委员）."""
        return f"{self.unit}（{self.title}）" if self.title else str(self.unit)
