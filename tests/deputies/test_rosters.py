"""Rosters as committees really send them: read, repaired aloud, written, taken back."""

import datetime as dt

import pytest

from congress import outbox
from congress.flow import NotAllowed
from congress.models import Role, Unit
from congress.tenancy import in_congress
from deputies import exports
from deputies.actions import correct, rosters
from deputies.models import Delegation, Deputy, Mandate, RosterBatch
from tests import cast

from .rosters import HEAD, book, id_number, imported, said, uploaded, work

State = RosterBatch.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])
MESSY = [
    ["滨海区人大代表名册"],
    HEAD,
    [1, "张　三", "男", "汉", "1975.03", id_number("19750306", 13), 13812345678.0, "第一代表团",
     "东湖街道"],
    [2, "李四", "女", "汉族", 1975.03, "", "１３９１２３４５６７８", "第一代表团", "东湖"],
    [None] * 9,
    [3, "王五 ", "男", "回", 27459, "", "138 1234 5679", "第二代表团", "西园街道"],
    ["注：以上人员名单以公告为准"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(outbox.JobRun, "report", lambda self, percent, words="": None)


def clean(*people: tuple[str, str]) -> bytes:
    """A tidy roster of (name, phone)."""
    rows = [[n, name, "男", "汉族", "1975-03-06", "", phone, "第一代表团", "东湖街道"]
            for n, (name, phone) in enumerate(people, 1)]  # fmt: skip
    return book([HEAD, *rows])


def test_what_committees_really_send_is_read_and_every_repair_is_said(in_binhai):
    batch = uploaded(in_binhai, book(MESSY))
    assert (batch.state, batch.counts["new"], batch.counts["repaired"]) == (State.CHECKED, 3, 3)
    first, second, third = batch.rows.order_by("line")
    assert [first.line, second.line, third.line] == [3, 4, 6]
    assert "“张　三”读作“张三”" in said(first) and "“1975.03”读作“1975-03”" in said(first)
    assert "号码整理为 139****5678" in said(second) and "“东湖”即“东湖街道”" in said(second)
    assert "表格的日期序号，读作“1975-03-06”" in said(third)
    assert any("注：以上人员名单" in problem for problem in batch.problems)
    assert Deputy.objects.count() == 0


def test_nothing_is_written_before_it_is_confirmed_and_all_can_be_taken_back(in_binhai):
    batch = imported(in_binhai, book(MESSY))
    assert batch.state == State.APPLIED
    assert sorted(Deputy.objects.values_list("name", flat=True)) == ["张三", "李四", "王五"]
    assert Deputy.objects.get(name="李四").phone == "13912345678"
    assert Delegation.objects.count() == 2
    assert set(Mandate.objects.values_list("starts_on", flat=True)) == {dt.date(2022, 1, 10)}
    batch = work(rosters.undo_roster(batch, by=batch.by))
    assert batch.state == State.UNDONE
    assert (Deputy.objects.count(), Delegation.objects.count()) == (0, 0)


def test_a_second_import_says_field_by_field_what_changed(in_binhai):
    imported(in_binhai, clean(("张三", "13812345678"), ("李四", "13912345678")))
    batch = uploaded(in_binhai, clean(("张三", "13812345678"), ("李四", "13612345678")))
    outcomes = dict(batch.rows.values_list("values__name", "outcome"))
    if outcomes["李四"] == "conflict":  # a new number alone does not prove who it is
        assert batch.rows.get(outcome="conflict").candidates
    else:
        assert batch.rows.get(outcome="changed").changes
    assert outcomes["张三"] == "unchanged"


def test_the_export_imports_again_unchanged(in_binhai):
    imported(in_binhai, book(MESSY))
    seats = Mandate.objects.select_related("deputy", "delegation", "street", "constituency")
    sheet = exports.roster_sheet(seats, dt.date(2026, 1, 1))
    content = book([list(sheet.head), *[list(r) for r in sheet.rows]])
    batch = uploaded(in_binhai, content)
    assert batch.counts.get("unchanged") == 3, [said(r) for r in batch.rows.all()]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (1, "", "姓名"),
        (2, "雄", "性别"),
        (4, "1975.13", "出生"),
        (5, id_number("19750306", 12)[:-1] + "0", "身份证"),
        (6, "1381234", "手机"),
        (8, "南湖街道", "南湖"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(in_binhai, column, value, words):
    line = [1, "张三", "男", "汉族", "1975-03-06", "", "13812345678", "第一代表团", "东湖街道"]
    line[column] = value
    batch = uploaded(in_binhai, book([HEAD, line]))
    row = batch.rows.get()
    assert row.problems and words in said(row), said(row)
    assert batch.counts.get("error") == 1


def test_the_same_person_twice_in_one_file_is_no_second_person(in_binhai):
    batch = uploaded(in_binhai, clean(("张三", "13812345678"), ("张三", "13812345678")))
    assert batch.counts.get("new", 0) <= 1
    assert batch.counts.get("error", 0) + batch.counts.get("conflict", 0) >= 1


def test_the_same_person_at_two_levels_is_one_person_with_two_seats(in_binhai):
    head = [*HEAD, "层级"]
    number = id_number("19750306", 13)
    base = [1, "张三", "男", "汉族", "1975-03-06", number, "13812345678", "第一代表团", "东湖街道"]
    imported(in_binhai, book([head, [*base, "区县人大代表"], [*base, "市级人大代表"]]))
    assert Deputy.objects.count() == 1
    assert sorted(Mandate.objects.values_list("level", flat=True)) == ["city", "county"]


def test_what_others_lean_on_is_not_taken_back(in_binhai):
    batch = imported(in_binhai, clean(("张三", "13812345678")))
    deputy = Deputy.objects.get()
    keeper = cast.member(in_binhai, Role.DEPUTY_AFFAIRS)
    correct(deputy, by=keeper, occupation="滨海区第一小学校长")
    with pytest.raises(NotAllowed):
        work(rosters.undo_roster(batch, by=keeper))
    assert Deputy.objects.count() == 1


def test_only_those_who_keep_the_registry_import(in_binhai):
    for role in (Role.STREET, Role.CHAIR, Role.DEPUTY):
        with pytest.raises(NotAllowed):
            uploaded(in_binhai, clean(("张三", "1")), by=cast.member(in_binhai, role))


def test_a_roster_is_of_one_congress_only(in_binhai, shanyang):
    imported(in_binhai, clean(("张三", "13812345678")))
    with in_congress(shanyang):
        batch = uploaded(shanyang, clean(("张三", "13812345678")))
        assert batch.counts["new"] == 1
        assert Unit.objects.filter(short_name="东湖街道").count() == 1
