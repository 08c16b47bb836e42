"""Lists of members, accounts, grants, the log and jobs, each in a constant number of queries."""

import datetime as dt
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from . import access, lockout, passwords
from .models import (
    STAFF_ROLES,
    Job,
    LogEntry,
    Membership,
    Role,
    Unit,
    UnitContact,
    UnitGrant,
    UnitName,
    User,
)
from .models.units import STREET_KINDS

UNUSED_FOR = dt.timedelta(days=90)


def in_force(today: dt.date) -> Q:
    """Memberships of a day."""
    return Q(Q(valid_from=None) | Q(valid_from__lte=today)) & Q(
        Q(valid_to=None) | Q(valid_to__gte=today)
    )


def members_narrowed(rows: QuerySet[Membership], asked: dict) -> QuerySet[Membership]:
    """Members by name or login name (`q`), `role`, `unit` and `state`: in force (where none is
    given), `coming`, `over` or `all`; in the order of roles and units."""
    today = timezone.localdate()
    state = asked.get("state") or "now"
    if state == "now":
        rows = rows.filter(in_force(today))
    elif state == "coming":
        rows = rows.filter(valid_from__gt=today)
    elif state == "over":
        rows = rows.filter(valid_to__lt=today)
    if asked.get("q"):
        rows = rows.filter(
            Q(name__icontains=asked["q"]) | Q(user__login_name__icontains=asked["q"])
        )
    if asked.get("role") == "staff":
        rows = rows.exclude(role=Role.DEPUTY)
        asked = {**asked, "role": ""}
    for name in ("role", "unit"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    in_order = Case(*(When(role=role, then=n) for n, role in enumerate(Role)))
    return rows.order_by(in_order, "unit__position", "name", "pk")


def account_signs(users: Iterable[User]) -> dict[int, list[tuple[str, str]]]:
    """By user: what is to be known of the account, as words and the tone of their badge."""
    users = list(users)
    locked = lockout.locked([u.login_name for u in users])
    signs = {}
    for user in users:
        found = []
        if not user.is_active:
            found.append(("停用", "off"))
        if user.login_name in locked:
            found.append(("已锁定", "late"))
        if user.last_login is None:
            found.append(("从未登录", "waiting"))
        elif user.must_change_password:
            found.append(("待改密码", "waiting"))
        elif passwords.is_too_old(user):
            found.append(("密码到期", "warn"))
        signs[user.pk] = found or [("正常", "done")]
    return signs


def with_second_factor(users: Iterable[User]) -> set[int]:
    """Which of these have opened an authenticator. Ids of User."""
    rows = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP)
    return set(rows.values_list("user", flat=True))


def accounts_narrowed(rows: QuerySet[User], asked: dict) -> QuerySet[User]:
    """Logins by name (`q`) and `state`: locked, disabled, never (signed in), unused (for 90
    days), first (password still to be changed), bare (staff without an authenticator)."""
    here = Membership.objects.order_by()
    if asked.get("q"):
        named = here.filter(name__icontains=asked["q"]).values("user")
        rows = rows.filter(Q(login_name__icontains=asked["q"]) | Q(pk__in=named))
    state = asked.get("state")
    if state == "locked":
        names = list(rows.values_list("login_name", flat=True))
        rows = rows.filter(login_name__in=lockout.locked(names))
    elif state in ("active", "disabled"):
        rows = rows.filter(is_active=state == "active")
    elif state == "never":
        rows = rows.filter(last_login=None)
    elif state == "unused":
        rows = rows.filter(last_login__lt=timezone.now() - UNUSED_FOR)
    elif state == "first":
        rows = rows.filter(must_change_password=True)
    elif state == "bare":
        has = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
        staff = here.filter(in_force(timezone.localdate()), role__in=STAFF_ROLES).values("user")
        rows = rows.filter(pk__in=staff).exclude(pk__in=has)
    return rows.order_by("login_name")


def memberships_by_user(users: Iterable[User]) -> dict[int, list[Membership]]:
    """What these people are here today, by user; those who left with their last role."""
    found: dict[int, list[Membership]] = {}
    today = timezone.localdate()
    rows = Membership.objects.filter(user__in=list(users)).select_related("unit").order_by("pk")
    for row in rows:
        found.setdefault(row.user_id, []).append(row)
    for pk, mine in found.items():
        now = [m for m in mine if (m.valid_to or today) >= today]
        found[pk] = now or mine[-1:]
    return found


def grants(user: User | None = None) -> QuerySet[UnitGrant]:
    """The exceptions of this congress in force, of everybody or of one person; soonest over in
    front."""
    rows = access.grants_in_force().select_related("user", "content_object")
    if user is not None:
        rows = rows.filter(user=user)
    return rows.order_by("valid_to", "pk")


def log_narrowed(rows: QuerySet[LogEntry], asked: dict) -> QuerySet[LogEntry]:
    """Log rows of the days `since` to `until`, by `step`, `role`, `outcome`, `address` and words
    (`q`: name, object or note); the latest first."""
    zone = timezone.get_current_timezone()
    begin = dt.datetime.combine(asked["since"], dt.time(), zone)
    end = dt.datetime.combine(asked["until"] + dt.timedelta(days=1), dt.time(), zone)
    rows = rows.filter(at__gte=begin, at__lt=end)
    for name in ("step", "role", "outcome", "address"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    words = asked.get("q")
    if words:
        rows = rows.filter(
            Q(by_name__icontains=words)
            | Q(object_label__icontains=words)
            | Q(note__icontains=words)
        )
    return rows.order_by("-number")


def sign_ins_of(member: Membership, count: int = 10) -> QuerySet[LogEntry]:
    """The latest sign-ins of a person here, and the attempts that failed."""
    mine = [str(m.pk) for m in Membership.objects.filter(user=member.user)]
    done = Q(step__in=["congress.sign_in", "congress.arrive"], by__user=member.user)
    failed = Q(
        step="congress.sign_in_failed", object_type="congress.membership", object_id__in=mine
    )
    return LogEntry.objects.filter(done | failed).order_by("-number")[:count]


def last_verification() -> Job | None:
    """When the log was last looked over, and what was found."""
    return Job.objects.filter(task="congress.verify_log").order_by("-pk").first()


def jobs_narrowed(rows: QuerySet[Job], asked: dict) -> QuerySet[Job]:
    """Jobs by title (`q`) and `state`: open, failed, failed_now (within a week) or done; the
    latest first."""
    states = {
        "open": Q(done_at=None, failed_at=None),
        "failed": Q(failed_at__isnull=False),
        "failed_now": Q(failed_at__gte=timezone.now() - dt.timedelta(days=7)),
        "done": Q(done_at__isnull=False),
    }
    if asked.get("state"):
        rows = rows.filter(states[asked["state"]])
    if asked.get("q"):
        rows = rows.filter(title__icontains=asked["q"])
    return rows.select_related("by").order_by("-pk")


def streets(shown: QuerySet | Iterable[int] = ()) -> QuerySet[Unit]:
    """Streets and towns in force, in order; of the closed ones only those of rows that are shown
    (their ids), so that a list can still be narrowed to them."""
    open_still = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    rows = Unit.objects.filter(kind__in=STREET_KINDS)
    return rows.filter(open_still | Q(pk__in=shown)).order_by("position", "pk")


def unit_tree(rows: QuerySet[Unit]) -> list[tuple[Unit, int]]:
    """Units with how deep each stands, every one below its parent; where the parent is not among
    the rows the unit stands at the top."""
    units = list(rows)
    known = {u.pk for u in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[tuple[Unit, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in below.get(parent, []):
            found.append((unit, depth))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return found


def units_narrowed(asked: dict) -> QuerySet[Unit]:
    """Units with how many `people` they have today, in order: by name, short name or old name
    (`q`), `kind` and `state` (in use where none is given, `closed`, `all`)."""
    people = Membership.objects.filter(in_force(timezone.localdate()))
    inside = Q(members__in=people.order_by().values("pk"))
    rows = Unit.objects.annotate(people=Count("members", filter=inside, distinct=True))
    rows = rows.select_related("merged_into")
    state = asked.get("state", "")
    if state != "all":
        rows = rows.filter(valid_to__isnull=state != "closed")
    words = asked.get("q")
    if words:
        old = UnitName.objects.filter(name__icontains=words).order_by().values("unit")
        rows = rows.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(pk__in=old)
        )
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    return rows.order_by("position", "pk")


def liaisons(units: Iterable[Unit]) -> dict[int, list[str]]:
    """The liaisons of units with their telephone, by unit."""
    found: dict[int, list[str]] = {}
    rows = UnitContact.objects.filter(unit__in=list(units), duty=UnitContact.Duty.LIAISON)
    for row in rows.order_by("pk"):
        found.setdefault(row.unit_id, []).append(f"{row.name} {row.telephone}".strip())
    return found
