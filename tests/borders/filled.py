"""A congress in which every table has a row and every text a mark nobody else has.

`fill(congress, mark, pk)` makes one row of every tenant's model from the model itself. A model
whose constraints ask for more gets its values in NEEDED; a new model that cannot be made fails
every test here until it has them.
"""

import datetime as dt
import uuid
from decimal import Decimal

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models, transaction
from django.utils import timezone

from congress.models import Congress, Membership, Role
from congress.tenancy import in_congress, tenant_links, tenant_models


def linked(label: str):
    """A value: the row of another model."""
    return lambda made, mark, pk: row_of(apps.get_model(label), mark, pk, made)


NEEDED: dict[str, dict] = {
    "deputies.Deputy": {
        "born": "1966-05",
        "membership": lambda made, mark, pk: made["congress.Membership"],
    },
    "performance.Tally": {"finished_at": timezone.make_aware(dt.datetime(2026, 1, 5))},
    "performance.Outcome": {
        "kind": "gate",
        "params": {"measure": {"of": "count"}, "effect": "bar", "at_least": 1},
    },
    "deputies.RosterBatch": {"default_level": "county"},
    "suggestions.Suggestion": {
        "lead": linked("deputies.Deputy"),
        "sitting": linked("congress.Sitting"),
        "rule_set": linked("suggestions.RuleSet"),
        "assigned_on": dt.date(2026, 3, 2),
    },
    "performance.Objection": {"record": linked("performance.DutyRecord")},
    "suggestions.RuleSet": {"number_format": "{sitting}-{series}{n:03}"},
    "suggestions.Received": {"sent_on": dt.date(2026, 3, 2), "reply_by": dt.date(2026, 5, 20)},
    "suggestions.PreReviewer": {"step": "motions"},
    "suggestions.ExtensionApproval": {"role": Role.DEPUTY_AFFAIRS},
    "suggestions.UnitChange": {"old": linked("suggestions.Assignment")},
    "suggestions.ScoreIndicator": {"formula": "U03"},
    "activities.Session": {"code": ""},
    "notices.Notice": {"link": "/"},
    "notices.Delivery": {"notice": linked("notices.Notice"), "link": "/"},
    "congress.Job": {"link": "/"},
    "deadlines.Deadline": {
        "link": "/",
        "member": lambda made, mark, pk: made["congress.Membership"],
    },
    "deadlines.Shift": {"from_on": dt.date(2026, 3, 1), "to_on": dt.date(2026, 4, 1)},
    "deadlines.Extension": {
        "from_on": dt.date(2026, 3, 1),
        "to_on": dt.date(2026, 4, 1),
    },
}
# Written by the log alone, with the hash of the row before.
BY_ITSELF = {"congress.LogEntry", "congress.LogHead", "congress.SubmittedForm"}


def fill(congress: Congress, mark: str, pk: int) -> dict[str, models.Model]:
    """One row per model in this congress, all of one number, so that any route can be opened with
    it; all texts begin with the mark. Gives the rows by the model's label."""
    made: dict[str, models.Model] = {}
    with in_congress(congress):
        # The cast's deputy is the person of these rows: pages open for people who are somebody.
        made["congress.Membership"] = Membership.objects.get(role=Role.DEPUTY)
        for model in tenant_models():
            if model._meta.label not in BY_ITSELF:
                row_of(model, mark, pk, made)
    return made


def public_id(pk: int) -> uuid.UUID:
    """The one public id of all rows of a number."""
    return uuid.UUID(int=pk)


def row_of(model: type[models.Model], mark: str, pk: int, made: dict) -> models.Model:
    """The row of a model, made with all it hangs on where it is not there yet."""
    label = model._meta.label
    if label in made:
        return made[label]
    made[label] = None  # a link in a circle stays empty
    needed = NEEDED.get(label, {})
    values = {"pk": pk}
    for field in model._meta.concrete_fields:
        if field.name in needed:
            value = needed[field.name]
            values[field.name] = value(made, mark, pk) if callable(value) else value
        elif field in tenant_links(model):
            if not field.null:
                values[field.name] = row_of(field.remote_field.model, mark, pk, made)
        elif isinstance(field, models.UUIDField):
            values[field.name] = public_id(pk)
        elif not (field.primary_key or field.name == "congress"):
            values |= value_of(field, mark)
    with transaction.atomic():
        row = model(**values)
        row.save(force_insert=True)
    made[label] = row
    return row


def value_of(field: models.Field, mark: str) -> dict:
    """A value a field takes: a marked text, otherwise its default or something plain."""
    if field.choices:
        return {} if field.has_default() or field.blank else {field.name: field.choices[0][0]}
    if isinstance(field, models.CharField | models.TextField) and not field.is_relation:
        return {field.name: mark[: field.max_length] if field.max_length else mark}
    if field.has_default() or field.null or getattr(field, "auto_now_add", False):
        return {}
    plain = {
        models.DateTimeField: timezone.now,
        models.DateField: timezone.localdate,
        models.DecimalField: lambda: Decimal(1),
        models.BooleanField: lambda: False,
        models.JSONField: dict,
        models.TimeField: lambda: dt.time(9),
        models.BinaryField: lambda: mark.encode(),
        models.GenericIPAddressField: lambda: "127.0.0.1",
        ArrayField: list,
        DateRangeField: lambda: (dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        models.IntegerField: lambda: 1,
    }
    for kind, give in plain.items():
        if isinstance(field, kind):
            return {field.name: give()}
    return {}
