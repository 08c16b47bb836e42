"""Which deputies a list shows: what each audience may ask."""

import datetime as dt

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from congress.forms import DayField, FilterForm
from congress.models import Unit
from congress.queries import streets

from .. import access, queries
from ..models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
    MandateEvent,
)


class SeatFilter(FilterForm):
    """Which seats: what all lists of deputies ask."""

    q = forms.CharField(label="姓名", max_length=40, required=False)
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="全部"
    )
    street = forms.ModelChoiceField(
        label="街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )

    CHOICES = ("level", "delegation", "street", "constituency")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = {
            "delegation": Delegation.objects.all(),
            "street": streets(self.seats_shown().order_by().values("street")),
            "constituency": Constituency.objects.all(),
            "group": DeputyGroup.objects.all(),
            "committee": access.committees(),
        }
        for name, found in rows.items():
            if name in self.fields:
                self.fields[name].queryset = found

    def seats_shown(self) -> QuerySet[Mandate]:
        """The seats a list shows before it is narrowed; a closed street they name is offered."""
        return queries.in_office(timezone.localdate())

    def apply(self, seats: QuerySet[Mandate], on: dt.date | None = None) -> QuerySet[Mandate]:
        """The seats this filter leaves; groups and committees as on a day (today)."""
        on, asked = on or timezone.localdate(), self.asked()
        for name in self.CHOICES:
            if asked.get(name):
                seats = seats.filter(**{name: asked[name]})
        if asked.get("group"):
            held = queries.seats_on(GroupSeat, on).filter(group=asked["group"])
            seats = seats.filter(deputy__in=held.order_by().values("deputy"))
        if asked.get("committee"):
            held = queries.seats_on(CommitteeSeat, on).filter(unit=asked["committee"])
            seats = seats.filter(deputy__in=held.order_by().values("deputy"))
        if words := (asked.get("q") or "").strip():
            seats = seats.filter(
                deputy__in=queries.search(Deputy.objects.all(), words).order_by().values("pk")
            )
        return seats


class PublicFilter(SeatFilter):
    """What everybody asks."""


class ColleagueFilter(SeatFilter):
    """What a deputy asks of the others."""

    group = forms.ModelChoiceField(
        label="代表小组", queryset=DeputyGroup.objects.none(), required=False, empty_label="全部"
    )


class DeputyFilter(SeatFilter):
    """What the staff ask, as at which day."""

    q = forms.CharField(label="姓名、首字母或证号", max_length=40, required=False)
    level = forms.ChoiceField(
        label="层级", required=False, choices=[("", "全部"), *Mandate.Level.choices]
    )
    constituency = forms.ModelChoiceField(
        label="选区（选举单位）", queryset=Constituency.objects.none(), required=False,
        empty_label="全部",
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label="代表小组", queryset=DeputyGroup.objects.none(), required=False, empty_label="全部"
    )
    committee = forms.ModelChoiceField(
        label="委员会", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    on = DayField(label="截至日期", required=False)
    left = forms.BooleanField(label="只看已离任", required=False)

    field_order = ["q", "level", "delegation", "street", "group", "constituency", "committee", "on",
                   "left"]  # fmt: skip

    def seats_shown(self) -> QuerySet[Mandate]:
        if self.data.get("on") or self.data.get("left"):
            return Mandate.objects.all()
        return super().seats_shown()

    @property
    def day(self) -> dt.date:
        """The day asked for, today when none."""
        asked = self.asked()
        return asked.get("on") or timezone.localdate()


class EventFilter(FilterForm):
    """Which events: of whom, of which kind, between which days."""

    q = forms.CharField(label="姓名", max_length=40, required=False)
    kind = forms.ChoiceField(
        label="事项", required=False, choices=[("", "全部"), *MandateEvent.Kind.choices]
    )
    level = forms.ChoiceField(
        label="层级", required=False, choices=[("", "全部"), *Mandate.Level.choices]
    )
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def clean(self):
        asked = super().clean()
        if asked.get("since") and asked.get("until") and asked["since"] > asked["until"]:
            self.add_error("until", "结束日期早于开始日期。")
        return asked

    def apply(self, rows: QuerySet[MandateEvent]) -> QuerySet[MandateEvent]:
        """The events this filter leaves."""
        asked = self.asked()
        for name, path in (
            ("kind", "kind"), ("level", "mandate__level"), ("since", "on__gte"),
            ("until", "on__lte"),
        ):  # fmt: skip
            if asked.get(name):
                rows = rows.filter(**{path: asked[name]})
        if words := (asked.get("q") or "").strip():
            rows = rows.filter(mandate__deputy__in=queries.search(Deputy.objects.all(), words)
                               .order_by().values("pk"))  # fmt: skip
        return rows
