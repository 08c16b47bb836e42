"""The working-day calendar of a congress: what came with the product, what it changed."""

import datetime as dt

import pytest

from congress import audit, holidays
from congress.flow import NotAllowed
from congress.models import Holiday, HolidayNotice, LogEntry, Role
from congress.rules import is_working_day
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db
FLOOD = dt.date(2026, 7, 6)
NEW_YEAR = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。"


@pytest.fixture
def keeper(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def desk(keeper, client_of):
    return client_of(keeper)


def works(congress, day) -> bool:
    with in_congress(congress):
        return is_working_day(day, holidays.work_calendar())


def change(congress, by, **more):
    with in_congress(congress):
        holidays.change_day(
            FLOOD, by=by, **{"is_working": False, "name": "防汛停工", "reason": "通告", **more}
        )


def test_a_change_holds_for_its_congress_alone(binhai, shanyang, keeper):
    change(binhai, keeper)
    assert not works(binhai, FLOOD) and works(shanyang, FLOOD)
    with in_congress(binhai):
        entry = LogEntry.objects.get(step="congress.change_day")
        assert entry.after == {"安排": "放假", "事由": "防汛停工", "依据": "通告"}
        assert audit.verify(binhai) == []


def test_a_change_is_changed_and_taken_back_with_its_reason(binhai, keeper):
    change(binhai, keeper)
    change(binhai, keeper, reason="第二号通告")
    with in_congress(binhai):
        assert Holiday.objects.count() == 1
        holidays.restore_day(FLOOD, by=keeper, reason="通告撤销")
        assert LogEntry.objects.get(step="congress.restore_day").note == "通告撤销"
        with pytest.raises(NotAllowed, match="没有改动"):
            holidays.restore_day(FLOOD, by=keeper, reason="再来")
    assert works(binhai, FLOOD)


def test_a_notice_entered_makes_the_year_known(binhai, shanyang, keeper):
    with in_congress(binhai):
        assert 2027 not in holidays.work_calendar().years
        holidays.enter_notice(2027, by=keeper, document="通知", text=NEW_YEAR)
        assert 2027 in holidays.work_calendar().years
    assert not works(binhai, dt.date(2027, 1, 1)) and works(shanyang, dt.date(2027, 1, 1))


def test_a_notice_of_a_known_year_replaces_the_shipped_one(binhai, keeper):
    with in_congress(binhai):
        text = "一、春节：2月16日（周一）至18日（周三）放假，共3天。"
        holidays.enter_notice(2026, by=keeper, document="更正", text=text)
    assert works(binhai, dt.date(2026, 2, 19)) and not works(binhai, dt.date(2026, 2, 14))


@pytest.mark.parametrize("role", sorted(set(Role) - holidays.KEEPERS))
def test_others_change_nothing(binhai, role):
    with pytest.raises(NotAllowed, match="只有代工委和系统管理员"):
        change(binhai, cast.member(binhai, role))


def test_a_contradicting_notice_is_refused(in_binhai, keeper):
    with pytest.raises(NotAllowed, match="写明共4天，读到3天"):
        holidays.enter_notice(
            2027, by=keeper, document="x", text=NEW_YEAR.replace("共3天", "共4天")
        )


# -- Pages ------------------------------------------------------------------------------------


def test_the_year_shows_rest_work_and_the_document(desk):
    page = desk.get("/admin/holidays/?year=2026").content.decode()
    assert "国办发明电〔2025〕7号" in page and "248" in page
    assert "2026年2月14日（周六）上班，春节调休" in page
    assert "没有改动" in page


def test_an_unknown_year_warns(desk):
    page = desk.get("/admin/holidays/?year=2027").content.decode()
    assert "2027年的节假日安排还没有录入" in page and "暂按周末推算" in page


@pytest.mark.parametrize("year", ["1999", "2100", "x", "99999999999999999999", "２０２６年"])
def test_a_year_that_is_none_is_not_found(desk, year):
    assert desk.get("/admin/holidays/", {"year": year}).status_code == 404


def test_a_day_is_changed_and_restored_in_the_browser(binhai, desk):
    address = "/admin/holidays/2026/7/6/"
    answer = {"arrangement": "rest", "name": "防汛停工", "reason": "政府通告第3号"}
    assert desk.post(address, {**answer, "reason": " "}).status_code == 422
    assert desk.post(address, answer).headers["Location"] == "/admin/holidays/?year=2026"
    assert not works(binhai, FLOOD)
    assert "政府通告第3号" in desk.get("/admin/holidays/?year=2026").content.decode()
    assert "代玉珍" in desk.get(address).content.decode()
    desk.post(address, {"restore": "1", "restore-reason": "通告撤销"})
    assert works(binhai, FLOOD)


def test_a_notice_is_pasted_checked_and_confirmed(binhai, desk):
    address = "/admin/holidays/2027/notice/"
    answer = {"document": "国办发明电〔2026〕8号", "text": NEW_YEAR}
    wrong = desk.post(address, {**answer, "text": NEW_YEAR.replace("周五", "周四")})
    assert wrong.status_code == 422 and "文中写的是周四" in wrong.content.decode()
    seen = desk.post(address, answer)
    assert "2027年1月1日（周五）至2027年1月3日（周日）" in seen.content.decode()
    with in_congress(binhai):
        assert not HolidayNotice.objects.exists()
    assert "读出安排" in desk.post(address, {**answer, "again": "1"}).content.decode()
    assert desk.post(address, {**answer, "confirm": "1"}).status_code == 302
    with in_congress(binhai):
        assert HolidayNotice.objects.get().document == "国办发明电〔2026〕8号"


@pytest.mark.parametrize("address", ["2026/2/30/", "1999/1/1/", "1999/notice/", "2026/13/1/"])
def test_a_day_that_is_none_is_not_found(desk, address):
    assert desk.get(f"/admin/holidays/{address}").status_code == 404


def test_only_keepers_open_the_pages(binhai, client_of):
    for role in set(Role):
        status = client_of(cast.member(binhai, role)).get("/admin/holidays/").status_code
        assert (status == 200) is (role in holidays.KEEPERS), role


def test_the_page_asks_the_same_number_of_queries(
    binhai, keeper, desk, django_assert_max_num_queries
):
    desk.get("/admin/holidays/?year=2026")
    with in_congress(binhai):
        for n in range(30):
            Holiday.objects.create(
                on=dt.date(2026, 8, 1) + dt.timedelta(n),
                is_working=False,
                name="停",
                reason="由",
                by=keeper,
            )
    with django_assert_max_num_queries(20):
        desk.get("/admin/holidays/?year=2026")
