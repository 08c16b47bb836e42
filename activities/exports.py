"""Lists of an activity as spreadsheets."""

from django.db.models import QuerySet
from django.utils import timezone

from congress.words import cn_datetime
from congress.xlsx import Sheet

from .models import Activity, Outcome
from .queries import attendance_counts, guests, with_counts
from .rules import combined


def activity_list(rows: QuerySet[Activity]) -> list[Sheet]:
    """The list as it is filtered, one line per activity."""
    head = [
        "活动名称", "类型", "开始时间", "结束时间", "地点", "组织单位", "状态", "受邀", "报名",
    ]  # fmt: skip
    lines = [
        [
            a.title,
            a.kind.name,
            a.starts_at,
            a.ends_at,
            a.place,
            a.organiser.name,
            a.get_state_display(),
            a.asked,
            a.signed_up,
        ]
        for a in with_counts(rows)
    ]
    return [Sheet("活动", head, lines, caption="代表活动一览", landscape=True)]


def guest_list(activity: Activity) -> list[Sheet]:
    """Everybody asked, with answer, leave and attendance per session."""
    sessions = list(activity.sessions.all())
    several = len(sessions) > 1
    head = ["序号", "姓名", "代表团", "街道（镇）", "邀请方式", "报名时间", "请假", "出席情况"]
    if several:
        head += [s.name for s in sessions]
    marks: dict[tuple[int, int], str] = {}
    if several:
        for session in sessions:
            for pk, value in session.participations.values_list("invitation_id", "value"):
                marks[session.pk, pk] = Outcome(value).label
    lines = []
    for number, g in enumerate(guests(activity), start=1):
        value = combined(g.values)
        leave = "；".join(
            f"{leave.session.name if leave.session else '全程'}"
            f"{leave.get_state_display()}（{leave.reason}）"
            for leave in g.leaves
        )
        line = [
            number,
            g.deputy.name,
            g.delegation,
            g.street,
            g.invitation.source_name or g.invitation.get_source_display(),
            g.invitation.signed_up_at,
            leave,
            value.label if value else "",
        ]
        if several:
            line += [marks.get((s.pk, g.invitation.pk), "") for s in sessions]
        lines.append(line)
    counts = attendance_counts(activity)
    told = "，".join(f"{Outcome(v).label} {n} 人" for v, n in counts.items())
    note = f"{cn_datetime(activity.starts_at)}，{activity.place}"
    if told:
        note += f"。{told}"
    note += f"。{timezone.localdate():%Y-%m-%d} 导出"
    return [Sheet("名单", head, lines, caption=activity.title, note=note, landscape=several)]
