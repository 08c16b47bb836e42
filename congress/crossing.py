"""From one congress to another: each answers at its own host, so a session does not go along.

A ticket does: signed, for one person and one congress, good once and for two minutes. Whoever
brings it is signed in there as that person, no better and no longer than where it was made.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.contrib.auth import login
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from . import access, audit
from .flow import NotAllowed
from .models import Congress, Membership, SubmittedForm, User

SALT = "congress.crossing"
LIVES = timedelta(minutes=2)
BACKEND = "congress.signin.AccountBackend"
STALE = "这个链接已经失效：只能用一次，两分钟内有效。请回到原来的人大，从“我的账号”重新进入。"


@dataclass(frozen=True)
class Ticket:
    """Who goes where, with what the session was worth."""

    user: int
    congress: int
    session_version: int
    signed_in_at: int
    second_factor: bool
    number: str


def write(request: HttpRequest, target: Congress) -> str:
    """A ticket for the signed-in person to another congress of theirs; raises NotAllowed where
    they are no member there."""
    if target.pk not in {c.pk for c in access.congresses_of(request.user)}:
        raise NotAllowed("您不是该人大的成员")
    ticket = Ticket(
        user=request.user.pk,
        congress=target.pk,
        session_version=request.user.session_version,
        signed_in_at=request.session.get("signed_in_at", 0),
        second_factor=bool(request.session.get("second_factor")),
        number=str(uuid.uuid4()),
    )
    audit.record(request.member, "congress.leave_for", note=target.name)
    return signing.dumps(asdict(ticket), salt=SALT)


def read(request: HttpRequest, text: str) -> tuple[Ticket, Membership]:
    """A ticket brought here and what its person is here; raises NotAllowed for one that is
    forged, old, for another congress, of an ended session, or while somebody else is signed in."""
    try:
        ticket = Ticket(**signing.loads(text, salt=SALT, max_age=LIVES))
    except (signing.BadSignature, TypeError):
        raise NotAllowed(STALE) from None
    user = User.objects.filter(pk=ticket.user, is_active=True).first()
    if (
        user is None
        or ticket.congress != request.congress.pk
        or ticket.session_version != user.session_version
        or SubmittedForm.objects.filter(token=ticket.number).exists()
    ):
        raise NotAllowed(STALE)
    if request.user.is_authenticated and request.member and request.user.pk != user.pk:
        raise NotAllowed(f"这里已经以{request.member.name}的身份登录，请先退出，再重新进入")
    held = access.memberships_in_force(user)
    if not held:
        raise NotAllowed("您不是本级人大的成员")
    return ticket, held[0]


def arrive(request: HttpRequest, text: str) -> Membership:
    """Use a ticket up and sign its person in here."""
    ticket, member = read(request, text)
    try:
        with transaction.atomic():
            SubmittedForm.objects.create(token=ticket.number)
    except IntegrityError:
        raise NotAllowed(STALE) from None
    login(request, member.user, backend=BACKEND)
    request.session["signed_in_at"] = ticket.signed_in_at
    request.session["second_factor"] = ticket.second_factor
    audit.record(member, "congress.arrive", member)
    return member
