"""From sheets to rows: where the head is, which lines are people, what each cell says."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from congress.xlsx import SheetData

from . import cells
from .cells import CellError
from .columns import BY_KEY, TITLES, key_of

LOOKED_AT = 15  # lines in which a head is looked for
REMARKS = (
    "注",
    "说明",
    "备注",
    "填表",
    "制表",
    "合计",
    "共计",
    "总计",
    "小计",
    "填报",
    "审核",
    "※",
)
# Columns whose words come again and again: read once.
REPEATED = frozenset(
    "gender ethnicity party education level constituency delegation street group group_role "
    "committee start_reason end_reason starts_on ends_on".split()
)
# A cell merged over several lines holds for all of them; a person's own details never do.
SHARED = frozenset({"level", "constituency", "delegation", "street", "group", "committee", "party"})


@dataclass
class Line:
    """One person's line: what was read, repaired, and what is wrong."""

    sheet: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    repairs: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # column key → D7

    @property
    def key(self) -> str:
        """How answers name this line."""
        return f"{self.sheet}!{self.line}"

    def repair(self, column: str, words: str) -> None:
        self.repairs.append(self._said(column, words))

    def problem(self, column: str, words: str) -> None:
        self.problems.append(self._said(column, words))

    def _said(self, column: str, words: str) -> dict[str, str]:
        place = f"{self.places.get(column, '')}{self.line}" if column in self.places else ""
        return {"place": place, "column": TITLES.get(column, ""), "words": words}


@dataclass
class Roster:
    """All people of a file, and what is to be said of the file as a whole."""

    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_roster(sheets: list[SheetData], today: dt.date) -> Roster:
    """The people of every sheet that has a head with a name column; other sheets are named in
    the remarks. `today` bounds birth dates."""
    roster = Roster()
    for sheet in sheets:
        if not any(any(v != "" for v in row) for row in sheet.rows):
            continue
        if sheet.is_hidden:
            roster.remarks.append(f"工作表「{sheet.title}」是隐藏的，没有读取")
            continue
        _SheetReader(sheet, today, roster).read()
    return roster


class _SheetReader:
    def __init__(self, sheet: SheetData, today: dt.date, roster: Roster):
        self.sheet, self.today, self.roster = sheet, today, roster
        self.seen: dict[tuple[str, Any], Any] = {}
        self.sheet_level = cells.level_of(sheet.title)

    def say(self, words: str) -> None:
        self.roster.remarks.append(f"工作表「{self.sheet.title}」{words}")

    def read(self) -> None:
        found = self._find_head()
        if not found:
            self.say("没有找到含“姓名”一列的表头，没有读取")
            return
        self.columns, first = found
        self.letters = {k: self.sheet.place(0, i + 1)[:-1] for k, i in self.columns.items()}
        self.shared = self._shared_cells()
        width = max(self.columns.values()) + 1
        for line, row in enumerate(self.sheet.rows[first:], start=first + 1):
            if any(v != "" for v in row):
                self._line(line, row if len(row) >= width else [*row, *[""] * (width - len(row))])

    # -- the head -----------------------------------------------------------------------------
    def _find_head(self) -> tuple[dict[str, int], int] | None:
        best, at = {}, 0
        for index, row in enumerate(self.sheet.rows[:LOOKED_AT]):
            keys = [key_of(v) for v in row]
            if "name" in keys and len(set(filter(None, keys))) > len(best):
                best, at = _first_of_each(keys), index
        if len(best) < 2:
            return None
        head = self.sheet.rows[at]
        below = self.sheet.rows[at + 1] if at + 1 < len(self.sheet.rows) else []
        name = best["name"]
        two_lines = bool(below) and (name >= len(below) or below[name] == "")
        if two_lines and any(key_of(v) for v in below):
            for i, value in enumerate(below):
                if key_of(value) and key_of(value) not in best:
                    best[key_of(value)] = i
        else:
            two_lines = False
        self._unknown_words(head, best, below if two_lines else [])
        return best, at + 1 + two_lines

    def _unknown_words(self, head: list, columns: dict[str, int], below: list) -> None:
        used = set(columns.values())
        for i, value in enumerate(head):
            text = cells.text_of(value)
            if not text or i in used or (i < len(below) and below[i] != ""):
                continue
            letters = self.sheet.place(0, i + 1)[:-1]
            key = key_of(value)
            if key:
                twin = self.sheet.place(0, columns[key] + 1)[:-1]
                self.say(f"{letters} 列“{text[:20]}”与 {twin} 列意思相同，只读取 {twin} 列")
            else:
                self.say(f"{letters} 列“{text[:20]}”不认识，没有读取")

    def _shared_cells(self) -> dict[tuple[int, int], tuple[int, Any]]:
        """Cells that stand in a merge over several lines: place → (line it comes from, value)."""
        columns = {i for k, i in self.columns.items() if k in SHARED}
        found = {}
        for top, left, bottom, _ in self.sheet.merged:
            if bottom > top and left - 1 in columns and top <= len(self.sheet.rows):
                row = self.sheet.rows[top - 1]
                value = row[left - 1] if left <= len(row) else ""
                for line in range(top + 1, min(bottom, len(self.sheet.rows)) + 1):
                    found[line, left - 1] = (top, value)
        return found

    # -- the lines ----------------------------------------------------------------------------
    def _line(self, number: int, row: list) -> None:
        raw_name = row[self.columns["name"]]
        filled = sum(1 for v in row if v != "" and str(v).strip())
        if not filled:
            return
        if key_of(raw_name) == "name":
            self.say(f"第 {number} 行是重复的表头，没有读取")
            return
        if self._is_remark(row, raw_name, filled):
            first = next(cells.text_of(v) for v in row if v != "" and str(v).strip())
            self.say(f"第 {number} 行“{first[:16]}”不是人员，没有读取")
            return
        line = Line(self.sheet.title, number, places=self.letters)
        self._name(line, raw_name)
        for key, i in self.columns.items():
            if key != "name":
                self._cell(line, key, i, row[i])
        self._finish(line)
        self.roster.lines.append(line)

    def _is_remark(self, row: list, raw_name: Any, filled: int) -> bool:
        if filled > 3:
            return False
        first = next(cells.text_of(v) for v in row if v != "" and str(v).strip())
        if first.startswith(REMARKS):
            return True
        if filled == 1:
            return True  # a heading between people, or a word below the table
        return not str(raw_name).strip() and filled <= 2

    def _name(self, line: Line, raw: Any) -> None:
        if not str(raw).strip():
            line.problem("name", "缺少姓名，请补上")
            return
        try:
            line.values["name"], said, extra = cells.name(raw)
        except CellError as wrong:
            line.values["name"] = cells.text_of(raw)[:80]
            line.problem("name", str(wrong))
            return
        line.values.update(extra)
        if said:
            line.repair("name", said)
        for value in extra.values():
            line.repair("name", f"姓名后注明“{value}”，已另存")

    def _cell(self, line: Line, key: str, i: int, raw: Any) -> None:
        if raw == "":
            if (line.line, i) not in self.shared:
                return
            top, raw = self.shared[line.line, i]
            if raw == "":
                return
            line.repair(key, f"合并单元格，取自第 {top} 行")
        if isinstance(raw, str) and (not raw.strip() or raw.strip() in ("/", "-", "—", "无")):
            return
        try:
            value, said = self._read(line, key, raw)
        except CellError as wrong:
            line.problem(key, str(wrong))
            return
        if value != "":
            line.values[key] = value
        if said:
            line.repair(key, said)

    def _read(self, line: Line, key: str, raw: Any):
        if key == "born":
            value, said, doubtful = cells.day_or_month(raw, self.today)
            if doubtful:
                line.values["born_doubt"] = True
            return value, said
        if key not in REPEATED:
            return cells.READERS[key](raw)
        at = (key, raw)
        if at not in self.seen:
            try:
                self.seen[at] = cells.READERS[key](raw)
            except CellError as wrong:
                self.seen[at] = wrong
        if isinstance(self.seen[at], CellError):
            raise self.seen[at]
        return self.seen[at]

    def _finish(self, line: Line) -> None:
        values = line.values
        if line.line in self.sheet.hidden_lines:
            line.repair("", "这一行在表格里是隐藏的，仍然读取")
        if (
            "level" not in values
            and self.sheet_level
            and TITLES["level"] not in line_problems(line)
        ):
            values["level"] = self.sheet_level
            line.repair("level", f"取自工作表名称「{self.sheet.title}」")
        work = [values.pop(k) for k in ("workplace", "post") if k in values]
        if work and "occupation" not in values:
            values["occupation"] = " ".join(work)[:120]
        role = values.pop("group_role", "")
        if role and len(values.get("group", [])) == 1 and not values["group"][0][1]:
            values["group"] = [(values["group"][0][0], role)]
        _compare_with_number(line)


def line_problems(line: Line) -> set[str]:
    """Titles of the columns something is wrong with."""
    return {p["column"] for p in line.problems}


def _first_of_each(keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key and key not in found:
            found[key] = i
    return found


def _compare_with_number(line: Line) -> None:
    """The birth date and gender must agree with the identity number, or come from it."""
    values = line.values
    doubtful = values.pop("born_doubt", False)
    number = values.get("id_number", "")
    born = values.get("born", "")
    if "*" in number or not number:
        if doubtful:
            line.problem(
                "born",
                f"“{int(born[:4])}.1”看不出是 1 月还是 10 月（表格会丢掉末尾的 0），"
                "请写成 1975-01 或 1975-10 的样子",
            )
        return
    true = cells.born_of(number)
    if not born and BY_KEY["born"].title not in line_problems(line):
        values["born"] = true
        line.repair("id_number", f"按身份证号补上出生日期 {true}")
    elif born and doubtful and true[:7] in (born, born[:5] + "10"):
        values["born"] = true
        line.repair("born", f"按身份证号定为 {true}")
    elif born and not true.startswith(born):
        if true[:7] == born[:7] and born.endswith("-01"):
            values["born"] = true[:7]
            line.repair("born", f"只看年月，读作 {true[:7]}")
        else:
            line.problem("born", f"出生日期 {born} 与身份证号里的 {true} 不一致，请核对")
    gender = cells.gender_of(number)
    if "gender" not in values and BY_KEY["gender"].title not in line_problems(line):
        values["gender"] = gender
        line.repair("id_number", f"按身份证号补上性别“{gender}”")
    elif values.get("gender", gender) != gender:
        line.problem("gender", f"性别“{values['gender']}”与身份证号不一致，请核对")
