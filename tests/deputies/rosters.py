"""Rosters as committees really send them, built for the tests."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl

from congress.models import Membership, Role
from congress.outbox import run
from deputies.actions import rosters
from deputies.models import RosterBatch
from tests import cast

FIRST_DAY = dt.date(2022, 1, 10)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEAD = ["序号", "姓名", "性别", "民族", "出生日期", "身份证号", "手机号", "代表团", "所在街道"]


def id_number(born: str = "19750306", order: int = 12, area: str = "320102") -> str:
    """An identity number with a right check digit; an odd order is a man's."""
    body = f"{area}{born}{order:03}"
    check = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[check]


def book(*sheets: tuple[str, list[list]] | list[list], shape: Callable | None = None) -> bytes:
    """A workbook of sheets given as rows, or (title, rows); `shape(book)` may bend it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, sheet in enumerate(sheets):
        title, rows = sheet if isinstance(sheet, tuple) else (f"表{number + 1}", sheet)
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    if shape:
        shape(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def work(batch: RosterBatch) -> RosterBatch:
    """Let the batch's waiting job run, as the worker would; gives the batch as it is then."""
    batch.refresh_from_db()
    run(batch.congress_id, batch.job_id)
    batch.refresh_from_db()
    return batch


def uploaded(congress, content: bytes, by: Membership | None = None, **more) -> RosterBatch:
    """A roster sent in and checked."""
    values = {"starts_on": FIRST_DAY, "default_level": "county", "name": "名册.xlsx", **more}
    by = by or cast.member(congress, Role.DEPUTY_AFFAIRS)
    return work(rosters.upload_roster(by=by, content=content, **values))


def imported(congress, content: bytes, **more) -> RosterBatch:
    """A roster sent in, checked, confirmed and written."""
    batch = uploaded(congress, content, **more)
    return work(rosters.confirm_roster(batch, by=batch.by))


def said(row) -> str:
    """All that a row's repairs and problems say, with their cells."""
    return " | ".join(
        f"{s['place']} {s['column']} {s['words']}" for s in [*row.repairs, *row.problems]
    )
