"""Two tallies at once: one after the other, each with its own number."""

import threading

import pytest
from django.db import IntegrityError, connections

from congress.tenancy import in_congress
from performance import actions
from performance.actions import tallies
from performance.models import Period, Tally
from tests.performance import year

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, databases=["default", "platform"]),
]


def both(congress, period, monkeypatch, patience=1):
    """Two threads tally the same period; the gate lets both choose a number before either writes
    it. Gives the errors."""
    errors, gate = [], threading.Barrier(2)
    real = Tally.save

    def meet(row, **more):
        if row.pk is None:
            try:
                gate.wait(timeout=patience)  # with the lock only one gets here: it waits in vain
            except threading.BrokenBarrierError:
                pass
        return real(row, **more)

    monkeypatch.setattr(Tally, "save", meet)

    def work():
        try:
            with in_congress(congress):
                actions.tally(period, by=None)
        except IntegrityError as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return errors


def prepare(congress):
    with in_congress(congress):
        period = year.period()
        year.facts(year.seats(3))
    return period


def numbers(congress):
    with in_congress(congress):
        return sorted(Tally.objects.values_list("number", flat=True))


def test_two_tallies_at_once_are_numbered_one_after_the_other(binhai, monkeypatch):
    period = prepare(binhai)
    assert both(binhai, period, monkeypatch) == []
    assert numbers(binhai) == [1, 2]


def test_control_without_the_lock_they_take_the_same_number(binhai, monkeypatch):
    period = prepare(binhai)
    monkeypatch.setattr(
        tallies,
        "take",
        lambda period: Period.objects.select_related("version__book").get(pk=period.pk),
    )
    assert len(both(binhai, period, monkeypatch, patience=20)) == 1
    assert numbers(binhai) == [1]
