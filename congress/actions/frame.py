"""Terms, sittings and meetings: the frame of a congress's year."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from .. import access, audit
from ..flow import NotAllowed
from ..models import Meeting, Membership, Sitting, Term

Row = Term | Sitting | Meeting
# What the database refuses, in words.
REFUSALS = {
    "a_term_number_is_used_once": "这一届已经登记",
    "a_term_ends_after_it_begins": "届的止不能早于起",
    "a_sitting_number_is_used_once": "这一届的这一次会议已经登记",
    "a_sitting_closes_after_it_opens": "闭幕不能早于开幕",
}


@transaction.atomic
def keep(row: Row, *, by: Membership | None, **values: Any) -> Row:
    """A term, sitting or meeting, new or corrected. Raises NotAllowed for a number that is used
    or days that are turned round."""
    access.require_keeper(by)
    is_new = row.pk is None
    before = {} if is_new else _shown(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        known = (words for name, words in REFUSALS.items() if name in str(fault))
        raise NotAllowed(next(known, "与已经登记的重复")) from None
    step = "congress.add" if is_new else "congress.change"
    audit.record(by, step, row, before=before or None, after=_shown(row, values))
    return row


@transaction.atomic
def remove(row: Row, *, by: Membership | None) -> None:
    """Take back what was registered by mistake; raises NotAllowed where something hangs on it."""
    access.require_keeper(by)
    audit.record(by, "congress.delete", row)
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, IntegrityError):
        raise NotAllowed(f"已有登记属于“{row}”，不能删除，可以修改") from None


def _shown(row: Row, values: dict[str, Any]) -> dict[str, str]:
    fields = {f.name: f for f in row._meta.concrete_fields}
    return {str(fields[n].verbose_name): str(getattr(row, n) or "") for n in values}
