"""What came of it: the words, the files. Nothing of it is ever required."""

from django.db import transaction

from congress import audit, files
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access
from ..models import Activity, ActivityFile
from .taking import hold_to_run

MOST_FILES = 40


@transaction.atomic
def write_result(activity: Activity, *, by: Membership, result: str) -> Activity:
    """The result in words; it may still be mended after the closing, the log keeps both."""
    activity = hold_to_run(activity, by)
    if activity.state == Activity.State.CANCELLED:
        raise NotAllowed("活动已取消，没有成果可填")
    before, activity.result = activity.result, result.strip()
    if before == activity.result:
        return activity
    activity.save()
    audit.record(
        by,
        "activities.write_result",
        activity,
        before={"成果": before[:500]},
        after={"成果": activity.result[:500]},
    )
    return activity


@transaction.atomic
def attach(
    activity: Activity,
    *,
    by: Membership,
    name: str,
    content: bytes,
    content_type: str,
    kind: str = ActivityFile.Kind.MATERIAL,
    is_public: bool = False,
) -> ActivityFile:
    """Keep a file with the activity. Takes bytes whose type was checked by the form."""
    activity = hold_to_run(activity, by)
    if activity.files.count() >= MOST_FILES:
        raise NotAllowed(f"一次活动最多保存 {MOST_FILES} 个文件")
    stored = files.store(
        name, content, purpose=access.FILE_PURPOSE, content_type=content_type, by=by
    )
    row = ActivityFile.objects.create(
        activity=activity, file=stored, kind=kind, is_public=is_public
    )
    audit.record(by, "activities.attach", activity, note=name)
    return row


@transaction.atomic
def detach(row: ActivityFile, *, by: Membership) -> None:
    """Take a file off; its bytes stay with the log's row."""
    activity = hold_to_run(row.activity, by)
    audit.record(by, "activities.detach", activity, note=row.file.name)
    row.delete()
