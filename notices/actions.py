"""Writing and reading messages."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from congress.models import Membership
from congress.tenancy import current_congress

from .models import Notice


@transaction.atomic
def send(
    template: str,
    *,
    to: Iterable[Membership],
    link: str = "",
    dedupe_key: str = "",
    **context: Any,
) -> int:
    """Write a message to each member in the present transaction; gives how many.

    `template` names templates/notices/<template>.txt: first line the title, the rest the body.
    With a `dedupe_key` the same member is told once.
    """
    members = {m.pk: m for m in to if m is not None}.values()
    text = render_to_string(f"notices/{template}.txt", {**context, "link": link}).strip()
    title, _, body = text.partition("\n")
    rows = [
        Notice(
            congress=current_congress(),
            to=member,
            template=template,
            title=title.strip()[:120],
            body=body.strip(),
            link=link,
            dedupe_key=dedupe_key,
        )
        for member in members
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(dedupe_key))
    return len(rows)


@transaction.atomic
def mark_read(member: Membership, pk: int | None = None) -> int:
    """A member has read one message, or all of them."""
    rows = Notice.objects.filter(to=member, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())
