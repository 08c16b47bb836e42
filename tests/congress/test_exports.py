"""What was exported is kept for a day; then the night takes it, with its bytes."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from congress import files, invariants, tasks, xlsx
from congress.models import Job, LogEntry, Role, StoredFile
from congress.tenancy import in_congress
from congress.xlsx import Sheet
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


def exported(congress) -> StoredFile:
    with in_congress(congress):
        maker = cast.member(congress, Role.DEPUTY_AFFAIRS)
        row = xlsx.stash("名册.xlsx", [Sheet("表", ["a"], [[1]])], by=maker)
        Job.objects.create(task="t", title="导出", by=maker, link=f"/files/{row.public_id}/")
        return row


def kept(congress) -> StoredFile:
    """A paper of the congress, which is for good."""
    with in_congress(congress):
        return files.store(
            "徽.png", b"png", purpose="congress.emblem", content_type="image/png", by=None
        )


def names(congress) -> list[str]:
    with in_congress(congress):
        return list(StoredFile.objects.order_by("pk").values_list("name", flat=True))


def night(hours: int) -> int:
    with time_machine.travel(timezone.now() + dt.timedelta(hours=hours), tick=False):
        return tasks.sweep()


def test_an_export_goes_after_its_day_with_its_bytes(binhai, shanyang):
    ours, paper, theirs = exported(binhai), kept(binhai), exported(shanyang)
    assert night(23) == 0 and files.path_of(ours).is_file()
    assert night(25) == 2
    assert names(binhai) == ["徽.png"] and names(shanyang) == []
    assert not files.path_of(ours).exists() and not files.path_of(theirs).exists()
    assert files.path_of(paper).read_bytes() == b"png"
    with in_congress(binhai):
        assert Job.objects.get().link == ""
        entry = LogEntry.objects.get(step="congress.drop_exports")
        assert entry.after == {"件数": 1}
    assert night(26) == 0
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="congress.drop_exports").count() == 1


def test_whoever_died_between_bytes_and_row_is_followed_by_the_next_night(binhai):
    row = exported(binhai)
    files.path_of(row).unlink()
    assert invariants.check(binhai)["文件都在"] != []  # it may still be asked for
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        assert invariants.check(binhai)["文件都在"] == []
    assert night(25) == 1 and names(binhai) == []


def test_a_congress_that_is_not_in_use_keeps_no_exports_either(binhai):
    row = exported(binhai)
    binhai.is_active = False
    binhai.save()
    assert night(25) == 1 and not files.path_of(row).exists()
