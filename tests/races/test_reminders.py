"""Two sweeps at once remind a person once; without the locks and the key, twice."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from django.db import connection, connections, models
from django.utils import timezone

from congress.models import Role, Unit
from congress.tenancy import in_congress
from deadlines import actions, tasks
from deadlines.actions import reminding
from deadlines.rules import Limit
from deadlines.rules import Unit as In
from notices.models import Notice
from tests import cast

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, databases=["default", "platform"]),
]
NOW = timezone.make_aware(dt.datetime(2026, 3, 6, 9))


@pytest.fixture
def waiting(binhai):
    with in_congress(binhai):
        actions.set_deadline(
            "t.reply",
            Unit.objects.first(),
            by=cast.member(binhai, Role.DEPUTY_AFFAIRS),
            members=[cast.member(binhai, Role.DEPUTY)],
            what="答复",
            limit=Limit(In.WORKING_DAYS, 5),
            start_on=dt.date(2026, 3, 2),
        )
    return binhai


def sweep_at_once(congress, monkeypatch) -> int:
    """Two sweeps that have both looked before either writes; gives the notices afterwards."""
    both_looked = threading.Barrier(2)
    tell = reminding._tell
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def tell_together(*args):
        try:
            both_looked.wait(timeout=1.5)
        except threading.BrokenBarrierError:
            pass  # the other one was kept away: just what is wanted
        tell(*args)

    monkeypatch.setattr(reminding, "_tell", tell_together)
    faults = []

    def one():
        try:
            tasks.remind(congress.pk)
        except Exception as fault:  # noqa: BLE001 (shown by the assertion below)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with in_congress(congress):
        return Notice.objects.count()


def without_advisory_lock(monkeypatch):
    monkeypatch.setattr(tasks, "_only_one", lambda congress_id: True)


def without_row_lock(monkeypatch):
    monkeypatch.setattr(reminding, "_claimed", lambda rows: rows)


def without_key(monkeypatch):
    send = reminding.send_each

    def send_keyless(template, letters):
        return send(template, [replace(letter, dedupe_key="") for letter in letters])

    monkeypatch.setattr(reminding, "send_each", send_keyless)
    # Without its lock the row's own mark would make the second sweep wait for the first.
    monkeypatch.setattr(models.QuerySet, "update", lambda self, **kw: 0)


LOCKS = {
    "advisory lock": [without_row_lock, without_key],
    "row lock": [without_advisory_lock, without_key],
    "key": [without_advisory_lock, without_row_lock],
}


@pytest.mark.parametrize("kept", LOCKS)
def test_two_sweeps_remind_once_by_each_lock_alone(waiting, monkeypatch, kept):
    for without in LOCKS[kept]:
        without(monkeypatch)
    assert sweep_at_once(waiting, monkeypatch) == 1


def test_control_without_any_lock_the_person_is_told_twice(waiting, monkeypatch):
    for without in (without_advisory_lock, without_row_lock, without_key):
        without(monkeypatch)
    assert sweep_at_once(waiting, monkeypatch) == 2
    assert connection.vendor == "postgresql"
