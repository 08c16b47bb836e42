"""Two clerks hand the same batch over: once."""

import threading

import pytest
from django.db import IntegrityError, connections

from congress.flow import NotAllowed
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.actions import assigning, handing_over
from suggestions.models import Assignment, AssignmentBatch, Suggestion
from tests import cast
from tests.suggestions import stage

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, databases=["default", "platform"]),
]


def prepare(congress) -> AssignmentBatch:
    with in_congress(congress):
        stage.ready()
        unit, _ = stage.unit("财政局")
        clerk = stage.clerk(congress)
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=stage.ASSIGNED)
        for deputy in stage.people(2):
            row = stage.registered(congress, deputy)
            actions.propose_units(
                row, by=clerk, batch=batch,
                proposals=[actions.Proposal(actions.Plan(unit, "sole"))],
            )  # fmt: skip
            actions.check_units(row, by=cast.second(congress))
    return batch


def both(congress, batch, monkeypatch, patience=1) -> list[Exception]:
    """Two people hand the batch over; the gate lets both look at it before either assigns. Gives
    the errors."""
    errors, gate = [], threading.Barrier(2)
    real = assigning.reply_dates

    def meet(*args):
        try:
            gate.wait(timeout=patience)  # with the lock only one gets here: it waits in vain
        except threading.BrokenBarrierError:
            pass
        return real(*args)

    monkeypatch.setattr(assigning, "reply_dates", meet)

    def work(member):
        try:
            with in_congress(congress):
                actions.hand_over(batch, by=member)
        except (NotAllowed, IntegrityError) as error:
            errors.append(error)
        finally:
            connections.close_all()

    people = [stage.clerk(congress), cast.second(congress)]
    threads = [threading.Thread(target=work, args=[member]) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return errors


def tasks(congress) -> int:
    with in_congress(congress):
        return Assignment.objects.count()


def test_two_clerks_hand_the_same_batch_over_once(binhai, monkeypatch):
    batch = prepare(binhai)
    errors = both(binhai, batch, monkeypatch)
    assert [str(e) for e in errors] == ["这一批次已经交办"]
    assert tasks(binhai) == 2


def test_control_without_the_locks_both_assign_and_the_database_stops_one(binhai, monkeypatch):
    batch = prepare(binhai)

    def unlocked(rows):
        found = Suggestion.objects.select_related("lead__membership", "rule_set")
        return [found.get(pk=row.pk) for row in rows]

    monkeypatch.setattr(
        handing_over, "hold_batch", lambda row: AssignmentBatch.objects.get(pk=row.pk)
    )
    monkeypatch.setattr(assigning, "hold_each", unlocked)
    errors = both(binhai, batch, monkeypatch, patience=20)
    assert [type(e) for e in errors] == [IntegrityError]
    assert tasks(binhai) == 2
