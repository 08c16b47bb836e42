"""The clerk imports the roster from Excel: sent in, looked at, confirmed, taken back."""

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from deputies.models import Deputy
from tests import cast
from tests.deputies.rosters import HEAD, book, id_number
from tests.performance import year

from .conftest import DESK, PHONE

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ["建国", "秀兰", "志强", "丽华", "文斌", "晓梅", "海涛", "玉芬"]


@pytest.fixture
def roster(tmp_path):
    """Forty people under a title line, one of them with a wrong street, one name spaced out."""
    rows = [["滨海区第十九届人民代表大会代表名册"], HEAD]
    for n in range(40):
        name = FAMILY[n % 20] + GIVEN[n % 8]
        born = f"19{60 + n % 30}.{1 + n % 12:02}"
        number = id_number(f"19{60 + n % 30}{1 + n % 12:02}15", 101 + n * 2)
        street = "南湖街道" if n == 7 else "东湖街道" if n % 2 else "西园"
        if n == 3:
            name = f"{name[0]}　{name[1:]}"
        rows.append([n + 1, name, "男", "汉", born, number, 13800001000 + n,
                     f"第{'一二三四'[n % 4]}代表团", street])  # fmt: skip
    rows.append(["注：以选举委员会公告为准"])
    path = tmp_path / "代表名册.xlsx"
    path.write_bytes(book(rows))
    return path


def test_a_roster_from_excel_to_the_registry_and_back(binhai, roster, at, shot, accessible):
    clerk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), DESK)
    clerk.goto("/admin/deputies/rosters/")
    shot(clerk, "rosters-1366")
    accessible(clerk)
    clerk.set_input_files("#id_file", roster)
    clerk.click("main button[type=submit]")
    clerk.wait_for_url("**/admin/deputies/rosters/*/")
    shot(clerk, "roster-checked-1366")
    accessible(clerk)
    words = clerk.inner_text("main")
    assert "南湖街道" in words
    clerk.click("button:has-text('确认')")
    clerk.wait_for_url("**/admin/deputies/rosters/*/")
    shot(clerk, "roster-applied-1366")
    accessible(clerk)
    with in_congress(binhai):
        assert Deputy.objects.count() == 39
    clerk.click("a:has-text('撤销这次导入')")
    shot(clerk, "roster-undo-1366")
    clerk.click("main button[type=submit]")
    clerk.wait_for_url("**/admin/deputies/rosters/*/")
    with in_congress(binhai):
        assert Deputy.objects.count() == 0


def test_a_file_that_is_no_roster_is_refused_in_words(binhai, tmp_path, at, shot, accessible):
    clerk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), PHONE)
    clerk.goto("/admin/deputies/rosters/")
    wrong = tmp_path / "名册.xlsx"
    wrong.write_bytes(b"not a workbook")
    clerk.set_input_files("#id_file", wrong)
    clerk.click("main button[type=submit]")
    assert "名册文件" in clerk.inner_text(".error-summary")
    shot(clerk, "roster-refused-390")
    accessible(clerk)


def test_the_registry_is_looked_through_and_a_seat_ends(binhai, at, shot, accessible):
    with in_congress(binhai):
        seats = year.seats(40)
    clerk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), DESK)
    clerk.goto("/admin/deputies/deputy/")
    shot(clerk, "deputies-1366")
    accessible(clerk)
    clerk.fill("#id_q", seats[1].deputy.name)
    clerk.click("text=筛选")
    clerk.click(f"th a:has-text('{seats[1].deputy.name}')")
    shot(clerk, "deputy-1366")
    accessible(clerk)
    clerk.click("a:has-text('辞职')")
    clerk.fill("#id_on", "2026-03-01")
    clerk.click("main button[type=submit]")
    assert "依据文件" in clerk.inner_text(".error-summary")
    shot(clerk, "resign-error-1366")
    accessible(clerk)
    clerk.fill("#id_document", "常委会公告〔2026〕3号")
    clerk.click("main button[type=submit]")
    assert "已登记：辞职" in clerk.inner_text("main")
    shot(clerk, "resigned-1366")
    phone = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), PHONE)
    phone.goto("/admin/deputies/deputy/")
    shot(phone, "deputies-390")
    accessible(phone)
