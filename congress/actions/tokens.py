"""Tokens with which a program works as one membership."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .. import access, audit
from ..flow import NotAllowed
from ..models import ApiToken, Membership

LONGEST = timedelta(days=366)


@transaction.atomic
def make_token(
    member: Membership, *, by: Membership | None, label: str, days: int = 90
) -> tuple[ApiToken, str]:
    """A token for programs of one member; gives its row and the secret, which is shown once."""
    access.require_accounts_keeper(by)
    if member.pk not in {m.pk for m in access.memberships_in_force(member.user)}:
        raise NotAllowed("该成员身份已经终止")
    if not 1 <= days <= LONGEST.days:
        raise NotAllowed(f"有效期为 1 至 {LONGEST.days} 天")
    if not label.strip():
        raise NotAllowed("请写明密钥的用途")
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=member,
        label=label.strip()[:60],
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.record(
        by,
        "congress.make_token",
        token,
        after={"成员": str(member), "用途": token.label, "到期": token.expires_at},
    )
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Membership | None) -> ApiToken:
    """停用: the next call with it is refused. The owner may do so too."""
    if by is not None and not access.may_revoke(by, token):
        access.require_accounts_keeper(by)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at:
        raise NotAllowed("该密钥已经停用")
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record(by, "congress.revoke_token", token)
    return token
