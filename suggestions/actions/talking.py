"""沟通: talks recorded by the unit and confirmed by the deputy. Of a deputy who cannot answer (no
login, left, died, silent) 代工委 enters the word from paper; it counts once a second person has
compared it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, StoredFile
from deputies.models import Deputy
from notices.actions import send

from .. import access, queries
from ..models import Assignment, Contact, ContactConfirmation
from ..rules import ASSIGNMENT_FLOW, GONE
from .beats import hold, need_second
from .limits import keep_limits

Task, Do = Assignment.State, Assignment.Step
NO_HEAD = "这件建议以代表团名义提出，还没有登记团长，请联系代工委登记后再办理"


@transaction.atomic
def record_contact(
    task: Assignment,
    *,
    by: Membership,
    phase: str,
    mode: str,
    on: dt.date,
    who: str,
    opinions: str,
    deputies: Iterable[Deputy] = (),
    **more: Any,
) -> Contact:
    """A talk with the deputies; each is asked to confirm it. `more`: place, photo."""
    suggestion = hold(task.suggestion)
    task = Assignment.objects.select_related("suggestion__rule_set", "unit").get(pk=task.pk)
    if not access.works_for(by, task) or task.state in GONE:
        raise NotAllowed("只有承办单位可以登记沟通情况")
    if on > timezone.localdate():
        raise NotAllowed("沟通日期不能晚于今天")
    if not opinions.strip() or not who.strip():
        raise NotAllowed("请写明参加人员和代表的意见")
    row = Contact.objects.create(
        assignment=task, phase=phase, mode=mode, on=on, who=who.strip(),
        opinions=opinions.strip(), round=suggestion.round, by=by, **more,
    )  # fmt: skip
    access.need_own(suggestion)
    met = list(deputies) or queries.speakers(suggestion)[:1]
    if not met:
        raise NotAllowed(NO_HEAD)
    ContactConfirmation.objects.bulk_create(ContactConfirmation(contact=row, deputy=d) for d in met)
    if task.state == Task.SIGNED:
        task.state = ASSIGNMENT_FLOW.after(task.state, Do.START)
        task.save()
    keep_limits([suggestion])
    send("suggestions/contact", to=[d.membership for d in met if d.membership_id], contact=row,
         suggestion=suggestion, unit=task.unit_name,
         link=f"/me/suggestions/contacts/{row.pk}/")  # fmt: skip
    audit.record(by, "suggestions.contact", task, note=row.get_mode_display())
    return row


@transaction.atomic
def confirm_contact(
    contact: Contact, *, by: Membership, confirmed: bool, note: str = ""
) -> ContactConfirmation:
    """The deputy says whether the talk took place as recorded."""
    row = (
        ContactConfirmation.objects.select_for_update(of=("self",))
        .filter(contact=contact, deputy__membership=by)
        .first()
    )
    if row is None:
        raise NotAllowed("这条沟通记录不需要您确认")
    if row.confirmed is not None:
        raise NotAllowed("您已经确认过这条沟通记录")
    row.confirmed, row.note, row.answered_at = confirmed, note.strip(), timezone.now()
    row.paper_word = row.scan = row.entered_by = None  # the deputy's own word goes before paper
    row.means = ""
    row.save()
    audit.record(by, "suggestions.confirm_contact", contact.assignment, after={"属实": confirmed})
    return row


def has_talked(task: Assignment) -> bool:
    """Whether a talk of this round was confirmed: face to face, or in the way agreed where the
    deputy asked for no meeting."""
    rows = task.contacts.filter(round=task.suggestion.round, confirmations__confirmed=True)
    if task.suggestion.wants_meeting:
        rows = rows.filter(mode__in=[Contact.Mode.FACE, Contact.Mode.SITE])
    return rows.exists()


# -- 代为确认 -----------------------------------------------------------------------------------


def _open(row: ContactConfirmation, by: Membership) -> ContactConfirmation:
    hold(row.contact.assignment.suggestion)
    row = (
        ContactConfirmation.objects.select_for_update(of=("self",))
        .select_related("contact__assignment__suggestion", "contact__assignment__unit",
                        "entered_by", "deputy")
        .get(pk=row.pk)
    )  # fmt: skip
    if not access.may_keep(by):
        raise NotAllowed("代表对沟通的纸质意见由代工委录入")
    if row.confirmed is not None:
        raise NotAllowed("代表已经确认过这条沟通记录")
    if row.contact.assignment.state in GONE:
        raise NotAllowed("这个单位已不再承办，不需要确认")
    return row


@transaction.atomic
def enter_talk_word(
    row: ContactConfirmation,
    *,
    by: Membership,
    confirmed: bool,
    means: str,
    scan: StoredFile,
    note: str = "",
) -> ContactConfirmation:
    """What the deputy said of the talk, as it stands on paper; it opens nothing yet."""
    row = _open(row, by)
    if means not in ContactConfirmation.Means.values:
        raise NotAllowed("请选择代表是怎样确认的")
    if not confirmed and not note.strip():
        raise NotAllowed("不属实的，请写明实际情况")
    if means == ContactConfirmation.Means.ASKED and not note.strip():
        raise NotAllowed("请写明向谁核实、结果怎样")
    row.paper_word, row.means, row.note = confirmed, means, note.strip()
    row.scan, row.entered_by = scan, by
    row.save()
    audit.record(by, "suggestions.enter_talk_word", row.contact.assignment,
                 after={"代表": row.deputy.name, "属实": confirmed})  # fmt: skip
    return row


@transaction.atomic
def compare_talk_word(
    row: ContactConfirmation, *, by: Membership, agrees: bool = True
) -> ContactConfirmation:
    """The second person has compared the entry with the scan: from here on it counts. What does
    not agree is dropped and entered anew."""
    row = _open(row, by)
    if row.paper_word is None:
        raise NotAllowed("没有需要核对的沟通确认")
    need_second(row.entered_by, by)
    task = row.contact.assignment
    if agrees:
        row.confirmed, row.compared_by, row.answered_at = row.paper_word, by, timezone.now()
    else:
        row.paper_word = row.scan = row.entered_by = None
        row.means = row.note = ""
    row.save()
    audit.record(by, "suggestions.compare_talk_word", task,
                 after={"代表": row.deputy.name, "一致": agrees})  # fmt: skip
    return row
