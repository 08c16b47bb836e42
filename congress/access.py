"""Who may come in at which door. Which rows and which steps is each app's own access.py."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from guardian.shortcuts import assign_perm, remove_perm

from .flow import NotAllowed
from .models import (
    STAFF_ROLES,
    ApiToken,
    Congress,
    Job,
    LogEntry,
    Membership,
    Role,
    Unit,
    UnitGrant,
    User,
)
from .tenancy import across_congresses

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
    """Sign in and come back to this page, after a form to the page it was on; `ended` says why
    the last session is over."""
    is_page = request.method in ("GET", "HEAD")
    query = {"next": request.get_full_path() if is_page else _page_of(request)}
    if getattr(request, "ended", ""):
        query["ended"] = request.ended
    return redirect(f"{reverse('account_login')}?{urlencode(query)}")


def _page_of(request: HttpRequest) -> str:
    """The page of the own house a form was sent from; the first page where that is not told."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path or "/"


def memberships_in_force(user: User) -> list[Membership]:
    """What a person is in the open congress today, the everyday role first."""
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(user=user)
        .filter(Q(valid_from=None) | Q(valid_from__lte=today))
        .filter(Q(valid_to=None) | Q(valid_to__gte=today))
        .select_related("unit", "congress")
    )
    for row in rows:
        row.user = user
    return sorted(rows, key=lambda m: ROLE_ORDER.index(m.role))


def units_of(member: Membership) -> set[int]:
    """The units a street's or committee's member works for: the own one with all below it, and
    what was merged into it, and those granted as an exception. Ids of Unit."""
    if not hasattr(member, "_units"):
        children: dict[int | None, list[int]] = {}
        for pk, *above in Unit.objects.values_list("pk", "parent_id", "merged_into_id"):
            for unit in set(above):
                children.setdefault(unit, []).append(pk)
        found, queue = set(), [member.unit_id] if member.unit_id else []
        while queue:
            pk = queue.pop()
            if pk not in found:
                found.add(pk)
                queue.extend(children.get(pk, []))
        member._units = found | granted_units(member.user)
    return member._units


def granted_units(user: User) -> set[int]:
    """Units a person may work for today by exception (guardian's rows). Ids of Unit."""
    return set(grants_in_force().filter(user=user).values_list("content_object", flat=True))


def grants_in_force() -> QuerySet[UnitGrant]:
    """The exceptions of this congress that are not over."""
    return UnitGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()),
        permission__codename="work_for_unit",
        content_object__in=Unit.objects.all(),
    )


def give_unit(user: User, unit: Unit, *, valid_to: dt.date | None, reason: str) -> UnitGrant:
    """Let a person work for a unit by exception (see actions.grant_unit)."""
    grant = assign_perm("work_for_unit", user, unit)
    grant.valid_to, grant.reason, grant.granted_at = valid_to, reason, timezone.now()
    grant.save(update_fields=["valid_to", "reason", "granted_at"])
    return grant


def take_unit(user: User, unit: Unit) -> None:
    """Take the exception back."""
    remove_perm("work_for_unit", user, unit)


# -- Who keeps members, accounts and settings --------------------------------------------------
# 三员分立 (GB/T 22239-2019, 8.1.5): the system administrator keeps units, members and settings,
# the security administrator accounts, grants and tokens, the audit administrator the log. None of
# them takes another's steps. `by` None is the system itself (commands, the demo).


def require_keeper(by: Membership | None) -> None:
    """Settings, names and addresses: the system administrator and 代工委; raises NotAllowed."""
    if by is not None and not may_keep_frame(by):
        raise NotAllowed("本级人大的设置由系统管理员或代工委维护")


def may_keep_members(by: Membership, role: str) -> bool:
    """The system administrator keeps every membership, 代工委 those of deputies."""
    return by.role == Role.SYSTEM_ADMIN or (
        by.role == Role.DEPUTY_AFFAIRS and role in KEPT_BY_DEPUTY_AFFAIRS
    )


UNIT_READERS = frozenset(STAFF_ROLES - {Role.AUDIT_ADMIN})
FRAME_KEEPERS = (Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS)


def may_keep_frame(by: Membership) -> bool:
    """Whether a member keeps units, terms, sittings, meetings and settings."""
    return by.role in FRAME_KEEPERS


def require_members_keeper(by: Membership | None, role: str) -> None:
    """Raises NotAllowed for those who may not keep memberships of this role."""
    if by is not None and not may_keep_members(by, role):
        raise NotAllowed("成员和角色由系统管理员维护")


def require_accounts_keeper(by: Membership | None) -> None:
    """Raises NotAllowed for all but the security administrator."""
    if by is not None and by.role != Role.SECURITY_ADMIN:
        raise NotAllowed("账号、授权和接口密钥由安全管理员维护")


MEMBER_READERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.DEPUTY_AFFAIRS)
KEPT_BY_DEPUTY_AFFAIRS = (Role.DEPUTY, Role.STATION_LIAISON)


def members_visible_to(by: Membership) -> QuerySet[Membership]:
    """Memberships, also those that ended: all for the system and the security administrator,
    deputies and stations' liaisons for 代工委, nobody for the rest."""
    rows = Membership.objects.select_related("user", "unit")
    if by.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        return rows
    return (
        rows.filter(role__in=KEPT_BY_DEPUTY_AFFAIRS) if by.role in MEMBER_READERS else rows.none()
    )


def find_member(by: Membership, pk: int) -> Membership:
    """One membership this member may see, otherwise 404."""
    row = members_visible_to(by).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def roles_given_by(by: Membership) -> list[Role]:
    """The roles a member may give by hand; a deputy's comes with the roster alone."""
    return [r for r in Role if r != Role.DEPUTY and may_keep_members(by, r)]


def member_steps(by: Membership, row: Membership) -> list[Membership.Step]:
    """The steps a member may take on another's membership and account now."""
    Step = Membership.Step
    if row.user_id == by.user_id or (row.valid_to and row.valid_to < timezone.localdate()):
        return []
    steps = []
    if may_keep_members(by, row.role):
        steps = [Step.CHANGE_ROLE] if row.role != Role.DEPUTY else []
        steps.append(Step.END)
    if by.role == Role.SECURITY_ADMIN:
        steps += [Step.RESET, Step.UNLOCK, Step.SET_MOBILE, Step.END_SESSIONS]
        steps.append(Step.DISABLE if row.user.is_active else Step.ENABLE)
        if row.role in (Role.STREET, Role.COMMITTEE):
            steps.append(Step.GRANT)
        steps.append(Step.MAKE_TOKEN)
    return steps


def accounts_visible_to(by: Membership) -> QuerySet[User]:
    """Logins of people who are or were members here: for the security administrator."""
    if by.role != Role.SECURITY_ADMIN:
        return User.objects.none()
    return User.objects.filter(pk__in=Membership.objects.order_by().values("user"))


def tokens_visible_to(by: Membership) -> QuerySet[ApiToken]:
    """Tokens: all for the security administrator, otherwise those of the own membership."""
    rows = ApiToken.objects.select_related("membership__user")
    return rows if by.role == Role.SECURITY_ADMIN else rows.filter(membership=by)


def may_revoke(by: Membership, token: ApiToken) -> bool:
    """The security administrator, and whoever the token belongs to."""
    return by.role == Role.SECURITY_ADMIN or token.membership_id == by.pk


def log_visible_to(by: Membership) -> QuerySet[LogEntry]:
    """The log: the audit administrator's alone."""
    return LogEntry.objects.all() if by.role == Role.AUDIT_ADMIN else LogEntry.objects.none()


def jobs_visible_to(by: Membership) -> QuerySet[Job]:
    """Jobs: all for the system administrator, otherwise those one began."""
    rows = Job.objects.all()
    return rows if by.role == Role.SYSTEM_ADMIN else rows.filter(by=by)


def belongs_elsewhere(user: User, here: Congress) -> bool:
    """Whether the person is, or was, a member of another congress too."""
    with across_congresses() as alias:
        return Membership.objects.using(alias).filter(user=user).exclude(congress=here).exists()


def congresses_of(user: User) -> list[Congress]:
    """The congresses that are switched on and where the person is a member today, in order."""
    today = timezone.localdate()
    with across_congresses() as alias:
        ids = (
            Membership.objects.using(alias)
            .filter(user=user)
            .filter(Q(valid_from=None) | Q(valid_from__lte=today))
            .filter(Q(valid_to=None) | Q(valid_to__gte=today))
            .values_list("congress_id", flat=True)
        )
        return list(Congress.objects.using(alias).filter(pk__in=set(ids), is_active=True))
