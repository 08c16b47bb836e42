"""Spreadsheets: what is written comes back unchanged; what is dangerous is not opened."""

import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from congress import files, xlsx
from congress.models import Role
from congress.xlsx import Sheet, Unreadable, read, write
from tests import cast

from .workbooks import bomb, largest, with_parts, with_sheet, workbook

HARMFUL = ["=1+1", "+86", "-5", "@cmd", "\tcmd", "\rcmd", "＝1+1", "＋1", "－1", "＠a"]


def refusal(content: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name)
    return refused.value.sentence


# -- Out --------------------------------------------------------------------------------------


def test_numbers_dates_and_text_come_back_as_what_they_were():
    row = ["张三", 7, Decimal("586.5"), dt.date(2026, 3, 16), None, "00123", "两行\n文字"]
    head = ["姓名", "序号", "分", "日期", "空", "证号", "说明"]
    [sheet] = read(write([Sheet("名册", head, [row], text_columns={"证号"})]), "a.xlsx")
    assert sheet.title == "名册" and sheet.rows[0] == head
    assert sheet.rows[1] == [
        "张三", 7.0, 586.5, dt.date(2026, 3, 16), "", "00123", "两行\n文字"
    ]  # fmt: skip


@pytest.mark.parametrize("text", [*HARMFUL, "#N/A", "_x000D_", "a\x01b", " 前后 "])
def test_text_that_looks_like_a_formula_stays_text_and_comes_back_unchanged(text):
    content = write([Sheet("表", ["值"], [[text]])])
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert cell.data_type == "s"
    [sheet] = read(content, "a.xlsx")
    assert sheet.rows[1] == [text]


def test_harmful_text_carries_the_mark_that_keeps_it_text_when_edited():
    book = openpyxl.load_workbook(
        io.BytesIO(write([Sheet("表", ["值"], [[t] for t in [*HARMFUL, "张三"]])]))
    )
    marks = [bool(book.active.cell(i + 2, 1).quotePrefix) for i in range(len(HARMFUL) + 1)]
    assert marks == [True] * len(HARMFUL) + [False]


def test_the_house_style_keeps_the_head_in_sight_and_on_every_printed_page():
    content = write(
        [Sheet("名册", ["姓名", "性别"], [["张三", "男"]], caption="代表名册", note="截至今日",
               choices={"性别": ["男", "女"]}, landscape=True)]
    )  # fmt: skip
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["A1"].value == "代表名册" and page["A3"].font.bold
    assert page.freeze_panes == "A4" and page.print_title_rows == "$3:$3"
    assert page.page_setup.paperSize == 9 and page.page_setup.orientation == "landscape"
    assert page.data_validations.dataValidation[0].formula1 == '"男,女"'


def test_sheet_names_are_made_valid_and_different():
    content = write([Sheet("一/二:三", ["a"], []), Sheet("一/二:三", ["a"], [])])
    assert [s.title for s in read(content, "a.xlsx")] == ["一 二 三", "一 二 三（2）"]


def test_an_attachment_is_named_in_chinese_and_kept_by_nobody():
    response = xlsx.attachment("代表名册.xlsx", [Sheet("表", ["a"], [])])
    assert "filename*=utf-8''%E4%BB%A3" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_stashed_sheet_is_only_for_the_person_who_made_it(in_binhai):
    maker, other = cast.member(in_binhai, Role.DEPUTY_AFFAIRS), cast.second(in_binhai)
    row = xlsx.stash("名册.xlsx", [Sheet("表", ["a"], [[1]])], by=maker)
    assert files.may_read(maker, row)
    assert not files.may_read(other, row) and not files.may_read(None, row)


# -- In ---------------------------------------------------------------------------------------


def test_a_sheet_tells_its_hidden_lines_merged_cells_and_places():
    book = openpyxl.Workbook()
    page = book.active
    page.append(["滨海区代表名册"])
    page.append(["姓名", "性别"])
    page.append(["张三", "男"])
    page.merge_cells("A1:B1")
    page.row_dimensions[3].hidden = True
    book.create_sheet("另").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    first, second = read(out.getvalue(), "a.xlsx")
    assert first.merged == ((1, 1, 1, 2),) and first.hidden_lines == {3}
    assert first.place(3, 28) == "AB3"
    assert not first.is_hidden and second.is_hidden


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("名册.xls", "旧版表格"),
        ("名册.xlsm", "宏"),
        ("名册.csv", "扩展名为 .xlsx"),
        ("名册", "扩展名为 .xlsx"),
    ],
)
def test_another_extension_is_refused(name, words):
    assert words in refusal(workbook(["a"]), name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "不是表格"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版表格改了扩展名"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
    ],
)
def test_another_kind_of_file_under_the_right_name_is_refused(content, words):
    assert words in refusal(content)


def test_a_word_file_renamed_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "不是表格" in refusal(out.getvalue())


def test_macros_under_an_innocent_name_are_refused():
    assert "宏" in refusal(with_parts(workbook(["a"]), {"xl/vbaProject.bin": b"x"}))
    types = b'<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'  # noqa: E501
    assert "宏" in refusal(with_parts(workbook(["a"]), {"[Content_Types].xml": types}))


def test_links_to_other_files_and_data_are_refused():
    one = with_parts(workbook(["a"]), {"xl/externalLinks/externalLink1.xml": b"<a/>"})
    assert "其他文件" in refusal(one)
    rels = b'<Relationships><Relationship Id="r1" Type="http://x/externalLinkPath" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'  # noqa: E501
    two = with_parts(workbook(["a"]), {"xl/worksheets/_rels/sheet1.xml.rels": rels})
    assert "其他文件" in refusal(two)
    assert "外部数据" in refusal(with_parts(workbook(["a"]), {"xl/connections.xml": b"<a/>"}))
    assert "嵌入" in refusal(with_parts(workbook(["a"]), {"xl/embeddings/a.bin": b"x"}))


def test_a_mail_address_that_became_a_hyperlink_does_no_harm():
    book = openpyxl.Workbook()
    book.active["A1"] = "zhang@example.cn"
    book.active["A1"].hyperlink = "mailto:zhang@example.cn"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "a.xlsx")[0].rows == [["zhang@example.cn"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    evil = head + entity + "<sst><si><t>&e;</t></si></sst>"
    content = with_parts(workbook(["a"]), {"xl/sharedStrings.xml": evil.encode(encoding)})
    assert "外部定义" in refusal(content)


def test_a_billion_laughs_is_refused():
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)
    )
    evil = f"<!DOCTYPE x [{entities}]><sst><si><t>&a9;</t></si></sst>"
    assert "外部定义" in refusal(
        with_parts(workbook(["a"]), {"xl/sharedStrings.xml": evil.encode()})
    )


def test_a_million_rows_are_refused():
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 300_000))
    assert "表格太大" in refusal(with_sheet(rows))


def test_one_cell_in_the_last_corner_is_refused_before_room_is_made_for_it():
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "表格太大" in refusal(with_sheet(corner))
    assert "表格太大" in refusal(with_sheet('<row r="1048576"><c><v>1</v></c></row>'))


def test_coloured_but_empty_lines_far_below_do_no_harm():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    rows += "".join(f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(2, 60_000))
    assert read(with_sheet(rows), "a.xlsx")[0].rows == [[1.0]]


def test_a_bomb_is_refused_by_what_it_says_of_itself():
    assert "展开后过大" in refusal(bomb(80 * 1024 * 1024))


def test_a_bomb_is_refused_by_its_ratio():
    assert "展开后过大" in refusal(bomb(20 * 1024 * 1024))


def test_a_bomb_that_lies_about_its_size_is_refused_by_what_comes_out():
    content = bytearray(bomb(20 * 1024 * 1024))
    true, said = (20 * 1024 * 1024).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert true in content
    assert refusal(bytes(content.replace(true, said)))


def test_parts_laid_over_each_other_are_refused():
    content = workbook(["a"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        last, first = infos[-1], infos[0]
        assert last.header_offset > first.header_offset
    said = last.header_offset.to_bytes(4, "little")
    lie = first.header_offset.to_bytes(4, "little")
    at = content.rindex(said, 0, content.rindex(b"PK\x05\x06"))
    forged = content[:at] + lie + content[at + 4 :]
    assert refusal(forged)


NASTY = """
import sys
from congress.xlsx import read, Unreadable
try:
    read(open(sys.argv[1], 'rb').read(), 'a.xlsx')
except Unreadable as refused:
    print('refused')
print([l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')][0])
"""


@pytest.mark.parametrize("kind", ["bomb", "largest"])
def test_the_worst_file_takes_less_than_300_mb(tmp_path, kind):
    path = tmp_path / "a.xlsx"
    path.write_bytes(bomb(400 * 1024 * 1024) if kind == "bomb" else largest())
    script = "import django; django.setup()"
    done = subprocess.run(
        [sys.executable, "-c", script + NASTY, str(path)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "congress.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert ("refused" in done.stdout) == (kind == "bomb")
    assert int(done.stdout.split()[-1]) < 300 * 1024
