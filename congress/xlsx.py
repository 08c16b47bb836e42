"""Spreadsheets in and out: the only place that knows the libraries.

Out: one house style. `write([Sheet("代表名册", head, rows)])` gives the bytes of a workbook,
`attachment(name, sheets)` the response that saves it, `stash(...)` a file kept for a day.
In: `read(content, name)` gives the sheets of a file that was looked over first (xlsx_guard).
"""

import datetime as dt
import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import python_calamine
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from . import files
from .models import Membership, StoredFile
from .xlsx_guard import DAMAGED, Limits, SheetPlan, Unreadable, check, column_letters

__all__ = [
    "CONTENT_TYPE",
    "Limits",
    "Sheet",
    "SheetData",
    "Unreadable",
    "attachment",
    "inspect",
    "read",
    "stash",
    "write",
]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = "9"
KEPT_FOR = dt.timedelta(days=1)

# -- Out --------------------------------------------------------------------------------------

ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
# A cell that begins with one of these would be taken for a formula when it is edited again.
FORMULA = tuple("=+-@\t\r＝＋－＠")
FONT = "宋体"
WIDEST, NARROWEST, LOOKED_AT = 48, 8, 200


@dataclass
class Sheet:
    """One sheet to write.

    `head` are the column titles; `rows` sequences of str, int, Decimal, float, date, datetime,
    bool or None. `caption` is a title line above the head and `note` a line below it (what the
    list is, as at which day). `widths` in characters (None: by content). Columns named in
    `text_columns` are text whatever they hold (numbers of cards, phones). `choices` gives a
    column a drop-down list. `landscape` turns the paper.
    """

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float | None] | None = None
    caption: str = ""
    note: str = ""
    text_columns: Collection[str] = ()
    choices: dict[str, Sequence[str]] = field(default_factory=dict)
    landscape: bool = False


def write(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of a workbook in the house style: bold head that stays in sight and repeats on
    every printed page, A4, numbers as numbers, dates as dates, everything else as text."""
    book = Workbook(write_only=True)
    for style in STYLES.values():
        book.add_named_style(style)
    used: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, sheet, used)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def attachment(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """A workbook as a response to be saved under `name` (with .xlsx)."""
    response = HttpResponse(write(sheets), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def stash(name: str, sheets: Sequence[Sheet], *, by: Membership) -> StoredFile:
    """Keep a workbook for a day as a file that only its maker may have."""
    return files.store(
        name,
        write(sheets),
        purpose=files.EXPORT,
        content_type=CONTENT_TYPE,
        by=by,
        expires_at=timezone.now() + KEPT_FOR,
    )


def _style(name: str, **parts) -> NamedStyle:
    line = Side(style="thin", color="BFBFBF")
    parts.setdefault("border", Border(left=line, right=line, top=line, bottom=line))
    parts.setdefault("font", Font(name=FONT, size=11))
    parts.setdefault("alignment", Alignment(vertical="center", wrap_text=True))
    return NamedStyle(name=name, **parts)


STYLES = {
    "head": _style(
        "名册表头",
        font=Font(name=FONT, size=11, bold=True),
        fill=PatternFill("solid", fgColor="F2F2F2"),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
    ),
    "text": _style("名册文本", number_format="@"),
    "number": _style("名册数字", alignment=Alignment(vertical="center")),
    "day": _style("名册日期", number_format="yyyy-mm-dd", alignment=Alignment(vertical="center")),
    "moment": _style(
        "名册时间", number_format="yyyy-mm-dd hh:mm", alignment=Alignment(vertical="center")
    ),
    "caption": _style(
        "名册标题", font=Font(name=FONT, size=16, bold=True), border=Border(), alignment=Alignment()
    ),
    "note": _style("名册说明", border=Border(), alignment=Alignment()),
}


def _write_sheet(book: Workbook, sheet: Sheet, used: set[str]) -> None:
    head = [str(h) for h in sheet.head]
    rows = [list(r) for r in sheet.rows]
    page = book.create_sheet(_sheet_name(sheet.title, used))
    above = [(t, s) for t, s in ((sheet.caption, "caption"), (sheet.note, "note")) if t]
    head_line = len(above) + 1
    page.freeze_panes = f"A{head_line + 1}"
    page.print_title_rows = f"{head_line}:{head_line}"
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "第 &P 页，共 &N 页"
    for number, width in enumerate(_widths(sheet, head, rows), start=1):
        page.column_dimensions[column_letters(number)].width = width
    if rows and head:
        page.auto_filter.ref = f"A{head_line}:{column_letters(len(head))}{head_line + len(rows)}"
    for number, title in enumerate(head, start=1):
        if title in sheet.choices:
            _drop_down(page, column_letters(number), head_line, sheet.choices[title])
    for text, style in above:
        page.append([_text(page, text, style)])
    page.append([_text(page, title, "head") for title in head])
    as_text = [title in sheet.text_columns for title in head]
    as_text += [False] * max((len(r) - len(head) for r in rows), default=0)
    for row in rows:
        page.append([_cell(page, v, as_text[i]) for i, v in enumerate(row)])


def _cell(page, value: Any, as_text: bool) -> WriteOnlyCell:
    if value is None or value == "":
        cell = WriteOnlyCell(page, None)
        cell.style = STYLES["text" if as_text else "number"].name
        return cell
    if isinstance(value, bool):
        return _text(page, "是" if value else "否", "text")
    if as_text or not isinstance(value, int | float | Decimal | dt.date | dt.datetime):
        return _text(page, str(value), "text")
    style = "number"
    if isinstance(value, dt.datetime):
        value, style = _local(value), "moment"
    elif isinstance(value, dt.date):
        style = "day"
    cell = WriteOnlyCell(page, value)
    cell.style = STYLES[style].name
    return cell


def _text(page, text: str, style: str) -> WriteOnlyCell:
    """A text cell that stays text: never a formula, never an error, control signs escaped as
    spreadsheets do."""
    plain = ESCAPED.sub(lambda m: "_x005F" + m[0], text)
    plain = UNWRITABLE.sub(lambda m: f"_x{ord(m[0]):04X}_", plain)
    cell = WriteOnlyCell(page, plain)
    cell.style = STYLES[style].name
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)
    return cell


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment).replace(tzinfo=None) if moment.tzinfo else moment


def _drop_down(page, letters: str, head_line: int, choices: Sequence[str]) -> None:
    listed = ",".join(choices)
    if len(listed) > 250:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.add(f"{letters}{head_line + 1}:{letters}{head_line + 2000}")
    page.data_validations.append(rule)


def _sheet_name(title: str, used: set[str]) -> str:
    name = SHEET_NAME.sub(" ", title).strip("' ")[:31] or "表"
    base, number = name, 1
    while name.lower() in used:
        number += 1
        name = f"{base[:27]}（{number}）"
    used.add(name.lower())
    return name


def _widths(sheet: Sheet, head: list[str], rows: list[list]) -> list[float]:
    given = list(sheet.widths or ())
    found = []
    for i, title in enumerate(head):
        if i < len(given) and given[i]:
            found.append(given[i])
            continue
        texts = [title] + [_shown(r[i]) for r in rows[:LOOKED_AT] if i < len(r)]
        widest = max(_columns(t) for t in texts) + 2
        found.append(min(WIDEST, max(NARROWEST, widest)))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "0000-00-00 00:00"
    return "" if value is None else str(value)


def _columns(text: str) -> int:
    return max((sum(2 if ord(c) > 0x2E80 else 1 for c in t) for t in text.split("\n")), default=0)


# -- In ---------------------------------------------------------------------------------------


@dataclass
class SheetData:
    """One sheet as it was read: `rows` from A1 on, values str, float, bool, date, datetime,
    time or timedelta, "" for nothing; every number is a float. Lines count from 1."""

    title: str
    rows: list[list[Any]]
    is_hidden: bool = False
    hidden_lines: frozenset[int] = frozenset()
    # Merged cells as (first line, first column, last line, last column), all from 1.
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def place(self, line: int, column: int) -> str:
        """How a person finds a cell, both from 1: D7."""
        return f"{column_letters(column)}{line}"


def inspect(content: bytes, name: str) -> None:
    """Raise Unreadable where `read` would refuse the file; quick enough for an upload form."""
    check(content, name, Limits())


def read(content: bytes, name: str, *, limits: Limits = Limits()) -> list[SheetData]:  # noqa: B008
    """The sheets of an uploaded workbook.

    Takes its bytes and file name. Raises Unreadable (a refusal with one sentence) for anything
    that is not a plain .xlsx within the limits; formulas come as the values last shown.
    """
    plans = check(content, name, limits)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        return [
            _sheet(book, meta, plans.get(meta.name, SheetPlan()))
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError:
        raise Unreadable("文件设有打开密码，请取消密码后再上传") from None
    except python_calamine.CalamineError:
        raise Unreadable(DAMAGED) from None


def _sheet(book, meta, plan: SheetPlan) -> SheetData:
    sheet = book.get_sheet_by_name(meta.name)
    rows = sheet.to_python(skip_empty_area=False)
    while rows and all(v == "" for v in rows[-1]):
        rows.pop()
    return SheetData(
        title=meta.name,
        rows=rows,
        is_hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
        hidden_lines=frozenset(plan.hidden_lines),
        merged=tuple(
            (a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ()
        ),
    )
