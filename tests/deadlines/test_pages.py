"""The list of time limits, one with its working, the plan, the posts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress import holidays
from congress.models import Role, Unit
from congress.tenancy import in_congress
from deadlines import actions
from deadlines.models import Deadline, Post
from deadlines.rules import Limit
from deadlines.rules import Unit as In
from tests import cast

pytestmark = pytest.mark.django_db
PLAN = {"before": "20，10、3", "liaison": "-10", "deputy_head": "-3", "head": "", "office": "2",
        "keepers": "7"}  # fmt: skip


@pytest.fixture
def staff(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


def given(congress, n: int = 1, **more) -> Deadline:
    """Time limits of the handling unit and one of the deputy."""
    with in_congress(congress):
        by, unit = cast.member(congress, Role.DEPUTY_AFFAIRS), Unit.objects.get(short_name="住建局")
        values = {
            "limit": Limit(In.WORKING_DAYS, 5, law="办法第三条"), "start_on": dt.date(2026, 3, 2),
        } | more  # fmt: skip
        for i in range(n):
            actions.set_deadline(
                f"t.{i}", unit, by=by, units=[unit], what=f"办理{i}号建议", link="/desk/tasks/1/",
                members=[cast.member(congress, Role.DEPUTY)], **values,
            )  # fmt: skip
        return Deadline.objects.filter(to_unit=unit).latest("pk")


def test_the_list_shows_lights_in_words_and_is_filtered(binhai, staff):
    given(binhai)
    page = staff.get("/admin/deadlines/").content.decode()
    assert "办理0号建议" in page and "住建局" in page and "已逾期" in page and "共 2 项" in page
    assert "没有符合条件" in staff.get("/admin/deadlines/?light=green").content.decode()
    assert "共 1 项" in staff.get("/admin/deadlines/?q=住建&light=red").content.decode()
    assert staff.get("/admin/deadlines/?light=x&unit=abc&page=z").status_code == 200
    assert "spreadsheetml" in staff.get("/admin/deadlines/?export=1")["Content-Type"]


def test_one_shows_how_it_was_counted_what_moved_it_and_who_is_told(binhai, staff):
    row = given(binhai)
    with in_congress(binhai):
        by = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        holidays.change_day(
            dt.date(2026, 3, 4), by=by, is_working=False, name="防汛停工", reason="政府通告"
        )
        actions.extend(row, by=by, to_on=dt.date(2026, 4, 10), reason="涉及多个部门")
    page = staff.get(f"/admin/deadlines/{row.pk}/").content.decode()
    for words in (
        "2026年3月2日（周一）", "办法第三条", "其间放假不计：3月4日", "涉及多个部门",
        "节假日安排更新", "逐级提醒", "程办理", "逾期第 1 天",
    ):  # fmt: skip
        assert words in page, words


def test_everybody_sees_the_working_of_ones_own_and_nobody_elses(binhai, shanyang, client_of):
    row = given(binhai)
    with in_congress(binhai):
        mine = Deadline.objects.get(to_unit=None)
        other = cast.add_member(binhai, Role.HANDLING_UNIT, "别家", "other", unit="政府办")
    desk = client_of(cast.member(binhai, Role.HANDLING_UNIT))
    assert "第5个工作日" in desk.get(f"/desk/deadlines/{row.pk}/").content.decode()
    assert desk.get(f"/desk/deadlines/{mine.pk}/").status_code == 404
    phone = client_of(cast.member(binhai, Role.DEPUTY))
    assert "第5个工作日" in phone.get(f"/me/deadlines/{mine.pk}/").content.decode()
    assert phone.get(f"/me/deadlines/{row.pk}/").status_code == 404
    office = client_of(cast.member(binhai, Role.GOVERNMENT_OFFICE))
    assert office.get(f"/desk/deadlines/{row.pk}/").status_code == 200
    assert client_of(other).get(f"/desk/deadlines/{row.pk}/").status_code == 404
    far = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert far.get(f"/admin/deadlines/{row.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["", "plan/", "posts/"])
def test_who_gets_in(binhai, client_of, stranger_at, name):
    allowed = {"": (Role.DEPUTY_AFFAIRS, Role.CHAIR)}.get(
        name, (Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN)
    )
    for role in Role:
        answer = client_of(cast.member(binhai, role)).get(f"/admin/deadlines/{name}")
        assert answer.status_code == (200 if role in allowed else 403), role
    assert stranger_at(binhai).get(f"/admin/deadlines/{name}").status_code == 302


def test_the_plan_is_edited_and_wrong_days_are_told(binhai, staff):
    page = staff.get("/admin/deadlines/plan/").content.decode()
    assert "30、15、5、1" in page
    assert staff.post("/admin/deadlines/plan/", PLAN).status_code == 302
    assert "20、10、3" in staff.get("/admin/deadlines/plan/").content.decode()
    for change, told in (
        ({"before": "x"}, "1 至 60"),
        ({"before": "0"}, "1 至 60"),
        ({"liaison": "-99"}, "请从列表里选一项"),
        ({"liaison": "-3", "deputy_head": "-10"}, "不能比下一级更早"),
        ({"office": "a"}, "请从列表里选一项"),
    ):
        answer = staff.post("/admin/deadlines/plan/", PLAN | change)
        assert answer.status_code == 422 and told in answer.content.decode(), change


def test_posts_are_set_by_staff_and_by_the_unit_itself(binhai, staff, client_of):
    clerk = cast.member(binhai, Role.HANDLING_UNIT)
    assert "程办理" in staff.get("/admin/deadlines/posts/").content.decode()
    address = f"/admin/deadlines/posts/{clerk.unit_id}/"
    assert staff.post(address, {f"m{clerk.pk}": "x"}).status_code == 422
    assert staff.post(address, {f"m{clerk.pk}": "liaison"}).status_code == 302
    desk = client_of(clerk)
    assert "程办理" in desk.get("/desk/posts/").content.decode()
    desk.post("/desk/posts/", {f"m{clerk.pk}": "head"})
    with in_congress(binhai):
        assert Post.objects.get().rank == "head"
    assert client_of(cast.member(binhai, Role.DEPUTY)).get("/desk/posts/").status_code == 403


def test_the_list_takes_the_same_queries_for_many(binhai, staff):
    counts = []
    for n in (1, 14):
        given(binhai, n)
        staff.get("/admin/deadlines/")
        with CaptureQueriesContext(connection) as found:
            staff.get("/admin/deadlines/")
        counts.append(len(found))
    assert counts[0] == counts[1]
