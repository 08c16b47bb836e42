"""Background work: stored with what asked for it, carried out once, again after a death."""

from datetime import timedelta

import pytest
from django.utils import timezone

from congress import outbox
from congress.flow import NotAllowed
from congress.models import Job, Role, Unit
from congress.tenancy import in_congress
from tests import cast

BOTH = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


@pytest.fixture
def work(monkeypatch):
    """Three kinds of work known to the outbox for the length of a test."""
    done = []

    def rename(run, *, unit_id):
        run.report(50, "一半")
        Unit.objects.filter(pk=unit_id).update(short_name="改名")
        done.append(unit_id)
        return {"rows": 1}

    def refuse(run):
        raise NotAllowed("该期间已锁定，不能修改")

    def break_down(run):
        Unit.objects.update(short_name="坏")
        raise RuntimeError("boom")

    monkeypatch.setattr(
        outbox, "_TASKS", {"t.rename": rename, "t.refuse": refuse, "t.break": break_down}
    )
    return done


def ask(congress, task, **args) -> Job:
    with in_congress(congress):
        return outbox.enqueue(
            task, by=cast.member(congress, Role.DEPUTY_AFFAIRS), title="工作", **args
        )


def reload(congress, job) -> Job:
    with in_congress(congress):
        return Job.objects.get(pk=job.pk)


def relayed() -> list[tuple[int, int]]:
    sent = []
    outbox.relay(lambda congress_id, job_id: sent.append((congress_id, job_id)))
    return sent


@BOTH
def test_a_waiting_job_is_sent_once(binhai, work):
    job = ask(binhai, "t.refuse")
    assert relayed() == [(binhai.pk, job.pk)]
    assert relayed() == []


@BOTH
def test_a_job_that_fell_silent_is_sent_again(binhai, work):
    job = ask(binhai, "t.refuse")
    relayed()
    with in_congress(binhai):
        Job.objects.update(sent_at=timezone.now() - outbox.SILENT_FOR - timedelta(seconds=1))
    assert relayed() == [(binhai.pk, job.pk)]


@BOTH
def test_a_job_runs_inside_its_congress_and_only_once(binhai, shanyang, work):
    with in_congress(binhai):
        unit = Unit.objects.first()
    job = ask(binhai, "t.rename", unit_id=unit.pk)
    assert outbox.run(binhai.pk, job.pk) is True
    assert outbox.run(binhai.pk, job.pk) is False
    assert work == [unit.pk]
    after = reload(binhai, job)
    assert (after.progress, after.result, after.message) == (100, {"rows": 1}, "一半")


@BOTH
def test_a_refusal_is_told_to_the_person_who_asked(binhai, work):
    job = ask(binhai, "t.refuse")
    outbox.run(binhai.pk, job.pk)
    after = reload(binhai, job)
    assert after.failed_at and after.message == "该期间已锁定，不能修改"


@BOTH
def test_what_a_broken_job_did_is_undone(binhai, work):
    job = ask(binhai, "t.break")
    with pytest.raises(RuntimeError):
        outbox.run(binhai.pk, job.pk)
    assert reload(binhai, job).failed_at
    with in_congress(binhai):
        assert not Unit.objects.filter(short_name="坏").exists()


@pytest.mark.django_db
def test_a_request_that_is_undone_asks_for_nothing(binhai, work):
    with pytest.raises(RuntimeError), in_congress(binhai):
        outbox.enqueue("t.refuse", by=None, title="工作")
        raise RuntimeError
    with in_congress(binhai):
        assert outbox.waiting() == 0


@pytest.mark.django_db
def test_an_unknown_task_is_a_defect(in_binhai, work):
    with pytest.raises(LookupError):
        outbox.enqueue("t.nothing", by=None, title="工作")
