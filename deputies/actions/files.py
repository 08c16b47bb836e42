"""A deputy's file: added, corrected, looked into with a reason, given a login."""

from typing import Any

from django.db import IntegrityError, transaction

from congress import actions as kernel
from congress import audit
from congress.crypto import blind_index, mask_id_number, mask_phone
from congress.flow import NotAllowed
from congress.models import Membership, Role
from congress.names import clean_name, initials, pinyin_key

from .. import access
from ..models import Deputy, Mandate, MandateEvent

PERSONAL = (
    "name",
    "gender",
    "ethnicity",
    "born",
    "party",
    "education",
    "occupation",
    "id_number",
    "phone",
    "notes",
)
SEAT = (
    "level",
    "term",
    "constituency",
    "delegation",
    "street",
    "number",
    "position",
    "starts_on",
    "start_reason",
)


def fill(deputy: Deputy, values: dict[str, Any]) -> Deputy:
    """Write personal values into a deputy's row, with the keys it is ordered and found by."""
    for name in PERSONAL:
        if name in values:
            setattr(deputy, name, values[name] or "")
    deputy.name = clean_name(deputy.name)
    deputy.name_key, deputy.initials = pinyin_key(deputy.name), initials(deputy.name)
    deputy.id_number_index = blind_index(deputy.id_number)
    deputy.phone_index = blind_index(deputy.phone)
    return deputy


def masked(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the log may keep them."""
    shown = {k: str(v) for k, v in values.items() if v not in (None, "")}
    if "id_number" in shown:
        shown["id_number"] = mask_id_number(shown["id_number"])
    if "phone" in shown:
        shown["phone"] = mask_phone(shown["phone"])
    return shown


def may_keep(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以登记和变更代表信息")


@transaction.atomic
def add_deputy(*, by: Membership, document: str = "", **values: Any) -> Deputy:
    """Register a deputy with one seat. Takes the personal values and those of the seat;
    refuses an identity number that is known already."""
    may_keep(by)
    index = blind_index(values.get("id_number", ""))
    if index and Deputy.objects.filter(id_number_index=index).exists():
        raise NotAllowed("这个身份证号的代表已经登记过，请在该代表名下增加职务")
    deputy = fill(Deputy(), values)
    deputy.save()
    seat = Mandate(deputy=deputy, **{k: values[k] for k in SEAT if k in values})
    seat.save()
    by_election = seat.start_reason == Mandate.Start.BY_ELECTION
    kind = MandateEvent.Kind.BY_ELECTED if by_election else MandateEvent.Kind.ELECTED
    seat.events.create(kind=kind, on=seat.starts_on, document=document, by=by)
    audit.record(
        by, "deputies.by_elect" if by_election else "deputies.add", deputy, after=masked(values)
    )
    return deputy


@transaction.atomic
def correct(deputy: Deputy, *, by: Membership, **values: Any) -> Deputy:
    """Correct personal values of a file; the log keeps before and after, masked."""
    may_keep(by)
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    before = {k: getattr(deputy, k) for k in values if k in PERSONAL}
    fill(deputy, values)
    try:
        with transaction.atomic():
            deputy.save()
    except IntegrityError:
        raise NotAllowed("这个身份证号属于另一位代表") from None
    after = {k: getattr(deputy, k) for k in before}
    changed = [k for k in before if before[k] != after[k]]
    audit.record(
        by,
        "deputies.correct",
        deputy,
        before=masked({k: before[k] for k in changed}),
        after=masked({k: after[k] for k in changed}),
    )
    return deputy


@transaction.atomic
def reveal(deputy: Deputy, *, by: Membership, reason: str) -> dict[str, str]:
    """Identity number and phone in clear, for a reason that is kept."""
    if not access.may_reveal(by, deputy):
        raise NotAllowed("您没有查看这位代表隐藏信息的权限")
    if len(reason.strip()) < 4:
        raise NotAllowed("请写明查看的理由")
    audit.record(by, "deputies.reveal", deputy, note=reason.strip())
    return {"id_number": deputy.id_number, "phone": deputy.phone}


@transaction.atomic
def open_login(deputy: Deputy, *, by: Membership) -> tuple[Membership, str]:
    """Give a deputy a login; gives the membership and a password to be handed over once and
    changed at the first sign-in. The mobile number signs in too where it is nobody else's."""
    may_keep(by)
    if deputy.membership_id:
        raise NotAllowed("这位代表已经开通登录")
    deputy.membership, password = kernel.open_login(
        by=by,
        login_name=f"{by.congress.key}-d{deputy.pk}",
        name=deputy.name,
        role=Role.DEPUTY,
        mobile=deputy.phone if kernel.is_free_mobile(deputy.phone) else "",
    )
    deputy.save(update_fields=["membership"])
    audit.record(by, "deputies.open_login", deputy)
    return deputy.membership, password
