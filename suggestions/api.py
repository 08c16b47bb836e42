"""Suggestions for programs: written, submitted, followed and judged, through the same access and
the same actions as the pages."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.urls import path
from django_filters.rest_framework import CharFilter, ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.api import member_of, valid
from congress.flow import NotAllowed
from congress.models import Membership, Role
from deputies.queries import deputy_of

from . import access, actions, queries
from .forms.judging import JudgeForm
from .forms.writing import MOST_REQUESTS, WISHES, DraftForm
from .models import Feedback, Suggestion

READERS = frozenset(
    {Role.DEPUTY, Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET} | access.UNIT_ROLES
)
DEPUTIES = frozenset({Role.DEPUTY})


# -- What is told -----------------------------------------------------------------------------


class SuggestionOut(serializers.ModelSerializer):
    """One line of the list. `lead` is left out where the deputy's name is hidden from units."""

    state_name = serializers.CharField(source="state_words")
    category_name = serializers.CharField(source="category.name", default=None, allow_null=True)
    lead = serializers.SerializerMethodField()

    class Meta:
        model = Suggestion
        fields = [
            "id", "number", "title", "lead", "category", "category_name", "state", "state_name",
            "submitted_at", "registered_at", "assigned_on", "closed_at",
        ]  # fmt: skip

    def _member(self) -> Membership:
        return self.context["request"]._request.member

    def get_lead(self, row: Suggestion) -> str | None:
        """The lead's name, or the delegation's."""
        if not access.may_see_names(self._member(), row):
            return None
        return row.raised_by


class SuggestionDetailOut(SuggestionOut):
    """The whole text, who signed, and the steps this member may take now."""

    requests = serializers.ListField(child=serializers.CharField())
    signers = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(SuggestionOut.Meta):
        fields = [
            *SuggestionOut.Meta.fields, "situation", "requests", "wants_meeting",
            "may_publish_text", "may_publish_reply", "hides_name", "urgent_reason", "signers",
            "units", "steps",
        ]  # fmt: skip

    def get_signers(self, row: Suggestion) -> list[str]:
        """The deputies who signed with the lead."""
        if not access.may_see_names(self._member(), row):
            return []
        confirmed = row.signatures.filter(state="confirmed").select_related("deputy")
        return [s.deputy.name for s in confirmed.order_by("pk")]

    def get_units(self, row: Suggestion) -> list[str]:
        """The units that handle it, as this member may see them."""
        tasks = access.tasks_visible_to(self._member()).filter(suggestion=row)
        return [t.unit_name for t in tasks.order_by("pk")]

    def get_steps(self, row: Suggestion) -> list[str]:
        """Names of steps, as the pages offer them."""
        rules = queries.rules_of(row)
        until = rules.withdraw_until if rules else ""
        return [s.value for s in access.steps(self._member(), row, withdraw_until=until)]


class HappeningOut(serializers.Serializer):
    """What happened, in words; the last may be what is awaited (`now`)."""

    title = serializers.CharField()
    at = serializers.DateField(allow_null=True)
    by = serializers.CharField(default="", allow_blank=True)
    note = serializers.CharField(default="", allow_blank=True)
    now = serializers.BooleanField(default=False)


class ScaleOut(serializers.Serializer):
    value = serializers.CharField()
    word = serializers.CharField()


class OwedOut(serializers.ModelSerializer):
    """A judgement the deputy owes: on which unit, in which dimensions, on which scale."""

    feedback = serializers.IntegerField(source="pk")
    unit = serializers.CharField(source="assignment.unit_name")
    dimensions = serializers.SerializerMethodField()
    scale = serializers.SerializerMethodField()

    class Meta:
        model = Feedback
        fields = ["feedback", "unit", "round", "dimensions", "scale"]

    def get_dimensions(self, row: Feedback) -> list[str]:
        return list(row.suggestion.rule_set.dimensions)

    @extend_schema_field(ScaleOut(many=True))
    def get_scale(self, row: Feedback):
        return [{"value": s["value"], "word": s["word"]} for s in row.suggestion.rule_set.scale]


# -- What is asked ----------------------------------------------------------------------------


class DraftIn(serializers.Serializer):
    """A draft as far as it is written; complete it must be when it is submitted."""

    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    situation = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    requests = serializers.ListField(
        child=serializers.CharField(max_length=1000), max_length=MOST_REQUESTS, required=False
    )
    category = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1
    )
    wished_units = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
        max_length=WISHES,
        required=False,
    )
    wants_meeting = serializers.BooleanField(required=False)
    may_publish_text = serializers.BooleanField(required=False, allow_null=True)
    may_publish_reply = serializers.BooleanField(required=False, allow_null=True)
    hides_name = serializers.BooleanField(required=False)
    urgent_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SubmitIn(serializers.Serializer):
    """`without_unanswered`: invited deputies who have not answered are left out."""

    without_unanswered = serializers.BooleanField(default=False)


class RatingIn(serializers.Serializer):
    """One judgement: a value for each dimension, words where one of them is unsatisfied."""

    feedback = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    ratings = serializers.DictField(child=serializers.CharField(max_length=20))
    opinion = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    was_contacted = serializers.BooleanField(required=False, allow_null=True)
    agrees_with_class = serializers.BooleanField(required=False, allow_null=True)
    asks_rehandling = serializers.BooleanField(required=False)


def _given(serializer_class: type[serializers.Serializer], request) -> dict[str, Any]:
    given = serializer_class(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "")


def _written(given: dict[str, Any], row: Suggestion | None) -> dict[str, Any]:
    """What was sent, over what is there, checked by the form the pages use; gives the values
    for the action."""
    data = {k: v for k, v in DraftForm(suggestion=row).initial.items() if v is not None}
    for name in ("title", "situation", "category", "urgent_reason"):
        if name in given:
            data[name] = "" if given[name] is None else given[name]
    for name in ("wants_meeting", "hides_name"):
        if name in given:
            data[name] = given[name]
    for name in ("may_publish_text", "may_publish_reply"):
        if name in given:
            data[name] = _yes_no(given[name])
    for name, part, most in (
        ("requests", "request", MOST_REQUESTS),
        ("wished_units", "wish", WISHES),
    ):
        if name in given:
            values = [*given[name], *[""] * most][:most]
            data |= {f"{part}_{n}": v for n, v in enumerate(values, start=1)}
    form = DraftForm(data, suggestion=row)
    valid(form)
    return form.values


# -- Routes -----------------------------------------------------------------------------------


class SuggestionFilters(FilterSet):
    """By state and by number."""

    state = ChoiceFilter(choices=Suggestion.State.choices)
    number = CharFilter()


class Suggestions(generics.ListAPIView):
    """建议: those this member may see, the latest first; a deputy begins a draft."""

    roles = READERS
    serializer_class = SuggestionOut
    filterset_class = SuggestionFilters

    def get_queryset(self):
        member = member_of(self)
        if member is None:
            return Suggestion.objects.none()
        return access.visible_to(member).distinct().order_by("-pk")

    @extend_schema(request=DraftIn, responses={201: SuggestionDetailOut})
    def post(self, request):
        member = request._request.member
        if member.role != Role.DEPUTY:
            raise PermissionDenied
        deputy = deputy_of(member)
        if deputy is None:
            raise NotAllowed("您的账号还没有对应到代表名册，请联系代工委")
        values = _written(_given(DraftIn, request), None)
        row = actions.start_draft(by=member, lead=deputy, **values)
        return _whole(request, row.pk, status.HTTP_201_CREATED)


def _whole(request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    row = access.find(request._request.member, pk)
    return Response(SuggestionDetailOut(row, context={"request": request}).data, code)


def _own(request, pk: int) -> Suggestion:
    """A suggestion this deputy speaks for, otherwise 404."""
    row = access.find(request._request.member, pk)
    if not access.is_lead(request._request.member, row):
        raise Http404
    return row


class OneSuggestion(APIView):
    """One suggestion; its lead writes on the draft."""

    roles = READERS

    @extend_schema(responses=SuggestionDetailOut)
    def get(self, request, pk: int):
        return _whole(request, pk)

    @extend_schema(request=DraftIn, responses=SuggestionDetailOut)
    def patch(self, request, pk: int):
        row = _own(request, pk)
        values = _written(_given(DraftIn, request), row)
        actions.save_draft(row, by=request._request.member, **values)
        return _whole(request, pk)


class Submit(APIView):
    """提交 by the lead."""

    roles = DEPUTIES

    @extend_schema(request=SubmitIn, responses=SuggestionDetailOut)
    def post(self, request, pk: int):
        given = _given(SubmitIn, request)
        row = _own(request, pk)
        actions.submit(row, by=request._request.member, **given)
        return _whole(request, pk)


class Timeline(APIView):
    """办理过程: what happened, the oldest first, then what is awaited."""

    roles = READERS

    @extend_schema(responses=HappeningOut(many=True))
    def get(self, request, pk: int):
        member = request._request.member
        row = access.find(member, pk)
        return Response([_event(e) for e in queries.course(row, member)])


def _event(event: dict[str, Any]) -> dict[str, Any]:
    at: dt.date | None = event.get("at")
    return {
        "title": event["title"],
        "at": at.isoformat() if at else None,
        "by": event.get("by", ""),
        "note": event.get("note", ""),
        "now": bool(event.get("now")),
    }


class Ratings(APIView):
    """评价: what the deputy still owes on this suggestion; giving one."""

    roles = DEPUTIES

    @extend_schema(responses=OwedOut(many=True))
    def get(self, request, pk: int):
        _, owed = self._owed(request, pk)
        return Response(OwedOut(owed, many=True).data)

    @extend_schema(request=RatingIn, responses={200: OwedOut(many=True)})
    def post(self, request, pk: int):
        given = _given(RatingIn, request)
        row, owed = self._owed(request, pk)
        feedback = next((f for f in owed if f.pk == given["feedback"]), None)
        if feedback is None:
            raise NotAllowed("这件建议现在没有需要您评价的")
        data = {f"d{n}": given["ratings"].get(d) for n, d in enumerate(row.rule_set.dimensions)}
        data |= {n: _yes_no(given.get(n)) for n in ("was_contacted", "agrees_with_class")}
        data |= {n: given.get(n, "") for n in ("opinion", "asks_rehandling")}
        form = JudgeForm(
            {k: v for k, v in data.items() if v not in (None, "")},
            rules=row.rule_set,
            task=feedback.assignment,
            with_class=bool(feedback.reply),
        )
        valid(form)
        member = request._request.member
        actions.give_feedback(feedback, by=member, ratings=form.ratings, **form.values)
        _, owed = self._owed(request, pk)
        return Response(OwedOut(owed, many=True).data)

    def _owed(self, request, pk: int) -> tuple[Suggestion, list[Feedback]]:
        member = request._request.member
        row, deputy = access.find(member, pk), deputy_of(member)
        if deputy is None or row.state != Suggestion.State.ANSWERED:
            return row, []
        return row, queries.expected_of(row, deputy)


urlpatterns = [
    path("suggestions/", Suggestions.as_view(), name="api_suggestions"),
    path("suggestions/<int:pk>/", OneSuggestion.as_view(), name="api_suggestion"),
    path("suggestions/<int:pk>/submit/", Submit.as_view(), name="api_submit"),
    path("suggestions/<int:pk>/timeline/", Timeline.as_view(), name="api_timeline"),
    path("suggestions/<int:pk>/ratings/", Ratings.as_view(), name="api_ratings"),
]
