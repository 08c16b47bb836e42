"""The working-day calendar of the open congress: the notices that came with the product, those
the congress entered, and single days it changed. The rules are in rules.py.
"""

from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction

from . import audit
from .flow import NotAllowed
from .models import Holiday, HolidayNotice, Membership, Role
from .rules import DayOff, Notice, WorkCalendar, read_notice
from .signals import calendar_changed
from .tenancy import current_congress

KEEPERS = frozenset({Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN})
FOLDER = Path(__file__).parent / "data" / "holidays"
FIRST_YEAR, LAST_YEAR = 2000, 2099


@cache
def shipped() -> dict[int, tuple[str, Notice]]:
    """The State Council's notices that came with the product: {year: (document, notice)}."""
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        document, _, text = path.read_text(encoding="utf-8").partition("\n")
        found[int(path.stem)] = document, read_notice(text, int(path.stem))
    return found


def notices() -> dict[int, tuple[str, Notice]]:
    """Every notice known to the open congress; its own replaces the shipped one of the year."""
    own = {n.year: (n.document, read_notice(n.text, n.year)) for n in HolidayNotice.objects.all()}
    return {**shipped(), **own}


def work_calendar() -> WorkCalendar:
    """The calendar time limits of the open congress are counted in; two queries."""
    known = notices()
    days: dict[date, DayOff] = {}
    for year in sorted(known):
        days |= known[year][1].days
    days |= {h.on: DayOff(h.is_working, h.name) for h in Holiday.objects.all()}
    return WorkCalendar(days, frozenset(known))


def _keeper(by: Membership) -> None:
    if by.role not in KEEPERS:
        raise NotAllowed("只有代工委和系统管理员可以修改节假日")


@transaction.atomic
def enter_notice(year: int, *, by: Membership, document: str, text: str) -> HolidayNotice:
    """Enter the notice of a year as it is printed; replaces one entered before.

    Refused while the text contradicts itself. Open time limits are counted anew.
    """
    _keeper(by)
    notice = read_notice(text, year)
    if notice.faults:
        raise NotAllowed(f"通知内容有疑问，请核对：{notice.faults[0]}")
    row, _ = HolidayNotice.objects.select_for_update().update_or_create(
        congress=current_congress(),
        year=year,
        defaults={"document": document.strip(), "text": text.strip(), "by": by},
    )
    audit.record(by, "congress.enter_holidays", row, after={"依据文件": row.document})
    calendar_changed.send(row.congress, by=by)
    return row


@transaction.atomic
def change_day(on: date, *, by: Membership, is_working: bool, name: str, reason: str) -> Holiday:
    """Make one day rest or work for this congress, with the reason."""
    _keeper(by)
    old = Holiday.objects.select_for_update().filter(on=on).first()
    row, _ = Holiday.objects.update_or_create(
        congress=current_congress(),
        on=on,
        defaults={
            "is_working": is_working,
            "name": name.strip(),
            "reason": reason.strip(),
            "by": by,
        },
    )
    audit.record(by, "congress.change_day", row, before=_told(old), after=_told(row))
    calendar_changed.send(row.congress, by=by)
    return row


@transaction.atomic
def restore_day(on: date, *, by: Membership, reason: str) -> None:
    """Take this congress's own change of a day back."""
    _keeper(by)
    row = Holiday.objects.select_for_update().filter(on=on).first()
    if row is None:
        raise NotAllowed("这一天没有改动，不用恢复")
    audit.record(by, "congress.restore_day", row, before=_told(row), note=reason.strip())
    row.delete()
    calendar_changed.send(current_congress(), by=by)


def _told(row: Holiday | None) -> dict | None:
    if row is None:
        return None
    return {"安排": "上班" if row.is_working else "放假", "事由": row.name, "依据": row.reason}
