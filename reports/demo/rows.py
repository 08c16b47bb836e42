"""Rows written together: each has its number beforehand, so that others can name it."""

from typing import Any

from django.db import connections
from django.db.models import Model

from suggestions import models as s

from . import clock

AHEAD = 500
# A row stands behind those it links to.
ORDER = (
    s.Suggestion, s.WishedUnit, s.Revision, s.Signature, s.Review, s.MergeGroup, s.MergedItem,
    s.Assignment, s.ReturnRequest, s.ExtensionRequest, s.ExtensionApproval, s.Contact,
    s.ContactConfirmation, s.JointOpinion, s.Urge, s.Reply, s.ReplyPoint, s.Service, s.Promise,
    s.PromiseEvent, s.Feedback, s.Rating, s.Study, s.ClassChange, s.Supervision,
    s.SupervisionEvent, s.SupervisionDeputy, s.PublicationDecision,
)  # fmt: skip


class Rows:
    """Collects rows of suggestions and writes them in one go."""

    def __init__(self):
        self.waiting: dict[type[Model], list[Model]] = {model: [] for model in ORDER}
        self.numbers: dict[type[Model], list[int]] = {}

    def add(self, model: type[Model], **values: Any) -> Model:
        """A row to be written; it has its number already."""
        row = model(pk=self._next(model), **values)
        self.waiting[model].append(row)
        return row

    def _next(self, model: type[Model]) -> int:
        ahead = self.numbers.setdefault(model, [])
        if not ahead:
            with connections["default"].cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, AHEAD],
                )
                ahead.extend(sorted((row[0] for row in cursor.fetchall()), reverse=True))
        return ahead.pop()

    def write(self) -> None:
        """Write all that was collected, each row with the moments it was given."""
        with clock.given_moments(*ORDER):
            for model in ORDER:
                model.objects.bulk_create(self.waiting[model], batch_size=1000)
                self.waiting[model] = []
