"""The log of every step, in the same transaction, chained by hashes per congress."""

import hashlib
import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from .models import Congress, LogEntry, LogHead, Membership
from .tenancy import current_congress

# Where the present request comes from; set by the middleware, empty in the background.
address: ContextVar[str] = ContextVar("address", default="")

AT_ONCE = 500
CHAINED = (
    "number",
    "at",
    "by_id",
    "by_name",
    "role",
    "address",
    "step",
    "outcome",
    "object_type",
    "object_id",
    "object_label",
    "before",
    "after",
    "note",
    "previous_hash",
)


def record(
    by: Membership | None,
    step: str,
    obj: models.Model | None = None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    outcome: str = LogEntry.Outcome.DONE,
) -> LogEntry:
    """Write one log row; the last beat of every action.

    Takes who (None: the system), the step's key (its Chinese label stands in the app's
    steps.py), the row concerned, and what changed with secrets already masked. The chain's
    head is locked until the transaction ends, so numbers have no gaps.
    """
    done = Done(step, obj, before=before, after=after, note=note, outcome=outcome)
    return record_each(by, [done])[0]


@dataclass(frozen=True)
class Done:
    """One step that is to be logged, as `record` takes it."""

    step: str
    obj: models.Model | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    note: str = ""
    outcome: str = LogEntry.Outcome.DONE


def record_each(by: Membership | None, steps: Iterable[Done]) -> list[LogEntry]:
    """Write the log rows of many steps of one person, in this order, in a constant number of
    queries: a verb over many rows logs each of them all the same."""
    congress = current_congress()
    head = LogHead.objects.select_for_update().first()
    if head is None:
        LogHead.objects.get_or_create(congress=congress)
        head = LogHead.objects.select_for_update().get()
    entries = []
    for done in steps:
        obj = done.obj
        entry = LogEntry(
            congress=congress,
            number=head.number + 1,
            at=timezone.now(),
            by=by,
            by_name=by.name if by else "未登录者" if address.get() else "系统",
            role=by.role if by else "",
            address=address.get(),
            step=done.step,
            outcome=done.outcome,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=str(obj.pk) if obj is not None and obj.pk else "",
            object_label=str(obj)[:200] if obj is not None else "",
            before=_plain(done.before),
            after=_plain(done.after),
            note=done.note,
            previous_hash=head.hash,
        )
        entry.hash = chain_hash(entry)
        head.number, head.hash = entry.number, entry.hash
        entries.append(entry)
    if entries:
        LogEntry.objects.bulk_create(entries, batch_size=AT_ONCE)
        head.save(update_fields=["number", "hash"])
    return entries


def chain_hash(entry: LogEntry) -> str:
    """SHA-256 over the row's content and the hash before it."""
    values = {name: getattr(entry, name) for name in CHAINED}
    values["at"] = entry.at.timestamp()
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def verify(congress: Congress) -> list[str]:
    """What is wrong with the chain of the open congress, in sentences; empty when it is whole."""
    faults, number, previous = [], 0, ""
    for entry in LogEntry.objects.order_by("number").iterator(chunk_size=2000):
        number += 1
        if entry.number != number:
            faults.append(f"第{number}条缺失或顺序被改动")
            number = entry.number
        if entry.previous_hash != previous:
            faults.append(f"第{entry.number}条与前一条不衔接")
        if chain_hash(entry) != entry.hash:
            faults.append(f"第{entry.number}条内容被改动")
        previous = entry.hash
    head = LogHead.objects.first()
    if (head.number, head.hash) != (number, previous) if head else number:
        faults.append("末尾的日志被删除或被添加")
    return faults


def labels() -> dict[str, str]:
    """The Chinese words of every step of every app (each app's steps.py)."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.steps"):
            found |= getattr(import_module(f"{config.name}.steps"), "LABELS", {})
    return found


def type_words() -> dict[str, str]:
    """What the rows of each kind are called, by the log's object_type."""
    return {m._meta.label_lower: str(m._meta.verbose_name) for m in apps.get_models()}


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """As it will come back from the database, so that the hash is the same then."""
    if values is None:
        return None
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, default=None))
