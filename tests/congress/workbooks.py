"""Workbooks, well-formed and hostile, that tests and measurements read."""

import io
import zipfile

import openpyxl


def workbook(*rows, name="表") -> bytes:
    """A well-formed workbook of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The same workbook with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for item in old.infolist():
            if item.filename not in parts:
                new.writestr(item.filename, old.read(item.filename))
        for name, text in parts.items():
            new.writestr(name, text)
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    """One sheet's part with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def with_sheet(rows: str) -> bytes:
    """A workbook whose only sheet has these rows."""
    return with_parts(workbook(["a"]), {"xl/worksheets/sheet1.xml": sheet_xml(rows)})


def bomb(size: int) -> bytes:
    """A workbook with a part of `size` bytes that packs to almost nothing."""
    return with_parts(workbook(["a"]), {"xl/media/image1.bin": b"\0" * size})


def largest() -> bytes:
    """The most cells that are still let in, each with its own text."""
    return with_sheet(
        "".join(
            f'<row r="{i}">'
            + "".join(f'<c t="inlineStr"><is><t>{i}文{j}</t></is></c>' for j in range(20))
            + "</row>"
            for i in range(1, 20_000)
        )
    )
