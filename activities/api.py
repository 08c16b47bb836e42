"""Activities for programs: list, detail, sign up, leave, check in, by the same actions."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.models import Role

from . import access, actions, queries
from .models import Activity, LeaveRequest, Participation, Session
from .rules import combined


class SessionOut(serializers.ModelSerializer):
    class Meta:
        model = Session
        fields = ["id", "name", "starts_at", "ends_at", "half_days"]


class ActivityOut(serializers.ModelSerializer):
    kind = serializers.CharField(source="kind.code")
    kind_name = serializers.CharField(source="kind.name")
    organiser = serializers.CharField(source="organiser.name")
    state_name = serializers.CharField(source="get_state_display")

    class Meta:
        model = Activity
        fields = [
            "id",
            "title",
            "kind",
            "kind_name",
            "starts_at",
            "ends_at",
            "place",
            "organiser",
            "by_sign_up",
            "capacity",
            "sign_up_closes_at",
            "is_public",
            "state",
            "state_name",
        ]


class ActivityDetailOut(ActivityOut):
    sessions = SessionOut(many=True)
    attendance = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()

    class Meta(ActivityOut.Meta):
        fields = [
            *ActivityOut.Meta.fields,
            "description",
            "audience",
            "contact",
            "result",
            "sessions",
            "attendance",
            "mine",
        ]

    def _member(self):
        return self.context["request"]._request.member

    def get_attendance(self, activity: Activity) -> dict[str, int]:
        """People by outcome; a deputy is not told of the others."""
        if self._member().role == Role.DEPUTY:
            return {}
        return dict(queries.attendance_counts(activity))

    def get_mine(self, activity: Activity) -> dict | None:
        """The deputy's own answer and attendance."""
        if self._member().role != Role.DEPUTY:
            return None
        row = access.invitation_of(self._member(), activity)
        values = Participation.objects.filter(invitation=row).values_list("value", flat=True)
        leave = row.leaves.exclude(state=LeaveRequest.State.DROPPED).last()
        return {
            "signed_up_at": row.signed_up_at,
            "leave": leave.state if leave else None,
            "outcome": combined(values),
        }


class LeaveIn(serializers.Serializer):
    reason = serializers.CharField(max_length=200)
    session = serializers.IntegerField(required=False, allow_null=True)


class LeaveOut(serializers.ModelSerializer):
    class Meta:
        model = LeaveRequest
        fields = ["id", "state", "reason", "session", "asked_at"]


class CheckInIn(serializers.Serializer):
    session = serializers.IntegerField()
    code = serializers.RegexField(r"^\d{6}$")


class CheckInOut(serializers.ModelSerializer):
    class Meta:
        model = Participation
        fields = ["session", "value", "checked_in_at"]


READERS = frozenset({*access.READERS, Role.DEPUTY})


class Activities(generics.ListAPIView):
    """Activities this member may see, those to come in front."""

    roles = READERS
    serializer_class = ActivityOut
    filterset_fields = ["state", "kind__code"]

    def get_queryset(self):
        member = getattr(self.request._request, "member", None)
        if member is None:
            return Activity.objects.none()
        return queries.nearest_first(access.visible_to(member))


class OneActivity(APIView):
    """One activity with its sessions."""

    roles = READERS

    @extend_schema(responses=ActivityDetailOut)
    def get(self, request, pk: int):
        row = access.find(request._request.member, pk)
        return Response(ActivityDetailOut(row, context={"request": request}).data)


class SignUp(APIView):
    """报名 and its undo, by the deputy."""

    roles = frozenset({Role.DEPUTY})

    @extend_schema(request=None, responses=ActivityDetailOut)
    def post(self, request, pk: int):
        return self._done(request, pk, actions.sign_up)

    @extend_schema(request=None, responses=ActivityDetailOut)
    def delete(self, request, pk: int):
        return self._done(request, pk, actions.cancel_sign_up)

    def _done(self, request, pk, action):
        row = access.find(request._request.member, pk)
        action(row, by=request._request.member)
        return Response(ActivityDetailOut(row, context={"request": request}).data)


class Leave(APIView):
    """请假 by the deputy, for the whole or for one session."""

    roles = frozenset({Role.DEPUTY})

    @extend_schema(request=LeaveIn, responses={201: LeaveOut})
    def post(self, request, pk: int):
        given = LeaveIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = access.find(request._request.member, pk)
        session = None
        if given.validated_data.get("session"):
            session = generics.get_object_or_404(row.sessions, pk=given.validated_data["session"])
        leave = actions.ask_leave(
            row,
            by=request._request.member,
            reason=given.validated_data["reason"],
            session=session,
        )
        return Response(LeaveOut(leave).data, status=status.HTTP_201_CREATED)


class CheckIn(APIView):
    """签到 by the deputy with the code of the venue."""

    roles = frozenset({Role.DEPUTY})

    @extend_schema(request=CheckInIn, responses=CheckInOut)
    def post(self, request, pk: int):
        given = CheckInIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = access.find(request._request.member, pk)
        session = generics.get_object_or_404(
            row.sessions.select_related("activity"), pk=given.validated_data["session"]
        )
        mark = actions.check_in(
            session, by=request._request.member, code=given.validated_data["code"]
        )
        if mark is None:
            return Response({"code": ["签到码不对"]}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
        return Response(CheckInOut(mark).data)


urlpatterns = [
    path("activities/", Activities.as_view(), name="api_activities"),
    path("activities/<int:pk>/", OneActivity.as_view(), name="api_activity"),
    path("activities/<int:pk>/sign-up/", SignUp.as_view(), name="api_sign_up"),
    path("activities/<int:pk>/leave/", Leave.as_view(), name="api_leave"),
    path("activities/<int:pk>/check-in/", CheckIn.as_view(), name="api_check_in"),
]
