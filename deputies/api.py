"""The registry for programs: read through the same access, changed by the same actions. Numbers
of people are masked here too."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.urls import path
from django.utils import timezone
from django_filters.rest_framework import ChoiceFilter, FilterSet, NumberFilter
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.api import member_of, valid, values_of
from congress.crypto import mask_id_number, mask_phone
from congress.models import Role

from . import access, actions, queries
from .forms.files import EndForm, EventForm, MoveForm, NewDeputyForm, PersonForm, RevealForm
from .models import Constituency, Delegation, Deputy, DeputyGroup, GroupSeat, Mandate, MandateEvent

READERS = frozenset({*access.READERS, Role.STREET})
ON = OpenApiParameter("on", dt.date, description="As at this day; today when left out.")


class EventOut(serializers.ModelSerializer):
    class Meta:
        model = MandateEvent
        fields = ["kind", "on", "document", "note"]


class SeatOut(serializers.ModelSerializer):
    deputy_name = serializers.CharField(source="deputy.name")
    level_name = serializers.CharField(source="get_level_display")
    constituency_name = serializers.CharField(
        source="constituency.name", default=None, allow_null=True
    )
    delegation_name = serializers.CharField(source="delegation.name", default=None, allow_null=True)
    street_name = serializers.CharField(source="street.name", default=None, allow_null=True)

    class Meta:
        model = Mandate
        fields = [
            "id", "deputy", "deputy_name", "level", "level_name", "constituency",
            "constituency_name", "delegation", "delegation_name", "street", "street_name", "number",
            "position", "starts_on", "ends_on", "start_reason", "end_reason",
        ]  # fmt: skip


class SeatDetailOut(SeatOut):
    events = EventOut(many=True)

    class Meta(SeatOut.Meta):
        fields = [*SeatOut.Meta.fields, "events"]


class DeputyOut(serializers.ModelSerializer):
    """One deputy with all seats, groups and committees."""

    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    mandates = SeatDetailOut(many=True)
    belongings = serializers.SerializerMethodField()

    class Meta:
        model = Deputy
        fields = [
            "id", "public_id", "name", "gender", "ethnicity", "born", "party", "education",
            "occupation", "id_number", "phone", "mandates", "belongings",
        ]  # fmt: skip

    def get_id_number(self, row: Deputy) -> str:
        """Masked; in clear only by `reveal`, for a reason."""
        return mask_id_number(row.id_number)

    def get_phone(self, row: Deputy) -> str:
        """Masked; in clear only by `reveal`, for a reason."""
        return mask_phone(row.phone)

    def get_belongings(self, row: Deputy) -> list[str]:
        """Groups and committees of today, with the office held."""
        return queries.belongings([row.pk], timezone.localdate()).get(row.pk, [])


class RevealOut(serializers.Serializer):
    id_number = serializers.CharField()
    phone = serializers.CharField()


def asks(name: str, form_class: type[forms.Form], partial: bool = False) -> Any:
    """A request body told by the form that reads it."""
    fields = {}
    for key, field in form_class.base_fields.items():
        kind = serializers.CharField
        if isinstance(field, forms.DateField):
            kind = serializers.DateField
        elif isinstance(field, forms.ModelChoiceField):
            kind = serializers.IntegerField
        more = {}
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            kind, more = serializers.ChoiceField, {"choices": [c for c, _ in field.choices if c]}
        fields[key] = kind(
            required=field.required and not partial, help_text=str(field.label), **more
        )
    return inline_serializer(name, fields)


def _whole(member, pk: int) -> Deputy:
    """The file with its seats; a street is shown only the seats of its own."""
    access.find(member, pk)
    seats = access.mandates_visible_to(member).select_related("term").prefetch_related("events")
    return Deputy.objects.prefetch_related(Prefetch("mandates", seats)).get(pk=pk)


def _day(request) -> dt.date:
    given = request.query_params.get("on")
    try:
        return dt.date.fromisoformat(given) if given else timezone.localdate()
    except ValueError:
        raise ValidationError({"on": ["请写成 2026-03-16 的样子。"]}) from None


class SeatFilters(FilterSet):
    """By level, and by places named by their ids."""

    level = ChoiceFilter(choices=Mandate.Level.choices)
    delegation = NumberFilter(field_name="delegation_id")
    street = NumberFilter(field_name="street_id")
    constituency = NumberFilter(field_name="constituency_id")


class Seats(generics.ListAPIView):
    """Seats in office on a day (`on`), in roster order."""

    roles = READERS
    serializer_class = SeatOut
    filterset_class = SeatFilters

    def get_queryset(self):
        member = member_of(self)
        if member is None:
            return Mandate.objects.none()
        held = queries.in_office(_day(self.request)).order_by().values("pk")
        return (
            access.mandates_visible_to(member)
            .filter(pk__in=held)
            .order_by("level", "position", "deputy__name_key", "pk")
        )

    @extend_schema(parameters=[ON])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class NewDeputy(APIView):
    """Register a deputy with one seat."""

    roles = access.KEEPERS

    @extend_schema(request=asks("NewDeputy", NewDeputyForm), responses={201: DeputyOut})
    def post(self, request):
        form = NewDeputyForm(values_of(request.data))
        values = valid(form)
        row = actions.add_deputy(
            by=request._request.member,
            document=values["document"],
            **{n: values[n] for n in PersonForm.base_fields},
            **form.seat,
        )
        return Response(
            DeputyOut(_whole(request._request.member, row.pk)).data, status=status.HTTP_201_CREATED
        )


class OneDeputy(APIView):
    """One deputy's file; PATCH corrects personal values."""

    roles = READERS

    @extend_schema(responses=DeputyOut)
    def get(self, request, pk: int):
        return Response(DeputyOut(_whole(request._request.member, pk)).data)

    @extend_schema(request=asks("CorrectDeputy", PersonForm, partial=True), responses=DeputyOut)
    def patch(self, request, pk: int):
        member = request._request.member
        row = access.find(member, pk)
        if not access.may_keep(member):
            self.permission_denied(request)
        kept = {n: getattr(row, n) for n in PersonForm.base_fields}
        kept |= {"id_number": "", "phone": ""}
        form = PersonForm(kept | values_of(request.data))
        valid(form)
        actions.correct(row, by=member, **form.values)
        return Response(DeputyOut(_whole(member, pk)).data)


class Reveal(APIView):
    """Identity number and phone in clear, for a reason that is logged."""

    roles = frozenset({Role.DEPUTY_AFFAIRS, Role.STREET})

    @extend_schema(request=asks("Reveal", RevealForm), responses=RevealOut)
    def post(self, request, pk: int):
        row = access.find(request._request.member, pk)
        reason = valid(RevealForm(values_of(request.data)))["reason"]
        return Response(actions.reveal(row, by=request._request.member, reason=reason))


class Mine(APIView):
    """The signed-in deputy's own file."""

    roles = frozenset({Role.DEPUTY})

    @extend_schema(responses=DeputyOut)
    def get(self, request):
        row = access.own(request._request.member)
        return Response(DeputyOut(_whole(request._request.member, row.pk)).data)


class SeatEvent(APIView):
    """What happens to a seat: resign, terminate, suspend, resume, move."""

    roles = access.KEEPERS
    EVENTS = {
        "resign": (EventForm, actions.resign),
        "terminate": (EndForm, actions.terminate),
        "suspend": (EventForm, actions.suspend),
        "resume": (EventForm, actions.resume),
        "move": (MoveForm, actions.move),
    }

    @extend_schema(request=asks("SeatEvent", EndForm, partial=True), responses=SeatDetailOut)
    def post(self, request, pk: int, event: str):
        seat = access.find_seat(request._request.member, pk)
        if event not in self.EVENTS:
            raise ValidationError({"event": [f"没有“{event}”这个事项。"]})
        form_class, action = self.EVENTS[event]
        given = values_of(request.data)
        if form_class is MoveForm:
            places = ("constituency", "delegation", "street")
            given = {n: getattr(seat, f"{n}_id") or "" for n in places} | given
            form = MoveForm(given, mandate=seat)
        else:
            form = form_class(given)
        action(seat, by=request._request.member, **valid(form))
        return Response(SeatDetailOut(access.find_seat(request._request.member, pk)).data)


class PlaceOut(serializers.ModelSerializer):
    class Meta:
        model = Delegation
        fields = ["id", "name", "position"]


class ConstituencyOut(serializers.ModelSerializer):
    class Meta:
        model = Constituency
        fields = ["id", "name", "kind", "street", "seats"]


class GroupSeatOut(serializers.ModelSerializer):
    deputy_name = serializers.CharField(source="deputy.name")

    class Meta:
        model = GroupSeat
        fields = ["deputy", "deputy_name", "role", "starts_on"]


class GroupOut(serializers.ModelSerializer):
    members = GroupSeatOut(source="open_seats", many=True)

    class Meta:
        model = DeputyGroup
        fields = ["id", "name", "kind", "street", "members"]


class Delegations(generics.ListAPIView):
    """Delegations in order."""

    roles = READERS
    serializer_class = PlaceOut

    def get_queryset(self):
        return Delegation.objects.all() if member_of(self) else Delegation.objects.none()


class Constituencies(generics.ListAPIView):
    """Constituencies and electing units in order."""

    roles = READERS
    serializer_class = ConstituencyOut

    def get_queryset(self):
        return Constituency.objects.all() if member_of(self) else Constituency.objects.none()


class Groups(generics.ListAPIView):
    """Deputy groups with their members on a day (`on`)."""

    roles = READERS
    serializer_class = GroupOut

    def get_queryset(self):
        member = member_of(self)
        if member is None:
            return DeputyGroup.objects.none()
        seats = queries.seats_on(GroupSeat, _day(self.request)).select_related("deputy")
        if member.role == Role.STREET:
            seats = seats.filter(deputy__in=access.visible_to(member).order_by().values("pk"))
        return access.groups_visible_to(member).prefetch_related(
            Prefetch("seats", seats.order_by("pk"), to_attr="open_seats")
        )

    @extend_schema(parameters=[ON])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


urlpatterns = [
    path("mandates/", Seats.as_view(), name="api_mandates"),
    path("mandates/<int:pk>/<slug:event>/", SeatEvent.as_view(), name="api_seat_event"),
    path("deputies/", NewDeputy.as_view(), name="api_deputies"),
    path("deputies/me/", Mine.as_view(), name="api_deputy_me"),
    path("deputies/<int:pk>/", OneDeputy.as_view(), name="api_deputy"),
    path("deputies/<int:pk>/reveal/", Reveal.as_view(), name="api_reveal"),
    path("delegations/", Delegations.as_view(), name="api_delegations"),
    path("constituencies/", Constituencies.as_view(), name="api_constituencies"),
    path("deputy-groups/", Groups.as_view(), name="api_deputy_groups"),
]
