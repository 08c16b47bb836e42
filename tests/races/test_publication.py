"""A publication against what happens beside it: a tally, an entry in a later edition."""

import threading
from decimal import Decimal

import pytest
from django.db import connections

from congress.flow import NotAllowed
from congress.tenancy import in_congress
from performance import actions
from performance.actions import tallies
from performance.actions.publications import confirming, correcting, frame
from performance.models import Correction, Period, Publication, RuleNode
from performance.queries.publications import LINKS, verify
from performance.queries.tallies import latest_tally
from tests.performance import year

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, databases=["default", "platform"]),
]


def at_once(congress, *steps):
    """Every step in a thread of its own; gives the refusals."""
    refused, faults = [], []

    def work(step):
        try:
            with in_congress(congress):
                step()
        except NotAllowed as sentence:
            refused.append(str(sentence))
        except Exception as fault:  # noqa: BLE001 (shown by the assertion below)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert faults == []
    return refused


class Gate:
    """Both sides meet here; with a lock only one arrives and goes on after waiting in vain."""

    def __init__(self, patience):
        self.barrier, self.patience = threading.Barrier(2), patience

    def wait(self):
        try:
            self.barrier.wait(timeout=self.patience)
        except threading.BrokenBarrierError:
            pass


def prepare(congress):
    with in_congress(congress):
        period = year.period()
        year.facts(year.seats(4))
        actions.tally(period, by=year.keeper())
        publication = actions.draft_publication(
            period,
            by=year.keeper(),
            title="2025年度代表履职情况通报",
            audience="public",
            columns=["total", "days"],
        )
        actions.propose_publication(publication, by=year.keeper())
        return actions.confirm_publication(publication, by=year.keeper())


def stored(congress, pk):
    with in_congress(congress):
        return Publication.objects.select_related(*LINKS).get(pk=pk)


# -- The second confirmation and a tally -----------------------------------------------------------


def freeze_beside_a_tally(congress, publication, monkeypatch, patience=1):
    gate = Gate(patience)
    snapshot, holders = confirming.snapshot, tallies.holders

    def meet(real):
        def call(row):
            gate.wait()
            return real(row)

        return call

    monkeypatch.setattr(confirming, "snapshot", meet(snapshot))
    monkeypatch.setattr(tallies, "holders", meet(holders))
    return at_once(
        congress,
        lambda: actions.freeze_publication(publication, by=year.second_keeper()),
        lambda: actions.tally(publication.period, by=year.keeper()),
    )


def test_what_is_published_is_the_latest_tally_and_no_tally_follows(binhai, monkeypatch):
    publication = prepare(binhai)
    refused = freeze_beside_a_tally(binhai, publication, monkeypatch)
    row = stored(binhai, publication.pk)
    assert len(refused) == 1, "one of the two came too late and was told so"
    with in_congress(binhai):
        if row.is_frozen:
            assert row.tally_id == latest_tally(row.period).pk and verify(row) == []
            assert Period.objects.get().state == "locked" and "已锁定" in refused[0]
        else:
            assert Period.objects.get().state == "open" and "汇总" in refused[0]


def test_control_without_the_lock_a_tally_follows_the_publication(binhai, monkeypatch):
    publication = prepare(binhai)
    monkeypatch.setattr(
        tallies,
        "take",
        lambda period: Period.objects.select_related("version__book").get(pk=period.pk),
    )
    assert freeze_beside_a_tally(binhai, publication, monkeypatch, patience=20) == []
    row = stored(binhai, publication.pk)
    with in_congress(binhai):
        assert row.is_frozen and row.tally_id != latest_tally(row.period).pk


# -- A later edition is proposed while an entry is written -----------------------------------------


def propose_beside_an_entry(congress, monkeypatch, locked, patience=1):
    """Gives (refusals, the later edition, the moment of the entry made beside it)."""
    first = prepare(congress)
    with in_congress(congress):
        first = actions.freeze_publication(first, by=year.second_keeper())
        later = actions.correct_publication(first, by=year.keeper(), reason="漏记")
        node = RuleNode.objects.get(version=first.tally.version, key="B06")
        deputy = first.rows.first().deputy
        entry = {"by": year.keeper(), "deputy": deputy, "node": node, "points": Decimal(6)}
        actions.enter_correction(later, **entry, reason="先前的一条")
    gate, proposed = Gate(patience), threading.Event()

    def meet(publication):
        row = locked(publication)
        gate.wait()
        return row

    for module in (frame, correcting):
        monkeypatch.setattr(module, "locked", meet)
    totals = Correction.objects

    def propose():
        try:
            actions.propose_publication(later, by=year.keeper())
        finally:
            proposed.set()

    def enter():
        create = totals.create

        def late(**values):
            proposed.wait(timeout=patience)
            return create(**values)

        monkeypatch.setattr(totals, "create", late)
        actions.enter_correction(later, **entry, reason="同时的一条")

    refused = at_once(congress, propose, enter)
    row = stored(congress, later.pk)
    with in_congress(congress):
        beside = Correction.objects.filter(publication=row, reason="同时的一条").first()
    return refused, row, beside


def test_no_entry_slips_into_an_edition_that_was_proposed(binhai, monkeypatch):
    refused, row, beside = propose_beside_an_entry(binhai, monkeypatch, frame.locked)
    assert row.state == "proposed"
    if beside is None:
        assert len(refused) == 1 and "请先退回" in refused[0]
    else:
        assert refused == [] and beside.at < row.proposed_at


def test_control_without_the_lock_it_does(binhai, monkeypatch):
    def unlocked(publication):
        return Publication.objects.select_related(*LINKS).get(pk=publication.pk)

    refused, row, beside = propose_beside_an_entry(binhai, monkeypatch, unlocked, patience=20)
    assert refused == [] and row.state == "proposed" and beside.at > row.proposed_at
