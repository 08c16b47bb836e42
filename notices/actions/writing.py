"""Writing and reading messages."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from congress.models import Membership
from congress.tenancy import current_congress

from ..models import Notice

AT_ONCE = 1000


@dataclass(frozen=True)
class Letter:
    """The same words to some members. `outside` are words that may be sent outside the house;
    without them a mail or SMS says only what the message is about."""

    to: Iterable[Membership]
    link: str = ""
    dedupe_key: str = ""
    outside: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def send(
    template: str,
    *,
    to: Iterable[Membership],
    link: str = "",
    dedupe_key: str = "",
    urgent: bool = False,
    outside: str = "",
    **context: Any,
) -> int:
    """Write a message to each member in the present transaction; gives how many.

    `template` names templates/notices/<template>.txt: first line the title, the rest the body.
    With a `dedupe_key` the same member is told once. An `urgent` one does not wait for the
    morning where it goes outside.
    """
    return send_each(template, [Letter(to, link, dedupe_key, outside, context)], urgent=urgent)


@transaction.atomic
def send_each(template: str, letters: Iterable[Letter], *, urgent: bool = False) -> int:
    """Write many letters of one template at once; gives how many messages.

    One insert for all, whoever they are to: a sweep tells thousands.
    """
    rows, keyed = [], False
    for letter in letters:
        context = {**letter.context, "link": letter.link}
        text = render_to_string(f"notices/{template}.txt", context).strip()
        title, _, body = text.partition("\n")
        batch = uuid.uuid4()
        keyed = keyed or bool(letter.dedupe_key)
        rows += [
            Notice(
                congress=current_congress(),
                to=member,
                template=template,
                title=title.strip()[:120],
                body=body.strip(),
                link=letter.link,
                dedupe_key=letter.dedupe_key,
                batch=batch,
                is_urgent=urgent,
                outside=letter.outside[:60],
            )
            for member in {m.pk: m for m in letter.to if m is not None}.values()
        ]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=keyed)
    return len(rows)


@transaction.atomic
def mark_read(member: Membership, pk: int | None = None) -> int:
    """A member has read one message, or all of them."""
    rows = Notice.objects.filter(to=member, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())
