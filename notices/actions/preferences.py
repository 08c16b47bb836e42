"""接收方式: what a member chose for oneself."""

from django.core import signing
from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.crypto import blind_index
from congress.flow import NotAllowed
from congress.models import Membership
from congress.tenancy import current_congress

from .. import reach
from ..models import Channel, Delivery, Preference, Way

SALT = "notices.mail"
VALID_FOR = 48 * 3600
MAILS_A_DAY = 5


@transaction.atomic
def choose_ways(
    *, by: Membership, wants_sms: bool, wants_mail: bool, mail: str = "", phone: str = ""
) -> Preference:
    """Save one's own choice. A new address is used only once it is confirmed; a phone counts
    only where the registry has none."""
    row, _ = Preference.objects.select_for_update().get_or_create(
        congress=current_congress(), member=by
    )
    mail = mail.strip()
    if mail != row.mail:
        row.mail, row.mail_verified_at = mail, None
    if not reach.in_books([by.pk]):
        row.phone = phone.strip()
    row.wants_sms, row.wants_mail = wants_sms, wants_mail
    row.save()
    shown = reach.masked(row.mail) if row.mail else ""
    after = {"短信": wants_sms, "邮件": wants_mail, "邮箱": shown}
    audit.record(by, "notices.choose_ways", row, after=after)
    return row


@transaction.atomic
def verify_mail(*, by: Membership) -> Delivery:
    """Send the link that confirms one's address, a few times a day at most."""
    row = Preference.objects.select_for_update().filter(member=by).first()
    if row is None or not row.mail:
        raise NotAllowed("请先填写并保存邮箱")
    if row.mail_verified_at:
        raise NotAllowed("这个邮箱已经验证，不用再验证")
    if not Channel.objects.filter(kind=Way.MAIL).exclude(mode=Channel.Mode.OFF).exists():
        raise NotAllowed("本级人大还没有启用邮件通道，暂时不能验证")
    today = Delivery.objects.filter(
        to=by, purpose=Delivery.Purpose.VERIFY, created_at__date=timezone.localdate()
    )
    if today.count() >= MAILS_A_DAY:
        raise NotAllowed("今天已发送多次，请明天再试")
    token = signing.dumps({"member": by.pk, "mail": blind_index(row.mail)}, salt=SALT)
    return Delivery.objects.create(
        to=by, way=Way.MAIL, purpose=Delivery.Purpose.VERIFY, address=row.mail, is_urgent=True,
        text="请确认这个邮箱用来接收消息", link=f"/me/notices/mail/?t={token}",
        due_at=timezone.now(),
    )  # fmt: skip


def mail_of_token(token: str, member: Membership) -> Preference | None:
    """Whose choice a confirming link belongs to; None when it is old, foreign or of an earlier
    address."""
    try:
        told = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    row = Preference.objects.filter(member=member).first()
    is_mine = (
        row is not None
        and told["member"] == member.pk
        and told["mail"] == blind_index(row.mail)
        and bool(row.mail)
    )
    return row if is_mine else None


@transaction.atomic
def confirm_mail(token: str, *, by: Membership) -> Preference:
    """The link from the mail was opened by the person signed in: the address is used."""
    row = mail_of_token(token, by)
    if row is None:
        raise NotAllowed("这个链接已失效，请在“接收方式”里重新发送验证邮件")
    row.mail_verified_at = row.mail_verified_at or timezone.now()
    row.save(update_fields=["mail_verified_at", "updated_at"])
    audit.record(by, "notices.confirm_mail", row, after={"邮箱": reach.masked(row.mail)})
    return row
