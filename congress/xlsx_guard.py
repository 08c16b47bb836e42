"""What is asked of a workbook before it is parsed: that it is one, and that it stays small.

Nothing here trusts the file: every part is inflated with a limit and read by a streaming parser,
so that a bomb is noticed while it is still small.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.parsers import expat

from .flow import NotAllowed

MB = 1024 * 1024
SPREADSHEET = b"PK\x03\x04"
OLD_BINARY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
PIECE = 64 * 1024
DAMAGED = "文件已损坏，无法读取。请在表格软件中打开并另存为 .xlsx 后再上传"
TOO_LARGE = "文件展开后过大，不能上传。请只保留需要的工作表和内容后再上传"


class Unreadable(NotAllowed):
    """A file that is not opened, with the sentence that says why and what to do."""


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be. Sizes in bytes; ratio is inflated to packed."""

    size: int = 10 * MB
    inflated: int = 60 * MB
    ratio: int = 100
    parts: int = 500
    rows: int = 20_000
    columns: int = 200
    cells: int = 400_000
    elements: int = 2_500_000


@dataclass
class SheetPlan:
    """What the first reading learned of a sheet: the lines hidden in it."""

    hidden_lines: set[int] = field(default_factory=set)


def check(content: bytes, name: str, limits: Limits) -> dict[str, SheetPlan]:
    """Look a workbook over without opening it; gives a plan per sheet name.

    Raises Unreadable with one sentence where it is of another kind, protected by a password,
    carries macros or links to other files, or is larger than `limits` allow.
    """
    _check_kind(content, name, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _check_parts(content, archive, limits)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError, EOFError):
        raise Unreadable(DAMAGED) from None


def _check_kind(content: bytes, name: str, limits: Limits) -> None:
    ending = posixpath.splitext(name.lower().strip())[1]
    if not content:
        raise Unreadable("文件是空的，请重新选择文件")
    if len(content) > limits.size:
        raise Unreadable(f"文件超过 {limits.size // MB} MB，请拆成几个文件分别上传")
    if ending in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise Unreadable("文件带有宏，不能上传。请另存为不含宏的 .xlsx 后再上传")
    if ending == ".xls":
        raise Unreadable("这是旧版表格（.xls），请在表格软件中另存为 .xlsx 后再上传")
    if ending != ".xlsx":
        raise Unreadable("只能上传扩展名为 .xlsx 的表格文件")
    if content.startswith(OLD_BINARY):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("文件设有打开密码，请取消密码后再上传")
        raise Unreadable("这是旧版表格改了扩展名，请在表格软件中另存为 .xlsx 后再上传")
    if not content.startswith(SPREADSHEET):
        raise Unreadable("文件内容不是表格，请在表格软件中另存为 .xlsx 后再上传")


def _check_parts(content: bytes, archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetPlan]:
    parts = [p for p in archive.infolist() if not p.is_dir()]
    names = [p.filename.lower() for p in parts]
    _check_list(parts, names, limits)
    sheets = _SheetNames()
    plans: dict[str, SheetPlan] = {}
    total = _Total(limits)
    for part in parts:
        path = part.filename.lower()
        pieces = _inflate(content, part, total, limits)
        if not path.endswith((".xml", ".rels", ".vml")):
            for _ in pieces:
                pass
        elif path.startswith("xl/worksheets/") and path.endswith(".xml"):
            plans["/" + path] = _SheetReader(total, limits).read(pieces)
        elif path == "xl/_rels/workbook.xml.rels":
            _PartReader(total, limits, sheets.relation).read(pieces)
        elif path == "xl/workbook.xml":
            _PartReader(total, limits, sheets.sheet).read(pieces)
        else:
            _PartReader(total, limits).read(pieces)
    return {name: plans.get(path, SheetPlan()) for name, path in sheets.paths().items()}


def _check_list(parts: list, names: list[str], limits: Limits) -> None:
    if len(parts) > limits.parts or len(set(names)) != len(names):
        raise Unreadable("文件结构异常，不能上传。请新建表格，把内容复制进去后再上传")
    if any("vbaproject" in n or "macrosheets/" in n for n in names):
        raise Unreadable("文件带有宏，不能上传。请另存为不含宏的 .xlsx 后再上传")
    if any(n.startswith("xl/externallinks/") for n in names):
        raise Unreadable("表格引用了其他文件的内容，请改为固定的值（选择性粘贴为数值）后再上传")
    if any(n.startswith(("xl/connections", "xl/querytables/")) for n in names):
        raise Unreadable("表格连接了外部数据，请断开连接后再上传")
    if any(n.startswith(("xl/embeddings/", "xl/activex/")) for n in names):
        raise Unreadable("表格里嵌入了其他文件或控件，请删除后再上传")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise Unreadable("文件内容不是表格，请在表格软件中另存为 .xlsx 后再上传")
    end = 0
    for part in sorted(parts, key=lambda p: p.header_offset):
        if part.flag_bits & 1:
            raise Unreadable("文件设有密码，请取消密码后再上传")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(DAMAGED)
        if part.header_offset < end:  # parts laid over each other: one bomb read many times
            raise Unreadable("文件结构异常，不能上传。请新建表格，把内容复制进去后再上传")
        end = part.header_offset + 30 + part.compress_size
    if sum(p.file_size for p in parts) > limits.inflated:
        raise Unreadable(TOO_LARGE)


@dataclass
class _Total:
    """What has come out so far, over all parts."""

    limits: Limits
    inflated: int = 0
    rows: int = 0
    cells: int = 0
    elements: int = 0


def _inflate(content: bytes, part, total: _Total, limits: Limits) -> Iterator[bytes]:
    """The bytes of one part, piece by piece: what really comes out is counted, not what the
    file says of itself."""
    offset = part.header_offset
    if content[offset : offset + 4] != SPREADSHEET:
        raise zipfile.BadZipFile
    lengths = content[offset + 26 : offset + 30]
    start = offset + 30 + int.from_bytes(lengths[:2], "little")
    start += int.from_bytes(lengths[2:], "little")
    packed = memoryview(content)[start : start + part.compress_size]
    out = 0
    for piece in _pieces(packed, part.compress_type):
        out += len(piece)
        total.inflated += len(piece)
        if total.inflated > limits.inflated:
            raise Unreadable(TOO_LARGE)
        if out > 4 * MB and out > limits.ratio * max(1, part.compress_size):
            raise Unreadable(TOO_LARGE)
        if out > part.file_size:
            raise zipfile.BadZipFile
        yield piece
    if out != part.file_size:
        raise zipfile.BadZipFile


def _pieces(packed: memoryview, kind: int) -> Iterator[bytes]:
    if kind == zipfile.ZIP_STORED:
        for at in range(0, len(packed), PIECE):
            yield bytes(packed[at : at + PIECE])
        return
    inflater = zlib.decompressobj(-15)
    rest = bytes(packed)
    while True:
        piece = inflater.decompress(rest, PIECE)
        rest = inflater.unconsumed_tail
        if piece:
            yield piece
        if inflater.eof:
            return
        if not piece and not rest:
            raise EOFError


class _PartReader:
    """Streams one XML part: no document type (that is where entities come from), no link out."""

    def __init__(self, total: _Total, limits: Limits, seen=None):
        self.total, self.limits, self.seen = total, limits, seen
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start

    def read(self, pieces: Iterator[bytes]):
        for piece in pieces:
            self.parser.Parse(piece, False)
        self.parser.Parse(b"", True)

    def _doctype(self, *args) -> None:
        raise Unreadable("文件含有不允许的外部定义，不能上传。请在表格软件中另存为 .xlsx 后再上传")

    def _start(self, tag: str, attributes: dict) -> None:
        self.total.elements += 1
        if self.total.elements > self.limits.elements:
            raise Unreadable(TOO_LARGE)
        if "TargetMode" in attributes and self._leads_out(attributes):
            raise Unreadable("表格引用了其他文件的内容，请删除引用后再上传")
        if "ContentType" in attributes and "macroEnabled" in attributes["ContentType"]:
            raise Unreadable("文件带有宏，不能上传。请另存为不含宏的 .xlsx 后再上传")
        if self.seen:
            self.seen(tag.rpartition(":")[2] if ":" in tag else tag, attributes)

    @staticmethod
    def _leads_out(attributes: dict) -> bool:
        hyperlink = attributes.get("Type", "").endswith("/hyperlink")
        return attributes["TargetMode"] == "External" and not hyperlink


class _SheetReader(_PartReader):
    """Streams a sheet: counts its filled lines and cells, minds where they stand."""

    def __init__(self, total: _Total, limits: Limits):
        super().__init__(total, limits, self._element)
        self.plan = SheetPlan()
        self.line = self.column = 0
        self.last_line = -1

    def read(self, pieces: Iterator[bytes]) -> SheetPlan:
        super().read(pieces)
        return self.plan

    def _element(self, tag: str, attributes: dict) -> None:
        if tag == "c":
            place = CELL.fullmatch(attributes.get("r", ""))
            if place:
                self.column, self.line = column_number(place[1]), int(place[2])
            else:
                self.column += 1
        elif tag == "v" or tag == "is":
            self._filled()
        elif tag == "row":
            self.line = int(attributes.get("r") or self.line + 1)
            self.column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.plan.hidden_lines.add(self.line)

    def _filled(self) -> None:
        total, limits = self.total, self.limits
        if self.line > limits.rows or self.column > limits.columns:
            raise Unreadable(
                f"表格太大：最多 {limits.rows} 行、{limits.columns} 列。"
                "请删除远处多余的内容，或拆成几个文件"
            )
        total.cells += 1
        if self.line != self.last_line:
            total.rows, self.last_line = total.rows + 1, self.line
        if total.rows > limits.rows or total.cells > limits.cells:
            raise Unreadable(f"表格太大：所有工作表合计最多 {limits.rows} 行，请拆成几个文件")


class _SheetNames:
    """Which part holds which sheet."""

    def __init__(self):
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, str] = {}

    def sheet(self, tag: str, attributes: dict) -> None:
        if tag == "sheet":
            found = [v for k, v in attributes.items() if k.endswith(":id")]
            self.sheets.append((attributes.get("name", ""), found[0] if found else ""))

    def relation(self, tag: str, attributes: dict) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/xl", target)).lower()
            self.targets[attributes.get("Id", "")] = path

    def paths(self) -> dict[str, str]:
        return {name: self.targets.get(link, "") for name, link in self.sheets}


@cache
def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
