"""Who may come in at which door. Which rows and which steps is each app's own access.py."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from guardian.core import ObjectPermissionChecker

from .models import STAFF_ROLES, Membership, Role, Unit, User

# A person of several roles enters as the first of these.
ROLE_ORDER = (
    Role.DEPUTY_AFFAIRS,
    Role.CHAIR,
    Role.COMMITTEE,
    Role.STREET,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
    Role.GOVERNMENT_OFFICE,
    Role.HANDLING_UNIT,
    Role.STATION_LIAISON,
    Role.DEPUTY,
)
EVERYBODY = frozenset({"everybody"})


def only(*roles: Role) -> Callable:
    """Open a page to some roles: others get 403, the stranger is sent to sign in."""
    audience = frozenset(roles)

    def open_to(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.member is None:
                return to_sign_in(request)
            if request.member.role not in audience:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.audience = audience
        return guarded

    return open_to


signed_in = only(*Role)
staff = only(*STAFF_ROLES)


def everybody(view: Callable) -> Callable:
    """Open a page to the public."""
    view.audience = EVERYBODY
    return view


def to_sign_in(request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('account_login')}?{query}")


def memberships_in_force(user: User) -> list[Membership]:
    """What a person is in the open congress today, the everyday role first."""
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(user=user)
        .filter(Q(valid_from=None) | Q(valid_from__lte=today))
        .filter(Q(valid_to=None) | Q(valid_to__gte=today))
        .select_related("unit", "user", "congress")
    )
    return sorted(rows, key=lambda m: ROLE_ORDER.index(m.role))


def units_of(member: Membership) -> set[int]:
    """The units a street's or committee's member works for: the own one with all below it, and
    those granted as an exception. Ids of Unit."""
    if not hasattr(member, "_units"):
        children: dict[int | None, list[int]] = {}
        for pk, parent in Unit.objects.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found, queue = set(), [member.unit_id] if member.unit_id else []
        while queue:
            pk = queue.pop()
            if pk not in found:
                found.add(pk)
                queue.extend(children.get(pk, []))
        member._units = found | granted_units(member.user)
    return member._units


def granted_units(user: User) -> set[int]:
    """Units a person may work for by exception (guardian). Ids of Unit."""
    units = list(Unit.objects.all())
    checker = ObjectPermissionChecker(user)
    checker.prefetch_perms(units)
    return {u.pk for u in units if checker.has_perm("work_for_unit", u)}
