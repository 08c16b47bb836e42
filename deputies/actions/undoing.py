"""Taking a whole roster back, as long as nothing stands on it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from ..imports.registry import MADE
from ..models import (
    CommitteeSeat,
    Deputy,
    GroupSeat,
    Mandate,
    MandateEvent,
    RosterBatch,
)
from .files import PERSONAL, fill

# What makes a deputy's file what it is; secrets by their index.
STAMPED = (
    (Deputy, "pk", "name gender ethnicity born party education occupation notes id_number_index "
     "phone_index"),
    (Mandate, "deputy_id", "pk level term_id constituency_id delegation_id street_id number "
     "position starts_on ends_on start_reason end_reason"),
    (MandateEvent, "mandate__deputy_id", "pk"),
    (GroupSeat, "deputy_id", "pk group_id role starts_on ends_on"),
    (CommitteeSeat, "deputy_id", "pk unit_id title starts_on ends_on"),
)  # fmt: skip


def plain(values: Any) -> str:
    """JSON for keeping."""
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)


def fingerprints(deputy_ids: Collection[int]) -> dict[int, str]:
    """One hash per deputy over the whole file, seats and memberships included. Five queries."""
    parts: dict[int, list] = defaultdict(list)
    for model, owner, fields in STAMPED:
        rows = model.objects.filter(**{f"{owner}__in": deputy_ids}).order_by("pk")
        for row in rows.values_list(owner, *fields.split()):
            parts[row[0]].append((model.__name__, *row[1:]))
    return {pk: hashlib.sha256(plain(parts[pk]).encode()).hexdigest()[:32] for pk in deputy_ids}


def obstacles(batch: RosterBatch) -> list[str]:
    """What stands in the way of taking a roster back, in sentences; empty when nothing does."""
    rows = _written(batch)
    stamps = {r.deputy_id: r.done["stamp"] for r in rows if r.deputy_id}
    names = {r.deputy_id: r.name for r in rows}
    now = fingerprints(stamps.keys())
    found = []
    changed = [names[pk] for pk, stamp in stamps.items() if now.get(pk) != stamp]
    if changed:
        found.append(f"{_some(changed)}的资料在导入后又有变更")
    made = [r.done["made"]["deputy"] for r in rows if "deputy" in r.done["made"]]
    mandates = [r.done["made"]["mandate"] for r in rows if "mandate" in r.done["made"]]
    logins = list(
        Deputy.objects.filter(pk__in=made).exclude(membership=None).values_list("name", flat=True)
    )
    if logins:
        found.append(f"{_some(logins)}已经开通登录")
    for model, ids in ((Deputy, made), (Mandate, mandates)):
        for label, count in _leaning_on(model, ids):
            found.append(f"已有{label} {count} 条")
    return found


def _some(names: list[str]) -> str:
    shown = "、".join(names[:3])
    return f"{shown}等 {len(names)} 人" if len(names) > 3 else shown


def _leaning_on(model: type[Model], ids: list[int]) -> list[tuple[str, int]]:
    """Rows of other apps that point at these."""
    found = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        if other._meta.app_label == model._meta.app_label or not ids:
            continue
        count = other._default_manager.filter(**{f"{relation.field.name}__in": ids}).count()
        if count:
            found.append((str(other._meta.verbose_name), count))
    return found


def _written(batch: RosterBatch) -> list:
    return [r for r in batch.rows.exclude(done={}) if r.done]


def take_back(batch: RosterBatch) -> None:
    """Delete what a roster made and put back what it changed. Called where nothing is in the
    way."""
    rows = _written(batch)
    made: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for word, value in row.done["made"].items():
            made[word] += value if isinstance(value, list) else [value]
    GroupSeat.objects.filter(pk__in=made["group_seats"]).delete()
    CommitteeSeat.objects.filter(pk__in=made["committee_seats"]).delete()
    _put_back_places_and_offices([r.done["before"] for r in rows])
    MandateEvent.objects.filter(pk__in=made["event"]).delete()
    Mandate.objects.filter(pk__in=made["mandate"]).delete()
    batch.rows.filter(deputy_id__in=made["deputy"]).update(deputy=None)
    Deputy.objects.filter(pk__in=made["deputy"]).delete()
    _put_back_people(rows)
    _drop_places(batch)


def _put_back_places_and_offices(before: list[dict]) -> None:
    seats = {b["seat"]["pk"]: b["seat"] for b in before if "seat" in b}
    fields: set[str] = set()
    mandates = list(Mandate.objects.filter(pk__in=seats))
    for mandate in mandates:
        for column, value in seats[mandate.pk].items():
            if column != "pk":
                setattr(mandate, column, value)
                fields.add(column.removesuffix("_id"))
    if fields:
        Mandate.objects.bulk_update(mandates, fields, batch_size=500)
    ended = [pk for b in before for pk in b.get("group_ends", ())]
    GroupSeat.objects.filter(pk__in=ended).update(ends_on=None)
    for model, word, field in (
        (GroupSeat, "group_roles", "role"),
        (CommitteeSeat, "titles", "title"),
    ):
        old = {int(pk): value for b in before for pk, value in b.get(word, {}).items()}
        rows = list(model.objects.filter(pk__in=old))
        for row in rows:
            setattr(row, field, old[row.pk])
        if rows:
            model.objects.bulk_update(rows, [field], batch_size=500)


def _put_back_people(rows: list) -> None:
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        values[row.deputy_id] |= row.done["before"].get("personal", {})
        if row.secrets_before:
            values[row.deputy_id] |= json.loads(row.secrets_before)
    people = list(Deputy.objects.filter(pk__in=[pk for pk, v in values.items() if v]))
    for deputy in people:
        fill(deputy, values[deputy.pk])
    if people:
        keys = ["name_key", "initials", "id_number_index", "phone_index"]
        Deputy.objects.bulk_update(people, [*PERSONAL, *keys], batch_size=500)


def _drop_places(batch: RosterBatch) -> None:
    """Places the roster made go too, unless somebody else uses them by now."""
    for kind, ids in batch.made.items():
        model = MADE[kind]
        used: set[int] = set()
        for relation in model._meta.related_objects:
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": ids})
            used |= set(rows.values_list(name, flat=True))
        model.objects.filter(pk__in=set(ids) - used).delete()
