"""Lists of deputies as sheets; what is exported imports again unchanged."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from congress.crypto import mask_id_number, mask_phone
from congress.words import cn_date
from congress.xlsx import Sheet

from .imports import OWN, TITLES
from .models import CommitteeSeat, Delegation, GroupSeat, Mandate

TEXTS = {TITLES[k] for k in ("id_number", "phone", "number", "born")}
CHOICES = {
    TITLES["gender"]: ["男", "女"],
    TITLES["level"]: [str(label) for label in Mandate.Level.labels],
    TITLES["start_reason"]: [str(label) for label in Mandate.Start.labels],
}
WIDTHS = {
    "position": 7, "name": 12, "gender": 7, "ethnicity": 10, "born": 13, "party": 12,
    "education": 12, "occupation": 34, "id_number": 22, "phone": 15, "level": 15,
    "constituency": 20, "delegation": 14, "street": 16, "group": 24, "committee": 24,
    "number": 14, "starts_on": 13, "start_reason": 11, "ends_on": 13, "end_reason": 11, "notes": 20,
}  # fmt: skip
LEFT = ("ends_on", "end_reason")  # columns only where somebody has left


def roster_sheet(
    mandates: Iterable[Mandate], on: dt.date, title: str = "代表名册", caption: str = ""
) -> Sheet:
    """Seats as a roster sheet, one line each, as at a day; numbers of people masked.

    Takes mandates with deputy, delegation, street and constituency at hand. Two queries more.
    """
    mandates = list(mandates)
    ids = {m.deputy_id for m in mandates}
    groups = _offices(GroupSeat.objects.filter(deputy__in=ids).select_related("group"), on)
    committees = _offices(CommitteeSeat.objects.filter(deputy__in=ids).select_related("unit"), on)
    has_left = any(m.ends_on for m in mandates)
    columns = [c for c in OWN if has_left or c.key not in LEFT]
    rows = [[_value(c.key, m, groups, committees) for c in columns] for m in mandates]
    return Sheet(
        title,
        [c.title for c in columns],
        rows,
        widths=[WIDTHS[c.key] for c in columns],
        caption=caption,
        note=f"截至{cn_date(on)}，共 {len(rows)} 人次；身份证号和手机号隐藏了中间几位",
        text_columns=TEXTS,
        choices=CHOICES,
        landscape=True,
    )


def _offices(seats, on: dt.date) -> dict[int, list[str]]:
    found = defaultdict(list)
    for seat in seats.order_by("pk"):
        if seat.starts_on <= on and (seat.ends_on is None or seat.ends_on >= on):
            found[seat.deputy_id].append(seat.words)
    return found


def _value(key: str, seat: Mandate, groups: dict, committees: dict):
    deputy = seat.deputy
    match key:
        case "position":
            return seat.position or None
        case "id_number":
            return mask_id_number(deputy.id_number)
        case "phone":
            return mask_phone(deputy.phone)
        case "level":
            return seat.get_level_display()
        case "constituency" | "delegation" | "street":
            return str(getattr(seat, key) or "")
        case "group":
            return "；".join(groups.get(deputy.pk, ()))
        case "committee":
            return "；".join(committees.get(deputy.pk, ()))
        case "start_reason":
            return seat.get_start_reason_display()
        case "end_reason":
            return seat.get_end_reason_display() if seat.end_reason else ""
        case "number" | "starts_on" | "ends_on":
            return getattr(seat, key)
    return getattr(deputy, key)


def template_sheets(streets: Iterable[str], delegations: Iterable[Delegation]) -> list[Sheet]:
    """The empty roster to fill in, and a sheet that explains each column."""
    columns = [c for c in OWN if c.key not in LEFT]
    known = {"street": "、".join(streets), "delegation": "、".join(d.name for d in delegations)}
    needed = {"name": "必填"}
    lines = [
        [
            c.title,
            needed.get(c.key, ""),
            c.hint,
            known.get(c.key, ""),
            "、".join(c.others[:6]),
        ]
        for c in columns
    ]
    return [
        Sheet(
            "代表名册",
            [c.title for c in columns],
            [],
            widths=[WIDTHS[c.key] for c in columns],
            text_columns=TEXTS,
            choices=CHOICES,
            landscape=True,
        ),
        Sheet(
            "填表说明",
            ["栏目", "必填", "怎么写", "已登记的名称", "也认得的叫法"],
            lines,
            widths=[18, 7, 36, 48, 48],
            landscape=True,
        ),
    ]
